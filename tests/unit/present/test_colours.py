import itertools

import numpy as np
import pytest

from viewer.domain.result import Light
from viewer.present.colours import COLOUR_MAPS, SURFACES, TEXT, Theme, colour_map, colourise, contrast, look

THEMES: tuple[Theme, ...] = ("dark", "light", "high-contrast")


def test_that_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
def test_that_text_and_every_light_are_legible_on_every_surface(theme: Theme) -> None:
    colours = [TEXT[theme], *(look(light, theme).colour for light in Light)]
    assert min(contrast(colour, surface) for colour in colours for surface in SURFACES[theme]) >= 4.5


def test_that_no_two_lights_share_a_shape_a_word_or_a_colour() -> None:
    for one, other in itertools.combinations([look(light) for light in Light], 2):
        assert one.shape != other.shape
        assert one.word != other.word
        assert one.colour != other.colour


@pytest.mark.parametrize("name", ["inferno", "viridis", "coolwarm"])
def test_that_colour_maps_are_the_well_known_ones(name: str) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    expected = matplotlib.colormaps[name](np.arange(256), bytes=True)[:, :3].astype(int)
    assert np.abs(colour_map(name).astype(int) - expected).max() <= 3


def test_that_every_colour_map_is_a_read_only_table_and_an_unknown_one_is_inferno() -> None:
    for name in COLOUR_MAPS:
        assert (colour_map(name).shape, colour_map(name).dtype) == ((256, 3), np.uint8)
        assert not colour_map(name).flags.writeable
    assert colour_map("gray")[[0, 128, 255]].tolist() == [[0] * 3, [128] * 3, [255] * 3]
    assert np.array_equal(colour_map("rainbow"), colour_map("inferno"))


def test_that_values_beyond_the_limits_take_the_end_colours_and_nan_is_transparent() -> None:
    values = np.array([[-1.0, 0.0, 2.0, 9.0, np.nan]], np.float32)
    painted = colourise(values, (0.0, 2.0), "gray")
    assert painted[0, :4, 0].tolist() == [0, 0, 255, 255]
    assert painted[0, :, 3].tolist() == [255, 255, 255, 255, 0]
