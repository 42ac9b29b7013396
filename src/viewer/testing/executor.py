"""An executor for tests: nothing runs until it is asked to, and then on the caller's thread."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

T = TypeVar("T")


class _Awaited(Future[T]):
    """A future that has everything run rather than wait for ever."""

    def __init__(self, run_all: Callable[[], None]) -> None:
        super().__init__()
        self._run_all = run_all

    def result(self, timeout: float | None = None) -> T:
        """The result, after everything that was asked for."""
        self._run_all()
        return super().result(0)


class ExecutorByHand(Executor):
    """Does what it was asked for on `run_all`, when somebody waits for a result, and when it is shut down."""

    def __init__(self) -> None:
        self._calls: deque[tuple[Future[Any], Callable[[], Any]]] = deque()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:  # noqa: ANN401 - as in the base
        """Remember a call."""
        future: Future[T] = _Awaited(self.run_all)
        self._calls.append((future, lambda: fn(*args, **kwargs)))
        return future

    @property
    def waiting(self) -> int:
        """Number of calls that were not run."""
        return len(self._calls)

    def run_all(self) -> None:
        """Run the calls in order; what one raises is raised here."""
        while self._calls:
            future, call = self._calls.popleft()
            future.set_result(call())

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Run what is left."""
        self.run_all()
