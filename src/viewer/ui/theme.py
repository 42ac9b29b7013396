"""Colours, fonts and icons: one table of named colours per theme, one style sheet for all."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from viewer.domain.errors import ViewerError
from viewer.resources import resources

NAMES = ("dark", "light")
DEFAULT = "dark"
FONT_PIXELS = 13

_PROPERTY = "viewer_theme"


@dataclass(frozen=True)
class Theme:
    """Named colours of one theme.

    Attributes:
        name: `dark` or `light`.
        colours: Hex colour by name, as in `resources/themes/<name>.toml`.
    """

    name: str
    colours: Mapping[str, str]

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
    return Theme(name, table)


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the whole program the theme's palette, font and style sheet; widgets repaint by themselves."""
    app.setProperty(_PROPERTY, theme.name)
    app.setStyle("Fusion")
    app.setFont(_font())
    app.setPalette(_palette(theme))
    app.setStyleSheet(_style_sheet(theme))


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
    return _icon(name, theme.colours["text"], theme.colours["edge"])


def _icon(name: str, normal: str, disabled: str) -> QIcon:
    drawing = (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    result = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, normal), (QIcon.Mode.Disabled, disabled)):
        for scale in (1, 2):
            result.addPixmap(_render(drawing.replace("#000", ink), 18, scale), mode)
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
    return template.substitute(theme.colours, icons=icons, name=theme.name)


@lru_cache(maxsize=1)
def _font() -> QFont:
    """The viewer's own font, so that it reads the same on every machine and without system fonts."""
    for file in sorted((_folder() / "fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(file))
    font = QFont("Inter")
    font.setPixelSize(FONT_PIXELS)
    font.setFeature(QFont.Tag("tnum"), 1)  # digits of one width: numbers do not dance from frame to frame
    return font


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
        palette.setColor(QPalette.ColorGroup.Disabled, which, theme.colour("edge"))
    return palette
