"""What every test shares: the real data, the screenless platform, and the checks no test may slip past."""

import os
import threading
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile(
    "viewer", deadline=None
)  # how long one example takes says more of the machine than of the code
settings.load_profile("viewer")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_DATA = Path(os.environ.get("VIEWER_DATA", Path(__file__).parents[2] / "shared" / "data"))
_IN_CI = bool(os.environ.get("CI"))
_THREAD_GRACE_S = 2.0


@pytest.fixture(scope="session")
def viewer_data() -> Path:
    """The folder of real data; the test skips where it is absent, and CI fails if it skips while it exists."""
    if not _DATA.is_dir():
        pytest.skip(f"no real data at {_DATA} (set VIEWER_DATA)")
    return _DATA.resolve()


@pytest.fixture(scope="session", autouse=True)
def apart_from_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is kept between runs of the viewer is not kept between tests and their user."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(autouse=True)
def a_site_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cases that one test assesses raise no alarm in another."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a test that skips although it could have run is a failure."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and _IN_CI and not _may_skip(item):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {report.longrepr}"
    return report


def _may_skip(item: pytest.Item) -> bool:
    needs_data = item.get_closest_marker("real_data") is not None and not _DATA.is_dir()
    return needs_data or item.get_closest_marker("gpu") is not None


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """Fail a test that leaves a thread behind which would keep the process alive."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    for thread in left:
        thread.join(_THREAD_GRACE_S)
    names = [thread.name for thread in left if thread.is_alive()]
    assert not names, f"threads left running: {names}"
