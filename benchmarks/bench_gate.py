"""What the gate of dermoscopy-8 lets through on real pictures, what it stops by mistake, and what it costs.

A picture is *usual* where both its p-values, suitability and fingerprint, are at least .05: only then may a light be
green. Below .01 it is of another kind (suitability) or was prepared otherwise (fingerprint); a folder of 20 files is
judged by its mean look, at .001. Lesions are those of the certify groups, which neither the weights nor the gate have
seen; groups weigh alike. Needs the folder of real data (VIEWER_DATA); without it only the time is measured.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from kinds import DATA, FAINT, SEED, Fault, faults, lesions, photographs, read, recoloured, rows_of, thinned
from measure import Figure, arguments, interleaved, median_ms, write
from numpy.typing import NDArray

from viewer.api import Need
from viewer.assessment.suitability import FOLDER_OUTSIDE, OUTSIDE, TYPICAL, Gatekeeper
from viewer.domain.evidence import State
from viewer.domain.result import Failure
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle, read_bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.host import calls
from viewer.host.discovery import Offer, PluginHost
from viewer.protocols import Scorer
from viewer.resources import shipped_bundles
from viewer.settings import Settings

FOLDER = 20

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """p-values of n pictures and what they look like; `weights` give every group the same say."""

    suitability: Values
    fingerprint: Values
    looks: NDArray[np.float32]
    weights: Values

    def share(self, chosen: NDArray[np.bool_]) -> float:
        """Share of the pictures in per cent."""
        return float(100 * np.average(chosen, weights=self.weights))

    def only(self, rows: NDArray[np.intp]) -> "Judged":
        """Some of the pictures."""
        return Judged(self.suitability[rows], self.fingerprint[rows], self.looks[rows], self.weights[rows])

    @property
    def usual(self) -> float:
        """Share of pictures that may be green, in per cent."""
        return self.share((self.suitability >= TYPICAL) & (self.fingerprint >= TYPICAL))

    def words(self, keeper: Gatekeeper, folders: int) -> str:
        """Shares below the levels, and of folders."""
        parts = []
        for name, p in (("suitability", self.suitability), ("fingerprint", self.fingerprint)):
            parts.append(f"{name} < .01 {self.share(p < OUTSIDE):.1f} %, < .05 {self.share(p < TYPICAL):.1f} %")
        outside = "" if len(self.looks) < FOLDER else f", folders {outside_folders(self, keeper, folders):.1f} %"
        return f"{len(self.looks)} pictures: {', '.join(parts)}{outside}"


class Eye:
    """Runs the bundle's network and its gate on pictures."""

    def __init__(self, bundle: Bundle, host: PluginHost) -> None:
        """Load what the gate needs."""
        self._bundle = bundle
        self._host = host
        self.keeper = Gatekeeper(bundle.gate)
        self._offers: list[Offer[Scorer]] = [o for o in host.scorers if o.thing.name in self.keeper.scorers]
        self._states: dict[str, State | None] = {
            o.thing.name: bundle.state(o.plugin, o.thing.name, o.thing.version) for o in self._offers
        }
        self.needs = frozenset({Need.LOOK}).union(*(offer.thing.needs for offer in self._offers))

    def engine(self) -> Engine:
        """The engine of the bundle as it is."""
        return Engine(self._bundle, Architectures(), device="cpu", cache_bytes=0)

    def judge_faulty(self, fault: Fault, pictures: Sequence[Picture], groups: Sequence[str] = ()) -> Judged:
        """Judge pictures that were prepared wrongly."""
        engine = Engine(fault.of(self._bundle), Architectures(), device="cpu", cache_bytes=0)
        return self.judge(engine, [fault.shown(picture, self._bundle.manifest) for picture in pictures], groups)

    def judge(self, engine: Engine, pictures: Sequence[Picture], groups: Sequence[str] = ()) -> Judged:
        """Judge pictures as the viewer does."""
        judged, looks = [], []
        for picture in pictures:
            evidence = engine.evidence([picture], self.needs)
            answers = calls.score_all(self._host.guard, self._offers, evidence, self._states)
            raws = {name: None if isinstance(a, Failure) else a.raw for name, (a,) in answers.items()}
            look = evidence.look[0] if evidence.look is not None else None
            judged.append(self.keeper.judge(raws, look))
            looks.append(look)
        return Judged(
            np.array([one.suitability for one in judged], np.float64),
            np.array([one.fingerprint for one in judged], np.float64),
            np.array(looks, np.float32),
            _weights(groups) if groups else np.ones(len(judged)),
        )


def _weights(groups: Sequence[str]) -> Values:
    _, numbers, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    weights: Values = 1 / sizes[numbers]
    return weights


def outside_folders(judged: Judged, keeper: Gatekeeper, folders: int) -> float:
    """Share of random folders of 20 of these pictures that are judged to be prepared otherwise, in per cent."""
    random = np.random.default_rng(SEED)
    share = judged.weights / judged.weights.sum()
    drawn = (random.choice(len(share), FOLDER, replace=False, p=share) for _ in range(folders))
    found = [(keeper.folder_p(judged.looks[rows]) or 1.0) < FOLDER_OUTSIDE for rows in drawn]
    return float(100 * np.mean(found))


def false_alarms(
    lesion: Judged, classes: Sequence[str], elsewhere: Judged, keeper: Gatekeeper, folders: int
) -> list[Figure]:
    """How often lesions of new groups are stopped."""
    groups = lesion.weights.sum()
    by_chance = 100 * (TYPICAL + 2 * np.sqrt(TYPICAL * (1 - TYPICAL) / groups))
    detail: dict[str, float | str] = {
        "certify groups": f"{groups:.0f}",
        "lesions": lesion.words(keeper, folders),
        "may be green %": lesion.usual,
        "another hospital (PH2)": elsewhere.words(keeper, folders),
    }
    shares = {
        "suitability": lesion.share(lesion.suitability < TYPICAL),
        "fingerprint": lesion.share(lesion.fingerprint < TYPICAL),
    }
    outside = outside_folders(lesion, keeper, 20 * folders)
    return [
        *(
            Figure(
                name=f"lesions of new groups with an unusual {name}", value=v, goal=by_chance, unit="%", detail=detail
            )
            for name, v in shares.items()
        ),
        Figure(
            name="folders of 20 lesions of new groups found to be prepared otherwise",
            value=outside,
            goal=0.5,
            unit="%",
            detail={"folders": str(20 * folders)} | _one_class_only(lesion, classes, keeper, folders),
        ),
    ]


def _one_class_only(
    lesion: Judged, classes: Sequence[str], keeper: Gatekeeper, folders: int
) -> dict[str, float | str]:
    """The same of folders that hold one class alone, which is another case mix than the gate's."""
    shares: dict[str, float | str] = {}
    for name in sorted(set(classes)):
        rows = np.flatnonzero(np.array(classes) == name)
        if len(rows) > FOLDER:
            shares[f"of {name} alone %"] = outside_folders(lesion.only(rows), keeper, folders)
    return shares


def strangers(eye: Eye, kinds: Mapping[str, Sequence[Picture]], folders: int) -> list[Figure]:
    """How often pictures of other kinds are not stopped."""
    engine, figures = eye.engine(), []
    for kind, pictures in kinds.items():
        judged = eye.judge(engine, pictures) if pictures else None
        figures.append(
            Figure(
                name=f"{kind} taken for usual lesions",
                value=None if judged is None else judged.usual,
                goal=20.0 if "colours" in kind else 5.0,
                unit="%",
                detail={"what": "none found" if judged is None else judged.words(eye.keeper, folders)},
            )
        )
    return figures


def faulty(eye: Eye, bundle: Bundle, shown: Sequence[Picture], groups: Sequence[str], folders: int) -> Figure:
    """How often a folder of lesions that were prepared wrongly is not stopped."""
    missed, detail = {}, {}
    for name, fault in faults(bundle.manifest).items():
        judged = eye.judge_faulty(fault, shown, groups)
        missed[name] = 100 - outside_folders(judged, eye.keeper, folders)
        detail[name] = judged.words(eye.keeper, folders)
    counted = [share for name, share in missed.items() if name != FAINT]
    return Figure(
        name=f"folders of 20 lesions with a faulty preparation taken for well prepared, worst of {len(counted)}",
        value=max(counted),
        goal=5.0,
        unit="%",
        detail=detail,
    )


def cost(eye: Eye, picture: Picture, repeats: int) -> Figure:
    """What a frame pays."""
    engine = eye.engine()
    without = eye.needs - {Need.LOOK}
    looked = engine.evidence([picture], eye.needs).look
    raws = dict.fromkeys(eye.keeper.scorers, 1.0)
    works: dict[str, Callable[[], object]] = {
        "without": lambda: engine.evidence([picture], without),
        "with": lambda: engine.evidence([picture], eye.needs),
    }
    interleaved(works, min(5, repeats))
    passes = interleaved(works, repeats)
    judge = interleaved(
        {"judge": lambda: eye.keeper.judge(raws, None if looked is None else looked[0])}, 20 * repeats
    )
    start = time.perf_counter()
    eye.keeper.folder_p(np.repeat(np.asarray(looked), 50, axis=0))
    folder = time.perf_counter() - start
    ms = {name: median_ms(seconds) for name, seconds in passes.items()}
    return Figure(
        name="one pass of dermoscopy-8 with the look against one without",
        value=ms["with"] / ms["without"],
        goal=1.05,
        unit="×",
        detail={
            "model": f"dermoscopy-8 version {engine.bundle.manifest.version}",
            "with ms": ms["with"],
            "without ms": ms["without"],
            "repetitions": str(repeats),
            "suitability and fingerprint of one picture µs": 1e3 * median_ms(judge["judge"]),
            "a folder of 50 looks ms": 1e3 * folder,
        },
    )


def main() -> None:
    """Measure, with the real data where it is."""
    options = arguments(__doc__)
    bundle = read_bundle(shipped_bundles() / "dermoscopy-8")
    host = PluginHost(Settings())
    host.load()
    eye = Eye(bundle, host)
    most, folders, repeats = (24, 5, 3) if options.quick else (400, 50, 200)
    noise = np.random.default_rng(0).integers(0, 256, (180, 180, 3), np.uint8)
    figures = [cost(eye, Picture(noise), repeats)]
    if DATA.is_dir():
        shown, groups, classes = lesions(bundle, most)
        others = {
            "X-rays of adults": read(thinned([DATA / "cxr" / r["file"] for r in rows_of("cxr/labels.csv")], most)),
            "X-rays of children": read(
                thinned([DATA / "cxr" / r["file"] for r in rows_of("cxr/labels_kermany.csv")], most)
            ),
            "ultrasound": read(thinned([DATA / "lus" / r["file"] for r in rows_of("lus/labels.csv")], most)),
        }
        in_colours = {f"{kind} in the colours of a lesion": recoloured(p, shown) for kind, p in others.items()}
        elsewhere = [DATA / "derm" / row["file"] for row in rows_of("derm/labels.csv") if row["set"] == "ph2"]
        engine = eye.engine()
        lesion, ph2 = eye.judge(engine, shown, groups), eye.judge(engine, read(thinned(elsewhere, most)))
        figures += false_alarms(lesion, classes, ph2, eye.keeper, folders)
        figures += strangers(eye, {**others, "photographs": list(photographs())[:most], **in_colours}, folders)
        figures.append(faulty(eye, bundle, shown, groups, folders))
    host.close()
    write(figures, options)


if __name__ == "__main__":
    main()
