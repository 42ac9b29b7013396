"""The value of one pixel, for a person."""

from viewer.domain.geometry import Point
from viewer.domain.image import Frame
from viewer.present.texts import tr


def pixel_words(frame: Frame, point: Point, unit: str = "") -> str:
    """Column and row of a pixel, both from 0 as stored, and its value; `""` beside the picture.

    Args:
        frame: Grey is told after the rescale of the file, colour as it is stored; whatever window is shown.
        point: In pixels of the stored frame.
        unit: Of the file's grey values.
    """
    rows, columns = frame.values.shape[:2]
    x, y = point
    if not (0 <= x < columns and 0 <= y < rows):
        return ""
    column, row = int(x), int(y)
    return f"x {column}  y {row}   {_value(frame, row, column, unit)}"


def _value(frame: Frame, row: int, column: int, unit: str) -> str:
    if frame.grey is None:
        red, green, blue = (int(value) for value in frame.values[row, column])
        return f"R {red}  G {green}  B {blue}"
    stored = frame.values[row : row + 1, column : column + 1]
    if frame.grey.padding is not None and frame.grey.padding[0] <= stored.item() <= frame.grey.padding[1]:
        return tr("padding")
    number = f"{float(frame.grey.rescaled(stored).item()):.5g}".replace("-", "\N{MINUS SIGN}")
    return f"{number} {unit}".rstrip()
