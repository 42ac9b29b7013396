"""Steps through cached frames of a clip in the viewer's own window, while it scores the clip and when it is done."""

import argparse
import json
from pathlib import Path

from window import Window, until


def main() -> None:
    """Print the seconds of every step as JSON: `scoring`, `idle`, and the size of the `canvas`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--steps", type=json.loads, required=True, help="frame numbers to show, as JSON")
    parser.add_argument("--bundle")
    arguments = parser.parse_args()
    window = Window(arguments.bundle)
    window.open(arguments.clip)
    until(lambda: window.assessed > 0)
    for index in arguments.steps[: len(arguments.steps) // 2]:
        window.step(index)
    scoring = [window.step(index) for index in arguments.steps]
    still_scoring = not window.done
    until(lambda: window.done)
    window.main.desk.cancel()
    for index in arguments.steps[: len(arguments.steps) // 2]:
        window.step(index)
    idle = [window.step(index) for index in arguments.steps]
    canvas = window.canvas_size()
    window.close()
    print(json.dumps({"scoring": scoring if still_scoring else [], "idle": idle, "canvas": canvas}))


if __name__ == "__main__":
    main()
