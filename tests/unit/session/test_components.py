from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from viewer.domain.errors import BundleRefused
from viewer.session.components import UNSAID, Component, assets, component_of, libraries, models


def distribution(**fields: list[str]) -> Any:
    about: dict[str, list[str]] = {
        "Name": ["part"],
        **{name.replace("_", "-"): words for name, words in fields.items()},
    }

    class Metadata(dict[str, str]):
        def get_all(self, name: str) -> list[str] | None:
            return about.get(name)

    return SimpleNamespace(metadata=Metadata(Name="part"), version="1.2")


def test_that_everything_the_viewer_stands_on_is_listed_once_with_version_and_licence() -> None:
    found = {part.name.lower().replace("_", "-"): part for part in libraries()}
    assert {"python", "numpy", "torch", "pydicom", "pyqtgraph", "pyside6-essentials", "jinja2"} <= found.keys()
    assert "pytest" not in found  # of the tests alone
    assert len(found) == len(libraries())
    assert all(part.version and part.licence for part in found.values())
    assert "LGPL" in found["pyside6-essentials"].licence


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        ({"License_Expression": ["MIT"], "License": ["The MIT License"]}, "MIT"),
        ({"License": ["BSD"]}, "BSD"),
        (
            {"License": ["Copyright\nall of it"], "Classifier": ["License :: OSI Approved :: MIT License"]},
            "MIT License",
        ),
        ({"Classifier": ["License :: OSI Approved", "Topic :: Any"]}, UNSAID),
        ({}, UNSAID),
    ],
)
def test_that_a_licence_is_taken_from_where_it_is_stated(fields: Any, licence: str) -> None:
    assert component_of(distribution(**fields)) == Component("part", "1.2", licence)


def test_that_models_are_listed_with_their_licence_and_refused_ones_are_not() -> None:
    manifest = SimpleNamespace(name="lesions", version="3", licence="CC0-1.0")
    bundles: Any = (SimpleNamespace(manifest=manifest), BundleRefused(Path("bad"), reason="it is damaged"))
    assert models(bundles) == (Component("lesions", "3", "CC0-1.0"),)


def test_that_the_font_is_named_with_its_licence() -> None:
    assert any("Inter" in part.name and part.licence == "OFL-1.1" for part in assets())
