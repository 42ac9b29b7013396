import errno
import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from viewer import cli
from viewer.__main__ import WINDOW_COMMANDS
from viewer.cli import COMMANDS, BuiltIn, build_parser, main
from viewer.domain.command import TAKEN
from viewer.domain.errors import ViewerError

HEAVY = ("torch", "PySide6", "numpy", "pydicom", "PIL", "jinja2", "scipy", "sklearn")


def viewer(*words: str, home: Path, code: str = "") -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own, with nobody's settings; `code` runs first."""
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "HOME")
    environment = {**os.environ, **{name: str(home) for name in names}}
    program = (
        f"import sys\n{code}\nfrom viewer.__main__ import main\nsys.argv[1:] = {list(words)!r}\nsys.exit(main())"
    )
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", env=environment, check=False
    )


@pytest.mark.parametrize(
    ("words", "large"),
    [
        (("--version",), HEAVY),
        # Plugins are asked for their commands, and may need arrays and pictures.
        (("--help",), tuple(name for name in HEAVY if name not in ("numpy", "PIL"))),
    ],
    ids=" ".join,
)
def test_that_help_and_version_answer_without_importing_anything_large(
    words: tuple[str, ...], large: tuple[str, ...], tmp_path: Path
) -> None:
    code = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print([m for m in {large!r} if m in sys.modules], file=sys.stderr))"
    )
    answer = viewer(*words, home=tmp_path, code=code)
    assert answer.returncode == 0
    assert answer.stderr == "[]\n"
    assert answer.stdout.startswith("viewer 0." if words == ("--version",) else "usage: viewer")
    assert list(tmp_path.iterdir()) == []


def test_that_a_command_of_the_viewer_does_not_wait_for_plugins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "clips"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("viewer.cli.offered.offered_commands", lambda word: pytest.fail(f"plugins for {word}"))
    window = {"open": BuiltIn("fake", "opens the window")}
    for words in ([], ["phantoms"], ["open"], ["--version"], ["clips"], ["a/b.dcm"], ["b.dcm"]):
        assert cli._of_plugins(words, window) == {}


def test_that_names_plugins_may_not_take_are_those_of_the_viewer() -> None:
    assert {*COMMANDS, *WINDOW_COMMANDS} == TAKEN


@pytest.mark.parametrize("name", COMMANDS)
def test_that_every_command_registers_itself_and_says_what_it_does(name: str) -> None:
    parser = build_parser(COMMANDS, name)
    (commands,) = [action for action in parser._actions if hasattr(action, "choices") and action.choices]
    assert isinstance(commands.choices, dict)
    assert list(commands.choices) == [name]
    assert COMMANDS[name].help


def test_that_the_window_is_what_happens_without_a_command() -> None:
    commands = {**WINDOW_COMMANDS, **COMMANDS}
    assert cli._with_command([], commands) == ["open"]
    assert cli._with_command(["a.dcm", "b.dcm"], commands) == ["open", "a.dcm", "b.dcm"]
    assert cli._with_command(["info", "a.dcm"], commands) == ["info", "a.dcm"]
    assert cli._with_command(["--help"], commands) == ["--help"]


def test_that_a_missing_command_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        main([])
    assert leaving.value.code == 2
    assert capsys.readouterr().err == "viewer: a command is needed (see viewer --help)\n"


class Fake:
    """A module with one command that does `work`."""

    def __init__(self, work: object) -> None:
        self._work = work

    def add_parser(self, subparsers: object) -> None:
        subparsers.add_parser("fake").set_defaults(func=self._work)


def ends(work: object, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(importlib, "import_module", lambda name: Fake(work))
    return main(["fake"], {"fake": BuiltIn("fake", "does something")})


def test_that_a_command_decides_its_exit_status(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ends(lambda args: 1, monkeypatch) == 1


def test_that_half_a_command_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Half:
        def add_parser(self, subparsers: object) -> None:
            subparsers.add_parser("fake")

    monkeypatch.setattr(importlib, "import_module", lambda name: Half())
    with pytest.raises(SystemExit, match="2"):
        main(["fake"], {"fake": BuiltIn("fake", "does something")})
    assert capsys.readouterr().err == "viewer: fake needs a word more (see viewer --help)\n"


def test_that_an_error_for_people_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def work(args: object) -> int:
        raise ViewerError("no model has been chosen")

    assert ends(work, monkeypatch) == 2
    assert capsys.readouterr().err == "viewer fake: no model has been chosen\n"


def test_that_an_interrupt_is_no_fault(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def work(args: object) -> int:
        raise KeyboardInterrupt

    assert ends(work, monkeypatch) == 130
    assert capsys.readouterr().err == "viewer fake: stopped\n"


def test_that_an_interrupt_while_a_command_is_being_loaded_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def loading(name: str) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr("viewer.cli.importlib.import_module", loading)

    assert main(["info", "x"]) == 130
    assert capsys.readouterr().err == "viewer info: stopped\n"


def test_that_a_full_disk_behind_the_output_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def work(args: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("viewer.cli._let_go_of_stdout", lambda: None)

    assert ends(work, monkeypatch) == 1
    assert capsys.readouterr().err == "viewer fake: the disk is full\n"


@pytest.mark.integration
def test_that_a_fault_of_the_program_is_one_sentence_and_a_place_in_the_log(tmp_path: Path) -> None:
    code = (
        "import viewer.cli.assess as assess\ndef fault(args): raise ZeroDivisionError('Doe^Jane')\nassess.run = fault"
    )
    answer = viewer("assess", "x", "--out", "x.csv", home=tmp_path, code=code)
    assert answer.returncode == 1
    assert answer.stderr.startswith("viewer: this is a fault of the program (ZeroDivisionError); ")
    assert answer.stderr.count("\n") == 1
    (log,) = tmp_path.rglob("viewer.log")
    assert "in fault" in log.read_text("utf-8")
    assert "Doe" not in log.read_text("utf-8")


@pytest.mark.integration
def test_that_warnings_of_libraries_are_not_heard(tmp_path: Path) -> None:
    code = (
        "import viewer.cli.assess as assess\n"
        "def loud(args):\n"
        "    import logging, warnings\n"
        "    warnings.warn('Doe^Jane')\n"
        "    logging.getLogger('pydicom').warning('Doe^Jane')\n"
        "    return 0\n"
        "assess.run = loud"
    )
    answer = viewer("assess", "x", "--out", "x.csv", home=tmp_path, code=code)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert list(tmp_path.rglob("viewer.log")) == []


@pytest.mark.integration
def test_that_a_closed_pipe_is_no_fault(tmp_path: Path) -> None:
    code = "import viewer.cli.assess as assess\ndef printing(args): raise BrokenPipeError\nassess.run = printing"
    answer = viewer("assess", "x", "--out", "x.csv", home=tmp_path, code=code)
    assert (answer.returncode, answer.stderr) == (1, "")
