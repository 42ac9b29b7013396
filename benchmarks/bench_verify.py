"""What `viewer verify` says of folders of 50 pictures by their kind, and what it costs.

Folders are drawn from pools of real pictures, and judged by dermoscopy-8: lesions of the certify groups, whose groups
are left out of the calibration they are compared with; another hospital's; other kinds as they are and in the colours
of a lesion; lesions without colour; lesions that were prepared wrongly. Generated ones are judged by phantom-lesion.
Without the folder of real data (VIEWER_DATA) only generated ones are. What was seen of a picture is kept below
`.cache/verify`, by the model's digest.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from bench_gate import DATA, FAINT, SEED, Eye, faults, grey, lesions, read, recoloured, rows_of, thinned
from measure import CACHE, Figure, arguments, interleaved, median_ms, write

from viewer.domain.image import Modality
from viewer.domain.verification import Verdict, Verification
from viewer.engine.bundle import Bundle, read_bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.engine.surroundings import Place
from viewer.host.discovery import PluginHost
from viewer.phantoms.cohort import lesion_cohort
from viewer.phantoms.faults import channels_swapped, inverted, other_modality, scaled_twice
from viewer.resources import shipped_bundles
from viewer.session.assessor import Assessor
from viewer.session.verified import Looked, Seen, values_of, verified
from viewer.settings import Settings

FOLDER = 50
ALL = 10_000
UNSUITABLE = (Verdict.UNSUITABLE,)
NOT_UNSUITABLE = (Verdict.SUITABLE, Verdict.DOUBTFUL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Altered lesions and X-rays of each pool, generated lesions, folders of each kind, pictures that are timed."""

    pictures: int
    films: int
    generated: int
    folders: int
    timed: int


USUAL = Sizes(pictures=120, films=100, generated=60, folders=40, timed=50)
QUICK = Sizes(pictures=2, films=2, generated=2, folders=1, timed=2)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pool:
    """Pictures of one kind.

    Attributes:
        kind: In words.
        right: Verdicts that are right for a folder of them; `()` where none is asked for.
        seen: What the model has seen.
    """

    kind: str
    right: tuple[Verdict, ...]
    seen: Sequence[Seen]


class Pools:
    """Has pictures assessed, each once for a model and ever."""

    def __init__(self, bundle: Bundle, host: PluginHost) -> None:
        self.bundle = bundle
        self.eye = Eye(bundle, host)
        self._host = host
        self._folder = CACHE / "verify" / bundle.digest[:16]
        self._folder.mkdir(parents=True, exist_ok=True)

    def assessor(self, engine: Engine | None = None) -> Assessor:
        """The assessor, with another preparation of pictures where an engine is given."""
        return Assessor(engine or self.eye.engine(), self._host, explaining=False)

    def seen(
        self,
        kind: str,
        pictures: Callable[[], Sequence[Picture]],
        groups: Sequence[str],
        engine: Engine | None = None,
    ) -> list[Seen]:
        """What the model sees of pictures of a kind."""
        path = self._folder / f"{kind.replace('/', 'over ')} {len(groups)}.npz"
        if not path.exists():
            self._assess(path, pictures(), engine)
        with np.load(path) as kept:
            names, values, answers, looks = (kept[name] for name in ("names", "values", "answers", "looks"))
        return [
            Seen(
                file=Path(f"{kind} {number}"),
                frame=None,
                group=group,
                elsewhere=False,
                answer=int(answers[number]),
                values={
                    str(name): None if np.isnan(value) else float(value)
                    for name, value in zip(names, values[number], strict=True)
                },
                look=looks[number],
            )
            for number, group in enumerate(groups)
        ]

    def _assess(self, path: Path, pictures: Sequence[Picture], engine: Engine | None) -> None:
        assessor = self.assessor(engine)
        values, answers, looks = [], [], []
        for picture in pictures:
            (found,), evidence = assessor.assess_keeping([Place.alone(picture)], self.bundle.manifest.modality)
            values.append(values_of(found))
            answers.append(found.predicted)
            looks.append(np.zeros(0) if evidence.look is None else evidence.look[0])
        names = list(values[0])
        table = np.array([[row[name] for name in names] for row in values], np.float64)
        np.savez(path, names=names, values=table, answers=answers, looks=np.array(looks, np.float32))


def real_pools(pools: Pools, sizes: Sizes) -> Iterator[Pool]:
    """Pools of real pictures."""
    shown, groups, classes = lesions(pools.bundle, ALL)
    seen = pools.seen("unseen lesions", lambda: shown, groups)
    yield Pool(kind="unseen lesions", right=(Verdict.SUITABLE,), seen=seen)
    for name in sorted(set(classes)):
        alone = [one for one, truth in zip(seen, classes, strict=True) if truth == name]
        kind = f"unseen lesions, {name.replace('_', ' ')} alone ({min(len(alone), FOLDER)})"
        yield Pool(kind=kind, right=NOT_UNSUITABLE, seen=alone)
    elsewhere = [row["file"] for row in rows_of("derm/labels.csv") if row["set"] == "ph2"]
    pictures = _read([DATA / "derm" / file for file in elsewhere])
    ph2 = pools.seen("another hospital's lesions (PH2)", pictures, elsewhere)
    yield Pool(kind="another hospital's lesions (PH2)", right=(Verdict.DOUBTFUL,), seen=ph2)
    kept = thinned(range(len(shown)), sizes.pictures)
    few, whose = [shown[i] for i in kept], [groups[i] for i in kept]
    for name, (engine, altered) in faults(pools.eye, pools.bundle).items():
        made = pools.seen(f"lesions, {name}", _altered(few, altered), whose, engine)
        yield Pool(kind=f"lesions, {name}", right=() if name == FAINT else UNSUITABLE, seen=made)
    for name, pictures in (
        ("axes in the wrong order", _altered(few, wrong_axes)),
        ("without colour, in the colours of another", lambda: recoloured(_altered(few, grey)(), shown[1::2])),
    ):
        yield Pool(kind=f"lesions, {name}", right=UNSUITABLE, seen=pools.seen(f"lesions, {name}", pictures, whose))
    for kind, table, folder, most in (
        ("X-rays of adults", "cxr/labels.csv", "cxr", sizes.films),
        ("X-rays of children", "cxr/labels_kermany.csv", "cxr", sizes.films),
        ("ultrasound", "lus/labels.csv", "lus", ALL),
    ):
        files = thinned([row["file"] for row in rows_of(table)], most)
        pictures = _read([DATA / folder / file for file in files])
        yield Pool(kind=kind, right=UNSUITABLE, seen=pools.seen(kind, pictures, files))
        coloured = f"{kind} in the colours of a lesion"
        made = pools.seen(coloured, partial(_coloured, pictures, shown), files)
        yield Pool(kind=coloured, right=UNSUITABLE, seen=made)


def generated_pools(pools: Pools, sizes: Sizes) -> Iterator[Pool]:
    """Pools of generated lesions."""
    count = sizes.generated
    pixels = [lesion.pixels for lesion in lesion_cohort(count, seed=SEED, lesions_per_patient=1)]
    whose = [str(number) for number in range(count)]
    plain = [Picture(one) for one in pixels]
    seen = pools.seen("new generated lesions", lambda: plain, whose)
    yield Pool(kind="new generated lesions", right=(Verdict.SUITABLE,), seen=seen)
    for name, altered in (
        ("inverted", inverted),
        ("channels swapped", channels_swapped),
        ("/255 twice", scaled_twice),
        ("something else in their place", other_modality),
    ):
        made = pools.seen(f"generated lesions, {name}", _altered(plain, altered), whose)
        yield Pool(kind=f"generated lesions, {name}", right=UNSUITABLE, seen=made)


def wrong_axes(pixels: np.ndarray) -> np.ndarray:
    """Rows, columns and channels read as channels, rows and columns."""
    rows, columns = pixels.shape[:2]
    return np.ascontiguousarray(np.moveaxis(np.ascontiguousarray(pixels).reshape(3, rows, columns), 0, -1))


def _altered(pictures: Sequence[Picture], how: Callable[[np.ndarray], np.ndarray]) -> Callable[[], list[Picture]]:
    return lambda: [Picture(how(picture.rgb), picture.pixel_aspect) for picture in pictures]


def _coloured(pictures: Callable[[], list[Picture]], colours: Sequence[Picture]) -> list[Picture]:
    return recoloured(pictures(), colours)


def _read(paths: Sequence[Path]) -> Callable[[], list[Picture]]:
    return lambda: read(paths)


def judged(pool: Pool, assessor: Assessor, folders: int) -> Figure:
    """How often a random folder of these pictures gets a wrong verdict; whole groups are drawn."""
    random = np.random.default_rng(SEED)
    groups = np.unique([one.group for one in pool.seen])
    found: list[Verification] = []
    for _ in range(folders if len(pool.seen) > FOLDER else 1):
        order = {group: place for place, group in enumerate(random.permutation(groups))}
        drawn = sorted(pool.seen, key=lambda one: order[one.group])[:FOLDER]
        found.append(verified(assessor, drawn, Looked(files=len(drawn), of=len(drawn), skipped=0, unreadable=())))
    verdicts = Counter(one.verdict for one in found)
    wrong = sum(count for verdict, count in verdicts.items() if pool.right and verdict not in pool.right)
    asked = " or ".join(verdict.value for verdict in pool.right) or "nothing asked"
    return Figure(
        name=f"{pool.kind}: folders of {FOLDER} that are not called {asked}",
        value=100 * wrong / len(found),
        goal=0.0,
        unit="%",
        detail={
            "folders": str(len(found)),
            **{verdict.value: str(verdicts[verdict]) for verdict in Verdict},
            "flagged %": _range([100 * one.flagged_share.value for one in found if one.flagged_share]),
            "kind, pairs of 100": _effects(found, "suitability"),
            "look, pairs of 100": _effects(found, "fingerprint"),
            "largest p": f"{max(one.p_value or 0.0 for one in found):.4f}",
        },
    )


def _effects(found: Sequence[Verification], name: str) -> str:
    return _range([100 * (one.by_name[name].effect or 0.0) for one in found if name in one.by_name])


def _range(values: Sequence[float]) -> str:
    return f"{min(values):.0f} to {max(values):.0f}" if values else "–"


def cost(pools: Pools, pictures: Sequence[Picture]) -> Figure:
    """What a picture takes against a bare pass of the network."""
    assessor = pools.assessor()
    modality = Modality.DERMOSCOPY
    seconds: Mapping[str, list[float]] = {"verify": [], "bare": []}
    for picture in pictures:
        work = partial(assessor.assess_keeping, [Place.alone(picture)], modality)
        seconds["verify"] += interleaved({"verify": work}, 1)["verify"]
        seconds["bare"].append(assessor.bare_pass_s(picture))
    ms = {name: median_ms(values) for name, values in seconds.items()}
    return Figure(
        name=f"verifying a picture with {pools.bundle.manifest.name} against a bare pass",
        value=ms["verify"] / ms["bare"],
        goal=4.0,
        unit="×",
        detail={"verify ms": ms["verify"], "bare ms": ms["bare"], "pictures": str(len(pictures))},
    )


def main() -> None:
    """Measure, with the real data where it is."""
    options = arguments(__doc__)
    sizes = QUICK if options.quick else USUAL
    host = PluginHost(Settings())
    host.load()
    generated = Pools(read_bundle(shipped_bundles() / "phantom-lesion"), host)
    assessor = generated.assessor()
    figures = [judged(pool, assessor, sizes.folders) for pool in generated_pools(generated, sizes)]
    if DATA.is_dir() and not options.quick:
        real = Pools(read_bundle(shipped_bundles() / "dermoscopy-8"), host)
        assessor = real.assessor()
        figures += [judged(pool, assessor, sizes.folders) for pool in real_pools(real, sizes)]
    pictures = [Picture(one.pixels) for one in lesion_cohort(sizes.timed, seed=SEED, lesions_per_patient=1)]
    figures.append(cost(generated, pictures))
    host.close()
    write(figures, options)


if __name__ == "__main__":
    main()
