"""A model the user names beside the one in use: which one, and whether it may stand there."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

from viewer.domain.errors import ViewerError
from viewer.engine.beside import ModelBeside
from viewer.engine.bundle import Bundle

if TYPE_CHECKING:
    from viewer.engine.opening import AnyEngine

M = TypeVar("M", bound=ModelBeside)

Misfit = Callable[[Bundle, Bundle], str]
"""Why a model cannot stand beside the one in use (the second argument), one sentence; `""` where it can."""


class ModelChoice(Generic[M]):
    """The model the user named for something.

    Args:
        make: What it becomes, e.g. `SecondModel`.
        misfit: Whether it may stand beside another.
        pick: The model of a name or path; raises `ViewerError`.
        build: Makes an engine, once the model is to see a frame.
        notify: Told why a model does not answer.
    """

    def __init__(
        self,
        make: Callable[[Bundle, Callable[[Bundle], "AnyEngine"], Callable[[str], None]], M],
        misfit: Misfit,
        pick: Callable[[str], Bundle],
        build: Callable[[Bundle], "AnyEngine"],
        notify: Callable[[str], None],
    ) -> None:
        self._make = make
        self._misfit = misfit
        self._pick = pick
        self._build = build
        self._notify = notify
        self._name = ""
        self._model: M | None = None

    def choose(self, name: str | None, first: Bundle | None) -> Bundle | None:
        """Choose a model by name or path, None for none; one that is chosen already stays as it is.

        Args:
            name: Of the model.
            first: The model in use.

        Raises:
            ViewerError: There is no such model, it is refused, or it may not stand beside the first.
        """
        if name is None:
            self.forget()
            return None
        if self._model is None or name != self._name:
            self.forget()
            self._model, self._name = self._make(self._pick(name), self._build, self._notify), name
        misfit = "" if first is None else self._misfit(self._model.bundle, first)
        if misfit:
            raise ViewerError(misfit)
        return self._model.bundle

    def beside(self, first: Bundle) -> M | None:
        """The chosen model, where it may stand beside the one in use."""
        return None if self._model is None or self._misfit(self._model.bundle, first) else self._model

    def forget(self) -> None:
        """Name none, and let go of the engine."""
        self._model, self._name = None, ""


def other_kind(role: str, other: Bundle, first: Bundle) -> str:
    """That a model is made for other pictures than the one in use, one sentence; `""` where it is not."""
    kind, wanted = other.manifest.modality, first.manifest.modality
    if kind is wanted:
        return ""
    name, answering = other.manifest.name, first.manifest.name
    return f"the {role} {name} is made for {kind} pictures, {answering} for {wanted} pictures"
