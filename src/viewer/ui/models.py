"""Which models the reader wants asked; what comes of it is found out on the worker thread."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from viewer.domain.basis import Basis
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.session.masks import OWN
from viewer.ui.texts import marked

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle
    from viewer.engine.masks import MaskSource
    from viewer.session.assessor import Assessor
    from viewer.session.session import Session

T = TypeVar("T")

UNSAID = marked("This file does not say what it shows; say it above, or choose a model")


class ChosenModels:
    """The model that answers, the one it is compared with, and what draws masks.

    Attributes:
        name: Of the model that was named; None where the only one that fits answers.
        second: Name of the model that is compared with; None without one.
        masks: What draws masks in place of the model that answers.
    """

    def __init__(
        self,
        session: "Session",
        name: str | None,
        second: str | None,
        *,
        used: "Callable[[Bundle, Basis, str], None]",
        compared: "Callable[[Bundle | None], None]",
        drawn: "Callable[[MaskSource | None], None]",
        said: Callable[[str], None],
    ) -> None:
        """Prepare.

        Args:
            session: Holds the models.
            name: See the attribute.
            second: See the attribute.
            used: Told of the model that answers from now on, what its lights rest on, and where it runs.
            compared: Told of the model that is compared with from now on; None for none.
            drawn: Told of what draws masks from now on in place of the model; None for nothing.
            said: Told why a model cannot be compared with, or draw masks. All four on the worker thread.
        """
        self.name = name
        self.second = second
        self.masks = OWN
        self._session = session
        self._used, self._compared, self._drawn, self._said = used, compared, drawn, said
        self._in_use = ("", "", "")
        self._told: set[str] = set()

    def assessor(self, modality: Modality) -> "Assessor":
        """The assessor of the chosen models; on the worker thread, where torch and the plugins are imported.

        Args:
            modality: What the clip on screen shows.

        Raises:
            ViewerError: No model can answer; another one beside it that cannot is told, and the first answers alone.
        """
        if self.name is None and modality is Modality.UNKNOWN:
            raise ViewerError(UNSAID)
        bundle = self._session.use_bundle(self.name, modality)
        refused: set[str] = set()
        second = self._or_none(lambda: self._session.use_second(self.second), refused)
        masks = self._or_none(lambda: self._session.use_masks(self.masks), refused)
        self._told = refused
        assessor = self._session.assessor()
        before, now = self._in_use, (bundle.digest, second.digest if second else "", masks.origin if masks else "")
        self._in_use = now
        if before[0] != now[0]:
            self._used(bundle, assessor.basis, assessor.device)
        if before[1] != now[1]:
            self._compared(second)
        if before[2] != now[2]:
            self._drawn(masks)
        return assessor

    def _or_none(self, choose: Callable[[], T | None], refused: set[str]) -> T | None:
        """What is chosen beside the model that answers; None where it cannot be, which is told once."""
        try:
            return choose()
        except ViewerError as error:
            refused.add(str(error))
            if str(error) not in self._told:
                self._said(str(error))
            return None
