"""What was done to a picture, shown step by step."""

from collections.abc import Callable

import numpy as np
import pytest

from viewer.domain.bundle import STEPS, Manifest
from viewer.domain.image import Modality
from viewer.domain.result import Gallery
from viewer.engine.picture import Picture
from viewer.present.preparation import done_words, step_words
from viewer.session.preparing import seen_by_network

NO_TINT = (
    "tint of the lamp taken out: red 0\N{NO-BREAK SPACE}%, green 0\N{NO-BREAK SPACE}%, blue 0\N{NO-BREAK SPACE}%"
)


@pytest.fixture
def manifest() -> Callable[..., Manifest]:
    def made(*steps: str) -> Manifest:
        return Manifest(
            name="spots",
            version="1",
            architecture="tiny",
            classes=("a", "b"),
            modality=Modality.DERMOSCOPY,
            intended_use="Tests.",
            licence="CC0-1.0",
            input_size=32,
            steps=steps,  # type: ignore[arg-type]
        )

    return made


@pytest.fixture
def picture() -> Picture:
    """Skin in a round frame, with a hair."""
    down, along = np.mgrid[:240, :320]
    rgb = np.where((np.hypot(along - 160, down - 120) < 150)[..., None], np.uint8([210, 150, 130]), np.uint8(4))
    rgb[100:104, 60:260] = 25
    return Picture(rgb)


def galleries(picture: Picture, manifest: Manifest, *, trying: bool = False) -> list[Gallery]:
    result = seen_by_network(picture, manifest, trying=trying).result
    assert isinstance(result, tuple)
    return [content for content in result if isinstance(content, Gallery)]


def test_that_a_model_without_steps_shows_what_it_gets_and_nothing_else(
    picture: Picture, manifest: Callable[..., Manifest]
) -> None:
    (gallery,) = galleries(picture, manifest())
    assert [item.caption for item in gallery.items] == ["what the network gets: 32 × 32 pixels"]
    assert gallery.items[0].picture is not None
    assert gallery.items[0].picture.shape == (32, 32, 3)


def test_that_every_step_says_what_it_did_and_how_much(picture: Picture, manifest: Callable[..., Manifest]) -> None:
    (gallery,) = galleries(picture, manifest(*STEPS))
    whole, cropped, hairless, evened, square = (item.caption for item in gallery.items)
    assert whole == "the picture as it is"
    assert cropped.startswith("dark corners cut off; 5")
    assert cropped.endswith("% of the picture left")
    assert hairless.startswith("dark hairs painted over: 2 %")
    assert evened.startswith("tint of the lamp taken out: red −")
    assert square == "what the network gets: 32 × 32 pixels"


def test_that_what_a_step_finds_nothing_to_do_in_says_so(manifest: Callable[..., Manifest]) -> None:
    even = Picture(np.full((60, 80, 3), 150, np.uint8))
    (gallery,) = galleries(even, manifest(*STEPS))
    assert gallery.items[1].caption == "no dark corners found: nothing cut off"
    assert gallery.items[2].caption == "no dark hairs found"
    assert gallery.items[3].caption == NO_TINT


def test_that_steps_a_model_does_not_take_are_tried_where_it_is_asked_for(
    picture: Picture, manifest: Callable[..., Manifest]
) -> None:
    own, tried = galleries(picture, manifest("hair_removal"), trying=True)
    assert len(own.items) == 3
    assert [item.caption.split(";")[0].split(":")[0] for item in tried.items[1:3]] == [
        "dark corners cut off",
        "tint of the lamp taken out",
    ]
    assert tried.items[3].caption == "what the network would get: 32 × 32 pixels"
    assert "none of it" in tried.note
    assert len(galleries(picture, manifest(*STEPS), trying=True)) == 1


def test_that_steps_read_as_one_line() -> None:
    assert step_words(("corner_crop", "hair_removal")) == "dark corners cut off, dark hairs painted over"


def test_that_a_black_picture_has_a_tint_of_nothing() -> None:
    black = np.zeros((4, 4, 3), np.uint8)
    assert done_words("colour_constancy", black, black) == NO_TINT
