"""Commands that plugins bring; imported only where one may be asked for, since plugins take time to import."""

import argparse
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass

from viewer.cli import Subparsers, Work
from viewer.domain.command import Command
from viewer.domain.errors import ViewerError
from viewer.host.discovery import Offer, PluginHost
from viewer.host.guard import blamed
from viewer.settings import Settings


@dataclass(frozen=True, slots=True)
class OfferedCommand:
    """A command of a plugin."""

    offer: Offer[Command]

    @property
    def help(self) -> str:
        """One line."""
        return f"{self.offer.thing.summary} (plugin {self.offer.plugin})"

    def add_parser(self, subparsers: Subparsers) -> None:
        """Register its parser.

        Raises:
            ViewerError: The plugin failed.
        """
        summary = self.offer.thing.summary
        description = f"{summary[0].upper()}{summary[1:]}. A command of the plugin {self.offer.plugin}."
        parser = subparsers.add_parser(self.offer.thing.name, description=description)
        with blamed(f"the plugin {self.offer.plugin}, asked for the words of its command,"):
            self.offer.thing.add_arguments(parser)

    def work(self, args: argparse.Namespace) -> Work:
        """Its `run`, which can only fail in one sentence."""
        return self._run

    def _run(self, args: argparse.Namespace) -> int:
        with blamed(f"the plugin {self.offer.plugin}", passes=(ViewerError, BrokenPipeError)):
            status: object = self.offer.thing.run(args)
        if not isinstance(status, int):
            raise ViewerError(f"the plugin {self.offer.plugin} ended in {status!r}, which is no exit status")
        return status


def offered_commands(word: str) -> Mapping[str, OfferedCommand]:
    """The commands of all plugins that can be loaded, by name.

    Args:
        word: What was asked for.

    Raises:
        ViewerError: A plugin of the name of the word could not be loaded.
    """
    try:
        host = PluginHost(Settings.load())
    except ViewerError:  # said by whatever is done without the plugins
        return {}
    try:
        with redirect_stdout(sys.stderr):  # what a plugin prints is no result
            host.load()
    finally:
        host.close()
    found = {offer.thing.name: OfferedCommand(offer) for offer in host.commands}
    for record in host.records():
        if record.name == word and word not in found and record.state != "loaded":
            raise ViewerError(
                f"the plugin of that name is {record.state}: {record.last_error or 'see viewer plugins'}"
            )
    return found
