import argparse
import json

import pytest

from viewer import settings
from viewer.cli import plugins
from viewer.domain.errors import ViewerError
from viewer.settings import Settings
from viewer.testing import fakes
from viewer.testing.fakes import entry_point, plugin_module


@pytest.fixture(autouse=True)
def settings_path(monkeypatch, tmp_path):
    path = tmp_path / "settings.toml"
    monkeypatch.setattr(settings, "settings_file", lambda: path)
    return path


@pytest.fixture
def points():
    good = entry_point("good", plugin_module(scorers=[fakes.FakeScorer("one")]))
    return [good, entry_point("old", plugin_module(api=0))]


def run(points, *words):
    parser = argparse.ArgumentParser()
    plugins.add_parser(parser.add_subparsers())
    args = parser.parse_args(["plugins", *words])
    assert args.func is plugins.run
    return plugins.run(args, points)


def test_that_the_list_says_what_each_plugin_offers_and_what_went_wrong(points, capsys):
    assert run(points) == 0
    text = capsys.readouterr().out
    assert "good : loaded in" in text
    assert "offers scorer one" in text
    assert "last error: it was written for plugin interface 0, this viewer offers 1" in text


def test_that_json_is_one_complete_record_on_each_line(points, capsys):
    assert run(points, "--json") == 0
    good, old = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert good.keys() == {
        "name",
        "distribution",
        "version",
        "summary",
        "enabled",
        "state",
        "offers",
        "load_ms",
        "last_error",
    }
    assert (good["state"], good["offers"]) == ("loaded", ["scorer one"])
    assert old["state"] == "refused"


def test_that_a_plugin_stays_disabled_until_it_is_enabled_again(points, capsys):
    assert run(points, "disable", "good") == 0
    assert Settings.load().disabled_plugins == ("good",)
    run(points)
    assert "good : disabled" in capsys.readouterr().out
    assert run(points, "enable", "good") == 0
    assert Settings.load().disabled_plugins == ()


def test_that_an_unknown_plugin_cannot_be_switched(points):
    with pytest.raises(ViewerError, match="there is no plugin 'bad'; there are: good, old"):
        run(points, "disable", "bad")
