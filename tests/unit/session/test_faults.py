"""What is told of a fault names places in the code, and nothing of the data."""

import faulthandler
import sys
import types
from pathlib import Path

import pytest

from viewer.session import faults
from viewer.session.faults import OTHER_CODE, told, told_of_dump

NAME = "Doe^Jane"


def caught(work):
    try:
        work()
    except Exception as error:  # noqa: BLE001 - whatever the work raises
        return error
    raise AssertionError("nothing was raised")


def open_missing():
    with open(f"/nowhere/{NAME}.dcm"):  # noqa: PTH123 - any way of opening
        pass


def with_local():
    patient = NAME
    return {}[patient]


def chained():
    try:
        with_local()
    except KeyError as error:
        raise ValueError(f"no study of {NAME}") from error


def grouped():
    raise ExceptionGroup(NAME, [ValueError(NAME), caught(with_local)])


def noted():
    error = TypeError(NAME, NAME.encode())
    error.add_note(NAME)
    raise error


def custom():
    raise type(NAME, (ArithmeticError,), {"__str__": lambda self: NAME})()


def other_code():
    code = f"def Doe_Jane(): raise ValueError('{NAME}')\nDoe_Jane()"
    exec(compile(code, f"/data/{NAME}.py", "exec"), {"__name__": NAME})  # noqa: S102


def made_module():
    space = {"__name__": "viewer.session.faults"}
    exec(compile("def Doe(): raise ValueError\nDoe()", f"{NAME}.py", "exec"), space)  # noqa: S102


def attribute():
    return getattr(object(), "DoeJane")  # noqa: B009 - by name, as data would be


@pytest.mark.parametrize(
    "work", [open_missing, with_local, chained, grouped, noted, custom, other_code, made_module, attribute]
)
def test_that_nothing_of_the_data_is_told(work):
    lines = "\n".join(told(caught(work)))
    assert "Doe" not in lines
    assert "Jane" not in lines
    assert "nowhere" not in lines
    assert lines


def test_that_places_and_kinds_are_told_causes_first():
    lines = told(caught(chained))
    assert [line.strip() for line in lines if " in " not in line] == ["KeyError", "ValueError"]
    assert lines[-2].startswith(f"  {__name__}:")
    assert lines[-2].endswith(" in chained")
    assert lines[0].endswith(" in chained")
    assert lines[1].endswith(" in with_local")


def test_that_the_members_of_a_group_are_told():
    kinds = [line.strip() for line in told(caught(grouped)) if " in " not in line]
    assert sorted(kinds) == ["ExceptionGroup", "KeyError", "ValueError"]


def test_that_code_of_no_module_is_not_named():
    assert told(caught(other_code))[-2:] == [f"  {OTHER_CODE}", "  ValueError"]
    assert told(caught(made_module))[-2:] == [f"  {OTHER_CODE}", "  ValueError"]


def test_that_an_unknown_kind_is_called_after_the_nearest_known_one():
    assert told(caught(custom))[-1] == "  ArithmeticError"


def test_that_what_the_code_and_the_system_say_is_told():
    assert told(caught(open_missing))[-1] == "  FileNotFoundError (ENOENT)"
    assert told(caught(lambda: object().missing))[-1] == "  AttributeError (missing)"
    assert told(caught(lambda: absent))[-1] == "  NameError (absent)"  # noqa: F821 - that is the point


def test_that_errors_that_cause_each_other_end():
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert told(first) == ["  KeyError", "  ValueError"]


def test_that_a_deep_recursion_is_told_in_few_lines():
    def deeper():
        deeper()

    assert len(told(caught(deeper))) == faults.MOST_PLACES + 1


def dumped(*files):
    places = "".join(f'  File "{file}", line {number} in f\n' for number, file in enumerate(files, start=3))
    return f"Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007f2b (most recent call first):\n{places}"


def test_that_a_dump_names_modules_and_no_folders():
    end, lines = told_of_dump(dumped(faults.__file__, f"/home/{NAME}/x.py", "<string>", types.__file__))
    assert end == "Segmentation fault"
    assert lines == [
        "  the thread that failed, innermost first",
        "    viewer.session.faults:3 in f",
        f"    {OTHER_CODE}",
        f"    {OTHER_CODE}",
        "    types:6 in f",
    ]


@pytest.mark.parametrize("end", [NAME, "", f"{NAME} failed: Doe", "error: Doe", "Doe Jane", "Doe jane"])
def test_that_another_end_is_not_quoted(end):
    assert told_of_dump(f"Fatal Python error: {end}\n")[0] == "fatal error"


def test_that_a_module_in_a_folder_of_data_is_not_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    assert told_of_dump(dumped(tmp_path / "Doe.py"))[1][1:] == [f"    {OTHER_CODE}"]


@pytest.mark.parametrize("text", ["", "\0" * 100, "File", '  File "x", line 1 in f', "Current thread"])
def test_that_what_is_no_dump_says_nothing(text):
    assert told_of_dump(text) == ("", [])


def test_that_a_real_dump_is_understood(tmp_path):
    path = Path(tmp_path / "dump")
    with path.open("w") as stream:
        stream.write("Fatal Python error: Aborted\n\n")
        stream.flush()
        faulthandler.dump_traceback(stream)
    end, lines = told_of_dump(path.read_text())
    assert end == "Aborted"
    assert any("test_that_a_real_dump_is_understood" in line or line.endswith(OTHER_CODE) for line in lines)
    assert any("pytest" in line for line in lines)
    assert sys.prefix not in "".join(lines)
