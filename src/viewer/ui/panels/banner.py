"""Top: whose picture this is, and which model looks at it."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout

from viewer.domain.bundle import Manifest
from viewer.domain.image import Clip, Modality
from viewer.present.identity import Names
from viewer.ui.texts import marked, tr
from viewer.ui.widgets.elided import ElidedButton, ElidedChooser
from viewer.ui.widgets.labels import ElidedLabel, label, tip

MODALITIES = {
    Modality.DERMOSCOPY: marked("Dermoscopy"),
    Modality.ULTRASOUND: marked("Ultrasound"),
    Modality.XRAY: marked("X-ray"),
    Modality.OTHER: marked("Other"),
    Modality.UNKNOWN: marked("Say what it shows …"),
}
NO_MODEL = marked("Choose a model …")
SECOND_TIP = marked("Second model, which is compared with; press to choose another, or none")
MASKS_TIP = marked("What draws masks; press to choose another model, or none")
PATIENT, CHOOSER, BUTTON = 220, 96, 88
"""Pixels that the patient's name, a chooser and a button keep in a narrow window, where their words take as many."""


class Banner(QFrame):
    """Patient, study, series and modality; the choosers of modality and bundle."""

    bundle_chosen = Signal(str)
    modality_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("banner")
        self.patient = ElidedLabel("title", least=PATIENT)
        self.study = ElidedLabel("small")
        self.modality = ElidedChooser(CHOOSER)
        self.modality.setAccessibleName(tr("What the picture shows"))
        self.bundles = ElidedChooser(CHOOSER)
        self.bundles.setAccessibleName(tr("Model"))
        self.bundles.setToolTip(tr("Model that assesses the pictures"))
        self.bundles.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.second, self.masks = ElidedButton(BUTTON), ElidedButton(BUTTON)
        for button in (self.second, self.masks):
            button.hide()
        for modality, words in MODALITIES.items():
            self.modality.addItem(tr(words), modality)
        self._build()
        self.offer_bundles(())
        self.show_nothing()
        self.bundles.activated.connect(self._bundle_activated)
        self.modality.activated.connect(lambda: self.modality_chosen.emit(self.modality.currentData()))

    def show_nothing(self) -> None:
        """Nothing is open."""
        self.patient.set_words(tr("No picture open"))
        self.study.set_words(tr("Research software, not a medical device"))
        self.modality.setEnabled(False)
        self.modality.setCurrentIndex(self.modality.count() - 1)

    def show_clip(self, clip: Clip, modality: Modality, names: Names) -> None:
        """Show whose clip it is.

        Args:
            clip: On screen.
            modality: What it shows; of the file, or said by the user.
            names: What it is called.
        """
        self.show_names(names)
        said_by_file = clip.modality is not Modality.UNKNOWN
        with QSignalBlocker(self.modality):
            self.modality.setCurrentIndex(self.modality.findData(modality))
        self.modality.setEnabled(not said_by_file)
        words = tr("As the file says") if said_by_file else tr("The file does not say what it shows")
        self.modality.setToolTip(words)

    def show_names(self, names: Names) -> None:
        """Show what the clip is called from now on."""
        self.patient.set_words("   ".join(names.patient))
        self.study.set_words("  ›  ".join(part for part in (names.study, names.date, names.title) if part))

    def offer_bundles(self, names: Sequence[tuple[str, str]]) -> None:
        """Offer models as (name, words)."""
        chosen, chosen_words = self.bundles.currentData(), self.bundles.currentText()
        with QSignalBlocker(self.bundles):
            self.bundles.clear()
            self.bundles.addItem(tr(NO_MODEL), None)
            for name, words in names:
                self.bundles.addItem(words, name)
        if chosen is not None:
            self.show_bundle(chosen, chosen_words)

    def show_bundle(self, name: str, words: str) -> None:
        """Show which model is in use; one that was named by its path joins the list."""
        with QSignalBlocker(self.bundles):
            if self.bundles.findData(name) < 0:
                self.bundles.addItem(words, name)
            self.bundles.setCurrentIndex(self.bundles.findData(name))

    def show_second(self, name: str) -> None:
        """Show which model is compared with; `""` for none."""
        self.second.setText(tr("and {name}").format(name=name))
        self.second.setToolTip(tip(name, tr(SECOND_TIP)))
        self.second.setAccessibleName(tr("Second model: {name}").format(name=name))
        self.second.setVisible(bool(name))

    def show_masks(self, words: str, source: str) -> None:
        """Show in a few words what draws masks in place of the model; `""` for nothing.

        Args:
            words: Such as `masks by lesion-mask`.
            source: Name of a model, or path of a folder.
        """
        self.masks.setText(words)
        self.masks.setToolTip(tip(source, tr(MASKS_TIP)))
        self.masks.setAccessibleName(tr("Masks: {source}").format(source=source))
        self.masks.setVisible(bool(words))

    def _bundle_activated(self) -> None:
        name = self.bundles.currentData()
        if name is not None:
            self.bundle_chosen.emit(name)

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.patient)
        words.addWidget(self.study)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 5, 6, 5)
        row.setSpacing(8)
        row.addLayout(words, 1)
        for name, chooser in ((tr("Picture"), self.modality), (tr("Model"), self.bundles)):
            row.addSpacing(8)
            row.addWidget(label(name, "muted"), 0, Qt.AlignmentFlag.AlignVCenter)
            row.addWidget(chooser, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.second, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.masks, 0, Qt.AlignmentFlag.AlignVCenter)


def bundle_words(manifest: Manifest) -> str:
    """How a model is called in the chooser."""
    return f"{manifest.name}  ({manifest.modality.value})"
