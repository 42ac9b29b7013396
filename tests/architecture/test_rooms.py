"""The rooms stay what the architecture says they are."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted([*ROOT.glob("src/viewer/**/*.py"), *ROOT.glob("plugins/*/src/**/*.py")])
LONGEST_MODULE = 450
LONGEST_CLASS = 280
MEANINGLESS_NAMES = {"utils", "util", "helpers", "helper", "misc", "manager", "common"}
POSIX_ONLY = {
    "os": {
        "fork",
        "forkpty",
        "getuid",
        "geteuid",
        "getpgid",
        "killpg",
        "setsid",
        "mkfifo",
        "chown",
        "sched_getaffinity",
        "wait4",
    },
    "signal": {"SIGKILL", "SIGALRM", "alarm", "setitimer", "SIGUSR1", "SIGUSR2", "SIGHUP"},
}
POSIX_MODULES = {"fcntl", "resource", "pwd", "grp", "termios", "pty", "posix"}


def name_of(module: Path) -> str:
    return module.relative_to(ROOT).as_posix()


every_module = pytest.mark.parametrize("module", MODULES, ids=name_of)


def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def imported(module: Path) -> set[str]:
    nodes = list(ast.walk(tree(module)))
    plain = {alias.name.split(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named = {(node.module or "").split(".")[0] for node in nodes if isinstance(node, ast.ImportFrom)}
    return plain | named


def calls(module: Path) -> Iterator[tuple[str, str, ast.Call]]:
    """Yield (`owner`, `attribute`, call) for every call written `owner.attribute(…)`."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func.value), node.func.attr, node


def test_that_every_import_contract_holds():
    linter = Path(sys.executable).with_name("lint-imports")
    finished = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr


@every_module
def test_that_no_module_grows_too_long(module):
    assert len(module.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


@every_module
def test_that_no_class_grows_too_long(module):
    classes = [node for node in ast.walk(tree(module)) if isinstance(node, ast.ClassDef)]
    lengths = {node.name: (node.end_lineno or 0) - node.lineno for node in classes}
    assert {name: length for name, length in lengths.items() if length > LONGEST_CLASS} == {}


@every_module
def test_that_names_say_what_things_are(module):
    definitions = [n.name for n in ast.walk(tree(module)) if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    names = {module.stem, module.parent.name, *definitions}
    assert not {name.lower() for name in names} & MEANINGLESS_NAMES


@every_module
def test_that_nothing_is_pickled(module):
    """The one thing anybody may know of pickle is its error, which torch raises."""
    assert not imported(module) & {"dill", "cloudpickle", "joblib", "shelve", "marshal"}
    nodes = list(ast.walk(tree(module)))
    named = {a.name for n in nodes if isinstance(n, ast.ImportFrom) and n.module == "pickle" for a in n.names}
    used = {n.attr for n in nodes if isinstance(n, ast.Attribute) and ast.unparse(n.value) == "pickle"}
    assert named | used <= {"UnpicklingError"}
    loads = [
        call for owner, attribute, call in calls(module) if (owner, attribute) in {("np", "load"), ("numpy", "load")}
    ]
    assert [call.lineno for call in loads if any(k.arg == "allow_pickle" for k in call.keywords)] == []


@every_module
def test_that_torch_loads_weights_only(module):
    loads = [call for owner, attribute, call in calls(module) if (owner, attribute) == ("torch", "load")]
    for call in loads:
        safe = [k for k in call.keywords if k.arg == "weights_only" and ast.unparse(k.value) == "True"]
        assert safe, f"line {call.lineno}: torch.load without weights_only=True"


@every_module
def test_that_it_runs_on_windows_too(module):
    assert not imported(module) & POSIX_MODULES
    attributes = [node for node in ast.walk(tree(module)) if isinstance(node, ast.Attribute)]
    posix = [ast.unparse(node) for node in attributes if node.attr in POSIX_ONLY.get(ast.unparse(node.value), set())]
    assert posix == []


@every_module
def test_that_only_the_guard_catches_everything(module):
    """Elsewhere everything may be caught only to tidy up and raise it again."""
    if name_of(module) == "src/viewer/host/guard.py":
        return
    handlers = [node for node in ast.walk(tree(module)) if isinstance(node, ast.ExceptHandler)]
    broad = [h for h in handlers if h.type is None or ast.unparse(h.type) in {"Exception", "BaseException"}]
    kept = [h.lineno for h in broad if not (isinstance(h.body[-1], ast.Raise) and h.body[-1].exc is None)]
    assert kept == []


@every_module
def test_that_dialogs_open_without_blocking(module):
    blocking = [
        call.lineno for owner, attribute, call in calls(module) if attribute == "exec" and "dialog" in owner.lower()
    ]
    assert blocking == []
