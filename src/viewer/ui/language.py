"""The language of the window: Qt's translators, put in once, before the first text is shown."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from viewer.present.texts import translate_with
from viewer.resources import resources
from viewer.ui.texts import tr

SOURCE_LANGUAGE = "en"
"""Of the texts in the program itself."""


def speak(app: QCoreApplication, language: str, folder: Path | None = None) -> str:
    """Show all texts in a language from now on.

    Args:
        app: Keeps the translators.
        language: As in `de` or `pt_BR`; empty for the system's.
        folder: Holds `viewer_<language>.qm`; by default that of the resources.

    Returns:
        The language in use: English where there is no translation, Qt's own words included.
    """
    locale = QLocale(language) if language else QLocale.system()
    own = QTranslator(app)
    if not own.load(locale, "viewer", "_", str(folder or resources() / "translations")):
        return SOURCE_LANGUAGE
    of_qt = QTranslator(app)
    if of_qt.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(of_qt)
    app.installTranslator(own)
    translate_with(tr)
    return own.language()
