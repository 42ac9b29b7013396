"""Every text that a person reads passes here to be translated; free of Qt: it serves the window and the CLI alike.

Cells, journal entries and column names are data and stay as they are, whatever the language.
"""

from collections.abc import Callable

_translate: Callable[[str], str] = str


def tr(text: str) -> str:
    """A text in the language of the program; itself where nothing translates it.

    Args:
        text: A literal, or a constant that was marked. Values are put in afterwards: `tr("frame {n}").format(n=3)`.
    """
    return _translate(text)


def marked(text: str) -> str:
    """The text itself, a literal: it is translated where it is shown, for at import there is no language yet."""
    return text


def translate_with(translate: Callable[[str], str]) -> None:
    """Have all texts translated from now on; `str` leaves them as they are."""
    global _translate
    _translate = translate
