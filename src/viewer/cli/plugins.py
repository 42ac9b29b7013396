"""`viewer plugins`: which there are, what they offer and how they fare; switching them on and off."""

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterable
from contextlib import redirect_stdout
from importlib.metadata import EntryPoint

from viewer.domain.errors import ViewerError
from viewer.host.discovery import PluginHost, PluginRecord
from viewer.settings import Settings


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `viewer plugins`."""
    parser = subparsers.add_parser(
        "plugins",
        help="list the plugins, or switch one on or off",
        description="Loads the enabled plugins and says what each offers, how long it took and what went wrong. What "
        "is marked as slow is only asked where the setting slow_scores is on. "
        "With `enable NAME` or `disable NAME` the settings are changed instead.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON record per plugin on its own line")
    parser.set_defaults(func=run, action="list")
    actions = parser.add_subparsers(title="actions", metavar="enable|disable", dest="action")
    for action, words in (("enable", "load a plugin from now on"), ("disable", "do not load a plugin any more")):
        actions.add_parser(action, help=words).add_argument("name", metavar="NAME", help="as listed")


def run(args: argparse.Namespace, entry_points: Iterable[EntryPoint] | None = None) -> int:
    """List the plugins, or switch one.

    Args:
        args: With `action`, `json`, and `name` for an action.
        entry_points: The plugins; by default the installed ones.

    Returns:
        0; a plugin that fails is part of the list.

    Raises:
        ViewerError: There is no plugin of that name, or the settings cannot be read.
    """
    settings = Settings.load()
    host = PluginHost(settings, entry_points)
    if args.action in ("enable", "disable"):
        _switch(settings, host, args.name, enabled=args.action == "enable")
        print(f"{args.name} is {args.action}d from the next start on")
        return 0
    try:
        with redirect_stdout(sys.stderr):  # what a plugin prints is no record
            host.load()
        for record in host.records():
            print(json.dumps(dataclasses.asdict(record)) if args.json else in_words(record))
    finally:
        host.close()
    return 0


def in_words(record: PluginRecord) -> str:
    """A few lines for a person."""
    took = "" if record.load_ms is None else f" in {record.load_ms:.0f} ms"
    lines = [f"{record.name} {record.version}: {record.state}{took}"]
    lines += [f"  {record.summary}"] if record.summary else []
    lines += [f"  offers {', '.join(record.offers)}"] if record.offers else []
    lines += [f"  last error: {record.last_error}"] if record.last_error else []
    return "\n".join(lines)


def _switch(settings: Settings, host: PluginHost, name: str, *, enabled: bool) -> None:
    names = sorted({record.name for record in host.records()})
    if name not in names:
        raise ViewerError(f"there is no plugin {name!r}; there are: {', '.join(names) or 'none'}")
    settings.with_plugin(name, enabled=enabled).save()
