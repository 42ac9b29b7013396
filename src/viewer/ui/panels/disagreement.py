"""Where the scores, the networks of the model and the neighbouring frames say different things."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from viewer.domain.basis import Basis
from viewer.domain.result import Assessment
from viewer.present.disagreement import (
    Standing,
    members_words,
    neighbours,
    neighbours_words,
    scores_words,
    standings,
)
from viewer.present.wording import WITHHELD, class_word, percent
from viewer.ui.panels.explanations import KEPT_BACK
from viewer.ui.panels.reliability import GROUPS, NO_BASIS
from viewer.ui.texts import marked, tr
from viewer.ui.theme import colour, scaled
from viewer.ui.widgets.labels import label
from viewer.ui.widgets.legend import Legend
from viewer.ui.widgets.score_map import FAILED, MAP, STATES, ScoreMap
from viewer.ui.widgets.score_map import KEPT_BACK as WAITS
from viewer.ui.widgets.word_table import WordTable
from viewer.ui.withholding import Why

WAITING = marked("The scores are compared once this frame is assessed.")
FAILED_WORDS = marked("This frame cannot be assessed.")
SCALE = marked("share of known pictures with less trust")


class DisagreementPanel(QScrollArea):
    """Shows one clip, and of the frame on screen what disagrees.

    Signals:
        frame_sought: The reader wants to see a frame (its index).
    """

    frame_sought = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Disagreement"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.scores = label(tr(WAITING), "", wrap=True)
        self.maps = {about: ScoreMap(tr(title).capitalize()) for about, title in GROUPS.items()}
        self.members = label("", "", wrap=True)
        self.networks = WordTable(tr("Answers of the model's networks"), named=True)
        self.beside = label("", "", wrap=True)
        self.neighbours = WordTable(tr("Answers to the neighbouring frames"))
        self._basis = NO_BASIS
        self._frames, self._frame = 1, 0
        self._failed: set[int] = set()
        self._assessed: dict[int, Assessment] = {}
        self._withheld: dict[int, Why] = {}
        self._standings: dict[int, tuple[Standing, ...]] = {}
        self._listed: tuple[int, ...] = ()
        self._build()
        for score_map in self.maps.values():
            score_map.frame_sought.connect(self.frame_sought)
        self.neighbours.clicked.connect(lambda index: self.frame_sought.emit(self._listed[index.row()]))
        self.neighbours.activated.connect(lambda index: self.frame_sought.emit(self._listed[index.row()]))
        self.show_clip(1)

    def use_basis(self, basis: Basis) -> None:
        """Another model answers from now on."""
        self._basis = basis

    def show_clip(self, frames: int) -> None:
        """Start empty with another clip, or with the same one again."""
        self._frames = frames
        for known in (self._failed, self._assessed, self._withheld, self._standings):
            known.clear()
        for score_map in self.maps.values():
            score_map.show_clip(frames)
        self.show_frame(min(self._frame, frames - 1))

    def put(self, frame: int, assessment: Assessment, why: Why | None) -> None:
        """One frame has been assessed, or is withheld otherwise than before.

        Args:
            frame: Counted from 0.
            assessment: Of the frame.
            why: Why its class, or everything about it, is kept back.
        """
        if self._assessed.get(frame) is not assessment:
            self._assessed[frame] = assessment
            self._standings[frame] = standings(assessment, self._basis)
        self._withheld.pop(frame, None)
        if why is not None:
            self._withheld[frame] = why
        for about, score_map in self.maps.items():
            if why is Why.READ_FIRST:
                score_map.put_state(frame, WAITS)
            else:
                score_map.put(frame, [one for one in self._standings[frame] if one.about is about])
        self._frame_changed(frame)

    def put_failed(self, frame: int) -> None:
        """One frame cannot be read or assessed."""
        self._failed.add(frame)
        for score_map in self.maps.values():
            score_map.put_state(frame, FAILED)
        self._frame_changed(frame)

    def show_frame(self, frame: int) -> None:
        """The eye is on this frame."""
        self._frame = frame
        for score_map in self.maps.values():
            score_map.set_frame(frame)
        self._show_of_frame()
        self._show_neighbours()

    def _frame_changed(self, frame: int) -> None:
        if frame == self._frame:
            self._show_of_frame()
        if frame == self._frame or frame in neighbours(self._frame):
            self._show_neighbours()

    def _show_of_frame(self) -> None:
        """Show all but the neighbours; nothing but why where the reader answers first."""
        first = self._withheld.get(self._frame) is Why.READ_FIRST
        for about, section in self._of_scores.items():
            section.setVisible(self.maps[about].rows > 0 and not first)
        self._legend.setVisible(any(score_map.rows for score_map in self.maps.values()) and not first)
        self._show_scores()
        self._show_networks()

    def _show_scores(self) -> None:
        why = self._withheld.get(self._frame)
        if self._frame in self._failed:
            words = tr(FAILED_WORDS)
        elif self._frame not in self._assessed:
            words = tr(WAITING)
        elif why is Why.READ_FIRST:
            words = tr(KEPT_BACK[why])
        else:
            words = scores_words(self._standings[self._frame], single=self._frames == 1)
        self.scores.setText(words)

    def _show_networks(self) -> None:
        assessment, why = self._assessed.get(self._frame), self._withheld.get(self._frame)
        told = assessment is not None and why is None
        self.members.setText(members_words(assessment) if assessment is not None and told else "")
        self.members.setVisible(told)
        self._networks.setVisible(told and assessment is not None and assessment.members is not None)
        if assessment is None or assessment.members is None or not told:
            self.networks.show_rows((), ())
            return
        header = (tr("Network"), *(class_word(assessment.classes[place]) for place in _likeliest(assessment)))
        names = assessment.member_names or [str(number + 1) for number in range(len(assessment.members))]
        rows = [
            (name, *(percent(float(shares[place])) for place in _likeliest(assessment)))
            for name, shares in zip(names, assessment.members, strict=True)
        ]
        self.networks.show_rows(header, rows)

    def _show_neighbours(self) -> None:
        frame = self._frame
        near = [other for other in (*neighbours(frame), frame) if 0 <= other < self._frames]
        first = self._withheld.get(frame) is Why.READ_FIRST
        self._listed = tuple(sorted(near)) if self._frames > 1 and not first else ()
        self._beside.setVisible(bool(self._listed))
        header = (tr("Frame"), tr("AI answer"), tr("Trust"))
        self.neighbours.show_rows(header, [self._neighbour(other) for other in self._listed])
        told = {other: self._assessed[other] for other in near if self._tells(other)}
        self.beside.setText(neighbours_words(told, frame) if frame in told else "")
        self.beside.setVisible(bool(self.beside.text()))

    def _neighbour(self, frame: int) -> tuple[str, str, str]:
        mark = "▸ " if frame == self._frame else ""
        place, why = f"{mark}{frame + 1}", self._withheld.get(frame)
        if frame in self._failed:
            return place, tr("cannot be assessed"), ""
        if frame not in self._assessed:
            return place, tr("not assessed"), ""
        assessment = self._assessed[frame]
        answer = tr(WITHHELD) if why is not None else class_word(assessment.classes[assessment.final])
        return place, answer, tr(WITHHELD) if why is Why.READ_FIRST else percent(assessment.trust)

    def _tells(self, frame: int) -> bool:
        return frame in self._assessed and frame not in self._withheld

    def _build(self) -> None:
        body = QWidget()
        body.setObjectName("panel_body")
        column = QVBoxLayout(body)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(4)
        for words in (self.scores, self.members, self.beside):
            column.addWidget(words)
        self._of_scores = {about: _section(tr(GROUPS[about]), [self.maps[about]]) for about in GROUPS}
        scale = Legend()
        scale.show_scale((0, 1), tr(SCALE), MAP)
        self._legend = _section("", [scale, Swatches()])
        self._networks = _section(tr("Networks of the model"), [self.networks])
        self._beside = _section(tr("Neighbouring frames"), [self.neighbours])
        for section in (*self._of_scores.values(), self._legend, self._networks, self._beside):
            column.addWidget(section)
        column.addStretch(1)
        self.setWidget(body)


class Swatches(QWidget):
    """What the cells say that hold no standing."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Other cells: {words}").format(words=", ".join(tr(w) for _, w in STATES.values())))

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(200, 2 * (self.fontMetrics().height() + 4))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw each with its words, two in a line."""
        painter = QPainter(self)
        font = painter.font()
        font.setPixelSize(scaled(11))
        painter.setFont(font)
        line, half = self.height() / 2, self.width() / 2
        for place, (state, (ink, words)) in enumerate(STATES.items()):
            corner = QPointF(place % 2 * half, place // 2 * line)
            box = QRectF(corner.x(), corner.y() + line / 2 - 5, 14, 10)
            painter.fillRect(box, colour(ink))
            if state == FAILED:
                painter.fillRect(box, QBrush(colour("canvas"), Qt.BrushStyle.BDiagPattern))
            painter.setPen(colour("muted"))
            room = QRectF(corner.x() + 20, corner.y(), half - 20, line)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), tr(words))


def _likeliest(assessment: Assessment) -> list[int]:
    """Up to three classes, the likeliest first."""
    return [int(place) for place in np.argsort(-assessment.probabilities, kind="stable")[:3]]


def _section(title: str, parts: Sequence[QWidget]) -> QWidget:
    section = QWidget()
    column = QVBoxLayout(section)
    column.setContentsMargins(0, 8, 0, 0)
    column.setSpacing(3)
    if title:
        column.addWidget(label(title.upper(), "section"))
    for part in parts:
        column.addWidget(part)
    return section
