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


THEMES = ("dark", "light", "high-contrast")

LOOK, READING, MODELS, PLUGINS = "Look", "Reading", "Models and memory", "Plugins"
"""Groups of settings, in the order they are shown."""

GROUPS = (LOOK, READING, MODELS, PLUGINS)


def _setting(
    default: Any,  # noqa: ANN401
    text: str,
    *,
    title: str = "",
    group: str = READING,
    choices: tuple[str, ...] = (),
    least: float | None = None,
    most: float | None = None,
    file: bool = False,
) -> Any:  # noqa: ANN401 - a dataclass field
    """A field with its help, and what of its type makes sense.

    Args:
        default: Where the settings say nothing.
        text: One or two sentences of help.
        title: A few words; empty for the name in words.
        group: Of settings that belong together.
        choices: Every value there is; empty for any.
        least: Least value of a number.
        most: Greatest value of a number.
        file: Whether the value names a file.
    """
    bounds = {"choices": choices, "least": least, "most": most, "file": file}
    about = {"help": text, "title": title, "group": group, **bounds}
    if isinstance(default, dict):
        return field(default_factory=default.copy, metadata=about)
    return field(default=default, metadata=about)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings; the help of each field is its documentation."""

    theme: str = _setting(
        "dark", "Colours of the window: dark, light or high-contrast.", title="Colours", group=LOOK, choices=THEMES
    )
    font_scale: int = _setting(
        100,
        "Size of letters in per cent, 80 to 200.",
        title="Size of letters",
        group=LOOK,
        least=80,
        most=200,
    )
    language: str = _setting(
        "",
        "Language of the window, e.g. de; empty for the system's. English where there is no translation.",
        title="Language",
        group=LOOK,
    )
    device: str = _setting(
        "auto",
        "Where models run: auto (GPU when there), cpu or cuda.",
        title="Models run on",
        group=MODELS,
        choices=("auto", "cpu", "cuda"),
    )
    frame_cache_mb: int = _setting(
        80, "Memory for decoded frames, in megabytes.", title="Memory for frames", group=MODELS, least=0
    )
    evidence_cache_mb: int = _setting(
        32,
        "Memory for the evidence of assessed frames, in megabytes; a second model takes as much again.",
        title="Memory for evidence",
        group=MODELS,
        least=0,
    )
    batch_size: int = _setting(
        8,
        "Frames of a clip that are assessed, and written, at a time.",
        title="Frames at a time",
        group=MODELS,
        least=1,
    )
    head_samples: int = _setting(
        50,
        "Dropout samples of the head for the uncertainty scores.",
        title="Dropout samples",
        group=MODELS,
        least=2,
    )
    plugin_budget_s: float = _setting(
        10.0,
        "Seconds a plugin may take for one call before it is switched off.",
        title="Time for a plugin",
        group=PLUGINS,
        least=0.1,
    )
    modality: str = _setting(
        "",
        "What JPEG and PNG files show, e.g. dermoscopy; empty to be asked.",
        title="Kind of pictures",
        choices=("", *sorted(_MODALITIES)),
    )
    reviews_database: str = _setting(
        "",
        "File that reviews are kept in, on a local disk; empty for reviews.db in the user's data folder.",
        title="Journal of reviews",
        file=True,
    )
    withhold_on_red: bool = _setting(
        True,
        "Keep the class and its probabilities back where the AI is unreliable, until you ask to see them.",
        title="Withhold unreliable answers",
    )
    read_first: bool = _setting(
        False,
        "Keep back everything the AI says about a picture until you have confirmed your own answer to it.",
        title="Read first",
    )
    de_identified: bool = _setting(
        False,
        "Show neutral names in place of everything that tells whose a picture is; words in the pixels stay.",
        title="De-identified display",
    )
    restore_session: str = _setting(
        "ask",
        "What was open last time, at a start without files: ask whether to open it, always open it, or never.",
        title="Open what was open last time",
        choices=("ask", "always", "never"),
    )
    try_steps: bool = _setting(
        False,
        "Show beside what the network sees what cutting off dark corners, painting over hairs and taking out the "
        "lamp's tint would change, where a model does none of it.",
        title="Try preparing pictures",
        group=MODELS,
    )
    keep_site: bool = _setting(
        True,
        "Keep what models answered to each case here, without names and on this computer alone, and make every light "
        "grey once the cases have drifted from those a model was calibrated on.",
        title="Watch this site for drift",
        group=MODELS,
    )
    slow_scores: bool = _setting(
        False,
        "Ask the slow scores and explanations too: they run the model over every picture once or twice more, so that "
        "an answer takes two to three times as long. They change no light.",
        title="Slow scores",
        group=PLUGINS,
    )
    disabled_plugins: tuple[str, ...] = _setting(
        (), "Plugins that are not loaded.", title="Plugins switched off", group=PLUGINS
    )
    plugins: Mapping[str, Mapping[str, object]] = _setting(
        {}, "Options of each plugin, by its name.", title="Options of plugins", group=PLUGINS
    )

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
        try:
            return cls(**{name: checked(name, value) for name, value in table.items() if name in _FIELDS})
        except ViewerError as error:
            raise ViewerError(f"{path}: {error}") from error

    def save(self, path: Path | None = None) -> None:
        """Write the settings that differ from their defaults, replacing the file in one step."""
        path = path or settings_file()
        plain = Settings()
        changed = {n: getattr(self, n) for n in _FIELDS if getattr(self, n) != getattr(plain, n)}
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".new")
        draft.write_text(tomli_w.dumps(changed), encoding="utf-8")
        os.replace(draft, path)  # noqa: PTH105 - atomic on every system

    def with_value(self, name: str, value: Any) -> Self:  # noqa: ANN401 - of the field's type
        """The same settings with another value of one.

        Raises:
            ViewerError: The value makes no sense; one sentence that names the setting.
        """
        return dataclasses.replace(self, **{name: checked(name, value)})

    def with_plugin(self, name: str, *, enabled: bool) -> Self:
        """The same settings with one plugin switched on or off."""
        others = [plugin for plugin in self.disabled_plugins if plugin != name]
        return dataclasses.replace(self, disabled_plugins=tuple(others if enabled else [*others, name]))


_FIELDS = {item.name: item for item in dataclasses.fields(Settings)}


def checked(name: str, value: Any) -> Any:  # noqa: ANN401 - a TOML value of any type
    """A value as its field has it.

    Raises:
        ViewerError: It makes no sense; one sentence on what it should be.
    """
    plain = getattr(Settings(), name)
    if isinstance(plain, tuple) and isinstance(value, list):
        value = tuple(value)
    if isinstance(plain, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, type(plain)) or (isinstance(value, bool) and not isinstance(plain, bool)):
        raise ViewerError(f"{name} should be like {plain!r}, not {value!r}")
    complaint = _complaint(name, value)
    if complaint:
        raise ViewerError(f"{name} should {complaint}, not {value!r}")
    return value


def _complaint(name: str, value: Any) -> str:  # noqa: ANN401 - a value of the field's type
    """What a value of the right type should be and is not; empty when it is sensible."""
    choices, least, most = (_FIELDS[name].metadata[kind] for kind in ("choices", "least", "most"))
    if choices and value not in choices:
        return f"be one of {', '.join(filter(None, choices))}"
    if least is not None and not value >= least:  # also refuses NaN
        return f"be at least {least}"
    if most is not None and not value <= most:
        return f"be at most {most}"
    if isinstance(value, tuple) and not all(isinstance(item, str) for item in value):
        return "be a list of words"
    if isinstance(value, Mapping) and not all(isinstance(item, Mapping) for item in value.values()):
        return "hold one table for each plugin"
    return ""
