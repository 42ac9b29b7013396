"""Steps through cached frames in the viewer's own window: while it scores, when it is done, with overlays."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from window import Window, until

from viewer.domain.result import Explanation, Failure, Overlay
from viewer.session.events import Explained


def steps_with_overlay(window: Window, steps: Sequence[int], event: Explained) -> list[float]:
    """Seconds of steps that put a frame and a map over it on the screen at once, and what the panels say of it."""
    maps = [item for item in event.explanations if _draws(item)]

    def show(index: int) -> None:
        window.main.player.seek(index)
        window.main.explanations.show_explanations(maps, event.target, event.picture, event.field_of_view)

    def step(index: int) -> float:
        return window.counter.seconds_until_painted(lambda: show(index))

    for index in steps[: len(steps) // 2]:
        step(index)
    seconds = [step(index) for index in steps]
    if not window.main.canvas.maps:
        raise SystemExit("no explanation drew a map over the picture")
    return seconds


def _draws(item: Explanation) -> bool:
    return not isinstance(item.result, Failure) and any(isinstance(content, Overlay) for content in item.result)


def main() -> None:
    """Print the seconds of every step as JSON: `scoring`, `idle`, `overlay`, and the size of the `canvas`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--steps", type=json.loads, required=True, help="frame numbers to show, as JSON")
    parser.add_argument("--bundle")
    arguments = parser.parse_args()
    window = Window(arguments.bundle)
    explained: list[Explained] = []
    window.main.desk.explained.connect(explained.append)
    window.open(arguments.clip)
    until(lambda: window.assessed > 0 and bool(explained))
    for index in arguments.steps[: len(arguments.steps) // 2]:
        window.step(index)
    scoring = [window.step(index) for index in arguments.steps]
    still_scoring = not window.done
    until(lambda: window.done)
    window.main.desk.cancel()
    for index in arguments.steps[: len(arguments.steps) // 2]:
        window.step(index)
    idle = [window.step(index) for index in arguments.steps]
    overlay = steps_with_overlay(window, arguments.steps, explained[-1])
    canvas = window.canvas_size()
    window.close()
    scored = scoring if still_scoring else []
    print(json.dumps({"scoring": scored, "idle": idle, "overlay": overlay, "canvas": canvas}))


if __name__ == "__main__":
    main()
