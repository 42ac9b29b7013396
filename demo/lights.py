"""Print one line per file of a table of `viewer assess`: the file, its light and the reason.

Usage: python demo/lights.py TABLE.clips.csv
"""

import csv
import sys
from pathlib import Path


def lines(table: Path) -> list[str]:
    """The lines for a table of clips, in which a single picture is a clip of one frame."""
    with table.open(newline="", encoding="utf-8") as stream:
        rows = [(Path(row["file"]), row["light"], row["reason"] or row["error"]) for row in csv.DictReader(stream)]
    names = [f"{path.parent.name}/{path.name}" for path, _, _ in rows]
    width = max(map(len, names), default=0)
    return [f"    {name:{width}}  {light:5}  {reason}" for name, (_, light, reason) in zip(names, rows, strict=True)]


if __name__ == "__main__":
    print("\n".join(lines(Path(sys.argv[1]))))
