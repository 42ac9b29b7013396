"""Opens a clip in the viewer's own window, steps through it, and prints how much memory that took."""

import argparse
import json
from pathlib import Path

from clip import clip
from measure import resident_mb
from window import Window, until


def main() -> None:
    """Print memory in MB as JSON.

    `window`: with torch, the plugins and the model loaded and one small clip assessed; `growth`: the most above that
    while opening the clip, stepping through all its frames and assessing them; `steps_growth`: from then on.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--frames", type=int, required=True, help="frames of the clip")
    parser.add_argument("--steps", type=int, default=0, help="further steps to make")
    parser.add_argument("--bundle")
    arguments = parser.parse_args()
    window = Window(arguments.bundle)
    window.open(clip(2, 192, 256))
    until(lambda: window.done)
    started = highest = resident_mb()
    window.open(arguments.clip)
    for index in range(1, arguments.frames):
        window.step(index)
        highest = max(highest, resident_mb())
    while not window.done:
        window.app.processEvents()
        highest = max(highest, resident_mb())
    settled = resident_mb()
    for number in range(arguments.steps):
        window.step(there_and_back(number + 1, arguments.frames))
    after = resident_mb()
    window.close()
    print(json.dumps({"window": started, "growth": highest - started, "steps_growth": after - settled}))


def there_and_back(number: int, frames: int) -> int:
    """Frame after `number` steps from the last frame to the first and back again."""
    place = number % (2 * (frames - 1))
    return abs(frames - 1 - place)


if __name__ == "__main__":
    main()
