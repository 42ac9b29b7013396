"""A small card beside a point of the map: thumbnail and facts of the case under the mouse."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from viewer.ui.theme import scaled
from viewer.ui.widgets.labels import label

THUMBNAIL, AWAY = 104, 14


class CaseCard(QFrame):
    """Lies over the map and takes no mouse.

    Attributes:
        picture: The thumbnail, once it is there.
        words: The facts.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words = label("", "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 10, 8)
        row.setSpacing(10)
        row.addWidget(self.picture)
        row.addWidget(self.words)
        self._over = parent
        self._place = QPointF()
        self.hide()

    def show_case(self, facts: Sequence[str], place: QPointF) -> None:
        """Show the facts of a case beside its point; the thumbnail follows."""
        self.picture.clear()
        self.picture.setFixedSize(scaled(THUMBNAIL), scaled(THUMBNAIL))
        self.picture.setText("…")
        self.words.setText("\n".join(facts))
        self._place = place
        self._lay()
        self.show()
        self.raise_()

    def show_picture(self, image: QImage | None, why: str = "") -> None:
        """Show the thumbnail, or why there is none."""
        if image is None:
            self.picture.setWordWrap(True)
            self.picture.setText(why)
            return
        side = scaled(THUMBNAIL)
        kept = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        self.picture.setPixmap(QPixmap.fromImage(image).scaled(side, side, *kept))

    def _lay(self) -> None:
        """Beside the point, on the side that has room."""
        self.adjustSize()
        room, away = self._over.rect(), scaled(AWAY)
        x, y = round(self._place.x()) + away, round(self._place.y()) + away
        if x + self.width() > room.right():
            x = round(self._place.x()) - away - self.width()
        if y + self.height() > room.bottom():
            y = round(self._place.y()) - away - self.height()
        self.move(max(room.left(), x), max(room.top(), y))
