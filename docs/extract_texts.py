"""Writes resources/translations/viewer.ts, every text that can be translated, and brings each translation up to it.

Texts are literals in calls of `tr` and `marked`, and those of the tables of commands and settings. They are found in
the syntax tree, so that nothing is imported and the file comes out the same on every system. A language lies beside
it as `viewer_<language>.ts`; with `--release` each is also compiled to the `.qm` that the window loads.
"""

import argparse
import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from xml.etree import ElementTree
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src" / "viewer"
FOLDER = ROOT / "resources" / "translations"
TEMPLATE = FOLDER / "viewer.ts"

CALLS: Mapping[str, tuple[int | str, ...]] = {
    "tr": (0,),
    "marked": (0,),
    "_c": (1, 2, 4),
    "_setting": (1, "title"),
}
"""Functions whose arguments are texts, by place or name."""


def texts() -> list[str]:
    """Every text once, in order of files and lines."""
    sources = (path.read_text(encoding="utf-8") for path in sorted(SOURCES.rglob("*.py")))
    return list(dict.fromkeys(words for source in sources for words in texts_of(source)))


def texts_of(source: str) -> Iterator[str]:
    """The texts of one module, in order of lines."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        for place in CALLS.get(name, ()):
            words = _argument(call, place)
            if isinstance(words, ast.Constant) and isinstance(words.value, str) and words.value:
                yield words.value


def _argument(call: ast.Call, place: int | str) -> ast.expr | None:
    if isinstance(place, int):
        return call.args[place] if place < len(call.args) else None
    return next((keyword.value for keyword in call.keywords if keyword.arg == place), None)


def rendered(known: Mapping[str, str], language: str = "") -> str:
    """A file of translations: those that are known, and a place for each that is not."""
    spoken = f' language="{language}"' if language else ""
    messages = "".join(_message(words, known.get(words, "")) for words in texts())
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n<TS version="2.1" sourcelanguage="en"{spoken}>\n'
        f"<context>\n    <name>viewer</name>\n{messages}</context>\n</TS>\n"
    )


def translations(path: Path) -> dict[str, str]:
    """What a language file translates already; one that asks for other values than its text would fail when shown."""
    messages = ElementTree.parse(path).getroot().iter("message")  # noqa: S314 - the project's own file
    found = {message.findtext("source", ""): message.findtext("translation", "") for message in messages}
    return {source: words for source, words in found.items() if words and fields(words) == fields(source)}


def fields(words: str) -> set[str]:
    """Names of the values that are put into a text."""
    return {name for _, name, _, _ in Formatter().parse(words) if name}


def wanted() -> dict[Path, str]:
    """What every file of translations should hold."""
    languages = {path: path.stem.partition("_")[2] for path in FOLDER.glob("viewer_*.ts")}
    others = {path: rendered(translations(path), language) for path, language in languages.items()}
    return {TEMPLATE: rendered({}), **others}


def outdated() -> list[Path]:
    """Files that differ from the program."""
    return [path for path, text in wanted().items() if not path.is_file() or path.read_text(encoding="utf-8") != text]


def write() -> None:
    """Bring every file up to the program."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path, text in wanted().items():
        path.write_text(text, encoding="utf-8")


def release(source: Path) -> Path:
    """Compile one language to what the window loads."""
    compiled = source.with_suffix(".qm")
    tool = Path(sys.executable).with_name("pyside6-lrelease")
    subprocess.run([str(tool), "-silent", str(source), "-qm", str(compiled)], check=True)  # noqa: S603
    return compiled


def _message(source: str, words: str) -> str:
    kind = "" if words else ' type="unfinished"'
    return (
        f"    <message>\n        <source>{_escaped(source)}</source>\n"
        f"        <translation{kind}>{_escaped(words)}</translation>\n    </message>\n"
    )


def _escaped(words: str) -> str:
    return escape(words, {"'": "&apos;", '"': "&quot;"})


def main() -> int:
    """Write the files, or check them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--release", action="store_true", help="also compile every language")
    args = parser.parse_args()
    if args.check:
        for path in outdated():
            print(f"{path.name} differs from the program: run make texts", file=sys.stderr)
        return int(bool(outdated()))
    write()
    if args.release:
        for path in FOLDER.glob("viewer_*.ts"):
            release(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
