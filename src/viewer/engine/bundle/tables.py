"""Reading a bundle's TOML and arrays, with one sentence for everything that is not as it should be."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from viewer.domain.errors import BundleRefused

Arrays = Mapping[str, NDArray[Any]]


class Toml:
    """One TOML table whose keys are taken one by one; what is left over is refused.

    Args:
        path: The bundle, for the sentence.
        name: The file inside it, for the sentence.
        table: The parsed table.
    """

    def __init__(self, path: Path, name: str, table: Mapping[str, Any]) -> None:
        self._path = path
        self._name = name
        self._left = dict(table)

    @classmethod
    def parsed(cls, path: Path, name: str, content: bytes) -> "Toml":
        """Parse a file's bytes.

        Raises:
            BundleRefused: It is not TOML.
        """
        try:
            table = tomllib.loads(content.decode("utf-8"))
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            raise BundleRefused(path, reason=f"{name} is not TOML ({error})") from error
        return cls(path, name, table)

    def text(self, key: str) -> str:
        """Take a string."""
        return str(self._take(key, str, "a text"))

    def optional_text(self, key: str) -> str:
        """Take a string, or `""` where there is none."""
        return str(self._take(key, str, "a text", ""))

    def whole(self, key: str) -> int:
        """Take an integer."""
        return int(self._take(key, int, "a whole number"))

    def optional_whole(self, key: str) -> int:
        """Take an integer, or 0 where there is none."""
        return int(self._take(key, int, "a whole number", 0))

    def flag(self, key: str, *, default: bool) -> bool:
        """Take true or false."""
        return bool(self._take(key, bool, "true or false", default))

    def number(self, key: str) -> float:
        """Take a finite number."""
        return self._finite(key, self._take(key, (int, float), "a number"))

    def numbers(self, key: str) -> tuple[float, ...]:
        """Take a list of finite numbers."""
        return tuple(self._finite(key, value) for value in self._take(key, list, "a list of numbers"))

    def texts(self, key: str, default: list[str] | None = None) -> tuple[str, ...]:
        """Take a list of strings."""
        values = self._take(key, list, "a list of texts", default)
        if not all(isinstance(value, str) for value in values):
            raise self.refusal(f"{key} is not a list of texts")
        return tuple(values)

    def table(self, key: str, default: Mapping[str, Any] | None = None) -> "Toml":
        """Take a sub-table."""
        return Toml(self._path, f"{self._name} [{key}]", self._take(key, dict, "a table", default))

    def __contains__(self, key: str) -> bool:
        """Whether the key is there and has not been taken."""
        return key in self._left

    def all_tables(self) -> "dict[str, Toml]":
        """Take every key as a sub-table."""
        return {key: self.table(key) for key in tuple(self._left)}

    def all_numbers(self) -> dict[str, float]:
        """Take every key as a finite number."""
        return {key: self.number(key) for key in tuple(self._left)}

    def all_texts(self) -> dict[str, str]:
        """Take every key as a string."""
        return {key: self.text(key) for key in tuple(self._left)}

    def done(self) -> None:
        """Refuse keys nobody took: a word misspelt must not pass for a default."""
        if self._left:
            raise self.refusal(f"it does not know the key {sorted(self._left)[0]!r}")

    def refusal(self, reason: str) -> BundleRefused:
        """A refusal that names this file."""
        return BundleRefused(self._path, reason=f"{self._name}: {reason}")

    def _take(self, key: str, kind: type | tuple[type, ...], words: str, default: Any = None) -> Any:  # noqa: ANN401
        value = self._left.pop(key, default)
        if value is None:
            raise self.refusal(f"{key} is missing")
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.refusal(f"{key} is not {words}")
        return value

    def _finite(self, key: str, value: Any) -> float:  # noqa: ANN401 - a TOML value of any type
        if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
            raise self.refusal(f"{key} is not a finite number")
        return float(value)


def parse_arrays(path: Path, name: str, content: bytes) -> Arrays:
    """Parse safetensors; every float must be finite.

    Raises:
        BundleRefused: It is not safetensors, or a value is infinite or not a number.
    """
    try:
        arrays = safetensors.numpy.load(content)
    except (safetensors.SafetensorError, KeyError, TypeError, ValueError) as error:
        raise BundleRefused(path, reason=f"{name} is not safetensors of a known kind") from error
    for key, array in arrays.items():
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise BundleRefused(path, reason=f"{name}: {key} holds values that are not finite")
        array.setflags(write=False)
    return arrays
