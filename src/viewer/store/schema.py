"""The one table of the journal, its guards, and the indexes that derived state is read by.

The canonical JSON of an entry is all that is stored of it; the other columns are computed from it by the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """What a database holds.

    Attributes:
        what: In words, after "a".
        application: Marks the file, in SQLite's `application_id`.
        version: Of the tables and of what is in them, in SQLite's `user_version`.
        objects: Statements by name, in the order they are made.
    """

    what: str
    application: int
    version: int
    objects: Mapping[str, str]


APPLICATION = 0x56575256
"""Marks the file as the viewer's reviews ("VWRV"), in SQLite's `application_id`."""

VERSION = 2
"""Of the table and of the entries' form, in SQLite's `user_version`; raised when either changes.

2: the state of a study says what study it is. Entries of form 1 are read as they are.
"""

OBJECTS: Mapping[str, str] = {
    "entry": """
CREATE TABLE entry (
  sequence INTEGER PRIMARY KEY,
  text TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  kind TEXT AS (json_extract(text, '$.kind')),
  reader TEXT AS (json_extract(text, '$.reader')),
  study TEXT AS (json_extract(text, '$.subject.study')),
  digest TEXT AS (json_extract(text, '$.subject.digest')),
  frame INTEGER AS (json_extract(text, '$.frame')),
  stage TEXT AS (json_extract(text, '$.content.stage')),
  item TEXT AS (json_extract(text, '$.content.item')),
  light TEXT AS (json_extract(text, '$.content.ai.light'))
) STRICT""",
    "entry_is_never_changed": """
CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'entries of the journal are never changed'); END""",
    "entry_is_never_removed": """
CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'entries of the journal are never removed'); END""",
    "entry_comes_last": """
CREATE TRIGGER entry_comes_last BEFORE INSERT ON entry
WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM entry)
BEGIN SELECT RAISE(ABORT, 'entries of the journal are only added at its end'); END""",
    "entry_by_study": "CREATE INDEX entry_by_study ON entry (study, sequence) WHERE kind = 'study'",
    "entry_by_file": "CREATE INDEX entry_by_file ON entry (kind, digest, frame)",
    "entry_by_final_review": """
CREATE INDEX entry_by_final_review ON entry (study, digest, frame, sequence, light)
WHERE kind = 'review' AND stage = 'final'""",
    "latest_state": """
CREATE VIEW latest_state AS
SELECT max(sequence) AS sequence, study FROM entry WHERE kind = 'study' GROUP BY study""",
    # The planner would rather read every review; the index has them in the order they are grouped by.
    "latest_review": """
CREATE VIEW latest_review AS
SELECT max(sequence) AS sequence, study, digest, frame, light FROM entry INDEXED BY entry_by_final_review
WHERE kind = 'review' AND stage = 'final' GROUP BY study, digest, frame""",
    "latest_annotation": """
CREATE VIEW latest_annotation AS
SELECT max(sequence) AS sequence, digest FROM entry WHERE kind = 'annotation' GROUP BY digest, item""",
    "latest_key_image": """
CREATE VIEW latest_key_image AS
SELECT max(sequence) AS sequence, digest FROM entry WHERE kind = 'key-image' GROUP BY digest, frame""",
}
"""By name, in the order they are made: the table, its guards, and views of what holds now."""

REVIEWS = Schema(what="database of reviews", application=APPLICATION, version=VERSION, objects=OBJECTS)
