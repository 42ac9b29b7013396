import argparse

import pytest

from viewer.cli import BuiltIn, main
from viewer.domain.command import Command
from viewer.domain.errors import ViewerError
from viewer.host import discovery
from viewer.settings import Settings
from viewer.testing.fakes import entry_point, plugin_module


def no_arguments(parser):
    pass


def command(run=lambda args: 0, add_arguments=no_arguments, name="count-sheep"):
    return Command(name=name, summary="counts 100 % of the sheep", add_arguments=add_arguments, run=run)


@pytest.fixture
def offering(monkeypatch):
    """Install one plugin that offers the given commands."""

    def install(*commands, name="shepherd"):
        point = entry_point(name, plugin_module(commands=commands))
        monkeypatch.setattr(discovery, "_installed", lambda: [point])

    monkeypatch.setattr(Settings, "load", Settings)
    return install


def test_that_a_plugins_command_runs_with_its_words_and_decides_the_exit_status(offering, capsys):
    def add_arguments(parser):
        inner = parser.add_subparsers(dest="action").add_parser("twice")
        inner.add_argument("--sheep", type=int)
        inner.set_defaults(func=lambda args: pytest.fail("only `run` is the work of a command"))

    def run(args):
        print(args.action, 2 * args.sheep)
        return 5

    offering(command(run, add_arguments))

    assert main(["count-sheep", "twice", "--sheep", "21"]) == 5
    assert capsys.readouterr().out == "twice 42\n"


def test_that_the_help_lists_what_plugins_bring_after_the_viewers_own(offering, capsys):
    offering(command())
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert (
        "phantoms write generated images with known truth count-sheep counts 100 % of the sheep (plugin she" in said
    )


def test_that_a_commands_own_help_says_whose_it_is(offering, capsys):
    offering(command())
    with pytest.raises(SystemExit, match="0"):
        main(["count-sheep", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "Counts 100 % of the sheep. A command of the plugin shepherd." in said


def test_that_wrong_words_are_said_in_one_line(offering, capsys):
    offering(command())
    with pytest.raises(SystemExit, match="2"):
        main(["count-sheep", "--wolves"])
    assert capsys.readouterr().err == "viewer: unrecognized arguments: --wolves (see viewer --help)\n"


def raising(error):
    def work(anything):
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ViewerError("herd.csv: row 3: there is no sheep"), "herd.csv: row 3: there is no sheep"),
        (ZeroDivisionError("no sheep"), "the plugin shepherd raised ZeroDivisionError: no sheep"),
        (OSError("no field"), "the plugin shepherd raised OSError: no field"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_that_whatever_a_command_raises_is_one_sentence(offering, capsys, error, sentence):
    offering(command(raising(error)))
    assert main(["count-sheep"]) == 2
    assert capsys.readouterr().err == f"viewer count-sheep: {sentence}\n"


def test_that_a_command_may_be_interrupted(offering, capsys):
    offering(command(raising(KeyboardInterrupt())))
    assert main(["count-sheep"]) == 130
    assert capsys.readouterr().err == "viewer count-sheep: stopped\n"


def test_that_a_fault_while_words_are_added_is_one_sentence(offering, capsys):
    offering(command(add_arguments=raising(RuntimeError("no pasture"))))
    assert main(["count-sheep"]) == 2
    said = "the plugin shepherd, asked for the words of its command, raised RuntimeError: no pasture"
    assert capsys.readouterr().err == f"viewer count-sheep: {said}\n"


def test_that_an_answer_that_is_no_exit_status_is_said(offering, capsys):
    offering(command(lambda args: None))
    assert main(["count-sheep"]) == 2
    assert "the plugin shepherd ended in None, which is no exit status" in capsys.readouterr().err


def test_that_an_unknown_word_is_still_a_path_to_open(offering, monkeypatch):
    opened = []

    def add_open(subparsers):
        parser = subparsers.add_parser("open")
        parser.add_argument("paths", nargs="*")
        parser.set_defaults(func=lambda args: opened.extend(args.paths) or 0)

    offering(command())
    monkeypatch.setattr(BuiltIn, "add_parser", lambda self, subparsers: add_open(subparsers))

    assert main(["count-wolves"], {"open": BuiltIn("fake", "opens the window")}) == 0
    assert opened == ["count-wolves"]


def test_that_a_plugin_of_the_commands_name_that_cannot_be_loaded_says_why(offering, capsys):
    offering(name="count-sheep")
    assert main(["count-sheep"]) == 2
    said = "the plugin of that name is refused: it offers nothing"
    assert capsys.readouterr().err == f"viewer count-sheep: {said}\n"


def test_that_settings_that_cannot_be_read_do_not_hide_the_help(offering, monkeypatch, capsys):
    monkeypatch.setattr(Settings, "load", lambda: raising(ViewerError("settings.toml: row 1"))(None))
    with pytest.raises(SystemExit, match="0"):
        main(["-h"])
    assert "phantoms" in capsys.readouterr().out


def test_that_a_command_needs_a_name_words_and_functions():
    for changed in ({"name": "Sheep"}, {"summary": " "}, {"run": None}, {"add_arguments": 3}):
        given = {"name": "sheep", "summary": "counts", "add_arguments": no_arguments, "run": raising, **changed}
        with pytest.raises(ViewerError, match=r"command"):
            Command(**given)


def test_that_parsers_of_commands_are_real_ones(offering):
    kinds = []
    offering(command(add_arguments=lambda parser: kinds.append(isinstance(parser, argparse.ArgumentParser))))
    main(["count-sheep"])
    assert kinds == [True]
