"""Nested cross-validation by group: every picture is judged once, by networks that never saw its group.

Each fold is a whole training: its own weights, stopping, temperature, scorers' states and combination, all from the
groups outside the fold. What comes out describes the recipe on these data, not any one bundle.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from viewer.datasets.reading import read_dataset
from viewer.datasets.sample import LabelTable
from viewer.datasets.split import Part, refuse_scarce_classes
from viewer.domain.errors import ViewerError
from viewer.domain.recipe import Recipe
from viewer.evaluation.bootstrap import Bootstrap
from viewer.evaluation.evaluate import as_json, evaluate
from viewer.evaluation.table import read_predictions
from viewer.host.discovery import PluginHost
from viewer.settings import Settings
from viewer.training.combining import combine, combined, names_of, usable_scorers
from viewer.training.crossval_parts import fold_parts
from viewer.training.crossval_rows import Rows, joint_folder, judged_rows, read_rows, write_rows
from viewer.training.learning import Learned
from viewer.training.plan import Parts, TrainingPlan, claim_work_folder
from viewer.training.predictions import read_part
from viewer.training.run import learn_members, make_bundle
from viewer.training.saying import Say

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to use the networks that a fold trained.

    Attributes:
        name: As in the names of files.
        members: How many of them answer together.
        flips: Whether mirrored views are averaged as well.
    """

    name: str
    members: int
    flips: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossValidation:
    """What is asked for.

    Attributes:
        plan: Everything a training needs; `out` is the folder of the results and `work` that of the trainings.
        folds: Number of outer folds, 2 or more.
        ways: How the networks of a fold are used; each gives a table of its own.
    """

    plan: TrainingPlan
    folds: int
    ways: tuple[Way, ...]

    def __post_init__(self) -> None:
        """Refuse nonsense at birth."""
        if self.folds < 2:
            raise ViewerError("cross-validation takes two folds or more")
        if isinstance(self.plan.start, Path) and self.plan.start.is_dir():
            raise ViewerError(
                f"{self.plan.start}: a bundle may have learnt from the groups of every fold, so cross-validation "
                "cannot start from it"
            )
        if self.plan.processes.total > 1:
            # The other processes of a training end with it, and there are more folds to come.
            raise ViewerError("cross-validation trains in one process: leave out --devices and --nodes")


def ways_of(plan: TrainingPlan, names: Sequence[str]) -> tuple[Way, ...]:
    """The ways of these names: `single`, `flips`, `ensemble`, `ensemble-flips`; none for the plan's own.

    Raises:
        ViewerError: An ensemble is asked for and the plan trains one network.
    """
    own = Way("predictions", plan.hyper.members, plan.hyper.flips)
    if any(name.startswith("ensemble") for name in names) and own.members == 1:
        raise ViewerError("an ensemble takes --members of 2 or more")
    known = {
        "single": Way("single", 1, flips=False),
        "flips": Way("flips", 1, flips=True),
        "ensemble": Way("ensemble", own.members, flips=False),
        "ensemble-flips": Way("ensemble-flips", own.members, flips=True),
    }
    return tuple(known[name] for name in names) or (own,)


def cross_validate(
    asked: CrossValidation, recipe: Recipe, settings: Settings, host: PluginHost, say: Say
) -> list[Path]:
    """Train, fit and judge fold by fold, and write one table and one JSON for every way.

    The same call after an interruption goes on: finished folds are not repeated, and an interrupted training goes on
    from its last epoch.

    Returns:
        The tables, in `viewer evaluate`'s format; beside each lies `<name>.json` with the facts of every fold and the
        figures of all.

    Raises:
        ViewerError: The data do not allow it, a file is not what it should be, or the work folder is another's.
    """
    plan = asked.plan
    table = read_dataset(plan.table)
    for note in table.notes:
        say(note)
    table = plan.guard.grouped(table, say)
    refuse_scarce_classes(table.labels, table.groups, table.classes)
    divisions = [fold_parts(table, folds=asked.folds, fold=fold, seed=plan.hyper.seed) for fold in range(asked.folds)]
    allowed = plan.guard.check(divisions, say)
    table = replace(table, notes=(*table.notes, *dict.fromkeys(allowed)))
    claim_work_folder(plan.work, _digest(plan, table, divisions, recipe))
    done: dict[str, list[tuple[Rows, Json]]] = {way.name: [] for way in asked.ways}
    for number, parts in enumerate(divisions, start=1):
        say(f"fold {number} of {asked.folds}")
        fold = _Fold(replace(plan, work=plan.work / f"fold-{number}"), recipe, table, parts, settings, host, say)
        for way in asked.ways:
            done[way.name].append(fold.judged(way, number))
    plan.out.mkdir(parents=True, exist_ok=True)
    return [_publish(asked, recipe, way, done[way.name]) for way in asked.ways]


def _digest(plan: TrainingPlan, table: LabelTable, divisions: Sequence[Parts], recipe: Recipe) -> str:
    """Changes with the data, the folds and whatever changes the weights."""
    whole = [plan.digest(table, parts, recipe) for parts in divisions]
    rest = [[sample.group for sample in parts[Part.CERTIFY]] for parts in divisions]
    return hashlib.sha256(json.dumps([whole, rest]).encode()).hexdigest()


@dataclass(slots=True)
class _Fold:
    """One outer fold: its trainings once, then every way to use them."""

    plan: TrainingPlan
    recipe: Recipe
    table: LabelTable
    parts: Parts
    settings: Settings
    host: PluginHost
    say: Say
    members: list[Learned] | None = None

    def judged(self, way: Way, number: int) -> tuple[Rows, Json]:
        """The rows of the fold's own groups and its facts, from the work folder where they are there already."""
        rows_file, facts_file = (self.plan.work / f"{way.name}{ending}" for ending in (".csv", ".json"))
        versions = {offer.thing.name: offer.thing.version for offer in self.host.scorers_of_one_model}
        if facts_file.exists():
            facts: Json = json.loads(facts_file.read_text(encoding="utf-8"))
            if facts["versions"] == versions:
                return read_rows(rows_file), facts
            self.say(f"{way.name}: a scorer has another version, so the fold is fitted and judged again")
        rows, facts = self._judge(way, number)
        write_rows(rows_file, rows)
        # Last: its presence says that the fold is complete.
        facts_file.write_text(json.dumps({**facts, "versions": versions}, indent=1), encoding="utf-8")
        return rows, facts

    def _judge(self, way: Way, number: int) -> tuple[Rows, Json]:
        if self.members is None:
            self.members = learn_members(self.plan, self.recipe, self.table, self.parts, self.host, self.say)
        members = self.members[: way.members]
        self.say(f"{way.name}: fitting and judging")
        hyper = replace(self.plan.hyper, members=way.members, flips=way.flips)
        plan = replace(self.plan, hyper=hyper, out=self.plan.work / f"{way.name}-bundle")
        made = make_bundle(plan, self.recipe, self.table, self.parts, members, self.settings, self.host, self.say)
        bundle = made.bundle
        names = names_of(usable_scorers(bundle, self.host, self.say))
        fit, test = (read_part(bundle, part, names) for part in (Part.FIT, Part.CERTIFY))
        combination = combine(bundle, fit)
        self.say(combination.sentence)
        rows = judged_rows(
            made.certified,
            bundle.rows("certify"),
            combined(bundle, test, combination.weights),
            fold=number,
            root=joint_folder(self.table.samples),
        )
        right = sum(row["true"] == row["predicted"] for row in rows)
        self.say(f"{way.name}: {right} of {len(rows)} pictures of fold {number} are right")
        facts: Json = {
            "fold": number,
            "parts": {
                part: {"groups": len({s.group for s in samples}), "files": len(samples)}
                for part, samples in self.parts.items()
            },
            "judged": len(rows),
            "right": right,
            "architecture": bundle.manifest.architecture,
            "weights": bundle.weights_digest,
            "start": members[0].start,
            "trainings": [{"epochs": len(member.history), "kept": asdict(member.best)} for member in members],
            "temperature": bundle.temperature,
            "combination": dict(combination.weights),
            "combination_note": combination.sentence,
        }
        return rows, facts


def _publish(asked: CrossValidation, recipe: Recipe, way: Way, folds: Sequence[tuple[Rows, Json]]) -> Path:
    """Write the table of all folds, and the JSON beside it."""
    plan = asked.plan
    path = plan.out / f"{way.name}.csv"
    write_rows(path, [row for rows, _ in folds for row in rows])
    record: Mapping[str, object] = {
        "recipe": recipe.name,
        "summary": recipe.summary,
        "choices": recipe.choose(plan.choices),
        "architecture": plan.architecture,
        "input_size": plan.input_size,
        "steps": plan.steps,
        "members": way.members,
        "flips": way.flips,
        "hyperparameters": asdict(plan.hyper),
        "folds": [facts for _, facts in folds],
        "figures": as_json(evaluate(read_predictions(path), Bootstrap())),
    }
    text = json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False)
    path.with_suffix(".json").write_text(f"{text}\n", encoding="utf-8")
    return path
