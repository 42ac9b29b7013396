"""What a bundle may say of itself."""

from typing import Any

import pytest

from viewer.domain.bundle import FieldOfView, Manifest
from viewer.domain.image import Modality


def manifest(**changes: Any) -> Manifest:
    given = {
        "name": "spots-2",
        "version": "1.0",
        "architecture": "mobilenet_v2",
        "classes": ("a", "b"),
        "modality": Modality.DERMOSCOPY,
        "intended_use": "Tests.",
        "licence": "CC0-1.0",
        "input_size": 180,
    }
    return Manifest(**(given | changes))


def test_that_a_plain_manifest_squashes_and_is_not_for_demonstration() -> None:
    plain = manifest()
    assert (plain.resize, plain.demonstration, plain.critical_classes) == ("squash", False, ())
    assert (plain.stem, plain.middle) == ("", "")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "../up"}, "no name or version"),
        ({"name": ""}, "no name or version"),
        ({"name": "x" * 65}, "no name or version"),
        ({"version": "1 0"}, "no name or version"),
        ({"classes": ("a",)}, "at least two classes"),
        ({"classes": ("a", "")}, "at least two classes"),
        ({"classes": ("a", "a")}, "at least two classes"),
        ({"classes": tuple(map(str, range(10_001)))}, "more than 10000"),
        ({"critical_classes": ("c",)}, "'c' is none of the classes"),
        ({"input_size": 7}, "outside 8 to 2048"),
        ({"input_size": 2049}, "outside 8 to 2048"),
        ({"mean": (0.5, 0.5)}, "one number for each"),
        ({"std": (0.5, 0.0, 0.5)}, "cannot normalise"),
        ({"mean": (float("nan"), 0.0, 0.0)}, "cannot normalise"),
        ({"resize": "pad"}, "squash or crop"),
        ({"steps": ("sharpening",)}, "'sharpening' is none of corner_crop, hair_removal, colour_constancy"),
        ({"steps": ("hair_removal", "hair_removal")}, "named twice"),
        ({"steps": ("hair_removal", "corner_crop")}, "corner_crop comes first"),
    ],
)
def test_that_nonsense_is_refused_at_birth(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        manifest(**changes)


@pytest.mark.parametrize(
    "edges", [(0.5, 0, 0.5, 1), (0, 0.2, 1, 0.1), (-0.1, 0, 1, 1), (0, 0, 1, 1.1), (0, float("nan"), 1, 1)]
)
def test_that_a_field_of_view_is_a_part_of_the_picture(edges: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = edges
    with pytest.raises(ValueError, match="not a part of a picture"):
        FieldOfView(left=left, top=top, right=right, bottom=bottom)
