"""Sliders for the weights of the combined trust: an uncertified what-if that nothing else follows."""

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from viewer.assessment.combine import combined_trust
from viewer.domain.basis import Basis
from viewer.domain.percent import floor_percent
from viewer.domain.result import About, Assessment
from viewer.present.families import unfolded
from viewer.present.wording import percent
from viewer.ui.texts import marked, tr
from viewer.ui.theme import scaled
from viewer.ui.widgets.disclosure import Disclosure
from viewer.ui.widgets.labels import label
from viewer.ui.widgets.slider import KeySlider

HEADING = marked("What if the scores weighed otherwise?")
AS_IT_IS = marked("Move a slider to see the trust with other weights.")
NOTE = marked("Uncertified what-if. The light, the tables and the files stay as they are.")


class Weight:
    """The slider of one scorer; it stands at the model's own weight until it is moved."""

    def __init__(self, title: str, own: float) -> None:
        self._own = own
        self.title = label(title)
        self.slider = KeySlider()
        self.slider.setValue(round(100 * own))
        self.slider.setAccessibleName(tr("What-if weight of {score}").format(score=title))
        words = tr("Weight of {score} in the what-if; the model's own is {share}")
        self.slider.setToolTip(words.format(score=title, share=percent(own)))
        self.share = label("", "small")
        self.share.setMinimumWidth(scaled(38))

    @property
    def moved(self) -> bool:
        """Whether it stands elsewhere than at the model's own weight."""
        return self.slider.value() != round(100 * self._own)

    @property
    def value(self) -> float:
        """Weight, [0, 1]; the model's own to the last digit where it was not moved."""
        return self.slider.value() / 100 if self.moved else self._own

    def reset(self) -> None:
        """Back to the model's own weight."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(100 * self._own))


class WhatIf(QWidget):
    """One slider for each scorer of the answer that was calibrated, or family of them; hidden where none was."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.section = Disclosure(tr(HEADING))
        self.reset = QPushButton(tr("Reset to the model's weights"))
        self.reset.clicked.connect(self.reset_all)
        self.result = label("", wrap=True)
        self.weights: dict[str, Weight] = {}
        self._offered: tuple[object, ...] = ()
        self._basis: Basis | None = None
        self._grid = QWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.section)
        self.section.column.setContentsMargins(8, 4, 8, 2)
        self.section.column.addWidget(label(tr(NOTE), "muted", wrap=True))
        self.section.column.addWidget(self.result)
        self.section.column.addWidget(self._grid)
        self.section.column.addWidget(self.reset)
        self.hide()

    @property
    def moved(self) -> bool:
        """Whether any weight is another than the model's."""
        return any(weight.moved for weight in self.weights.values())

    def reset_all(self) -> None:
        """Back to the model's weights."""
        for weight in self.weights.values():
            weight.reset()
        self._moved()

    def offer(self, assessment: Assessment, basis: Basis) -> None:
        """Offer sliders for an answer; those of the same model stay as they stand."""
        calibrated = [
            row for row in assessment.rows if row.about is About.CORRECTNESS and row.name in basis.distributions
        ]
        titles = {row.name: row.title for row in unfolded(calibrated, basis)}
        if (basis, *titles) != self._offered:
            self._offered = (basis, *titles)
            self._basis = basis
            self._build(titles, basis.weights)
        self.setVisible(bool(self.weights))

    def words(self, assessment: Assessment) -> str:
        """What the what-if comes to for an answer; `""` while every weight is the model's own."""
        if self._basis is None or not self.moved:
            return ""
        weights = {name: weight.value for name, weight in self.weights.items()}
        mine = combined_trust(assessment.rows, weights, self._basis.distributions)
        if mine is None:
            weighing = any(weights.values())
            silent = tr("Uncertified what-if: no trust, since a score that would weigh gave no answer.")
            return silent if weighing else tr("Uncertified what-if: no trust, since no score would weigh anything.")
        if assessment.trust is None:
            words = tr("Uncertified what-if: trust {trust}; the model's own cannot be told.")
            return words.format(trust=floor_percent(mine))
        words = tr("Uncertified what-if: trust {trust} instead of {own}. No light follows from it.")
        return words.format(trust=floor_percent(mine), own=floor_percent(assessment.trust))

    def _build(self, titles: Mapping[str, str], own: Mapping[str, float]) -> None:
        total = sum(max(weight, 0.0) for weight in own.values()) or 1.0
        self.weights = {name: Weight(title, max(own.get(name, 0.0), 0.0) / total) for name, title in titles.items()}
        grid = QWidget()
        rows = QGridLayout(grid)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setHorizontalSpacing(8)
        rows.setVerticalSpacing(2)
        rows.setColumnStretch(1, 1)
        for place, weight in enumerate(self.weights.values()):
            for column, part in enumerate((weight.title, weight.slider, weight.share)):
                rows.addWidget(part, place, column)
            weight.slider.valueChanged.connect(self._moved)
        self.section.column.replaceWidget(self._grid, grid)
        before: QWidget = self.section.button
        for weight in self.weights.values():  # made last, they would be reached last of all
            QWidget.setTabOrder(before, weight.slider)
            before = weight.slider
        self._grid.deleteLater()
        self._grid = grid
        self._moved()

    def _moved(self) -> None:
        total = sum(weight.value for weight in self.weights.values())
        for weight in self.weights.values():
            weight.share.setText(percent(weight.value / total if total else 0.0))
        self.reset.setEnabled(self.moved)
        self.changed.emit()
