"""Which plugins there are, what they offer, and how they fare."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Generic, Literal, TypeVar

import pluggy

from viewer import hookspecs
from viewer.domain.command import Command
from viewer.domain.evidence import Need
from viewer.domain.recipe import Recipe
from viewer.domain.result import Failure
from viewer.hookspecs import API_VERSION, ENTRY_POINT_GROUP, Options
from viewer.host.guard import Guard
from viewer.host.offers import HOOKS, PLUGIN_NAME, Kind, faults_of, fits, is_slow, place
from viewer.protocols import AnyExplainer, Architecture, Opinion, Reader, Scorer
from viewer.settings import Settings

T = TypeVar("T")

State = Literal["listed", "loaded", "disabled", "refused", "failed", "switched off"]

LOAD_FACTOR = 3
"""Loading may take this many call budgets: the first import of a large library reads it from disk."""


@dataclass(frozen=True, slots=True)
class Offer(Generic[T]):
    """One thing a plugin offers.

    Attributes:
        plugin: Entry-point name of the plugin.
        thing: What it offers.
    """

    plugin: str
    thing: T


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginRecord:
    """What is known of an installed plugin.

    Attributes:
        name: Entry-point name.
        distribution, version, summary: From the metadata of the distribution that offers it.
        enabled: Whether the settings let it load.
        state: `listed` until it is loaded; `refused` for another interface or nothing usable; `failed` when its
            import or its hooks raised; `switched off` after an overrun.
        offers: What it offers, e.g. `scorer softmax`, with ` (slow)` where that takes further passes of the network;
            empty until loaded.
        load_ms: Time to import and register it; None until then.
        last_error: One sentence, or `""`.
    """

    name: str
    distribution: str
    version: str
    summary: str
    enabled: bool
    state: State
    offers: tuple[str, ...] = ()
    load_ms: float | None = None
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What loading one plugin came to."""

    state: State
    offers: tuple[tuple[Kind, Any], ...] = ()
    error: str = ""
    load_ms: float | None = None


class PluginHost:
    """The installed plugins.

    Listing reads metadata only. `load` imports the enabled ones, each guarded, and keeps what is sound: one that
    raises, hangs or lies costs itself, never the others.
    """

    def __init__(self, settings: Settings, entry_points: Iterable[EntryPoint] | None = None) -> None:
        """List the plugins.

        Args:
            settings: Names the disabled plugins, the time budget and the plugins' options.
            entry_points: The plugins; by default those installed under the group `viewer.plugins`.
        """
        found = _installed() if entry_points is None else entry_points
        self._points = tuple(sorted(found, key=lambda point: (point.name, point.value)))
        self._settings = settings
        self._loaded: dict[int, _Loaded] = {}
        self.guard = Guard(settings.plugin_budget_s)

    def records(self) -> tuple[PluginRecord, ...]:
        """Every installed plugin, by name; imports none."""
        return tuple(self._record(index, point) for index, point in enumerate(self._points))

    def load(self) -> None:
        """Import the enabled plugins and collect what they offer; a second call does nothing."""
        for index, point in enumerate(self._points):
            if index not in self._loaded and self._enabled(point):
                self._loaded[index] = self._load(index, point)

    @property
    def scorers(self) -> tuple[Offer[Scorer], ...]:
        """The scorers of all loaded plugins, by plugin name, then in the plugin's own order."""
        return self._offers("scorer")

    @property
    def scorers_of_one_model(self) -> tuple[Offer[Scorer], ...]:
        """Those that ask for no second model; only they can be fitted, certified and measured with a model alone."""
        return tuple(offer for offer in self.scorers if Need.SECOND not in offer.thing.needs)

    def asked(self, offers: Iterable[Offer[T]]) -> tuple[Offer[T], ...]:
        """Those of some offers that are asked about pictures: slow ones only where the settings say so."""
        return tuple(offer for offer in offers if self._settings.slow_scores or not is_slow(offer.thing))

    @property
    def explainers(self) -> tuple[Offer[AnyExplainer], ...]:
        """The explainers, in the same order."""
        return self._offers("explainer")

    @property
    def opinions(self) -> tuple[Offer[Opinion], ...]:
        """The opinions, in the same order."""
        return self._offers("opinion")

    @property
    def fitted(self) -> tuple[Offer[Any], ...]:
        """Scorers, opinions, and explainers that learn from the fit groups."""
        return (*self.scorers, *self.opinions, *(offer for offer in self.explainers if fits(offer.thing)))

    @property
    def readers(self) -> tuple[Offer[Reader], ...]:
        """The readers as the plugins made them; `calls.guarded_readers` makes them safe to use."""
        return self._offers("reader")

    @property
    def architectures(self) -> tuple[Offer[Architecture], ...]:
        """The architectures, in the same order."""
        return self._offers("architecture")

    @property
    def recipes(self) -> tuple[Offer[Recipe], ...]:
        """The recipes, in the same order."""
        return self._offers("recipe")

    @property
    def commands(self) -> tuple[Offer[Command], ...]:
        """The commands, in the same order."""
        return self._offers("command")

    def close(self) -> None:
        """End the plugin threads."""
        self.guard.close()

    def _offers(self, kind: Kind) -> tuple[Offer[Any], ...]:
        return tuple(
            Offer(self._points[index].name, thing)
            for index, loaded in sorted(self._loaded.items())
            for offered, thing in loaded.offers
            if offered == kind
        )

    def _enabled(self, point: EntryPoint) -> bool:
        return point.name not in self._settings.disabled_plugins

    def _record(self, index: int, point: EntryPoint) -> PluginRecord:
        loaded = self._loaded.get(index, _Loaded("listed" if self._enabled(point) else "disabled"))
        failure = self.guard.last_failure(point.name) if loaded.state == "loaded" else None
        off = loaded.state == "loaded" and self.guard.switched_off(point.name)
        metadata: Mapping[str, str] = point.dist.metadata.json if point.dist is not None else {}  # type: ignore[assignment]
        return PluginRecord(
            name=point.name,
            distribution=metadata.get("name", ""),
            version=metadata.get("version", ""),
            summary=metadata.get("summary", ""),
            enabled=self._enabled(point),
            state="switched off" if off else loaded.state,
            offers=tuple(f"{kind} {thing.name}{' (slow)' * is_slow(thing)}" for kind, thing in loaded.offers),
            load_ms=loaded.load_ms,
            last_error=failure.summary if failure is not None else loaded.error,
        )

    def _load(self, index: int, point: EntryPoint) -> _Loaded:
        if not PLUGIN_NAME.fullmatch(point.name):
            return _Loaded("refused", error=f"a plugin's name is like my-plugin, not {point.name!r}")
        if any(other.name == point.name for other in self._points[:index]):
            return _Loaded("refused", error=f"another distribution already offers a plugin named {point.name}")
        started = time.perf_counter()
        outcome = self._guarded_load(point)
        return _Loaded(outcome.state, outcome.offers, outcome.error, (time.perf_counter() - started) * 1000)

    def _guarded_load(self, point: EntryPoint) -> _Loaded:
        options = self._settings.plugins.get(point.name, {})
        taken = {place(kind, thing) for loaded in self._loaded.values() for kind, thing in loaded.offers}
        work: Callable[[], _Loaded] = lambda: _import_and_collect(point, options, taken)  # noqa: E731
        budget_s = LOAD_FACTOR * self.guard.budget_s
        outcome = self.guard.call(point.name, "load", work, name=point.name, budget_s=budget_s)
        return _Loaded("failed", error=outcome.summary) if isinstance(outcome, Failure) else outcome


def _installed() -> Iterable[EntryPoint]:
    return entry_points(group=ENTRY_POINT_GROUP)


def _import_and_collect(point: EntryPoint, options: Options, taken: set[str]) -> _Loaded:
    """Import a plugin and ask its hooks; runs the plugin's code, so always under guard."""
    plugin = point.load()
    version = getattr(plugin, "VIEWER_API", None)
    if version != API_VERSION:
        written = f"plugin interface {version}" if version is not None else "no plugin interface (VIEWER_API)"
        return _Loaded("refused", error=f"it was written for {written}, this viewer offers {API_VERSION}")
    # One manager for each plugin: pluggy stops at the first exception, and no plugin may wrap another's hooks.
    manager = pluggy.PluginManager("viewer")
    manager.add_hookspecs(hookspecs)
    manager.register(plugin, point.name)
    manager.check_pending()
    sound: list[tuple[Kind, Any]] = []
    faults: list[str] = []
    for hook, kind in HOOKS.items():
        for thing in _ask(getattr(manager.hook, hook), options):
            found = faults_of(kind, thing)
            if not found and place(kind, thing) in taken:
                found = [f"the {kind} {thing.name} is already offered"]
            faults += found
            if not found:
                taken.add(place(kind, thing))
                sound.append((kind, thing))
    return _verdict(tuple(sound), faults)


def _ask(hook: Any, options: Mapping[str, object]) -> Iterable[Any]:  # noqa: ANN401 - a pluggy hook caller, by name
    return [thing for answer in hook(options=options) for thing in answer]


def _verdict(sound: tuple[tuple[Kind, Any], ...], faults: list[str]) -> _Loaded:
    error = "; ".join(faults)
    if not sound:
        return _Loaded("refused", error=error or "it offers nothing")
    return _Loaded("loaded", sound, error)
