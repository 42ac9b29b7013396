"""The only way from a worker thread to the window."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

T = TypeVar("T")


class Bridge(QObject):
    """Carries calls over to the GUI thread, in order; after `close` it drops them."""

    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = True
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def relay(self, receive: Callable[[T], None]) -> Callable[[T], None]:
        """A function that any thread may call and that has `receive` called on the GUI thread."""
        return lambda value: self.post(partial(receive, value))

    def post(self, call: Callable[[], None]) -> None:
        """Have `call` called on the GUI thread; from any thread."""
        if self._open:
            self._posted.emit(call)

    def close(self) -> None:
        """Drop what has not arrived yet and everything that comes later."""
        self._open = False

    @Slot(object)
    def _deliver(self, call: Callable[[], None]) -> None:
        if self._open:
            call()
