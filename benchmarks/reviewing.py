"""A reader who never rests: does all that the journal keeps, as the window has it written, until killed.

Acts go through `Reviewing`, on its thread, one after the other or several waiting; number, hash and kind of each are
printed once it is confirmed.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path
from threading import Semaphore

from viewer.domain.result import Light
from viewer.io.reader import open_source
from viewer.session.reviewing import Kept, Reviewing
from viewer.store.acts import Act, AiAnswer, Annotation, KeyImage, Override, Reveal, Review, Subject
from viewer.store.journal import Journal

READY = "ready"
"""Printed before the database is opened."""

AHEAD = 6
"""Acts that may wait for the disk: as many as a hasty reader does meanwhile."""

_AI = AiAnswer(
    predicted="nevus", final="nevus", trust=0.75, light=Light.AMBER, bundle="skin 1", bundle_digest="b" * 64
)


def review(reader: str, subject: Subject) -> Review:
    """The reader answers."""
    return Review(reader=reader, subject=subject, frame=0, answer="nevus", ai=_AI, ai_seen=True, note="clear")


def act(number: int, reader: str, subject: Subject) -> Act:
    """The next act: an answer, a drawn distance, its removal, a key image, a reveal, something set aside."""
    drawn = {"kind": "distance", "points": [[1.0, 2.0], [30.0, 40.0 + number]]}
    item = f"{reader}-{number // 6}"
    match number % 6:
        case 0:
            return review(reader, subject)
        case 1:
            return Annotation(reader=reader, subject=subject, frame=0, item=item, payload=drawn)
        case 2:
            return Annotation(reader=reader, subject=subject, frame=0, item=item, payload=None)
        case 3:
            return KeyImage(reader=reader, subject=subject, frame=0, marked=number % 12 == 3)
        case 4:
            return Reveal(reader=reader, subject=subject, frame=0, ai=_AI, why="red light")
        case _:
            return Override(reader=reader, subject=subject, frame=0, what="class", shown="nevus", chosen="melanoma")


def main() -> None:
    """Say that it is ready, then work: on a database, as a reader, with pictures, all named in this order."""
    path, reader, pictures = Path(sys.argv[1]), sys.argv[2], [Path(word) for word in sys.argv[3:]]
    clips = [open_source(picture).clip for picture in pictures]
    room = Semaphore(AHEAD)

    def told(kept: Kept) -> None:
        lines = [f"{entry.sequence} {entry.hash} {entry.act.kind}\n" for entry in kept.confirmed]
        print("".join(lines), end="", flush=True)
        if kept.confirmed:
            room.release(len(kept.confirmed))
        if kept.unsaved:
            reviewing.retry()

    print(READY, flush=True)
    executor = ThreadPoolExecutor(max_workers=1)
    reviewing = Reviewing(lambda: Journal(path), executor, reader, told)
    for number in count():
        room.acquire()
        reviewing.record(clips[number % len(clips)], partial(act, number))


if __name__ == "__main__":
    main()
