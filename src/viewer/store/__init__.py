"""Reviews that are never lost: an append-only journal, chained by hash, in SQLite.

`journal` writes and reads it, `acts` says what a reader can do, `current` derives what holds now, `audit` checks the
chain, `export` makes tables of it, and `identity` says which file and which reader an act belongs to.
"""
