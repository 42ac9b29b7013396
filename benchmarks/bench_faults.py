"""Whether a single picture, or a folder of 20, shows that it was prepared wrongly, at 5 % false alarms.

A missing /255 and an inversion must show on one picture (fingerprint p < .05), exchanged channels and a wrong mean
and standard deviation over a folder of 20 pictures of different groups (p < .05 of the folder). Judged by
dermoscopy-8 on lesions of its certify groups, which neither the weights nor the gate have seen, and by phantom-clip
on frames of fresh phantoms, which are grey and have no channels to exchange. Without the folder of real data
(VIEWER_DATA) only phantoms are measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from bench_gate import FOLDER, Eye, Judged
from kinds import DATA, FAINT, SEED, faults, lesions, thinned
from measure import Figure, arguments, write
from numpy.typing import NDArray

from viewer.assessment.suitability import FOLDER_OUTSIDE, TYPICAL
from viewer.engine.bundle import Bundle, read_bundle
from viewer.engine.picture import Picture
from viewer.host.discovery import PluginHost
from viewer.phantoms.cohort import ultrasound_cohort
from viewer.resources import shipped_bundles
from viewer.settings import Settings

SHOWN_BY_A_PICTURE = ("missing /255", "inverted")
SHOWN_BY_A_FOLDER = ("channels swapped", "mean and std of .5", "no mean and std")
FRESH_SEED = 5_205_205
"""Of phantoms that no bundle was made from."""
GOAL = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Pictures of each bundle, folders that are well prepared, and folders of each fault."""

    pictures: int
    proper: int
    faulty: int


USUAL = Sizes(pictures=200, proper=400, faulty=100)
QUICK = Sizes(pictures=24, proper=4, faulty=2)


def folders(eye: Eye, judged: Judged, count: int) -> NDArray[np.float64]:
    """The p of so many random folders of 20 of these pictures, each of another group, float64 (count,)."""
    random = np.random.default_rng(SEED)
    drawn = (random.choice(len(judged.looks), FOLDER, replace=False) for _ in range(count))
    return np.array([eye.keeper.folder_p(judged.looks[rows]) or 1.0 for rows in drawn])


def told(eye: Eye, bundle: Bundle, shown: Sequence[Picture], what: str, sizes: Sizes) -> list[Figure]:
    """How often each fault is not told.

    Args:
        eye: Of the bundle.
        bundle: Whose gate it is.
        shown: Well prepared pictures, one of each group.
        what: These in words.
        sizes: How many folders.
    """
    grey = all((p.rgb == p.rgb[..., :1]).all() for p in shown)
    judged = {
        name: eye.judge_faulty(fault, shown)
        for name, fault in faults(bundle.manifest).items()
        if name in (*SHOWN_BY_A_PICTURE, *SHOWN_BY_A_FOLDER, FAINT) and not (grey and name == "channels swapped")
    }
    proper = eye.judge(eye.engine(), shown)
    together = 100 * float(np.mean(folders(eye, proper, sizes.proper) < TYPICAL))
    alone = proper.share(proper.fingerprint < TYPICAL)
    pictures: dict[str, float | str] = {"pictures": str(len(shown)), "well prepared ones told by mistake %": alone}
    figures = [
        Figure(
            name=f"{what}, {name}: pictures not told, at p < .05",
            value=100 - judged[name].share(judged[name].fingerprint < TYPICAL),
            goal=GOAL,
            unit="%",
            detail=pictures,
        )
        for name in SHOWN_BY_A_PICTURE
    ]
    for name in (*SHOWN_BY_A_FOLDER, FAINT):
        if name not in judged:
            continue
        p = folders(eye, judged[name], sizes.faulty)
        detail: dict[str, float | str] = {
            "folders": str(sizes.faulty),
            "well prepared ones told by mistake %": together,
            "told at p < .001, as the viewer asks, %": 100 * float(np.mean(p < FOLDER_OUTSIDE)),
        }
        figures.append(
            Figure(
                name=f"{what}, {name.removesuffix(' (not counted)')}: folders of 20 not told, at p < .05",
                value=100 - 100 * float(np.mean(p < TYPICAL)),
                goal=GOAL,
                unit="%",
                detail=detail,
            )
        )
    name = f"{what}, well prepared: folders of 20 told by mistake, at p < .05"
    figures.append(Figure(name=name, value=together, goal=GOAL, unit="%", detail={"folders": str(sizes.proper)}))
    return figures


def real_lesions(bundle: Bundle, most: int) -> list[Picture]:
    """One picture of each certify group, at most so many."""
    pictures, groups, _ = lesions(bundle, 10_000)
    first = dict(zip(reversed(groups), reversed(pictures), strict=True))
    return thinned(list(first.values()), most)


def phantom_frames(patients: int) -> list[Picture]:
    """The middle frame of a clip of each of so many new patients."""
    clips = ultrasound_cohort(patients, FRESH_SEED, clips_per_patient=1)
    return [Picture(np.repeat(clip.frame(clip.frames // 2).pixels[..., None], 3, axis=2)) for clip in clips]


def main() -> None:
    """Measure, with the real data where it is."""
    options = arguments(__doc__)
    sizes = QUICK if options.quick else USUAL
    host = PluginHost(Settings())
    host.load()
    clips, derm = (read_bundle(shipped_bundles() / name) for name in ("phantom-clip", "dermoscopy-8"))
    figures = []
    if DATA.is_dir():
        figures += told(Eye(derm, host), derm, real_lesions(derm, sizes.pictures), "real lesions", sizes)
    figures += told(Eye(clips, host), clips, phantom_frames(sizes.pictures), "phantom clips", sizes)
    host.close()
    write(figures, options)


if __name__ == "__main__":
    main()
