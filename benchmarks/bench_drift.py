"""How often drift is told where nothing has changed, and after how many cases where something has.

Calibration and sites are drawn with replacement from the cases of each bundle's certify groups; what is different
comes from fresh phantoms under other scanners, from exchanged folders of real pictures, and from faulty
preparations. Whole cases are drawn, so that their classes, lights, trusts and p-values depend on each other as they
do. A delay is counted in cases from the first one that is different; a change comes with the first case of a site
or after 300 good ones. Without the folder of real data (VIEWER_DATA) only phantoms are measured.
"""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from kinds import DATA, lesions, read, rows_of, thinned
from measure import Figure, arguments, write
from numpy.typing import NDArray

from viewer.assessment.drift import DriftTest
from viewer.assessment.verdict import ClipSums
from viewer.domain.drift import Case
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle, read_bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.engine.surroundings import Place
from viewer.host.discovery import PluginHost
from viewer.phantoms.chest import draw_chest
from viewer.phantoms.faults import channels_swapped, inverted
from viewer.phantoms.lesion import KINDS as LESIONS
from viewer.phantoms.lesion import lesion_phantom
from viewer.phantoms.skin import draw_skin
from viewer.phantoms.ultrasound import KINDS as CLIPS
from viewer.phantoms.ultrasound import ultrasound_phantom
from viewer.resources import shipped_bundles
from viewer.session.assessor import Assessor
from viewer.session.site import calibration_of
from viewer.settings import Settings

SEED = 5_181_181
"""Of phantoms that no bundle was made from, and of the sites."""
LONG, BEFORE, AFTER = 1000, 300, 300
"""Cases of a site without a change, before a late change, and after a change: a delay of 300 is 300 or more."""
FRAMES = 10
"""Of a clip, as in the calibration of phantom-clip."""
GOAL = 50.0

Pixels = NDArray[np.uint8]
Cases = Sequence[Case]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is drawn: cases of each change, sites without a change, and sites of each change."""

    other: int
    unchanged: int
    changed: int


USUAL = Sizes(other=100, unchanged=400, changed=60)
QUICK = Sizes(other=12, unchanged=3, changed=2)


class Judge:
    """A bundle that turns pictures and clips into cases."""

    def __init__(self, bundle: Bundle, host: PluginHost) -> None:
        self.bundle = bundle
        self._host = host

    def cases(self, clips: Iterable[Sequence[Pixels]], **preparation: tuple[float, float, float]) -> tuple[Case, ...]:
        """One case of each picture, or clip of several, with another mean or std of the input where given."""
        manifest = replace(self.bundle.manifest, **preparation)  # type: ignore[arg-type]
        engine = Engine(replace(self.bundle, manifest=manifest), Architectures(), device="cpu", cache_bytes=0)
        assessor, modality = Assessor(engine, self._host, explaining=False), self.bundle.manifest.modality
        found = []
        for clip in clips:
            sums = ClipSums(len(self.bundle.manifest.classes))
            for frame in assessor.assess([Place.alone(Picture(rgb)) for rgb in clip], modality):
                sums.add(frame.probabilities.tolist(), frame.trust, frame.suitability, frame.fingerprint)
            found.append(assessor.case(sums, modality))
        return tuple(case for case in found if case is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Where sites come from.

    Attributes:
        name: In words.
        classes: Of the model.
        good: Cases of the certify groups.
        others: Cases by what is different about them, in words.
    """

    name: str
    classes: tuple[str, ...]
    good: Cases
    others: Mapping[str, Cases]

    def deal(self, random: np.random.Generator, count: int) -> tuple[Cases, Cases]:
        """A calibration as large as the model's own, and `count` cases of a site without a change."""
        return _drawn(random, self.good, len(self.good)), _drawn(random, self.good, count)


def _drawn(random: np.random.Generator, cases: Cases, count: int) -> list[Case]:
    return [cases[row] for row in random.integers(len(cases), size=count)]


def unchanged(population: Population, sites: int) -> Figure:
    """How often a site without a change sees an alarm within 1000 cases."""
    random = np.random.default_rng(SEED)
    alarms = 0
    for _ in range(sites):
        calibration, site = population.deal(random, LONG)
        test = DriftTest(calibration, population.classes)
        for case in site:
            test.take(case)
            if test.alarm is not None:
                alarms += 1
                break
    name = f"{population.name}: sites without a change that see an alarm within {LONG} cases"
    detail: dict[str, float | str] = {"sites": str(sites), "calibration groups": str(len(population.good))}
    return Figure(name=name, value=100 * alarms / sites, goal=5.0, unit="%", detail=detail)


def changed(population: Population, sites: int) -> list[Figure]:
    """After how many cases each change is told."""
    delays: dict[tuple[str, int], list[int]] = {}
    for before in (0, BEFORE):
        random = np.random.default_rng(SEED + 1)
        for _ in range(sites):
            calibration, site = population.deal(random, before)
            test = DriftTest(calibration, population.classes)
            for case in site:
                test.take(case)
            if test.alarm is not None:  # counted as false alarms, above
                continue
            for name, cases in population.others.items():
                delay = _delay(copy.deepcopy(test), _drawn(random, cases, AFTER))
                delays.setdefault((name, before), []).append(delay)
    figures = []
    for name in population.others:
        at_once, later = (np.array(delays.get((name, before), [AFTER])) for before in (0, BEFORE))
        detail: dict[str, float | str] = {
            "sites": f"{len(at_once)} and {len(later)}",
            "from the first case: median": float(np.median(at_once)),
            "90 of 100": float(np.percentile(at_once, 90)),
            "within 50 %": float(100 * np.mean(at_once <= GOAL)),
            f"after {BEFORE} good cases: median": float(np.median(later)),
            "90 of 100 then": float(np.percentile(later, 90)),
            "within 50 then %": float(100 * np.mean(later <= GOAL)),
        }
        value = max(float(np.percentile(found, 90)) for found in (at_once, later))
        title = f"{population.name}, {name}: cases until the alarm, 90 of 100 sites"
        figures.append(Figure(name=title, value=value, goal=GOAL, unit="cases", detail=detail))
    return figures


def _delay(test: DriftTest, cases: Iterable[Case]) -> int:
    for number, case in enumerate(cases, start=1):
        test.take(case)
        if test.alarm is not None:
            return number
    return AFTER


def mixed(pools: Mapping[str, Cases], shares: Mapping[str, float], count: int = 1000) -> list[Case]:
    """Cases in another mix of answers; classes that are not named share the rest alike."""
    random = np.random.default_rng(SEED + 2)
    left = [name for name in pools if name not in shares]
    rest = (1 - sum(shares.values())) / len(left) if left else 0.0
    names = list(pools)
    kinds = random.choice(len(names), count, p=[shares.get(name, rest) for name in names])
    return [pools[names[kind]][int(random.integers(len(pools[names[kind]])))] for kind in kinds]


# Phantoms -----------------------------------------------------------------------------------------------------------


def fresh_lesions(count: int, seed: int, lamp: float = 0.0, exposure: float = 1.0) -> Iterator[Pixels]:
    """Lesions, each of another patient; under another lamp and camera where given."""
    for number in range(count):
        random = np.random.default_rng((seed, number))
        skin = draw_skin(random, f"site-{seed}-{number}")
        red, green, blue = skin.light
        skin = replace(skin, light=(red * (1 + lamp), green, blue * (1 - lamp)), exposure=skin.exposure * exposure)
        kind = str(random.choice(LESIONS))
        ruler, bubbles, ink = random.random(3) < (0.35, 0.30, 0.06)
        made = lesion_phantom(random, kind=kind, skin=skin, ruler=bool(ruler), bubbles=bool(bubbles), ink=bool(ink))
        yield made.pixels


def fresh_clips(count: int, seed: int, probe: str | None = None, gain: float = 0.0) -> Iterator[list[Pixels]]:
    """Frames of clips, each of another patient; with one probe, or another gain in dB, where given."""
    for number in range(count):
        random = np.random.default_rng((seed, number))
        chest = draw_chest(random, f"site-{seed}-{number}", probe)  # type: ignore[arg-type]
        chest = replace(chest, gain_db=chest.gain_db + gain)
        kind = str(random.choice(CLIPS))
        made = ultrasound_phantom(random, kind=kind, chest=chest, frames=FRAMES)
        yield [np.repeat(frame.pixels[..., None], 3, axis=2) for frame in made]


def by_answer(cases: Cases) -> dict[str, list[Case]]:
    """Cases by the model's class: a bundle's own cases are known by no other."""
    pools: dict[str, list[Case]] = {}
    for case in cases:
        pools.setdefault(case.predicted, []).append(case)
    return pools


def phantom_lesions(host: PluginHost, sizes: Sizes) -> Population:
    """Lesions of the certify groups, and fresh ones under other scanners."""
    judge = Judge(read_bundle(shipped_bundles() / "phantom-lesion"), host)
    good = calibration_of(judge.bundle)
    pools = by_answer(good)

    def under(altered: Callable[[Pixels], Pixels], lamp: float = 0.0, exposure: float = 1.0) -> tuple[Case, ...]:
        pictures = fresh_lesions(sizes.other, SEED + 10, lamp, exposure)
        return judge.cases([altered(rgb)] for rgb in pictures)

    def same(rgb: Pixels) -> Pixels:
        return rgb

    return Population(
        name="phantom lesions",
        classes=judge.bundle.manifest.classes,
        good=good,
        others={
            "answers of melanoma alone": mixed(pools, {"melanoma": 1.0}),
            "two in three answers melanoma": mixed(pools, {"melanoma": 2 / 3}),
            "half of the answers melanoma": mixed(pools, {"melanoma": 0.5}),
            "38 % of the answers melanoma": mixed(pools, {"melanoma": 0.38}),
            "no answer of melanoma": mixed(pools, {"melanoma": 0.0}),
            "another scanner: camera darker by a third": under(same, exposure=0.67),
            "another scanner: lamp bluer by a quarter": under(same, lamp=-0.25),
            "channels swapped": under(channels_swapped),
            "inverted": under(inverted),
        },
    )


def phantom_clips(host: PluginHost, sizes: Sizes) -> Population:
    """Clips of the certify groups, and fresh ones of other scanners."""
    judge = Judge(read_bundle(shipped_bundles() / "phantom-clip"), host)
    good = calibration_of(judge.bundle)
    pools = by_answer(good)

    def of(probe: str | None = None, gain: float = 0.0, invert: bool = False) -> tuple[Case, ...]:
        found = fresh_clips(sizes.other // 2, SEED + 20, probe, gain)
        return judge.cases([inverted(f) if invert else f for f in frames] for frames in found)

    return Population(
        name="phantom clips",
        classes=judge.bundle.manifest.classes,
        good=good,
        others={
            "answers of consolidation alone": mixed(pools, {"consolidation": 1.0}),
            "two in three answers consolidation": mixed(pools, {"consolidation": 2 / 3}),
            "half of the answers consolidation": mixed(pools, {"consolidation": 0.5}),
            "another scanner: gain 10 dB higher": of(gain=10),
            "another scanner: gain 10 dB lower": of(gain=-10),
            "another scanner: linear probes alone": of(probe="linear"),
            "inverted": of(invert=True),
        },
    )


# Real pictures ------------------------------------------------------------------------------------------------------


def real_lesions(host: PluginHost, sizes: Sizes) -> Population:
    """Lesions of the certify groups, and folders that are exchanged for theirs."""
    judge = Judge(read_bundle(shipped_bundles() / "dermoscopy-8"), host)
    bundle, good = judge.bundle, calibration_of(judge.bundle)
    pictures, groups, _ = lesions(bundle, 10_000)
    first = {group: picture.rgb for picture, group in zip(reversed(pictures), reversed(groups), strict=True)}
    shown = [[rgb] for rgb in thinned(list(first.values()), sizes.other)]
    derm = [DATA / "derm" / row["file"] for row in rows_of("derm/labels.csv") if row["set"] == "ph2"]
    cxr = [DATA / "cxr" / row["file"] for row in rows_of("cxr/labels.csv")]
    lus = [DATA / "lus" / row["file"] for row in rows_of("lus/labels.csv")]
    elsewhere, chests, echoes = (
        [[picture.rgb] for picture in read(thinned(paths, most))]
        for paths, most in ((derm, sizes.other), (cxr, sizes.other // 2), (lus, sizes.other // 2))
    )
    pools = by_answer(good)
    half = (0.5, 0.5, 0.5)
    return Population(
        name="real lesions",
        classes=bundle.manifest.classes,
        good=good,
        others={
            "answers of melanoma alone": mixed(pools, {"melanoma": 1.0}),
            "half of the answers melanoma": mixed(pools, {"melanoma": 0.5}),
            "lesions of another hospital (PH2)": judge.cases(elsewhere),
            "X-rays of adults in their place": judge.cases(chests),
            "ultrasound in their place": judge.cases(echoes),
            "channels swapped": judge.cases([channels_swapped(rgb)] for (rgb,) in shown),
            "inverted": judge.cases([inverted(rgb)] for (rgb,) in shown),
            "mean and std of .5": judge.cases(shown, mean=half, std=half),
            "no mean and std": judge.cases(shown, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0)),
        },
    )


def main() -> None:
    """Measure, with the real data where it is."""
    options = arguments(__doc__)
    sizes = QUICK if options.quick else USUAL
    host = PluginHost(Settings())
    host.load()
    populations = [phantom_lesions(host, sizes), phantom_clips(host, sizes)]
    if DATA.is_dir():
        populations.append(real_lesions(host, sizes))
    host.close()
    figures = [unchanged(population, sizes.unchanged) for population in populations]
    for population in populations:
        figures += changed(population, sizes.changed)
    write(figures, options)


if __name__ == "__main__":
    main()
