import argparse
import json
from dataclasses import replace

import pytest

from viewer import settings
from viewer.cli import recipes, train
from viewer.domain.errors import ViewerError
from viewer.domain.recipe import Hyperparameters, Recipe, RecipeOption
from viewer.host.discovery import PluginHost
from viewer.testing.fakes import entry_point, plugin_module

FOCAL = Recipe(
    name="focal",
    title="Look at what is hard",
    summary="look at what is hard",
    explanation="Weighs what is hard.",
    loss="focal",
    needs="labels",
    defaults=Hyperparameters(epochs=3),
    options=(
        RecipeOption(name="gamma", default=2.0, help="How much, in 100 %."),
        RecipeOption(name="mix_up", default=False, help="Blend."),
        RecipeOption(name="base", default="ce", choices=("ce", "bce"), help="Under it."),
    ),
)


@pytest.fixture(autouse=True)
def settings_path(monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "settings_file", lambda: tmp_path / "settings.toml")


@pytest.fixture
def points():
    return [entry_point("sharp", plugin_module(recipes=[FOCAL]))]


def run(points, *words):
    parser = argparse.ArgumentParser()
    recipes.add_parser(parser.add_subparsers())
    return recipes.run(parser.parse_args(["recipes", *words]), points)


def test_that_the_list_names_recipe_title_plugin_network_and_needs(points, capsys):
    assert run(points) == 0
    text = capsys.readouterr().out
    assert text.startswith("classifier: ")
    assert "focal: Look at what is hard (plugin sharp)\n  network: any, by --architecture; needs labels" in text


def test_that_one_recipe_is_explained_in_words_with_its_options_and_a_command(points, capsys):
    assert run(points, "focal") == 0
    text = capsys.readouterr().out
    assert "classifier" not in text
    for words in (
        "Weighs what is hard.",
        "loss: focal",
        "frozen: nothing",
        "epochs 3, batch 16",
        "--gamma: How much, in 100 %.; default 2.0",
        "--mix-up: Blend.; default no",
        "--base: Under it. (ce, bce); default ce",
        "viewer train focal --data LABELS.csv",
    ):
        assert words in text


def test_that_records_are_json_and_hold_everything_that_is_no_function(points, capsys):
    assert run(points, "--json") == 0
    records = {record["name"]: record for record in map(json.loads, capsys.readouterr().out.splitlines())}
    assert list(records) == ["classifier", "focal"]
    assert records["focal"]["defaults"]["epochs"] == 3
    assert records["focal"]["options"][2] == {
        "name": "base",
        "default": "ce",
        "help": "Under it.",
        "choices": ["ce", "bce"],
    }


def test_that_an_unknown_recipe_costs_one_sentence(points):
    with pytest.raises(ViewerError, match="no recipe 'focus'; there are: classifier, focal"):
        run(points, "focus")


def test_that_a_plugin_cannot_take_the_name_of_a_built_in_recipe(capsys):
    point = entry_point("thief", plugin_module(recipes=[replace(FOCAL, name="classifier")]))
    assert run([point]) == 0
    assert "thief" not in capsys.readouterr().out


def slip(choices):
    raise KeyError("slip")


@pytest.mark.parametrize(
    ("thing", "sentence"),
    [
        ({"name": "focal"}, "dict is no recipe"),
        (replace(FOCAL, architecture=lambda choices: 3), "the recipe focal must name its network"),
        (replace(FOCAL, frozen=lambda choices: "trunk"), "as a tuple of words"),
        (replace(FOCAL, architecture=slip), "raised KeyError"),
    ],
    ids=["no-recipe", "no-architecture", "no-tuple", "raises"],
)
def test_that_a_recipe_at_fault_is_left_out_with_a_sentence(thing, sentence, capsys):
    point = entry_point("sharp", plugin_module(recipes=[thing]))
    assert run([point]) == 0
    assert "focal" not in capsys.readouterr().out
    host = PluginHost(settings.Settings(), [point])
    host.load()
    host.close()
    assert sentence in host.records()[0].last_error


@pytest.fixture
def parse(points, monkeypatch):
    def installed(self, settings):
        made(self, settings, points)

    made = PluginHost.__init__
    monkeypatch.setattr(PluginHost, "__init__", installed)

    def parse(*words):
        parser = argparse.ArgumentParser()
        train.add_parser(parser.add_subparsers())
        needed = ["--data", "t.csv", "--label", "c", "--group", "g", "--out", "b"]
        return parser.parse_args(["train", words[0], *needed, *words[1:]])

    return parse


def test_that_options_of_a_recipe_are_flags(parse):
    words = ["--architecture", "resnet18", "--gamma", "3", "--mix-up", "--base", "bce", "--lr", "0.1", "--no-stop"]
    plan = train.read_plan(parse("focal", *words))
    assert plan.choices == {"gamma": 3.0, "mix_up": True, "base": "bce"}
    assert (plan.hyper.epochs, plan.hyper.learning_rate, plan.hyper.stop_early) == (3, 0.1, False)


def test_that_devices_are_handed_on(parse):
    words = ["--architecture", "resnet18", "--devices", "2", "--nodes", "2", "--strategy", "ddp", "--device", "cpu"]
    processes = train.read_plan(parse("classifier", *words)).processes
    assert (processes.total, processes.strategy, processes.device) == (4, "ddp", "cpu")


@pytest.mark.parametrize(
    "points",
    [
        [
            entry_point(
                "sharp",
                plugin_module(
                    recipes=[replace(FOCAL, options=(RecipeOption(name="epochs", default=1, help="Taken."),))]
                ),
            )
        ]
    ],
    ids=["taken"],
)
def test_that_an_option_with_a_taken_name_costs_its_recipe_alone(parse):
    args = parse("focal", "--architecture", "resnet18")
    with pytest.raises(ViewerError, match=r"the recipe focal cannot be used: .*--epochs"):
        args.func(args)
    assert train.read_plan(parse("classifier", "--architecture", "resnet18")).hyper.epochs == 14
