"""The settings in use: changed one at a time, checked, and told to whatever follows them at once."""

from collections.abc import Callable
from typing import Any

from viewer.settings import Settings

Follower = Callable[[Any], object]


class Preferences:
    """Settings while the program runs; a setting that nothing follows takes effect at the next start."""

    def __init__(self, settings: Settings) -> None:
        """Begin with the settings that the program was started with."""
        self._settings = settings
        self._followers: dict[str, list[Follower]] = {}
        self._watchers: list[Callable[[Settings], object]] = []

    @property
    def settings(self) -> Settings:
        """As they are now."""
        return self._settings

    def follow(self, name: str, follower: Follower) -> None:
        """Have a setting take effect at once.

        Args:
            name: Of the setting.
            follower: Called with each new value, never with the one it has now.
        """
        if name not in type(self._settings).__dataclass_fields__:
            raise ValueError(f"there is no setting called {name}")
        self._followers.setdefault(name, []).append(follower)

    def watch(self, watcher: Callable[[Settings], object]) -> None:
        """Have something told of every change, after it has taken effect."""
        self._watchers.append(watcher)

    def at_once(self, name: str) -> bool:
        """Whether a change of a setting takes effect while the program runs."""
        return name in self._followers

    def change(self, name: str, value: Any) -> None:  # noqa: ANN401 - of the setting's type
        """Give a setting another value.

        Raises:
            ViewerError: It makes no sense; one sentence.
        """
        self.become(self._settings.with_value(name, value))

    def become(self, settings: Settings) -> None:
        """Exchange all settings; what follows those that differ is told."""
        before, self._settings = self._settings, settings
        names = type(settings).__dataclass_fields__
        changed = [name for name in names if getattr(before, name) != getattr(settings, name)]
        for name in changed:
            for follower in self._followers.get(name, ()):
                follower(getattr(settings, name))
        if changed:
            for watcher in self._watchers:
                watcher(settings)
