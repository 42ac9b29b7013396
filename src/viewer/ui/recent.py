"""The menu of what was opened before."""

import os
from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from viewer.present.telling import telling
from viewer.session.remembered import Paths
from viewer.ui.texts import tr

MOST_IN_TIP = 10


class RecentMenu:
    """Fills the menu whenever it opens; what no longer exists is said so once that is known."""

    def __init__(self, menu: QMenu, chosen: Callable[[Paths], object], cleared: Callable[[], object]) -> None:
        """Prepare.

        Args:
            menu: Filled when it is about to open.
            chosen: Told which entry to open.
            cleared: Told that the list is to be forgotten.
        """
        self._menu = menu
        self._chosen = chosen
        self._cleared = cleared
        self._actions: dict[Paths, QAction] = {}
        menu.setToolTipsVisible(True)

    def fill(self, entries: tuple[Paths, ...], hidden: bool) -> None:
        """Offer the entries; none of them where names are hidden."""
        self._menu.clear()
        self._actions.clear()
        if hidden or not entries:
            words = tr("Not shown while the display is de-identified") if hidden else tr("Nothing opened yet")
            self._menu.addAction(words).setEnabled(False)
            return
        for number, (entry, words) in enumerate(zip(entries, telling(entries), strict=True), start=1):
            action = self._menu.addAction(f"&{number % 10}  {words.replace('&', '&&')}")
            action.setToolTip("\n".join(entry[:MOST_IN_TIP]) + ("\n…" if len(entry) > MOST_IN_TIP else ""))
            action.triggered.connect(lambda _=False, entry=entry: self._chosen(entry))
            self._actions[entry] = action
        self._menu.addSeparator()
        clear = self._menu.addAction(tr("Clear list"))
        clear.setToolTip(tr("Forget these, and what was open last time"))
        clear.triggered.connect(lambda: self._cleared())

    def mark_missing(self, missing: frozenset[Paths]) -> None:
        """Grey what no longer exists."""
        for entry in missing & self._actions.keys():
            action = self._actions[entry]
            if action.isEnabled():
                action.setEnabled(False)
                action.setText(tr("{name}   (not found)").format(name=action.text()))


def missing_of(entries: tuple[Paths, ...]) -> frozenset[Paths]:
    """The entries of which nothing exists any more; it reads the disk, and so belongs on a thread."""
    return frozenset(entry for entry in entries if not any(os.path.lexists(path) for path in entry))
