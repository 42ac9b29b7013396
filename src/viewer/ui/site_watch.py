"""Counts what the worker concludes among the cases of this site, and keeps the panel of the site in step.

Everything that reads a whole file or waits for the disk happens on a thread of its own.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from viewer.domain.drift import SiteView
from viewer.domain.errors import ViewerError
from viewer.session.events import ClipAssessed
from viewer.store.identity import current_reader
from viewer.ui.bridge import Bridge
from viewer.ui.panels.site import NOT_KEPT
from viewer.ui.texts import tr

if TYPE_CHECKING:
    from viewer.session.session import Session
    from viewer.ui.main_window import MainWindow


class SiteWatch:
    """The window's side of the record of cases; every method is called on the GUI thread."""

    def __init__(self, window: "MainWindow", session: "Session", executor: Executor) -> None:
        """Prepare.

        Args:
            window: Whose panel is kept in step.
            session: Holds the record.
            executor: One thread of its own.
        """
        self._window = window
        self._session = session
        self._executor = executor
        self._bridge = Bridge(window)
        self._view: SiteView | None = None
        self._digest = ""
        window.desk.bundle_used.connect(lambda bundle, basis, device: self._look(bundle.digest))
        window.desk.clip_assessed.connect(self._count)
        window.desk.clip_changed.connect(lambda clip: self._show())
        window.site.start_again.connect(self._start_again)
        window.closing.connect(self._close)

    def _count(self, event: ClipAssessed) -> None:
        clip = self._window.desk.clip
        if clip is not None and str(clip.path) == event.clip and event.case is not None:
            case = event.case
            self._do(lambda: self._session.count(clip, case))

    def _look(self, digest: str) -> None:
        """Another model answers from now on."""
        self._view, self._digest = None, digest
        self._do(lambda: None)

    def _start_again(self) -> None:
        def work() -> None:
            site = self._session.site()
            if site is not None:
                site.start_again(current_reader())

        self._do(work)

    def _do(self, work: Callable[[], None]) -> None:
        """Do something on the record's thread, and look at the site afterwards."""
        if self._session.keeps_site:
            self._executor.submit(self._on_thread, work, self._digest)
        self._show()

    def _on_thread(self, work: Callable[[], None], digest: str) -> None:
        try:
            site = self._session.site()
            if site is None or site.digest != digest:
                return  # nothing can be kept, or another model has been chosen meanwhile
            work()
            view = site.view()
        except ViewerError as error:
            words = str(error)
            self._bridge.post(lambda: self._window.desk.said.emit(words))
            return
        self._bridge.post(lambda: self._stands(view))

    def _stands(self, view: SiteView) -> None:
        """The site has been looked at."""
        before, self._view = self._view, view
        changed = before is not None and before.drift.alarm != view.drift.alarm
        if self._window.preferences.settings.read_first and before is not None and not changed:
            return  # shown with the next clip: the shares would tell the AI's answer to this one
        self._show()
        if changed:
            self._window.assess_again()

    def _show(self) -> None:
        if self._view is not None:
            self._window.site.show_site(self._view)
        elif not self._session.keeps_site:
            self._window.site.show_nothing(tr(NOT_KEPT))

    def _close(self) -> None:
        self._bridge.close()
        self._executor.shutdown(wait=True)
