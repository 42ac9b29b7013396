"""Every text of the window goes through here, and so through Qt's translation system."""

from PySide6.QtCore import QCoreApplication

CONTEXT = "viewer"
"""The one context of all texts in translation files."""


def tr(text: str) -> str:
    """The text in the language of the window; itself where there is no translation."""
    return QCoreApplication.translate(CONTEXT, text)
