"""Every text of the window goes through here, and so through Qt's translation system."""

from PySide6.QtCore import QCoreApplication

from viewer.present.texts import marked

__all__ = ["CONTEXT", "marked", "tr"]

CONTEXT = "viewer"
"""The one context of all texts in translation files."""


def tr(text: str) -> str:
    """The text in the language of the window; itself where there is no translation.

    Args:
        text: A literal, or a constant that was `marked`.
    """
    return QCoreApplication.translate(CONTEXT, text)
