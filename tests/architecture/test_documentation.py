"""Documentation is a test: every door, setting and command stands in the guides."""

import ast
import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from viewer import api, hookspecs, resources

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
HOOKS = [name for name in vars(hookspecs) if name.startswith("viewer_")]


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def signature(hook: str) -> str:
    """The line a reader copies: `viewer_scorers(options: Options) -> Iterable[Scorer]`."""
    definition = ast.parse(inspect.getsource(getattr(hookspecs, hook))).body[0]
    assert isinstance(definition, ast.FunctionDef)
    assert definition.returns is not None
    return f"{hook}({ast.unparse(definition.args)}) -> {ast.unparse(definition.returns)}"


def test_that_the_user_guide_names_every_command_key_and_setting_as_it_is():
    guide = DOCS / "render_user_guide.py"
    finished = subprocess.run([sys.executable, guide, "--check"], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr


def test_that_the_performance_page_shows_the_kept_results():
    page = ROOT / "benchmarks" / "render.py"
    finished = subprocess.run([sys.executable, page, "--check"], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr


@pytest.mark.parametrize("hook", HOOKS)
def test_that_every_hook_stands_in_the_plugin_guide_with_its_signature(hook):
    assert signature(hook) in text(DOCS / "plugin-guide.md")


@pytest.mark.parametrize("name", api.__all__)
def test_that_every_name_of_the_api_stands_in_the_plugin_guide(name):
    assert re.search(rf"`{name}\b", text(DOCS / "plugin-guide.md"))


def test_that_the_readme_shows_the_plugin_guides_example():
    examples = re.findall(r"```python\n(.*?)```", text(ROOT / "README.md"), re.DOTALL)
    assert examples
    assert all(example in text(DOCS / "plugin-guide.md") for example in examples)


def test_that_the_readme_names_the_commands_ci_runs():
    for command in ("make demo", "make test"):
        assert command in text(ROOT / "README.md")
    assert "make test" in text(ROOT / ".ci" / "run")


@pytest.mark.parametrize("page", [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))], ids=lambda p: p.name)
def test_that_links_between_pages_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text(page))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_that_decision_notes_are_numbered_once():
    numbers = [path.name[:4] for path in sorted((DOCS / "decisions").glob("[0-9]*.md"))]
    assert len(numbers) == len(set(numbers))
    assert all(number.isdigit() for number in numbers)


def test_that_no_single_resource_bundle_outgrows_its_limit():
    for bundle in resources.shipped_bundles().iterdir():
        files = [path for path in bundle.rglob("*") if path.is_file()] if bundle.is_dir() else [bundle]
        assert sum(path.stat().st_size for path in files) <= 15e6, bundle.name


def test_that_the_page_of_pictures_says_of_each_what_it_shows_and_what_was_changed():
    words = tomllib.loads(text(DOCS / "screenshots.toml"))
    pictures = {path.stem: path.stat().st_size for path in (DOCS / "images" / "states").glob("*.png")}
    assert len(pictures) >= 12
    assert pictures.keys() == words.keys()
    assert max(pictures.values()) <= 150_000
    assert sum(pictures.values()) <= 2_500_000
    page = text(DOCS / "screenshots.md")
    for name, said in words.items():
        assert said.keys() == {"title", "shows", "criticism", "changed"}
        assert all(sentence in page for sentence in (f"images/states/{name}.png", *said.values()))
