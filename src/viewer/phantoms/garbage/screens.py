"""Pictures of a screen or a page: windows, running text and tables, in Pillow's own font."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from viewer.phantoms.garbage.colours import Picture

_LETTERS = "abcdefghijklmnopqrstuvwxyzaeiouaeiounrst"
_LEAST_TYPE = 6


def page(rng: np.random.Generator, side: int) -> Picture:
    """Lines of words, dark on light or light on dark."""
    sheet = _Sheet(rng, side)
    sheet.lines((side // 20, side // 20, side - side // 20, side - side // 20))
    return sheet.pixels


def windows(rng: np.random.Generator, side: int) -> Picture:
    """A desktop with windows, each with a title bar, buttons and text."""
    sheet = _Sheet(rng, side)
    for _ in range(int(rng.integers(1, 5))):
        left, top = (int(value) for value in rng.integers(0, side * 2 // 3, 2))
        wide, high = (int(value) for value in rng.integers(side // 4, side * 3 // 4, 2))
        sheet.window((left, top, min(left + wide, side - 1), min(top + high, side - 1)))
    return sheet.pixels


def table(rng: np.random.Generator, side: int) -> Picture:
    """Rows and columns of numbers between rules."""
    sheet = _Sheet(rng, side)
    sheet.cells(int(rng.integers(3, 14)), int(rng.integers(2, 7)))
    return sheet.pixels


class _Sheet:
    """Something to write on, with the colours of its paper and ink."""

    def __init__(self, rng: np.random.Generator, side: int) -> None:
        self._rng = rng
        self._side = side
        self.paper, self.ink = _contrasting(rng)
        self._picture = Image.new("RGB", (side, side), self.paper)
        self._canvas = ImageDraw.Draw(self._picture)
        self._type = max(_LEAST_TYPE, round(side * float(rng.uniform(0.03, 0.09))))
        self._font = ImageFont.load_default(size=self._type)

    @property
    def pixels(self) -> Picture:
        return np.array(self._picture)

    def lines(self, box: tuple[int, int, int, int]) -> None:
        """Words line by line; some lines end early."""
        left, top, right, bottom = box
        for row in range(top, bottom - self._type, round(self._type * 1.35)):
            letters = int((right - left) / (0.5 * self._type) * self._rng.uniform(0.4, 1.0))
            self._canvas.text((left, row), self._words(letters), fill=self.ink, font=self._font)

    def window(self, box: tuple[int, int, int, int]) -> None:
        """A frame with a bar on top."""
        left, top, right, bottom = box
        paper, self.ink = _contrasting(self._rng)
        bar = min(top + round(self._type * 1.5), bottom)
        self._canvas.rectangle(box, fill=paper, outline=self.ink)
        self._canvas.rectangle((left, top, right, bar), fill=tuple(self._rng.integers(0, 256, 3).tolist()))
        self._canvas.text((left + 2, top), self._words(8), fill=paper, font=self._font)
        self.lines((left + 3, bar + 3, right - 3, bottom - 3))

    def cells(self, rows: int, columns: int) -> None:
        """Numbers between rules."""
        high, wide = self._side / rows, self._side / columns
        for row in range(rows):
            self._canvas.line((0, row * high, self._side, row * high), fill=self.ink)
            for column in range(columns):
                number = f"{self._rng.uniform(0, 1000):.{int(self._rng.integers(0, 3))}f}"
                self._canvas.text((column * wide + 2, row * high + 2), number, fill=self.ink, font=self._font)
        for column in range(columns):
            self._canvas.line((column * wide, 0, column * wide, self._side), fill=self.ink)

    def _words(self, letters: int) -> str:
        lengths = self._rng.integers(2, 10, max(1, letters // 6))
        return " ".join("".join(self._rng.choice(list(_LETTERS), length)) for length in lengths)[:letters]


def _contrasting(rng: np.random.Generator) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """A light and a dark colour, in either order."""
    light, dark = rng.integers(190, 256, 3).tolist(), rng.integers(0, 80, 3).tolist()
    return (tuple(light), tuple(dark)) if rng.random() < 0.7 else (tuple(dark), tuple(light))
