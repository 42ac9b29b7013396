"""The cases seen here with the model in use, against those of its calibration, and whether they have drifted."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from viewer.domain.drift import LIMIT, SiteView
from viewer.domain.result import Light
from viewer.present.drift import CASES, Share, class_shares, light_shares, moved_words, standing, stated, trust_shares
from viewer.present.wording import class_word, light_word
from viewer.ui.texts import marked, tr
from viewer.ui.widgets.evidence_curve import EvidenceCurve
from viewer.ui.widgets.labels import label
from viewer.ui.widgets.share_bars import ShareBars, ShareRow

NO_MODEL = marked("No model has answered yet.")
NOT_KEPT = marked("The cases seen here are not kept: see the settings.")
SURE = marked(
    "Start again? The cases so far count no more, and an alarm ends. Do that once the cause is known and put right, "
    "or the model has been tested on such cases."
)
FIFTHS = (
    marked("lowest fifth"),
    marked("second"),
    marked("middle"),
    marked("fourth"),
    marked("highest fifth"),
)


class SitePanel(QScrollArea):
    """Shows one model's site; says first in words how it stands.

    Signals:
        start_again: The reader wants to start again, and has confirmed it.
    """

    start_again = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("This site"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.standing = label(tr(NO_MODEL), "word", wrap=True)
        self.moved = label("", "warning", wrap=True)
        self.counts = label("", "", wrap=True)
        self.stated = label(stated(tr), "small", wrap=True)
        self.curve = EvidenceCurve(LIMIT)
        self.classes = ShareBars(tr("Answers"))
        self.lights = ShareBars(tr("Lights by the numbers alone"))
        self.trust = ShareBars(tr("Trust"))
        self.again = QPushButton(tr("Start again …"))
        self.again.setToolTip(tr("Let the cases so far count no more; asks before it does"))
        self.sure = label(tr(SURE), "", wrap=True)
        self.confirm, self.keep = QPushButton(tr("Start again")), QPushButton(tr("Go on as it is"))
        self._known = QWidget()
        self._build()
        self.again.clicked.connect(lambda: self._ask(True))
        self.keep.clicked.connect(lambda: self._ask(False))
        self.confirm.clicked.connect(self._confirmed)
        self.show_nothing(tr(NO_MODEL))

    def show_nothing(self, words: str) -> None:
        """There is nothing to compare; say why."""
        self.standing.setText(words)
        self.moved.hide()
        self._known.hide()

    def show_site(self, view: SiteView) -> None:
        """Show how a site stands."""
        self.standing.setText(standing(view, tr))
        moved = "\n".join(moved_words(view, tr))
        self.moved.setText(moved.replace(" %", "\u00a0%"))  # a number and its sign stay on one line
        self.moved.setVisible(bool(moved))
        self.counts.setText(tr(CASES).format(cases=view.drift.cases, groups=len(view.calibration)))
        alarm = view.drift.alarm
        self.curve.show_path(view.drift.path, None if alarm is None else alarm.case)
        self.classes.show_rows([_row(share, class_word(share.name)) for share in class_shares(view)])
        self.lights.show_rows([_row(share, light_word(Light(share.name))) for share in light_shares(view)])
        fifths = zip(trust_shares(view), FIFTHS, strict=False)
        self.trust.show_rows([_row(share, tr(words)) for share, words in fifths])
        self.again.setEnabled(view.drift.cases > 0)
        self._known.setVisible(not view.drift.reason)
        self._ask(False)

    def _build(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(14, 4, 14, 12)
        column.setSpacing(6)
        column.addWidget(self.standing)
        column.addWidget(self.moved)
        known = QVBoxLayout(self._known)
        known.setContentsMargins(0, 0, 0, 0)
        known.setSpacing(6)
        known.addWidget(self.counts)
        known.addWidget(label(tr("Evidence that something has changed, to 1"), "section"))
        known.addWidget(self.curve)
        known.addWidget(self.stated)
        for title, bars in (
            (tr("Answers: here, calibration"), self.classes),
            (tr("Lights by the numbers alone: here, calibration"), self.lights),
            (tr("Trust, by fifths of the calibration: here, calibration"), self.trust),
        ):
            known.addSpacing(6)
            known.addWidget(label(title, "section"))
            known.addWidget(bars)
        known.addSpacing(6)
        known.addWidget(self.sure)
        row = QHBoxLayout()
        for button in (self.again, self.confirm, self.keep):
            row.addWidget(button)
        row.addStretch(1)
        known.addLayout(row)
        column.addWidget(self._known)
        column.addStretch(1)
        self.setWidget(page)

    def _ask(self, on: bool) -> None:
        """Ask whether to start again, or do not any more."""
        asked_with_keys = self.again.hasFocus() or self.keep.hasFocus() or self.confirm.hasFocus()
        for part in (self.sure, self.confirm, self.keep):
            part.setVisible(on)
        self.again.setVisible(not on)
        if asked_with_keys:
            (self.keep if on else self.again).setFocus()

    def _confirmed(self) -> None:
        self._ask(False)
        self.start_again.emit()


def _row(share: Share, name: str) -> ShareRow:
    return ShareRow(name=name, here=share.here, calibration=share.calibration)
