"""A whole training: table → split → weights → calibration → bundle. Only this module knows the order."""

from collections.abc import Sequence
from dataclasses import replace

import torch

from viewer.datasets.balanced import balanced_parts
from viewer.datasets.reading import read_dataset
from viewer.datasets.sample import LabelTable, Sample
from viewer.datasets.split import Part, pseudonym, refuse_scarce_classes, split_groups
from viewer.domain.bundle import Manifest
from viewer.domain.errors import ViewerError
from viewer.domain.recipe import GARBAGE_CLASS, Recipe, TrainingContext
from viewer.engine.architectures import Architectures, ensemble_name, join_members
from viewer.engine.bundle import Bundle, read_bundle, write_bundle
from viewer.engine.engine import Engine
from viewer.host.discovery import PluginHost
from viewer.protocols import Architecture
from viewer.settings import Settings
from viewer.training.augment import transform_for
from viewer.training.calibration import Finished, HeldOut, calibrate
from viewer.training.card import MADE_FROM, made_from, read_section
from viewer.training.garbage.adding import add_garbage_output
from viewer.training.garbage.choosing import Chosen, choose
from viewer.training.garbage.drawing import Pieces
from viewer.training.learner import Learner
from viewer.training.learning import Learned, learn, load_learned, save_learned
from viewer.training.loading import PictureStore, TrainingData
from viewer.training.pictures import Reader, Say
from viewer.training.plan import Garbage, Parts, TrainingPlan, claim_work_folder
from viewer.training.recipe import mask_shown, refuse_garbage
from viewer.training.starting import load_start, refuse_no_start, seen_before


def train(plan: TrainingPlan, recipe: Recipe, settings: Settings, host: PluginHost, say: Say) -> Bundle:
    """Train, fit, measure and write a bundle; the same call after an interruption goes on.

    A training that is finished in the plan's work folder is not repeated: then only fitting and measuring are done.

    Raises:
        ViewerError: The data do not allow it, a file is not what it should be, or the work folder is another
            training's.
    """
    table, parts = _divided(plan, say)
    members = learn_members(plan, recipe, table, parts, host, say)
    return make_bundle(plan, recipe, table, parts, members, settings, host, say).bundle


def learn_members(
    plan: TrainingPlan, recipe: Recipe, table: LabelTable, parts: Parts, host: PluginHost, say: Say
) -> list[Learned]:
    """Train every member of the ensemble, or the one network, on given parts.

    What is finished in the plan's work folder is not repeated, and what was interrupted goes on.

    Args:
        plan: What is asked for; its table is not read again.
        recipe: How the network learns.
        table: The classes, and every sample.
        parts: Which samples train, and which say when to stop. No group may be in two parts.
        host: Loaded plugins.
        say: Told every epoch.

    Raises:
        ViewerError: A file is not what it should be, the work folder is another training's, or the recipe fails or
            asks for what is not there.
        LeftToTheFirst: In every process but the first, when training is done.
    """
    refuse_no_start(plan, recipe)
    if plan.garbage is not None:
        refuse_garbage(recipe, recipe.choose(plan.choices))
    architectures = Architectures(offer.thing for offer in host.architectures)
    manifest = manifest_of(plan, recipe, table, architectures)
    garbage = None if plan.garbage is None else choose(plan.garbage, manifest, say)
    if plan.processes.is_first:
        claim_work_folder(plan.work, plan.digest(table, parts, recipe))
    members = _members(plan, recipe, manifest, architectures.get(plan.architecture), parts, garbage, say)
    plan.processes.leave_to_the_first()
    return members


def make_bundle(
    plan: TrainingPlan,
    recipe: Recipe,
    table: LabelTable,
    parts: Parts,
    members: Sequence[Learned],
    settings: Settings,
    host: PluginHost,
    say: Say,
) -> Finished:
    """Calibrate trained networks on the fit part, measure them on the certify part, and write the bundle.

    Args:
        plan: What is asked for: as many networks as there are `members`, with or without mirrored views.
        recipe: For the card.
        table: The classes, and what was left out.
        parts: The parts that `members` were trained on, and those they were not.
        members: What `learn_members` returned, or some of it.
        settings: Of the engine.
        host: Loaded plugins.
        say: Told every step.

    Raises:
        ViewerError: Too many files cannot be read, or no such bundle can be made.
    """
    architectures = Architectures(offer.thing for offer in host.architectures)
    manifest = manifest_of(plan, recipe, table, architectures)
    made = made_from(plan, recipe, members, _sizes(parts), table.notes)
    raw = write_uncalibrated(plan, manifest, members, card=made)
    return _calibrate(plan, raw, architectures, settings, host, parts, made, say)


def write_uncalibrated(plan: TrainingPlan, manifest: Manifest, members: Sequence[Learned], *, card: str) -> Bundle:
    """Write trained networks as a bundle that nothing was fitted for yet, into the plan's work folder."""
    single = manifest.architecture == plan.architecture
    tensors = members[0].tensors if single else join_members([m.tensors for m in members], flips=plan.hyper.flips)
    return write_bundle(plan.work / "uncalibrated", manifest, tensors, card=card)


def refit(plan: TrainingPlan, settings: Settings, host: PluginHost, say: Say) -> Bundle:
    """Fit and measure the bundle at `plan.out` anew with its own weights, e.g. after a scorer changed.

    Raises:
        ViewerError: There is no bundle, or its certify groups are not those of this table and seed.
    """
    bundle = read_bundle(plan.out)
    if bundle.members:
        raise ViewerError(f"{bundle.path}: it is an ensemble: make it anew with viewer ensemble and its members")
    table, parts = _divided(plan, say)
    _refuse_another_split(bundle, table, parts)
    architectures = Architectures(offer.thing for offer in host.architectures)
    made = read_section(bundle.card, MADE_FROM)
    if bundle.manifest.garbage and plan.garbage is None:
        raise ViewerError(f"{bundle.path}: it knows garbage, so this command must say --garbage as its training did")
    if plan.garbage is not None and not bundle.manifest.garbage:
        bundle = _with_garbage(plan, plan.garbage, bundle, architectures, settings, parts, made, say)
        made = bundle.card
    return _calibrate(plan, bundle, architectures, settings, host, parts, made, say).bundle


def _divided(plan: TrainingPlan, say: Say) -> tuple[LabelTable, Parts]:
    table = read_dataset(plan.table)
    for note in table.notes:
        say(note)
    table = plan.guard.grouped(table, say)
    refuse_scarce_classes(table.labels, table.groups, table.classes)
    part_of = _part_of(plan, table)
    parts: dict[Part, list[Sample]] = {part: [] for part in Part}
    for sample in table.samples:
        parts[part_of[sample.group]].append(sample)
    for part, (groups, files) in _sizes(parts).items():
        say(f"{part}: {files} files of {groups} groups")
    allowed = plan.guard.check([parts], say)
    return replace(table, notes=(*table.notes, *allowed, *seen_before(plan, parts, say))), parts


def _part_of(plan: TrainingPlan, table: LabelTable) -> dict[str, Part]:
    if plan.train_groups:
        return balanced_parts(table.labels, table.groups, plan.train_groups, seed=plan.hyper.seed)
    return split_groups(table.labels, table.groups, seed=plan.hyper.seed)


def _sizes(parts: Parts) -> dict[Part, tuple[int, int]]:
    """Groups and files of every part."""
    return {part: (len({sample.group for sample in parts[part]}), len(parts[part])) for part in Part}


def manifest_of(plan: TrainingPlan, recipe: Recipe, table: LabelTable, architectures: Architectures) -> Manifest:
    """What the bundle of a training will say of itself.

    Raises:
        ViewerError: No such bundle can be made.
    """
    about = plan.description
    architecture = architectures.get(ensemble_name(plan.architecture, plan.hyper.members, flips=plan.hyper.flips))
    shows = mask_shown(recipe, recipe.choose(plan.choices))
    try:
        return Manifest(
            name=about.name,
            version=about.version,
            architecture=architecture.name,
            classes=table.classes,
            critical_classes=about.critical_classes,
            modality=about.modality,
            intended_use=about.intended_use,
            licence=about.licence,
            input_size=plan.input_size or architecture.input_size,
            resize=plan.resize,
            steps=plan.steps,
            demonstration=about.demonstration,
            auxiliary=about.auxiliary,
            garbage=plan.garbage is not None,
            mask_shows=shows,
            mask_parts=recipe.mask_parts if shows else 0,
        )
    except ValueError as error:
        raise ViewerError(f"no such bundle can be made: {error}") from error


def _members(
    plan: TrainingPlan,
    recipe: Recipe,
    manifest: Manifest,
    architecture: Architecture,
    parts: Parts,
    garbage: Chosen | None,
    say: Say,
) -> list[Learned]:
    """Every member of the ensemble, or the one network; those that are finished already are not trained again."""
    members = []
    pictures: tuple[PictureStore, PictureStore] | None = None
    for number in range(plan.hyper.members):
        work = plan.work if plan.hyper.members == 1 else plan.work / f"member-{number + 1}"
        learned = load_learned(work)
        if learned is None:
            if plan.hyper.members > 1:
                say(f"member {number + 1} of {plan.hyper.members}")
            pictures = pictures or _pictures(plan, recipe, manifest, parts, say)
            # Each member starts, shuffles and augments by a seed of its own: that is what makes them differ.
            hyper = replace(plan.hyper, seed=plan.hyper.seed + number)
            own = replace(plan, hyper=hyper, work=work)
            learned = _learn(own, recipe, manifest, architecture, pictures, garbage, say)
            if plan.processes.is_first:
                save_learned(learned, work)
        members.append(learned)
    return members


def _pictures(
    plan: TrainingPlan, recipe: Recipe, manifest: Manifest, parts: Parts, say: Say
) -> tuple[PictureStore, PictureStore]:
    """The training and the stopping pictures."""
    reader = Reader(plan.frames_per_clip, say)
    train, stop = PictureStore(manifest, recipe.masks), PictureStore(manifest, recipe.masks)
    for part, store in ((Part.TRAIN, train), (Part.STOP, stop if plan.hyper.stop_early else train)):
        say(f"reading the {len(parts[part])} files of the {part} groups")
        store.add(reader.read(parts[part]))
    return train, stop


def _learn(
    plan: TrainingPlan,
    recipe: Recipe,
    manifest: Manifest,
    architecture: Architecture,
    pictures: tuple[PictureStore, PictureStore],
    garbage: Chosen | None,
    say: Say,
) -> Learned:
    choices = recipe.choose(plan.choices)
    torch.manual_seed(plan.hyper.seed)  # the new head, or the whole network, starts from this seed
    network = architecture.build(manifest.outputs)
    start = load_start(plan, architecture, network)
    say(start)
    train, stop = pictures
    transform = transform_for(recipe, manifest, choices)
    pieces = None if garbage is None else Pieces(garbage.trained, train, transform, plan.hyper.seed).draw
    data = TrainingData(train, stop, plan.hyper, transform, pieces)
    context = TrainingContext(
        network=network,
        classes=manifest.classes if garbage is None else (*manifest.classes, GARBAGE_CLASS),
        counts=data.class_counts,
        hyper=plan.hyper,
        choices=choices,
        steps_per_epoch=data.steps_per_epoch,
    )
    learner = Learner(recipe, context)
    return learn(learner, data, start=start, work=plan.work, processes=plan.processes, say=say)


def _with_garbage(
    plan: TrainingPlan,
    garbage: Garbage,
    bundle: Bundle,
    architectures: Architectures,
    settings: Settings,
    parts: Parts,
    made: str,
    say: Say,
) -> Bundle:
    """The bundle with one more output, not calibrated yet; all others stay."""
    return add_garbage_output(
        bundle,
        Engine(bundle, architectures, device=plan.device, cache_bytes=0, notify=say),
        (*parts[Part.TRAIN], *parts[Part.STOP]),
        choose(garbage, bundle.manifest, say),
        version=plan.description.version,
        frames_per_clip=plan.frames_per_clip,
        seed=plan.hyper.seed,
        made=made,
        out=plan.work / "with-garbage",
        say=say,
    )


def _calibrate(
    plan: TrainingPlan,
    bundle: Bundle,
    architectures: Architectures,
    settings: Settings,
    host: PluginHost,
    parts: Parts,
    made: str,
    say: Say,
) -> Finished:
    engine = Engine(
        bundle, architectures, device=plan.device, head_samples=settings.head_samples, cache_bytes=0, notify=say
    )
    held_out = HeldOut(
        fit=parts[Part.FIT],
        certify=parts[Part.CERTIFY],
        training=(*parts[Part.TRAIN], *parts[Part.STOP]),
        seed=plan.hyper.seed,
        pictured=plan.pictured,
        garbage=None if plan.garbage is None else choose(plan.garbage, bundle.manifest, say),
    )
    finished = calibrate(bundle, engine, host, held_out, made=made, out=plan.out, say=say)
    if finished.garbage is not None and plan.work.is_dir():
        finished.garbage.write(plan.work / "garbage.csv")
    return finished


def _refuse_another_split(bundle: Bundle, table: LabelTable, parts: Parts) -> None:
    certified = {row["group"] for row in bundle.predictions("certify")}
    here = {pseudonym(sample.group) for sample in parts[Part.CERTIFY]}
    if table.classes != bundle.manifest.classes or not certified <= here or not certified:
        raise ViewerError(
            f"{bundle.path}: this table and seed do not give the groups it was measured on; "
            "name the data, columns, filters and seed it was trained with"
        )
