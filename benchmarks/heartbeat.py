"""How long the window does not answer: a timer on the GUI thread that keeps how late each of its ticks came."""

import faulthandler
import time
from pathlib import Path
from typing import TextIO

from PySide6.QtCore import QObject, Qt, QTimer

PERIOD_MS = 5
EXPLAINED_MS = 40
"""Stalls longer than this have the stacks of all threads written, where they are asked for."""

_SCHEDULING = Path("/proc/thread-self/schedstat")


class Heartbeat(QObject):
    """Ticks while the event loop runs; a stall is the time between two ticks beyond their period.

    What the window does in one go is a stall, and so is waiting for the interpreter, which another thread holds, or
    for a processor, which another program has.
    """

    def __init__(self, traces: TextIO | None = None) -> None:
        """Prepare.

        Args:
            traces: Where to write the stacks of all threads while a stall lasts; they are written without waiting
                for the interpreter.
        """
        super().__init__()
        self._traces = traces
        self._stalls: list[tuple[float, float, float]] = []
        self._last = self._waited = 0.0
        self._timer = QTimer(self, interval=PERIOD_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Count from now on."""
        self._stalls.clear()
        self._last, self._waited = time.perf_counter(), _waited_s()
        self._timer.start()

    def stop(self) -> dict[str, float]:
        """Stop; what there was in milliseconds.

        Returns:
            `longest`; `for a processor`, the part of it in which the thread could have run but other threads or
            programs did; `p99` and `ticks`, the number of all.
        """
        self._tick()
        self._timer.stop()
        if self._traces is not None:
            faulthandler.cancel_dump_traceback_later()
        longest, waited, _ = max(self._stalls)
        ordered = sorted(stall for stall, _, _ in self._stalls)
        return {
            "longest": 1e3 * longest,
            "for a processor": 1e3 * waited,
            "p99": 1e3 * ordered[int(0.99 * (len(ordered) - 1))],
            "ticks": len(ordered),
        }

    def _tick(self) -> None:
        now, waited = time.perf_counter(), _waited_s()
        stall = max(now - self._last - PERIOD_MS / 1e3, 0.0)
        self._stalls.append((stall, waited - self._waited, now))
        if self._traces is not None:
            if 1e3 * stall > EXPLAINED_MS:
                print(f"--- {1e3 * stall:.0f} ms until {now:.3f}\n", file=self._traces, flush=True)
            faulthandler.dump_traceback_later(EXPLAINED_MS / 1e3, file=self._traces)
        self._last, self._waited = now, waited


def _waited_s() -> float:
    """Seconds this thread has waited for a processor so far (proc(5), schedstat)."""
    return int(_SCHEDULING.read_text(encoding="ascii").split()[1]) / 1e9
