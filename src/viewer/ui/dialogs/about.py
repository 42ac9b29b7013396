"""What this is, and what it is not."""

from importlib.metadata import PackageNotFoundError, version

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from viewer.present.wording import RESEARCH_USE
from viewer.ui.texts import marked, tr
from viewer.ui.widgets.labels import label

WORDS = marked(
    "Shows what an image classifier says, and whether it can be trusted for the picture at hand. "
    "A light is never a diagnosis: it speaks about the AI, not about the patient."
)
FONT_NOTE = marked("The window is set in Inter (SIL Open Font License 1.1).")


class AboutDialog(QDialog):
    """Name, version, and the sentence that it is research software."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About the reliability viewer"))
        self.setMinimumWidth(460)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 16)
        column.setSpacing(10)
        column.addWidget(label(f"{tr('Reliability viewer')} {_version()}", "title"))
        column.addWidget(label(tr(RESEARCH_USE), "warning", wrap=True))
        column.addWidget(label(tr(WORDS), wrap=True))
        column.addWidget(label(tr(FONT_NOTE), "small", wrap=True))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column.addWidget(buttons)


def _version() -> str:
    try:
        return version("reliability-viewer")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return ""
