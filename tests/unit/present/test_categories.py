import numpy as np
import pytest

from viewer.domain.result import Light
from viewer.present.categories import SHAPES, class_looks, kept_back, light_looks, trust_looks, verdict_looks
from viewer.present.colours import SURFACES, contrast

THEMES = tuple(SURFACES)
SETS = {
    "classes": lambda theme: class_looks([f"class_{n}" for n in range(8)], theme),
    "trust": lambda theme: trust_looks(5, theme),
    "verdicts": verdict_looks,
    "lights": lambda theme: light_looks(tuple(Light), theme),
}

# Machado, Oliveira & Fernandes 2009, severity 1, in linear RGB.
DEUTAN = np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]])
PROTAN = np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]])


def linear(colour: str) -> np.ndarray:
    channels = np.frombuffer(bytes.fromhex(colour[1:]), np.uint8) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    f = np.cbrt(np.clip(to_xyz @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089], 1e-6, None))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", SETS)
def test_that_every_symbol_is_seen_on_every_surface(theme, kind):
    for look in (*SETS[kind](theme), kept_back(theme)):
        assert min(contrast(look.colour, surface) for surface in SURFACES[theme]) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", SETS)
def test_that_no_two_kinds_have_the_same_shape(theme, kind):
    looks = (*SETS[kind](theme), kept_back(theme))
    assert len({look.shape for look in looks}) == len(looks)
    assert {look.shape for look in looks} <= set(SHAPES)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", [np.eye(3), DEUTAN, PROTAN], ids=["all colours", "no green", "no red"])
@pytest.mark.parametrize("kind", ["verdicts", "trust"])
def test_that_colours_differ_without_red_green_vision_too(theme, sight, kind):
    seen = [lab(sight @ linear(look.colour)) for look in SETS[kind](theme)]
    apart = [np.linalg.norm(one - other) for n, one in enumerate(seen) for other in seen[:n]]
    assert min(apart) > 10


def test_that_more_classes_than_colours_still_differ_in_shape_or_colour():
    looks = class_looks([f"class_{n}" for n in range(40)], "dark")
    assert len({(look.colour, look.shape) for look in looks}) == 40


def test_that_bands_of_trust_say_their_limits_and_classes_read_as_words():
    assert [look.words for look in trust_looks(5, "dark")] == [
        "0–20 %", "20–40 %", "40–60 %", "60–80 %", "80–100 %", "no trust"
    ]  # fmt: skip
    assert class_looks(["basal_cell_carcinoma"], "dark")[0].words == "basal cell carcinoma"
