"""What `viewer verify` says of folders of 50 pictures of one kind, and how long it takes against bare passes.

Folders are drawn, in whole groups, from the sets of the study of attention: dermoscopy-8 judges real lesions of its
certify groups, another hospital's, other kinds of pictures and faulty preparations; phantom-lesion judges new
phantoms. Groups of a folder are left out of the calibration it is compared with. Without the folder of real data
(VIEWER_DATA) only phantoms are judged.
"""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from attention_sets import CHOOSE, ELSEWHERE, PHOTOGRAPHS, Shown, Sizes, sets_of
from kinds import DATA, FAINT, SEED, rows_of
from measure import Figure, arguments, write

from viewer.assessment.suiting import FEWEST_GROUPS
from viewer.datasets.split import pseudonym
from viewer.domain.verification import Verdict, Verification
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle, read_bundle
from viewer.engine.engine import Engine
from viewer.engine.surroundings import Place
from viewer.host.discovery import PluginHost
from viewer.resources import shipped_bundles
from viewer.session.assessor import Assessor
from viewer.session.verified import GATE_METRICS, Looked, Seen, values_of, verified
from viewer.settings import Settings

FOLDER = 50
OWN = "certify"
ASKED: Mapping[str, tuple[Verdict, ...]] = {
    OWN: (Verdict.SUITABLE,),
    ELSEWHERE: (Verdict.DOUBTFUL,),
    FAINT: (Verdict.DOUBTFUL, Verdict.UNSUITABLE),
}
"""Right verdicts by the name of a set; all others are unsuitable."""
NAMES = {OWN: "unseen lesions", ELSEWHERE: "another hospital's lesions (PH2)"}
SLOWEST = 4.0
"""Goal of the time, in bare passes."""


class Judge:
    """Has a bundle look at pictures, and verify it on folders of them.

    Attributes:
        bundle: The model.
    """

    def __init__(self, bundle: Bundle, host: PluginHost, folders: int) -> None:
        """Load the model.

        Args:
            bundle: The model.
            host: Loaded plugins.
            folders: How many are drawn of each kind.
        """
        self.bundle = bundle
        self._host = host
        self._folders = folders
        self._assessor = self._looking(bundle)
        real = () if bundle.manifest.demonstration else rows_of("derm/labels.csv")
        self._groups = {pseudonym(row["group_id"]): row["group_id"] for row in real}

    def see(self, shown: Shown) -> list[Seen]:
        """What the model sees of pictures, one after the other."""
        manifest, fault = self.bundle.manifest, shown.fault
        assessor = self._looking(fault.of(self.bundle)) if fault else self._assessor
        seen = []
        for number, (picture, group) in enumerate(zip(shown.pictures, shown.groups, strict=True)):
            place = Place.alone(fault.shown(picture, manifest) if fault else picture)
            (found,), evidence = assessor.assess_keeping([place], manifest.modality)
            one = Seen(
                file=Path(str(number)),
                frame=None,
                group=self._groups.get(group, group),
                elsewhere=False,
                answer=found.predicted,
                values=values_of(found),
                look=None if evidence.look is None else evidence.look[0],
            )
            seen.append(one)
        return seen

    def verify(self, seen: Sequence[Seen]) -> Verification:
        """What one folder comes to."""
        return verified(self._assessor, seen, Looked(files=len(seen), of=len(seen), skipped=0, unreadable=()))

    def judge(self, kind: str, seen: Sequence[Seen], asked: Sequence[Verdict]) -> Figure:
        """How often a random folder of these pictures gets another verdict than those asked for."""
        random = np.random.default_rng(SEED)
        groups = sorted({one.group for one in seen})
        found = []
        for _ in range(self._folders if len(seen) > FOLDER else 1):
            places = dict(zip(random.permutation(groups), range(len(groups)), strict=True))
            found.append(self.verify(sorted(seen, key=lambda one: places[one.group])[:FOLDER]))
        verdicts = Counter(one.verdict for one in found)
        effects = [[one.by_name[name].effect for name in GATE_METRICS if name in one.by_name] for one in found]
        return Figure(
            name=f"{kind}: folders of {FOLDER} that are not called {' or '.join(asked)}",
            value=100 * (1 - sum(verdicts[verdict] for verdict in asked) / len(found)),
            goal=0.0,
            unit="%",
            detail={
                "folders": str(len(found)),
                "drawn from": f"{len(seen)} pictures of {len(groups)} groups",
                **{verdict.value: str(verdicts[verdict]) for verdict in Verdict if verdicts[verdict]},
                "flagged %": _range([one.flagged_share.value for one in found if one.flagged_share]),
                "larger effect of the two, pairs of 100": _range([max(e or 0.0 for e in both) for both in effects]),
            },
        )

    def cost(self, shown: Shown) -> Figure:
        """What it takes to verify the model on one folder, against as many bare passes measured in turn."""
        folder = shown.only(range(min(FOLDER, len(shown.pictures))))
        seen: list[Seen] = []
        seconds = {"looking": 0.0, "bare passes": 0.0, "comparing": 0.0}
        for number, picture in enumerate(folder.pictures):
            start = time.perf_counter()
            seen += self.see(folder.only([number]))
            seconds["looking"] += time.perf_counter() - start
            seconds["bare passes"] += self._assessor.bare_pass_s(picture)
        start = time.perf_counter()
        self.verify(seen)
        seconds["comparing"] = time.perf_counter() - start
        manifest = self.bundle.manifest
        return Figure(
            name=f"verifying {manifest.name} on a folder against as many bare passes",
            value=(seconds["looking"] + seconds["comparing"]) / seconds["bare passes"],
            goal=SLOWEST,
            unit="×",
            detail={"version": str(manifest.version), "pictures": str(len(seen))}
            | {f"{name} s": value for name, value in seconds.items()},
        )

    def _looking(self, bundle: Bundle) -> Assessor:
        engine = Engine(bundle, Architectures(), device="cpu", cache_bytes=0)
        return Assessor(engine, self._host, explaining=False)


def _range(shares: Sequence[float]) -> str:
    """The smallest and the largest, in per cent."""
    return f"{100 * min(shares):.0f} to {100 * max(shares):.0f}" if shares else "–"


def measured(judge: Judge, sizes: Sizes) -> list[Figure]:
    """All figures of one model."""
    bundle = judge.bundle
    prefix = "phantoms, " if bundle.manifest.demonstration else ""
    figures = []
    for name, make in sets_of(bundle, sizes).items():
        if name in ("fit", "train") or name.startswith((CHOOSE, PHOTOGRAPHS)):
            continue
        shown = make()
        seen = judge.see(shown)
        kind = prefix + NAMES.get(name, name).removesuffix(" (not counted)")
        figures.append(judge.judge(kind, seen, ASKED.get(name, (Verdict.UNSUITABLE,))))
        if name != OWN:
            continue
        figures.append(judge.cost(shown))
        for label, diagnosis in enumerate(bundle.manifest.classes):
            alone = [one for one, truth in zip(seen, shown.labels, strict=True) if truth == label]
            if len({one.group for one in alone}) >= FEWEST_GROUPS:
                figures.append(judge.judge(f"{kind}, {diagnosis} alone", alone, ASKED[OWN]))
    return figures


@dataclass(frozen=True, slots=True)
class Extent:
    """Folders of each kind, and pictures they are drawn from."""

    folders: int
    sizes: Sizes


USUAL = Extent(folders=12, sizes=Sizes(shown=60, choosing=1, training=100))
QUICK = Extent(folders=1, sizes=Sizes(shown=4, choosing=1, training=4))


def main() -> None:
    """Measure, with the real data where it is."""
    options = arguments(__doc__)
    extent = QUICK if options.quick else USUAL
    names = ["dermoscopy-8"] if DATA.is_dir() and not options.quick else []
    host = PluginHost(Settings())
    host.load()
    figures = []
    for name in (*names, "phantom-lesion"):
        judge = Judge(read_bundle(shipped_bundles() / name), host, extent.folders)
        figures += measured(judge, extent.sizes)
    host.close()
    write(figures, options)


if __name__ == "__main__":
    main()
