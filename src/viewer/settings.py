"""The user's settings: one TOML file, every field with a default and a sentence of help."""

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import tomli_w

from viewer.domain.errors import ViewerError
from viewer.resources import settings_file


def _setting(default: Any, text: str) -> Any:  # noqa: ANN401 - a dataclass field of any type
    if isinstance(default, list | dict):
        return field(default_factory=lambda: default.copy(), metadata={"help": text})
    return field(default=default, metadata={"help": text})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings; the help of each field is its documentation."""

    theme: str = _setting("dark", "Colours of the window: dark or light.")
    device: str = _setting("auto", "Where models run: auto (GPU when there), cpu or cuda.")
    frame_cache_mb: int = _setting(96, "Memory for decoded frames, in megabytes.")
    evidence_cache_mb: int = _setting(64, "Memory for the evidence of assessed frames, in megabytes.")
    batch_size: int = _setting(8, "Frames of a clip assessed in one pass.")
    head_samples: int = _setting(50, "Dropout samples of the head for the uncertainty scores.")
    plugin_budget_s: float = _setting(10.0, "Seconds a plugin may take for one call before it is switched off.")
    modality: str = _setting("", "What JPEG and PNG files show, e.g. dermoscopy; empty to be asked.")
    disabled_plugins: tuple[str, ...] = _setting((), "Plugins that are not loaded.")
    plugins: Mapping[str, Mapping[str, object]] = _setting({}, "Options of each plugin, by its name.")

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read settings; a missing file gives the defaults.

        Raises:
            ViewerError: The file is not TOML, or a value has the wrong type.
        """
        path = path or settings_file()
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls()
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ViewerError(f"{path}: the settings cannot be read ({error})") from error
        return cls(**{name: _checked(path, name, value) for name, value in table.items() if name in _FIELDS})

    def save(self, path: Path | None = None) -> None:
        """Write the settings that differ from their defaults, replacing the file in one step."""
        path = path or settings_file()
        plain = Settings()
        changed = {n: getattr(self, n) for n in _FIELDS if getattr(self, n) != getattr(plain, n)}
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".new")
        draft.write_text(tomli_w.dumps(changed), encoding="utf-8")
        os.replace(draft, path)  # noqa: PTH105 - atomic on every system

    def with_plugin(self, name: str, *, enabled: bool) -> Self:
        """The same settings with one plugin switched on or off."""
        others = [plugin for plugin in self.disabled_plugins if plugin != name]
        return dataclasses.replace(self, disabled_plugins=tuple(others if enabled else [*others, name]))


_FIELDS = {item.name: item for item in dataclasses.fields(Settings)}


def _checked(path: Path, name: str, value: Any) -> Any:  # noqa: ANN401 - a TOML value of any type
    plain = getattr(Settings(), name)
    if isinstance(plain, tuple) and isinstance(value, list):
        value = tuple(value)
    if isinstance(plain, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, type(plain)) or (isinstance(value, bool) and not isinstance(plain, bool)):
        raise ViewerError(f"{path}: {name} should be like {plain!r}, not {value!r}")
    return value
