import dataclasses
from pathlib import Path
from typing import Any

import pytest

from viewer.domain.errors import ViewerError
from viewer.settings import Settings


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.toml"


def written(path: Path, toml: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(toml, encoding="utf-8")
    return path


def test_that_no_file_means_the_defaults(path: Path) -> None:
    assert Settings.load(path) == Settings()


def test_that_what_is_saved_is_loaded(path: Path) -> None:
    settings = Settings(
        theme="light", plugin_budget_s=2.5, disabled_plugins=("a",), plugins={"confidence-scores": {"margin_k": 3}}
    )
    settings.save(path)
    assert Settings.load(path) == settings
    assert "device" not in path.read_text(encoding="utf-8")
    assert [file.name for file in path.parent.iterdir()] == ["settings.toml"]


def test_that_a_whole_number_will_do_for_seconds(path: Path) -> None:
    assert Settings.load(written(path, "plugin_budget_s = 3")).plugin_budget_s == 3.0


def test_that_settings_of_a_newer_viewer_are_passed_over(path: Path) -> None:
    assert Settings.load(written(path, 'colour_of_the_cat = "grey"')) == Settings()


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("theme = 3", "theme should be like 'dark', not 3"),
        ('theme = "pink"', "theme should be one of dark, light, high-contrast, not 'pink'"),
        ('modality = "cats"', "modality should be one of dermoscopy, other, ultrasound, xray, not 'cats'"),
        ("batch_size = 0", "batch_size should be at least 1, not 0"),
        ("font_scale = 500", "font_scale should be at most 200, not 500"),
        ("batch_size = true", "batch_size should be like 8, not True"),
        ("plugin_budget_s = nan", "plugin_budget_s should be at least 0.1, not nan"),
        ("disabled_plugins = [1]", "disabled_plugins should be a list of words, not (1,)"),
        ("plugins = {a = 1}", "plugins should hold one table for each plugin, not {'a': 1}"),
        ("theme = ", "the settings cannot be read"),
    ],
)
def test_that_nonsense_is_refused_in_one_sentence(path: Path, toml: str, sentence: str) -> None:
    with pytest.raises(ViewerError) as refusal:
        Settings.load(written(path, toml))
    assert str(refusal.value).startswith(f"{path}: ")
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value).replace(toml, "")


def test_that_bytes_that_are_no_text_are_refused(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ViewerError, match="the settings cannot be read"):
        Settings.load(path)


def test_that_a_plugin_is_switched_off_and_on_again() -> None:
    off = Settings().with_plugin("a", enabled=False).with_plugin("a", enabled=False)
    assert off.disabled_plugins == ("a",)
    assert off.with_plugin("a", enabled=True) == Settings()


@pytest.mark.parametrize("item", dataclasses.fields(Settings), ids=lambda item: item.name)
def test_that_every_setting_explains_itself_and_its_default_is_sensible(item: Any, path: Path) -> None:
    assert item.metadata["help"].endswith(".")
    value = getattr(Settings(), item.name)
    assert not item.metadata["choices"] or value in item.metadata["choices"]
    assert item.metadata["least"] is None or value >= item.metadata["least"]
