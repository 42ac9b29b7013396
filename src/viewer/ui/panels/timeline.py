"""Below the picture: the clip's timeline and its controls; hidden for a single frame."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QToolButton, QVBoxLayout

from viewer.domain.image import Clip
from viewer.ui.panels.clip_verdict import ClipVerdictView
from viewer.ui.panels.track import TrustTrack
from viewer.ui.playback import SPEEDS
from viewer.ui.widgets.labels import label

SPEED_WORDS = {0.25: "¼×", 0.5: "½×", 1.0: "1×", 2.0: "2×", 4.0: "4×"}


class Timeline(QFrame):
    """The clip's light, track, play, speed, loop, frame number and time."""

    speed_chosen = Signal(float)

    def __init__(self, actions: Sequence[QAction]) -> None:
        super().__init__()
        self.setObjectName("timeline")
        self.setAccessibleName("Timeline")
        self.track = TrustTrack()
        self.position = label("", "number")
        self.position.setMinimumWidth(150)
        self.position.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.verdict = ClipVerdictView()
        self.speed = QComboBox()
        self.speed.setAccessibleName("Speed")
        self.speed.setToolTip("Times the clip's own pace")
        for speed in SPEEDS:
            self.speed.addItem(SPEED_WORDS[speed], speed)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        self.speed.currentIndexChanged.connect(lambda: self.speed_chosen.emit(self.speed.currentData()))
        self._clip: Clip | None = None
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
        time = self._clip.time_ms(frame)
        at = "no timing" if time is None else f"{time:,.0f} ms".replace(",", "\u2009")
        self.position.setText(f"{frame + 1} / {self._clip.frames}     {at}")

    def _build(self, actions: Sequence[QAction]) -> None:
        heading = QHBoxLayout()
        heading.setContentsMargins(4, 0, 0, 0)
        heading.addWidget(self.verdict, 1)
        heading.addWidget(self.position)
        controls = QHBoxLayout()
        controls.setContentsMargins(0, 0, 0, 0)
        controls.setSpacing(4)
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setAccessibleName(action.text())
            controls.addWidget(button)
        controls.addSpacing(6)
        controls.addWidget(label("Speed", "muted"))
        controls.addWidget(self.speed)
        controls.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 12, 8)
        column.setSpacing(4)
        column.addLayout(heading)
        column.addWidget(self.track)
        column.addLayout(controls)
