"""Lets the window run until something has come about: for pictures of it, and for measuring it."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer

POLL_MS = 20


def until(done: Callable[[], bool], limit_s: float) -> bool:
    """Run the window until `done()` or the limit; says whether it is done."""
    loop, end = QEventLoop(), time.monotonic() + limit_s
    timer = QTimer(interval=POLL_MS)
    timer.timeout.connect(lambda: loop.quit() if done() or time.monotonic() > end else None)
    timer.start()
    if not done():
        loop.exec()
    timer.stop()
    return done()
