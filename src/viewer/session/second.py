"""The second model of a sitting: which one, and whether it may stand beside the model in use."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from viewer.domain.errors import ViewerError
from viewer.engine.bundle import Bundle
from viewer.engine.second import SecondModel

if TYPE_CHECKING:
    from viewer.engine.opening import AnyEngine


class SecondChoice:
    """What the user named to be compared with.

    Args:
        pick: The model of a name or path; raises `ViewerError`.
        build: Makes an engine, once the model is to see a frame.
        notify: Told why a model does not answer.
    """

    def __init__(
        self, pick: Callable[[str], Bundle], build: Callable[[Bundle], "AnyEngine"], notify: Callable[[str], None]
    ) -> None:
        self._pick = pick
        self._build = build
        self._notify = notify
        self._name = ""
        self._model: SecondModel | None = None

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
            self._model, self._name = SecondModel(self._pick(name), self._build, self._notify), name
        misfit = "" if first is None else misfit_of(self._model.bundle, first)
        if misfit:
            raise ViewerError(misfit)
        return self._model.bundle

    def beside(self, first: Bundle) -> SecondModel | None:
        """The chosen model, where it may stand beside the one in use."""
        return None if self._model is None or misfit_of(self._model.bundle, first) else self._model

    def forget(self) -> None:
        """Compare with nothing, and let go of the engine."""
        self._model, self._name = None, ""


def misfit_of(second: Bundle, first: Bundle) -> str:
    """Why a model cannot be compared with the one in use, one sentence; `""` where it can."""
    name, kind, wanted = second.manifest.name, second.manifest.modality, first.manifest.modality
    if second.digest == first.digest:
        return f"{name} is the model that answers; name another one to compare it with"
    if kind is not wanted:
        return f"the second model {name} is made for {kind} pictures, {first.manifest.name} for {wanted} pictures"
    return ""
