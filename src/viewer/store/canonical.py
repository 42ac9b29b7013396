"""One form for every JSON value, so that its bytes can be hashed, and the hash that chains them."""

import hashlib
import json
import re

START = "0" * 64
"""What stands for the hash before the first entry."""

_NO_TEXT = re.compile("[\ud800-\udfff]")


def canonical(value: object) -> str:
    r"""JSON with sorted keys, without blanks, as UTF-8 can hold it.

    A byte of a file name that is no text is written out, as tables do: `\udcff`, six characters.

    Raises:
        ValueError: It is no JSON: a number that is none, a key that is no word, an object of Python's own.
    """
    try:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"this cannot be written as JSON ({error})") from error
    return _NO_TEXT.sub(lambda found: f"\\\\u{ord(found[0]):04x}", text)


def spoken(text: str) -> str:
    """Words as they come back from the journal: the same, but for bytes that are no text."""
    return _NO_TEXT.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def chained(previous: str, text: str) -> str:
    """Hash of an entry: SHA-256 over the hash before it, a line break, and the entry's canonical JSON, in UTF-8."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
