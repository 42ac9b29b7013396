"""The doors a plugin may open. Hooks only register; the work is done by what they return.

A plugin is a module (or object) named by an entry point of the group `viewer.plugins`. It states the interface
it was written for as `VIEWER_API = 1`; another number is refused, visibly.
"""

from collections.abc import Iterable, Mapping

import pluggy

from viewer.domain.command import Command
from viewer.domain.recipe import Recipe
from viewer.protocols import AnyExplainer, Architecture, Opinion, Reader, Scorer

API_VERSION = 1
"""Raised when a plugin written for the previous interface would no longer work."""

ENTRY_POINT_GROUP = "viewer.plugins"

hookspec = pluggy.HookspecMarker("viewer")
hookimpl = pluggy.HookimplMarker("viewer")

Options = Mapping[str, object]
"""A plugin's own table `[plugins.<name>]` of the user's settings; empty by default."""


@hookspec
def viewer_scorers(options: Options) -> Iterable[Scorer]:  # type: ignore[empty-body]
    """Offer scorers.

    Called once when the plugin is loaded, on the worker side, never on the GUI thread. Later, `score` runs on
    the plugin thread and may raise: the user sees "unavailable", never green.
    """


@hookspec
def viewer_explainers(options: Options) -> Iterable[AnyExplainer]:  # type: ignore[empty-body]
    """Offer explainers.

    Called once when the plugin is loaded. Later, `explain` runs on the plugin thread; if it raises or overruns,
    its panel says so and the others go on.
    """


@hookspec
def viewer_opinions(options: Options) -> Iterable[Opinion]:  # type: ignore[empty-body]
    """Offer opinions on the final class.

    Called once when the plugin is loaded. Later, `propose` runs on the plugin thread; if it raises, the model's
    own class stays and the trail says so.
    """


@hookspec
def viewer_readers(options: Options) -> Iterable[Reader]:  # type: ignore[empty-body]
    """Offer readers for file formats.

    Called once when the plugin is loaded. Later, `open` runs on a decode thread; `UnreadableFile` becomes the
    file's one sentence, anything else "the reader failed".
    """


@hookspec
def viewer_architectures(options: Options) -> Iterable[Architecture]:  # type: ignore[empty-body]
    """Offer network architectures for bundles and for training.

    Called once when the plugin is loaded. A name the viewer ships may not be taken: that one is left out.
    """


@hookspec
def viewer_recipes(options: Options) -> Iterable[Recipe]:  # type: ignore[empty-body]
    """Offer ways of training.

    Called once when the plugin is loaded. Later, what the recipe makes runs inside `viewer train`; if it raises or
    gives a loss that is not finite, training ends with one sentence, and what was learnt so far is kept.
    """


@hookspec
def viewer_commands(options: Options) -> Iterable[Command]:  # type: ignore[empty-body]
    """Offer commands of the command line.

    Called once when the plugin is loaded: on the command line only for `viewer --help`, or where the first word is no
    command of the viewer. Later, `run` works in the main thread and may take as long as it takes; what it raises is
    said in one sentence. A name the viewer has already may not be taken: that command is left out.
    """
