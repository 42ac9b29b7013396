"""Below the picture: the clip's timeline and its controls; hidden for a single frame."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QToolButton, QVBoxLayout

from viewer.domain.image import Clip
from viewer.session.cine import SPEEDS
from viewer.ui.panels.clip_verdict import ClipVerdictView
from viewer.ui.panels.track import TrustTrack
from viewer.ui.texts import tr
from viewer.ui.theme import scaled, widened
from viewer.ui.widgets.labels import label

SPEED_WORDS = {0.25: "¼×", 0.5: "½×", 1.0: "1×", 2.0: "2×", 4.0: "4×"}

LEAST_WIDTH, ROOMY = 345, 640
"""Of the timeline in pixels: the least, and that from which buttons carry words and the place has its time."""


class Timeline(QFrame):
    """The clip's light, track, play, speed, loop, pace, frame number and time."""

    speed_chosen = Signal(float)

    def __init__(self, actions: Sequence[QAction]) -> None:
        super().__init__()
        self.setObjectName("timeline")
        self.setAccessibleName(tr("Timeline"))
        self.track = TrustTrack()
        self.position = label("", "number")
        self.position.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.pace = label("", "small")
        self.pace.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.pace.setToolTip(tr("How the clip runs; dropped frames came due and were never shown"))
        self.verdict = ClipVerdictView()
        self.speed = QComboBox()
        self.speed.setAccessibleName(tr("Speed"))
        self.speed.setMinimumContentsLength(2)
        self.speed.setToolTip(tr("Times the clip's own pace"))
        for speed in SPEEDS:
            self.speed.addItem(SPEED_WORDS[speed], speed)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        self.speed.currentIndexChanged.connect(lambda: self.speed_chosen.emit(self.speed.currentData()))
        self._clip: Clip | None = None
        self._frame = 0
        self._speed_word = label(tr("Speed"), "muted")
        self._buttons: list[QToolButton] = []
        self._build(actions)
        self.hide()

    def show_clip(self, clip: Clip, frame: int = 0) -> None:
        """Show an empty timeline of a clip; none for a single frame."""
        self._clip = clip
        self.track.show_clip(clip.frames, clip.frame_times_ms)
        self.verdict.show_pending()
        self.show_frame(frame)
        self.setVisible(clip.frames > 1)

    def show_frame(self, frame: int) -> None:
        """Say which frame is on screen."""
        if self._clip is None:
            return
        self.track.set_frame(frame)
        self._frame = frame
        self.position.setText(self._place(frame))
        self.position.setMinimumWidth(
            self.position.fontMetrics().horizontalAdvance(self._place(self._clip.frames - 1))
        )

    def show_pace(self, words: str) -> None:
        """Say how the clip runs."""
        self.pace.setText(words)

    def change_speed(self, by: int) -> None:
        """Go on by steps of the speeds to choose from; it ends at their ends."""
        self.speed.setCurrentIndex(min(max(self.speed.currentIndex() + by, 0), self.speed.count() - 1))

    def minimumSizeHint(self) -> QSize:
        """As narrow as the buttons without their words: the panels beside the picture come first."""
        return QSize(widened(LEAST_WIDTH), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the words of the buttons and the time where there is no room for them."""
        super().resizeEvent(event)
        style = Qt.ToolButtonStyle
        words = style.ToolButtonTextBesideIcon if self._roomy else style.ToolButtonIconOnly
        for button in self._buttons:
            button.setToolButtonStyle(words)
        self._speed_word.setVisible(self._roomy)
        self.show_frame(self._frame)

    @property
    def _roomy(self) -> bool:
        return self.width() >= scaled(ROOMY)

    def _place(self, frame: int) -> str:
        """Frame and time in words."""
        if self._clip is None:
            return ""
        time = self._clip.time_ms(frame)
        at = tr("no timing") if time is None else f"{time:,.0f} ms".replace(",", "\u2009")
        return f"{frame + 1} / {self._clip.frames}" + (f"     {at}" if self._roomy else "")

    def _build(self, actions: Sequence[QAction]) -> None:
        heading = QHBoxLayout()
        heading.setContentsMargins(4, 0, 0, 0)
        heading.setSpacing(12)
        heading.addWidget(self.verdict, 1)
        place = QVBoxLayout()
        place.setSpacing(0)
        place.addWidget(self.position)
        place.addWidget(self.pace)
        heading.addLayout(place)
        controls = QHBoxLayout()
        controls.setContentsMargins(0, 0, 0, 0)
        controls.setSpacing(4)
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setAccessibleName(action.text())
            self._buttons.append(button)
            controls.addWidget(button)
        controls.addSpacing(4)
        controls.addWidget(self._speed_word)
        controls.addWidget(self.speed)
        controls.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 12, 8)
        column.setSpacing(4)
        column.addLayout(heading)
        column.addWidget(self.track)
        column.addLayout(controls)
