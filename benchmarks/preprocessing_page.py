"""Puts what was measured of preparing steps into docs/preprocessing-study.md; with `--check` says if it is there."""

import sys
from collections.abc import Callable, Mapping

from study_pages import RESULTS, ROOT, Lines, Record, change, header, keep_page, line, ranged, short

PAGE = ROOT / "docs" / "preprocessing-study.md"
RECORD = RESULTS / "preprocessing_study.json"

STEPS = {
    "none": "as it is",
    "corner_crop": "dark corners cut off",
    "hair_removal": "hairs painted over",
    "colour_constancy": "tint of the lamp taken out",
    "all three": "all three",
}
SETS = {"isic9_180": "nine-class ISIC, clean classes", "artefacts": "bubbles, rulers, ink", "ph2": "PH2"}
PAINTED = {"as it is": "with the hairs", "viewer": "hairs painted over", "opencv": "by OpenCV's black-hat and Telea"}


def right(record: Record, part: str, *, changed: bool) -> Lines:
    """Balanced accuracy of every way, and its difference from pictures as they are."""
    columns = ["pictures", "prepared", "balanced accuracy", "difference"]
    yield from header(*columns, *(["other answers"] if changed else []))
    for name, found in record[part].items():
        for way, figure in found["ways"].items():
            own = f"{SETS[name]}: {found['pictures']}, {found['groups']} groups" if way == "none" else ""
            cells = [own, STEPS[way], ranged(figure), change(figure["difference"]) if way != "none" else ""]
            yield line(*cells, *([per_cent(figure["changed"])] if changed and way != "none" else []))


def hairs(record: Record) -> Lines:
    """What hair removal finds, and how close it comes to the picture without hairs."""
    found = record["hairs"]
    yield from header("", *(f"{title}, {own['pictures']} pictures" for title, own in found.items()))
    rows: Mapping[str, Callable[[Record], float]] = {
        "painted hairs that are found": lambda own: own["found"],
        "of the rest that is taken for hair": lambda own: own["elsewhere"],
        "of the same pictures without painted hairs": lambda own: own["clean"],
    }
    for words, of in rows.items():
        yield line(words, *(per_cent(of(own)) for own in found.values()))
    for part, where in (("inside", "in the hairs"), ("outside", "elsewhere")):
        for way, words in PAINTED.items():
            name = f"levels (of 255) from the clean picture {where}, {words}"
            yield line(name, *(f"{own[way][part]:.1f}" for own in found.values()))


def corners(record: Record) -> Lines:
    """How well circles are found, and what cropping costs."""
    own = record["corners"]
    yield from header("", "")
    yield line("real pictures without corners, a circle painted on each", own["painted"])
    yield line("circles that are missed", own["missed"])
    overlap = f"{short(own['overlap'])}, {short(own['least_overlap'])}"
    yield line("overlap (IoU) of the found circle with the painted one: mean, least", overlap)
    yield line("pictures of PH2 that are cropped", f"{own['cropped']} of {own['ph2']}")
    yield line("part of the picture that is left", per_cent(own["left"]))
    darkness = f"{per_cent(own['dark_before'])} → {per_cent(own['dark_after'])}"
    yield line("dark part outside the lesion, before → after", darkness)
    lost = f"{per_cent(own['lesion_lost'])}, {per_cent(own['lesion_lost_most'])}"
    yield line("part of the lesion that is cut off: mean, most", lost)
    yield line("lesions that lose more than 5 %", f"{own['lesions_cut_by_5_per_cent']} of {own['cropped']}")


def colours(record: Record) -> Lines:
    """Spread of colours between pictures."""
    own = record["colours"]
    yield from header(f"CIELAB, {own['pictures']} pictures of PH2", "as it is", "tint of the lamp taken out")
    words = {
        "skin": "spread of the skin's hue (a*, b*) between pictures",
        "lesion": "spread of the lesion's",
        "contrast": "distance between lesion and skin (with L*)",
    }
    for name, what in words.items():
        yield line(what, *(f"{own[way][name]:.1f}" for way in ("before", "after")))


def times(record: Record) -> Lines:
    """Preparing beside a bare pass."""
    found = record["times"]
    yield from header("prepared", *found)
    for way, words in STEPS.items():
        yield line(words, *(f"{own[way]:.2f}" for own in found.values()))


def per_cent(share: float) -> str:
    """A share with one decimal."""
    return f"{100 * share:.1f} %"


BLOCKS: Mapping[str, Callable[[Record], Lines]] = {
    "answers": lambda record: right(record, "answers", changed=True),
    "probes": lambda record: right(record, "probes", changed=False),
    "hairs": hairs,
    "corners": corners,
    "colours": colours,
    "times": times,
}


def main() -> int:
    """Write the page, or check it."""
    return keep_page(__doc__, PAGE, RECORD, BLOCKS)


if __name__ == "__main__":
    sys.exit(main())
