"""What tests of training, calibrating and evaluating share: small generated lesions, and commands run in place."""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from viewer.cli import main
from viewer.phantoms.cohort import lesion_cohort
from viewer.phantoms.folder import write_lesions
from viewer.settings import Settings


@pytest.fixture(scope="module")
def plain_settings() -> Iterator[None]:
    """The settings as they are without a file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Settings, "load", classmethod(lambda cls: cls()))
        yield


@pytest.fixture(scope="module")
def small_lesions(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, int], Path]:
    """Writes as many lesions of four classes, one of each patient, 64 pixels wide; returns the folder."""

    def write(count: int, seed: int) -> Path:
        folder = tmp_path_factory.mktemp("lesions")
        write_lesions(folder, lesion_cohort(count, seed=seed, lesions_per_patient=1, size=64))
        return folder

    return write


@pytest.fixture
def viewer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """The command line with nobody's settings."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    return lambda *words: main([str(word) for word in words])


@pytest.fixture(scope="session")
def in_place() -> Callable[..., int]:
    """Runs a command of the command line in this process; unlike `viewer.cli.main` it lets errors through."""

    def run(command: ModuleType, *words: str | Path) -> int:
        parser = argparse.ArgumentParser()
        command.add_parser(parser.add_subparsers())
        args = parser.parse_args([str(word) for word in words])
        status: int = args.func(args)
        return status

    return run


@pytest.fixture(scope="session")
def table_words() -> Callable[[Path], list[str]]:
    """The words that name the table in a folder of `small_lesions`, its pictures, classes and groups."""

    def words(folder: Path) -> list[str]:
        columns = ["--label", "class", "--group", "group_id"]
        return ["--data", str(folder / "labels.csv"), "--image-root", str(folder), *columns]

    return words
