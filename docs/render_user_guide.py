"""Writes what follows from the program itself; with `--check` only says whether it is true.

These are the tables of docs/user-guide.md, and the texts that can be translated.
"""

import argparse
import dataclasses
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import extract_texts

from viewer.__main__ import WINDOW_COMMANDS
from viewer.cli import COMMANDS, build_parser
from viewer.resources import user_bundles
from viewer.settings import Settings
from viewer.ui.actions import COMMANDS as WINDOW_ACTIONS

GUIDE = Path(__file__).with_name("user-guide.md")
_Nested = argparse._SubParsersAction
PLACE = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- end -->\n)", re.DOTALL)


def commands() -> Iterator[str]:
    """Every command with its options."""
    every = {**WINDOW_COMMANDS, **COMMANDS}
    for name, command in every.items():
        parser = _nested(build_parser(every, name))[name]
        yield from _command(f"viewer {name}", parser, f"{command.help[0].upper()}{command.help[1:]}.")


def keys() -> Iterator[str]:
    """What the window can be asked for, and by which key."""
    yield "| what | keys | |\n|---|---|---|\n"
    for action in WINDOW_ACTIONS:
        shortcuts = " ".join(f"`{key}`" for key in action.keys) or "–"
        yield f"| {action.text} | {shortcuts} | {action.tip} |\n"


def settings() -> Iterator[str]:
    """Every setting with its default."""
    yield "| setting | default | meaning |\n|---|---|---|\n"
    for field in dataclasses.fields(Settings):
        yield f"| `{field.name}` | `{_toml(getattr(Settings(), field.name))}` | {field.metadata['help']} |\n"


TABLES = {"commands": commands, "keys": keys, "settings": settings}


def rendered(guide: str) -> str:
    """The guide with every table made anew; tables stand between `<!-- name -->` and `<!-- end -->`."""
    return PLACE.sub(lambda place: place[1] + "\n" + "".join(TABLES[place[2]]()).strip() + "\n\n" + place[3], guide)


def _command(name: str, parser: argparse.ArgumentParser, summary: str) -> Iterator[str]:
    actions = [action for action in parser._actions if not isinstance(action, argparse._HelpAction | _Nested)]
    nested = _nested(parser)
    if actions or not nested:
        places = " ".join(_words(action) for action in actions if not action.option_strings)
        description = (parser.description or summary).replace(str(user_bundles()), "the user's folder")
        yield f"### `{f'{name} {places}'.strip()}`\n\n{description}\n\n"
        yield from _options([action for action in actions if action.option_strings])
    for inner, inner_parser in nested.items():
        yield from _command(f"{name} {inner}", inner_parser, _help_of(parser, inner))


def _options(options: list[argparse.Action]) -> Iterator[str]:
    if not options:
        return
    yield "| option | |\n|---|---|\n"
    for action in options:
        yield f"| `{', '.join(action.option_strings)}{_value(action)}` | {_sentence(action)} |\n"
    yield "\n"


def _words(action: argparse.Action) -> str:
    name = str(action.metavar or action.dest)
    return {"+": f"{name} …", "*": f"[{name} …]", "?": f"[{name}]"}.get(str(action.nargs), name)


def _value(action: argparse.Action) -> str:
    if action.choices:
        return " " + "/".join(map(str, action.choices))
    return "" if action.nargs == 0 else f" {action.metavar or action.dest.upper()}".replace("|", "\\|")


def _sentence(action: argparse.Action) -> str:
    return (action.help or "") % {"default": action.default} + (" (needed)" if action.required else "")


def _nested(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    groups = [action for action in parser._actions if isinstance(action, _Nested)]
    return dict(groups[0].choices) if groups else {}


def _help_of(parser: argparse.ArgumentParser, name: str) -> str:
    groups = [action for action in parser._actions if isinstance(action, _Nested)]
    words = {choice.dest: choice.help or "" for choice in groups[0]._choices_actions}[name]
    return f"{words[0].upper()}{words[1:]}." if words else ""


def _toml(value: object) -> str:
    return {"()": "[]", "''": '""', "{}": "{}"}.get(repr(value), str(value))


def main() -> int:
    """Write the guide, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    present = GUIDE.read_text(encoding="utf-8")
    wanted = rendered(present)
    if parser.parse_args().check:
        if present != wanted:
            print("docs/user-guide.md differs from the program: run make docs", file=sys.stderr)
        for path in extract_texts.outdated():
            print(f"{path.name} differs from the program: run make texts", file=sys.stderr)
        return int(present != wanted or bool(extract_texts.outdated()))
    GUIDE.write_text(wanted, encoding="utf-8")
    extract_texts.write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
