"""Which light dermoscopy-8 shows on real pictures that the user says are dermoscopy, and what is wrong under each.

Every picture goes through the whole way of the viewer, with every installed scorer, as if it had been opened alone:
the look at a folder as a whole, which would stop more, is left out. Lesions are those of the certify groups, which
the certificate was tested on. Needs the folder of real data (VIEWER_DATA).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from kinds import DATA, lesions, photographs, read, rows_of, thinned
from measure import Figure, arguments, write

from viewer.datasets.clips import spread_frames
from viewer.domain.image import Modality
from viewer.domain.result import Assessment, Light
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import read_bundle
from viewer.engine.engine import Engine
from viewer.engine.picture import Picture
from viewer.engine.surroundings import Place
from viewer.host.discovery import PluginHost
from viewer.io.reader import open_source
from viewer.resources import shipped_bundles
from viewer.session.assessor import Assessor
from viewer.session.pictures import picture_of
from viewer.settings import Settings

FRAMES = 3
"""Of every clip of ultrasound."""


def spread(paths: Sequence[Path]) -> list[Picture]:
    """Stills, and some frames of every clip."""
    pictures = []
    for path in paths:
        source = open_source(path)
        pictures += [picture_of(source.decode(index)) for index in spread_frames(source.clip.frames, FRAMES)]
        source.close()
    return pictures


def strangers(most: int) -> Mapping[str, list[Picture]]:
    """Pictures of other kinds; at most so many files of each."""
    adults, children, ultrasound = (
        thinned([DATA / folder / row["file"] for row in rows_of(table)], most)
        for folder, table in (
            ("cxr", "cxr/labels.csv"),
            ("cxr", "cxr/labels_kermany.csv"),
            ("lus", "lus/labels.csv"),
        )
    )
    return {
        "X-rays of adults": read(adults),
        "X-rays of children": read(children),
        "ultrasound": spread(ultrasound),
        "photographs": list(photographs())[:most],
    }


def counted(found: Sequence[Assessment]) -> dict[str, float | str]:
    """Number of pictures, and of each light."""
    lights = [one.light for one in found]
    return {"pictures": str(len(lights)), **{light.value: str(lights.count(light)) for light in Light}}


def judged(assessor: Assessor, pictures: Sequence[Picture]) -> list[Assessment]:
    """Assess one picture after the other, each said to be dermoscopy."""
    return [found for picture in pictures for found in assessor.assess([Place.alone(picture)], Modality.DERMOSCOPY)]


def of_lesions(assessor: Assessor, most: int) -> Figure:
    """Errors among green answers, and what is wrong under every light; every picture counts once."""
    shown, groups, classes = lesions(assessor.bundle, most)
    found = judged(assessor, shown)
    wrong = dict.fromkeys(Light, 0)
    for one, truth in zip(found, classes, strict=True):
        wrong[one.light] += one.classes[one.final] != truth
    green = sum(one.light is Light.GREEN for one in found)
    return Figure(
        name="green lesions of the certify groups with a wrong answer",
        value=100 * wrong[Light.GREEN] / green if green else None,
        goal=10.0,
        unit="%",
        detail={"groups": str(len(set(groups)))}
        | counted(found)
        | {f"wrong under {light.value}": str(number) for light, number in wrong.items()},
    )


def of_strangers(assessor: Assessor, kind: str, pictures: Sequence[Picture]) -> Figure:
    """Share that is green, which none should be."""
    found = judged(assessor, pictures)
    green = sum(one.light is Light.GREEN for one in found)
    return Figure(
        name=f"{kind} said to be dermoscopy that are green",
        value=100 * green / len(found) if found else None,
        goal=0.0,
        unit="%",
        detail=counted(found),
    )


def main() -> None:
    """Count, where the real data is."""
    options = arguments(__doc__)
    figures: list[Figure] = []
    if DATA.is_dir():
        most = 6 if options.quick else 10_000
        host = PluginHost(Settings())
        host.load()
        engine = Engine(read_bundle(shipped_bundles() / "dermoscopy-8"), Architectures(), device="cpu", cache_bytes=0)
        assessor = Assessor(engine, host, explaining=False)
        figures += [of_strangers(assessor, kind, pictures) for kind, pictures in strangers(most).items()]
        figures.append(of_lesions(assessor, most))
        host.close()
    write(figures, options)


if __name__ == "__main__":
    main()
