"""How kinds of cases look on a map: colour, shape and words, never colour alone.

Colours of classes are those of Okabe & Ito ("Color Universal Design", 2008), which are told apart without red-green
vision, in light themes darkened to a contrast of at least 3 : 1; classes beyond the eighth have the same colours with
other shapes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from viewer.domain.result import Light
from viewer.present.colours import Theme, colour_map, look
from viewer.present.texts import marked, tr
from viewer.present.wording import class_word

SHAPES = ("disc", "square", "triangle", "diamond", "down", "pentagon", "cross", "star", "plus", "ring")
"""Names of shapes; what draws them knows each."""

CLASS_SHAPES = SHAPES[:8]
"""Those that classes have; `plus` is for what is kept back, `ring` for a light that is not on."""

BAND_SHAPES = ("down", "square", "diamond", "pentagon", "disc")
"""Of bands of trust, the lowest first."""

CLASS_COLOURS: dict[Theme, tuple[str, ...]] = {
    "dark": ("#56b4e9", "#e69f00", "#00b386", "#f0e442", "#cc79a7", "#e8692c", "#4d9be6", "#c9ced6"),
    "high-contrast": ("#56b4e9", "#ffb000", "#00d69d", "#f0e442", "#ff9fd0", "#ff7f3f", "#7fb8ff", "#ffffff"),
    "light": ("#0072b2", "#9a6700", "#007d5b", "#7d7400", "#a8487f", "#c04f00", "#2f6fb0", "#4a4f57"),
}

BAND_SHARES: dict[Theme, tuple[float, float]] = {
    "dark": (0.45, 1.0),
    "high-contrast": (0.45, 1.0),
    "light": (0.0, 0.54),
}
"""From where to where in the colour map bands of trust are coloured, so that all are seen on their background."""

_VERDICTS: dict[Theme, tuple[str, str, str]] = {
    "dark": ("#ff7a70", "#ffb84d", "#56b4e9"),
    "high-contrast": ("#ff9489", "#ffc400", "#7fc8ff"),
    "light": ("#a5141a", "#ad7600", "#0072b2"),
}
_NEUTRAL: dict[Theme, str] = {"dark": "#a3b0be", "high-contrast": "#ffffff", "light": "#575e6b"}
_LIGHT_SHAPES = {Light.GREEN: "disc", Light.AMBER: "triangle", Light.RED: "square", Light.GREY: "ring"}

KEPT_BACK = marked("kept back")
VERDICT_WORDS = (marked("wrong and trusted"), marked("wrong"), marked("right"))


@dataclass(frozen=True, slots=True)
class Look:
    """How one kind of case looks.

    Attributes:
        words: For the legend.
        colour: `#rrggbb`.
        shape: One of `SHAPES`.
        weight: Size relative to an ordinary point: what a reader looks for is larger.
    """

    words: str
    colour: str
    shape: str
    weight: float = 1.0


def kept_back(theme: Theme) -> Look:
    """A case whose kind is kept back."""
    return Look(tr(KEPT_BACK), _NEUTRAL[theme], "plus")


def class_looks(classes: Sequence[str], theme: Theme) -> tuple[Look, ...]:
    """Each class, in order."""
    colours, shapes = CLASS_COLOURS[theme], CLASS_SHAPES
    return tuple(
        Look(
            class_word(name),
            colours[place % len(colours)],
            shapes[(place + place // len(colours)) % len(shapes)],
        )
        for place, name in enumerate(classes)
    )


def trust_looks(bands: int, theme: Theme) -> tuple[Look, ...]:
    """Bands of trust of equal width, the lowest first, and behind them cases without trust."""
    low, high = BAND_SHARES[theme]
    table = colour_map("viridis")
    looks = []
    for band in range(bands):
        colour = table[round(255 * (low + (high - low) * band / max(bands - 1, 1)))]
        words = f"{round(100 * band / bands)}–{round(100 * (band + 1) / bands)} %"
        looks.append(Look(words, f"#{bytes(colour.tolist()).hex()}", BAND_SHAPES[band % len(BAND_SHAPES)]))
    return (*looks, Look(tr("no trust"), _NEUTRAL[theme], "ring"))


def verdict_looks(theme: Theme) -> tuple[Look, ...]:
    """Wrong and trusted, wrong, right."""
    silent, wrong, right = _VERDICTS[theme]
    words = [tr(word) for word in VERDICT_WORDS]
    return (
        Look(words[0], silent, "star", 1.7),
        Look(words[1], wrong, "triangle", 1.2),
        Look(words[2], right, "disc", 0.8),
    )


def light_looks(lights: Sequence[Light], theme: Theme) -> tuple[Look, ...]:
    """Each light, in the order that is asked for."""
    return tuple(Look(look(light).word, look(light, theme).colour, _LIGHT_SHAPES[light]) for light in lights)
