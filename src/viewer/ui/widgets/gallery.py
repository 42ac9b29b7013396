"""Pictures in a flowing row with words under each: one stop of the keyboard, walked with the arrows."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout, QWidget

from viewer.domain.result import Exhibit, Gallery
from viewer.ui.texts import marked, tr
from viewer.ui.theme import colour, scaled
from viewer.ui.widgets.labels import label, unbroken
from viewer.ui.widgets.pictures import image_of

PICTURE, LARGE, ROUND, PAD = 84, 156, 16, 8
"""Sides of a small and a large picture, what a cell is wider, and what stays free around the words, in pixels."""

ENLARGED = 320
OWN_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
"""Keys that walk and open here, whatever they do elsewhere in the window."""

OPENS = marked("Click or Enter opens the whole picture beside the one on screen")
ENLARGES = marked("Click or Enter shows it larger; the whole picture is not at hand")
NO_PICTURE = marked("no picture")


class GalleryView(QListWidget):
    """As high as its pictures take at the width it has; it never scrolls by itself.

    Signals:
        asked: A picture was clicked whose file is at hand (Exhibit).
    """

    asked = Signal(object)

    def __init__(self, gallery: Gallery, side: int = PICTURE, beside: int = 1) -> None:
        """Show pictures.

        Args:
            gallery: What to show.
            side: Longer side of a picture in pixels at 100 %.
            beside: As many find room beside each other, if need be by being smaller.
        """
        super().__init__()
        self._exhibits, self._side, self._beside = gallery.items, side, beside
        self._tall = max((_tallness(exhibit) for exhibit in gallery.items), default=1.0)
        self.setAccessibleName(gallery.title)
        self.setViewMode(QListWidget.ViewMode.IconMode)
        self.setMovement(QListWidget.Movement.Static)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setWordWrap(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for exhibit in gallery.items:
            self.addItem(_item(exhibit, scaled(side)))
        self.clicked.connect(self._open)

    def event(self, event: QEvent) -> bool:
        """Keep the keys that walk and open from the shortcuts of the window."""
        if isinstance(event, QKeyEvent) and event.key() in OWN_KEYS and not event.modifiers():
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._open(self.currentIndex())
                return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the columns that it has room for, and take the height that all pictures need."""
        super().resizeEvent(event)
        room = self.viewport().width() - 1  # Qt wants a pixel more than its cells take
        columns = max(self._beside, room // scaled(self._side + ROUND))
        width = room // columns
        side = max(min(scaled(self._side), width - scaled(PAD)), 1)
        self.setIconSize(QSize(side, round(side * self._tall)))
        height = self.iconSize().height() + self._words_height(width - scaled(PAD)) + scaled(2 * PAD)
        self.setGridSize(QSize(width, height))
        edges = self.height() - self.viewport().height()
        self.setFixedHeight(-(-self.count() // columns) * height + edges)

    def _words_height(self, width: int) -> int:
        """Of the longest words, broken into lines of a width."""
        room, broken = QRect(0, 0, width, 10_000), int(Qt.TextFlag.TextWordWrap)
        words = (unbroken(exhibit.caption) for exhibit in self._exhibits)
        return max((self.fontMetrics().boundingRect(room, broken, one).height() for one in words), default=0)

    def _open(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        exhibit = self._exhibits[index.row()]
        if exhibit.file:
            self.asked.emit(exhibit)
        elif exhibit.picture is not None:
            Enlarged(exhibit.picture, _spoken(exhibit), self).show_beside(self.visualRect(index))


def side_of(gallery: Gallery) -> int:
    """Side at which pictures are shown: large where they have as many pixels, for those have something to show."""
    own = [max(one.picture.shape[:2]) for one in gallery.items if one.picture is not None]
    return min(LARGE, max(PICTURE, *own)) if own else PICTURE


class Enlarged(QFrame):
    """A small picture shown larger, until a click or Escape."""

    def __init__(self, picture: NDArray[np.uint8], words: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(tr("Enlarged: {words}").format(words=words))
        shown = QLabel()
        shown.setPixmap(_fitted(picture, scaled(ENLARGED)))
        column = QVBoxLayout(self)
        column.addWidget(shown)
        column.addWidget(label(words, "small", wrap=True))

    def show_beside(self, place: QRect) -> None:
        """Show it left of a place in its parent, where there is room."""
        self.adjustSize()
        parent = self.parentWidget()
        corner = place.topLeft() if parent is None else parent.mapToGlobal(place.topLeft())
        screen = self.screen().availableGeometry()
        left = max(screen.left(), corner.x() - self.width())
        self.move(left, max(screen.top(), min(corner.y(), screen.bottom() - self.height())))
        self.show()


def _item(exhibit: Exhibit, side: int) -> QListWidgetItem:
    words = exhibit.caption
    item = QListWidgetItem(unbroken(words))
    item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
    spoken = _spoken(exhibit)
    if exhibit.picture is None:
        item.setIcon(_icon(_placeholder(side)))
        spoken += f", {tr(NO_PICTURE)}"
    else:
        item.setIcon(_icon(_fitted(exhibit.picture, side)))
    item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
    does = OPENS if exhibit.file else ENLARGES if exhibit.picture is not None else ""
    item.setToolTip("\n".join(part for part in (words, exhibit.shows, tr(does) if does else "") if part))
    return item


def _tallness(exhibit: Exhibit) -> float:
    """Height of a picture as a part of its longer side; placeholders are square."""
    if exhibit.picture is None:
        return 1.0
    rows, columns = exhibit.picture.shape[:2]
    return float(rows / max(rows, columns))


def _spoken(exhibit: Exhibit) -> str:
    words = exhibit.caption.replace("\n", ", ")
    return f"{words}, {exhibit.shows}" if exhibit.shows else words


def _icon(picture: QPixmap) -> QIcon:
    """The picture as it is, also where it is chosen: Qt would tint it."""
    icon = QIcon(picture)
    icon.addPixmap(picture, QIcon.Mode.Selected)
    return icon


def _fitted(picture: NDArray[np.uint8], side: int) -> QPixmap:
    kept = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return QPixmap.fromImage(image_of(picture)).scaled(side, side, *kept)


def _placeholder(side: int) -> QPixmap:
    """A dashed square with words, for a picture that may not be shown."""
    made = QPixmap(side, side)
    made.fill(colour("raised"))
    painter = QPainter(made)
    painter.setPen(colour("muted"))
    painter.drawText(made.rect(), int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), tr(NO_PICTURE))
    pen = painter.pen()
    pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.drawRect(made.rect().adjusted(0, 0, -1, -1))
    painter.end()
    return made
