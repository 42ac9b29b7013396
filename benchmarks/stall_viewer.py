"""The viewer's own window under load, while a timer on its thread tells how long it does not answer."""

import argparse
import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import busy_plugin
from clip import clip
from heartbeat import Heartbeat
from PySide6.QtCore import QTimer
from window import Window, until

STEP_MS = 33
"""The reader scrolls through the clip at this pace, as a held key does."""

ROW_MS = 15
"""The reader scrolls through the list by one row in this time."""


class Reader:
    """Scrolls to and fro through the clip on screen, and down the list of what was opened."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._step = 1
        self._wanted = self._made = 0
        window.main.series.clips.thumbnail_wanted.connect(self._want)
        window.main.desk.opener.thumbnail_made.connect(self._make)
        self._timers = [QTimer(interval=STEP_MS), QTimer(interval=ROW_MS)]
        self._timers[0].timeout.connect(self._to_and_fro)
        self._timers[1].timeout.connect(self._down)

    def begin(self) -> None:
        """Scroll from now on."""
        for timer in self._timers:
            timer.start()

    def rest(self) -> None:
        """Stop."""
        for timer in self._timers:
            timer.stop()

    @property
    def has_seen_all(self) -> bool:
        """Whether the list has been scrolled to its end, and every thumbnail it asked for has come."""
        bar = self._window.main.series.verticalScrollBar()
        return bar.value() == bar.maximum() and self._made == self._wanted

    def _want(self, clip: object) -> None:
        self._wanted += 1

    def _make(self, path: str, small: object) -> None:
        self._made += 1

    def _to_and_fro(self) -> None:
        desk = self._window.main.desk
        if desk.clip is None or desk.clip.frames == 1:
            return
        if not 0 <= desk.frame + self._step < desk.clip.frames:
            self._step = -self._step
        self._window.main.player.seek(desk.frame + self._step)

    def _down(self) -> None:
        bar = self._window.main.series.verticalScrollBar()
        bar.setValue(bar.value() + 68)


class Load:
    """What the window is put under; each method begins something and returns what tells that it is over."""

    def __init__(self, window: Window, reader: Reader, folder: Path, busy_s: float) -> None:
        self._window = window
        self._reader = reader
        self._folder = folder
        self._busy_s = busy_s
        self._opening = False
        window.main.desk.opener.busy.connect(self._set_opening)

    def scoring(self) -> Callable[[], bool]:
        """The rest of the clip on screen is scored; all of it where that is done."""
        if self._window.done:
            self._window.done = False
            self._window.main.assess_again()
        return lambda: self._window.done

    def folder(self) -> Callable[[], bool]:
        """A folder is opened, the list of its files scrolled to the end, and the thumbnails appear."""
        self._window.main.desk.opener.open([self._folder])
        return lambda: not self._opening and self._reader.has_seen_all

    def plugin(self) -> Callable[[], bool]:
        """A plugin computes in pure Python."""
        busy_plugin.busy_s = self._busy_s
        return lambda: busy_plugin.busy_s == 0.0

    def _set_opening(self, on: bool) -> None:
        self._opening = on


def loading(window: Window, reader: Reader, path: Path, pulse: Heartbeat) -> dict[str, float]:
    """From the first picture until it is assessed and explained: torch, the plugins and the model are loaded."""
    explained: list[object] = []
    window.main.desk.explained.connect(explained.append)
    window.open(path)
    pulse.start()
    reader.begin()
    until(lambda: bool(explained))
    reader.rest()
    return pulse.stop()


def _all(over: Sequence[Callable[[], bool]]) -> bool:
    return all(end() for end in over)


def main() -> None:
    """Print the stalls as JSON, by what the window was put under."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=300, help="of the clip")
    parser.add_argument("--size", type=json.loads, default=[768, 1024], help="rows and columns of a frame, as JSON")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--busy", type=float, default=10.0, help="seconds the plugin computes")
    parser.add_argument("--load", action="append", required=True, help="scoring, folder, plugin or several with +")
    parser.add_argument("--traces", type=Path, help="file for the stacks of all threads during stalls")
    parser.add_argument("--bundle")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        traces = stack.enter_context(arguments.traces.open("w")) if arguments.traces else None
        pulse = Heartbeat(traces)
        window = Window(arguments.bundle)
        reader = Reader(window)
        stalls = {"loading": loading(window, reader, clip(arguments.frames, *arguments.size), pulse)}
        load = Load(window, reader, arguments.folder, arguments.busy)
        for words in arguments.load:
            pulse.start()
            over = [getattr(load, word)() for word in words.split("+")]
            reader.begin()
            until(partial(_all, over))
            reader.rest()
            stalls[words] = pulse.stop()
        window.close()
    print(json.dumps(stalls))


if __name__ == "__main__":
    main()
