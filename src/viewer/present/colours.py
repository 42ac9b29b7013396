"""Colours: of the light for both themes, and the colour maps of overlays.

The light is never colour alone: each has a shape and a word of its own. All are legible (contrast of at least
4.5 : 1, WCAG 2.2 AA) on the surfaces of their theme, and told apart without red-green vision by lightness and blue.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from viewer.domain.result import Light
from viewer.present.wording import light_word

Theme = Literal["dark", "light", "high-contrast"]

SURFACES: dict[Theme, tuple[str, ...]] = {
    "dark": ("#101214", "#1b1e23", "#262a31"),
    "light": ("#ffffff", "#f3f4f6"),
    "high-contrast": ("#000000",),
}
"""Backgrounds of each theme that text and lights stand on: window, panel and, in the dark one, raised parts."""

TEXT: dict[Theme, str] = {"dark": "#e6e8eb", "light": "#16181c", "high-contrast": "#ffffff"}
"""Colour of text on these surfaces."""

SHAPES = {Light.GREEN: "●", Light.AMBER: "▲", Light.RED: "■", Light.GREY: "◌"}
"""Shape of each light, readable in greyscale."""

_COLOURS: dict[Theme, dict[Light, str]] = {
    "dark": {Light.GREEN: "#3ddba0", Light.AMBER: "#ffb84d", Light.RED: "#ff7a70", Light.GREY: "#b4bac4"},
    "high-contrast": {Light.GREEN: "#5dffb8", Light.AMBER: "#ffc400", Light.RED: "#ff9489", Light.GREY: "#ffffff"},
    "light": {Light.GREEN: "#00684a", Light.AMBER: "#855000", Light.RED: "#b3201a", Light.GREY: "#575e6b"},
}


OUTLINE_INK, OUTLINE_HALO = "#ffffff", "#000000"
"""Of outlines over a picture and their rim, in every theme: seen on any picture and under any colour map."""


@dataclass(frozen=True, slots=True)
class LightLook:
    """How a light looks.

    Attributes:
        colour: `#rrggbb`.
        shape: One character.
        word: Two words.
    """

    colour: str
    shape: str
    word: str


def look(light: Light, theme: Theme = "dark") -> LightLook:
    """Colour, shape and word of a light in a theme."""
    return LightLook(_COLOURS[theme][light], SHAPES[light], light_word(light))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours `#rrggbb`, 1 to 21 (WCAG 2.2, relative luminance)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = np.frombuffer(bytes.fromhex(colour[1:]), np.uint8) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


COLOUR_MAPS = ("inferno", "viridis", "coolwarm", "gray")
"""Names of the colour maps an overlay may use."""

# Every 5th of 256 colours; what lies between is interpolated (off by 2 of 255 at most). inferno and viridis:
# S. van der Walt and N. Smith, CC0. coolwarm: K. Moreland, "Diverging color maps for scientific visualization", 2009.
_ANCHORS = {
    "inferno": (
        "000003 01010b 040316 090621 0f092d 160b39 1d0c45 260b50 2e0a5a 370961 400966 480b6a 500d6c "
        "58106d 60136e 68166e 70196e 781c6d 801f6b 88216a 902468 982765 a02a62 a72d5f af315b b73456 "
        "be3852 c53d4d cc4148 d24742 d94d3d de5337 e45a31 e8612b ed6825 f0701e f37918 f68111 f88a0b "
        "fa9306 fb9d06 fba60b fbb014 fbb91e f9c32a f8cd37 f5d745 f3e056 f1e968 f1f27d f5f891 fcfea4"
    ),
    "viridis": (
        "440154 45085b 470f62 471669 481d6f 482374 472a79 46307d 453681 433c84 414286 3e4888 3c4d8a "
        "3a538b 37588c 355d8c 32628d 30678d 2e6c8e 2c718e 2a768e 287a8e 267f8e 24848d 23898d 218d8c "
        "1f928c 1e978a 1e9b89 1ea087 20a585 23a982 28ae7f 2eb27c 35b778 3dbb74 45bf6f 4fc369 59c764 "
        "64cb5d 70ce56 7cd24f 88d547 95d73f a2da37 afdc2e bdde26 cae01e d7e219 e4e318 f1e51c fde724"
    ),
    "coolwarm": (
        "3a4cc0 4054c7 465dcf 4c66d6 526edc 5876e2 5f7ee7 6586ec 6c8ef1 7395f4 7a9df8 80a4fa 87aafc "
        "8eb1fd 95b7fe 9cbcfe a3c1fe aac6fd b0cbfb b7cff9 bdd2f6 c3d5f2 c9d7ee cfd9ea d5dbe5 dadcdf "
        "dfdbd9 e4d8d1 e8d5ca ecd1c3 efcdbb f2c8b3 f4c3ab f6bda4 f6b79c f7b194 f6aa8c f6a384 f49b7c "
        "f29375 f08b6d ec8266 e9795e e57057 e06650 db5c4a d65243 cf463d c93b37 c22d31 bb1a2b b30326"
    ),
    "gray": "000000 ffffff",
}


@cache
def colour_map(name: str) -> NDArray[np.uint8]:
    """A colour map as a read-only table, uint8 (256, 3), lowest value first; an unknown name gives `inferno`."""
    anchors = np.array([list(bytes.fromhex(word)) for word in _ANCHORS.get(name, _ANCHORS["inferno"]).split()])
    places = np.linspace(0, 255, len(anchors))
    steps = np.arange(256)
    table = np.stack([np.interp(steps, places, anchors[:, channel]) for channel in range(3)], axis=1)
    colours: NDArray[np.uint8] = np.rint(table).astype(np.uint8)
    colours.setflags(write=False)
    return colours


def colourise(values: NDArray[np.float32], limits: tuple[float, float], name: str) -> NDArray[np.uint8]:
    """Values of any shape → uint8 (…, 4) RGBA; NaN is transparent, values beyond the limits take the end colours."""
    low, high = limits
    shares = np.clip((values.astype(np.float64) - low) / (high - low), 0, 1)
    missing = np.isnan(shares)
    index = np.rint(np.where(missing, 0, shares) * 255).astype(np.intp)
    alpha = np.where(missing, 0, 255).astype(np.uint8)
    painted: NDArray[np.uint8] = np.concatenate([colour_map(name)[index], alpha[..., None]], axis=-1)
    return painted
