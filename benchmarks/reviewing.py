"""A reader who never rests: records reviews and prints number and hash of each once it is confirmed, until killed."""

import sys
from pathlib import Path

from viewer.domain.result import Light
from viewer.store.acts import AiAnswer, Review, Subject
from viewer.store.journal import Journal

READY = "ready"
"""Printed before the database is opened."""

_AI = AiAnswer(
    predicted="nevus", final="nevus", trust=0.75, light=Light.AMBER, bundle="skin 1", bundle_digest="b" * 64
)


def review(number: int, reader: str = "anna") -> Review:
    """The answer to one of a hundred pictures."""
    digest = f"{number % 100:064x}"
    subject = Subject(study="1.2", series="1.2.3", file=f"scans/{number % 100}.dcm", digest=digest)
    return Review(reader=reader, subject=subject, frame=0, answer="nevus", ai=_AI, ai_seen=True)


def main() -> None:
    """Say that it is ready, then open the database named first and work as the reader named second."""
    path, reader = Path(sys.argv[1]), sys.argv[2]
    print(READY, flush=True)
    with Journal(path) as journal:
        number = 0
        while True:
            entry = journal.append(review(number, reader))
            print(entry.sequence, entry.hash, flush=True)
            number += 1


if __name__ == "__main__":
    main()
