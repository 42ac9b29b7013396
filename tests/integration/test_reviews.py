"""Reviews survive kills, and several viewers on one database neither corrupt it nor fork the chain."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from viewer.store.audit import audit
from viewer.store.journal import Journal

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
VIEWERS = 4
ENTRIES = 25
WORKING = """
import sys
from pathlib import Path
from viewer.store.acts import Review, Subject
from viewer.store.journal import Journal

path, reader, entries = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
subject = Subject(study="1.2", file="a.dcm", digest="a" * 64)
print("ready", flush=True)
sys.stdin.readline()
with Journal(path) as journal:
    for number in range(entries):
        journal.append(Review(reader=reader, subject=subject, answer=str(number), ai=None, ai_seen=False))
"""

pytestmark = pytest.mark.integration


def test_that_viewers_that_begin_one_database_together_and_write_to_it_together_share_one_chain(tmp_path):
    path = tmp_path / "reviews.db"
    readers = [f"reader {number}" for number in range(VIEWERS)]
    viewers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKING, path, reader, str(ENTRIES)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for reader in readers
    ]
    for viewer in viewers:
        viewer.stdout.readline()
    for viewer in viewers:
        viewer.stdin.write("\n")
        viewer.stdin.flush()
    errors = [viewer.communicate(timeout=120)[1] for viewer in viewers]
    assert errors == [""] * VIEWERS
    with Journal(path) as journal:
        found = audit(journal)
        assert found.intact
        assert found.head.sequence == VIEWERS * ENTRIES
        entries = list(journal.entries())
    assert Counter(entry.act.reader for entry in entries) == dict.fromkeys(readers, ENTRIES)
    for reader in readers:
        answers = [entry.act.answer for entry in entries if entry.act.reader == reader]
        assert answers == [str(number) for number in range(ENTRIES)]
    assert [entry.time for entry in entries] == sorted(entry.time for entry in entries)


@pytest.mark.slow
def test_that_killing_viewers_while_they_record_loses_no_confirmed_review(tmp_path):
    out = tmp_path / "reviews.json"
    command = [sys.executable, BENCHMARKS / "bench_reviews.py", "--quick", "--out", out]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, timeout=280)
    assert finished.returncode == 0, finished.stderr
    lost, broken, cost = json.loads(out.read_text(encoding="utf-8"))["figures"]
    assert lost["detail"]["kills of two processes that had confirmed entries"] == "10"
    assert int(lost["detail"]["entries confirmed"]) > 0
    assert (lost["value"], broken["value"]) == (0, 0)
    assert cost["value"] > 0
