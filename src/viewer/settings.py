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
from viewer.domain.image import Modality
from viewer.resources import settings_file

_MODALITIES = {modality.value for modality in Modality} - {Modality.UNKNOWN.value}


def _setting(default: Any, text: str, *, choices: tuple[str, ...] = (), least: float | None = None) -> Any:  # noqa: ANN401 - a dataclass field of any type
    """A field with its help and, where not every value of its type makes sense, the choices or the least value."""
    about = {"help": text, "choices": choices, "least": least}
    if isinstance(default, dict):
        return field(default_factory=default.copy, metadata=about)
    return field(default=default, metadata=about)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings; the help of each field is its documentation."""

    theme: str = _setting("dark", "Colours of the window: dark or light.", choices=("dark", "light"))
    language: str = _setting(
        "", "Language of the window, e.g. de; empty for the system's. English where there is no translation."
    )
    device: str = _setting(
        "auto", "Where models run: auto (GPU when there), cpu or cuda.", choices=("auto", "cpu", "cuda")
    )
    frame_cache_mb: int = _setting(80, "Memory for decoded frames, in megabytes.", least=0)
    evidence_cache_mb: int = _setting(32, "Memory for the evidence of assessed frames, in megabytes.", least=0)
    batch_size: int = _setting(8, "Frames of a clip that are assessed, and written, at a time.", least=1)
    head_samples: int = _setting(50, "Dropout samples of the head for the uncertainty scores.", least=2)
    plugin_budget_s: float = _setting(
        10.0, "Seconds a plugin may take for one call before it is switched off.", least=0.1
    )
    modality: str = _setting(
        "", "What JPEG and PNG files show, e.g. dermoscopy; empty to be asked.", choices=("", *sorted(_MODALITIES))
    )
    reviews_database: str = _setting(
        "", "File that reviews are kept in, on a local disk; empty for reviews.db in the user's data folder."
    )
    withhold_on_red: bool = _setting(
        True, "Keep the class and its probabilities back where the AI is unreliable, until you ask to see them."
    )
    read_first: bool = _setting(
        False, "Keep back everything the AI says about a picture until you have confirmed your own answer to it."
    )
    restore_session: str = _setting(
        "ask",
        "What was open last time, at a start without files: ask whether to open it, always open it, or never.",
        choices=("ask", "always", "never"),
    )
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
    """A value as its field has it, or one sentence on what it should be."""
    plain = getattr(Settings(), name)
    if isinstance(plain, tuple) and isinstance(value, list):
        value = tuple(value)
    if isinstance(plain, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, type(plain)) or (isinstance(value, bool) and not isinstance(plain, bool)):
        raise ViewerError(f"{path}: {name} should be like {plain!r}, not {value!r}")
    complaint = _complaint(name, value)
    if complaint:
        raise ViewerError(f"{path}: {name} should {complaint}, not {value!r}")
    return value


def _complaint(name: str, value: Any) -> str:  # noqa: ANN401 - a value of the field's type
    """What a value of the right type should be and is not; empty when it is sensible."""
    choices, least = _FIELDS[name].metadata["choices"], _FIELDS[name].metadata["least"]
    if choices and value not in choices:
        return f"be one of {', '.join(filter(None, choices))}"
    if least is not None and not value >= least:  # also refuses NaN
        return f"be at least {least}"
    if isinstance(value, tuple) and not all(isinstance(item, str) for item in value):
        return "be a list of words"
    if isinstance(value, Mapping) and not all(isinstance(item, Mapping) for item in value.values()):
        return "hold one table for each plugin"
    return ""
