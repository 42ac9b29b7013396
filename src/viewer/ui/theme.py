"""Colours, fonts and icons: one table of named colours per theme, one style sheet for all."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import cast

from PySide6.QtCore import QByteArray, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPen, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from viewer.domain.errors import ViewerError
from viewer.present.colours import Theme as Name
from viewer.resources import resources
from viewer.settings import THEMES

NAMES = THEMES
DEFAULT = "dark"
FONT_PIXELS, ICON_PIXELS = 13, 18

NARROWED = 0.37
"""Part of what letters grow by that the least widths of panels do."""

_PROPERTY, _SCALE = "viewer_theme", "viewer_scale"
_LENGTH = re.compile(r"\b(\d+)px")
_INSET = re.compile(r"\binset\((\d+)px\)")
_LINE = 2
"""Lengths of the style sheet in pixels up to which they are lines, as thick as they are at any scale."""


@dataclass(frozen=True)
class Theme:
    """Named colours of one theme.

    Attributes:
        name: One of `NAMES`.
        colours: Hex colour by name, as in `resources/themes/<name>.toml`.
        border: Width in pixels of the line around a part.
        focus: Of the ring around the part that has the focus.
    """

    name: Name
    colours: Mapping[str, str]
    border: int
    focus: int

    def colour(self, name: str) -> QColor:
        """The colour of that name."""
        return QColor(self.colours[name])


@lru_cache
def load_theme(name: str) -> Theme:
    """Read a theme from the resources.

    Raises:
        ViewerError: There is no theme of that name.
    """
    if name not in NAMES:
        raise ViewerError(f"there is no theme called {name}; choose one of {', '.join(NAMES)}")
    table = tomllib.loads((_folder() / f"{name}.toml").read_text(encoding="utf-8"))
    border, focus = table.pop("border"), table.pop("focus")
    return Theme(cast(Name, name), table, border, focus)


def apply_theme(app: QApplication, theme: Theme, scale: int = 100) -> None:
    """Give the whole program the theme's palette, font and style sheet; widgets repaint by themselves.

    Args:
        app: The program.
        theme: Its colours.
        scale: Size of letters and signs in per cent.
    """
    app.setProperty(_PROPERTY, theme.name)
    app.setProperty(_SCALE, scale)
    app.setStyle("Fusion")
    font = _font()
    font.setPixelSize(scaled(FONT_PIXELS))
    app.setFont(font)
    app.setPalette(_palette(theme))
    app.setStyleSheet(_style_sheet(theme))


def scaled(pixels: float) -> int:
    """A length in pixels at 100 % in the size of letters that is in use."""
    return round(pixels * scale())


def widened(pixels: float) -> int:
    """A least width in the size of letters in use; words break and buttons lose theirs before it grows much."""
    return round(pixels * (1 + NARROWED * (scale() - 1)))


def scale() -> float:
    """The size of letters in use, 1 at 100 %; what is drawn by hand is drawn on a painter scaled by it."""
    app = QApplication.instance()
    return ((app.property(_SCALE) if app else None) or 100) / 100


def draw_focus(painter: QPainter, room: QRect) -> None:
    """Draw the ring around a part that has the focus and that the style sheet does not reach."""
    width = current_theme().focus
    painter.save()
    painter.setPen(QPen(colour("accent"), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(room).adjusted(width / 2, width / 2, -width / 2, -width / 2))
    painter.restore()


def current_theme() -> Theme:
    """The theme in use; the default one before any was applied."""
    app = QApplication.instance()
    return load_theme((app.property(_PROPERTY) if app else None) or DEFAULT)


def colour(name: str) -> QColor:
    """A colour of the theme in use."""
    return current_theme().colour(name)


def icon(name: str) -> QIcon:
    """The icon `resources/icons/<name>.svg` in the text colour of the theme in use."""
    theme = current_theme()
    return _icon(name, theme.colours["text"], theme.colours["disabled"], scaled(ICON_PIXELS))


def _icon(name: str, normal: str, disabled: str, side: int) -> QIcon:
    drawing = (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    result = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, normal), (QIcon.Mode.Disabled, disabled)):
        for scale in (1, 2):
            result.addPixmap(_render(drawing.replace("#000", ink), side, scale), mode)
    return result


def _render(drawing: str, side: int, scale: int) -> QPixmap:
    pixmap = QPixmap(side * scale, side * scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, side * scale, side * scale))
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap


def _folder() -> Path:
    return resources() / "themes"


def _style_sheet(theme: Theme) -> str:
    template = Template((_folder() / "window.qss").read_text(encoding="utf-8"))
    icons = (resources() / "icons").as_posix()
    rules = _LENGTH.sub(lambda length: f"{_sized(int(length[1]))}px", template.template)
    wider = theme.focus - theme.border
    rules = _INSET.sub(lambda length: f"{max(0, int(length[1]) - wider)}px", rules)
    lines = {"border": f"{theme.border}px", "focus": f"{theme.focus}px"}
    return Template(rules).substitute(theme.colours, **lines, icons=icons, name=theme.name)


def _sized(pixels: int) -> int:
    return pixels if pixels <= _LINE else scaled(pixels)


def _font() -> QFont:
    """The viewer's own font, so that it reads the same on every machine and without system fonts."""
    _load_fonts()
    font = QFont("Inter")
    font.setFeature(QFont.Tag("tnum"), 1)  # digits of one width: numbers do not dance from frame to frame
    return font


@lru_cache(maxsize=1)
def _load_fonts() -> None:
    for file in sorted((_folder() / "fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(file))


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    table = {
        role.Window: "window",
        role.WindowText: "text",
        role.Base: "panel",
        role.AlternateBase: "raised",
        role.Text: "text",
        role.PlaceholderText: "muted",
        role.Button: "raised",
        role.ButtonText: "text",
        role.ToolTipBase: "raised",
        role.ToolTipText: "text",
        role.Highlight: "selection",
        role.HighlightedText: "text",
        role.Link: "accent",
        role.LinkVisited: "accent",
        role.BrightText: "problem",
        role.Mid: "line",
        role.Midlight: "hover",
        role.Dark: "line",
        role.Shadow: "canvas",
    }
    palette = QPalette()
    for which, name in table.items():
        palette.setColor(which, theme.colour(name))
    for which in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, theme.colour("disabled"))
    return palette
