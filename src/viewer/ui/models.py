"""Which models the reader wants asked; what comes of it is found out on the worker thread."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from viewer.domain.basis import Basis
from viewer.domain.errors import ViewerError
from viewer.domain.image import Modality
from viewer.ui.texts import marked

if TYPE_CHECKING:
    from viewer.engine.bundle import Bundle
    from viewer.session.assessor import Assessor
    from viewer.session.session import Session

UNSAID = marked("This file does not say what it shows; say it above, or choose a model")


class ChosenModels:
    """The model that answers, and the one it is compared with.

    Attributes:
        name: Of the model that was named; None where the only one that fits answers.
        second: Name of the model that is compared with; None without one.
    """

    def __init__(
        self,
        session: "Session",
        name: str | None,
        second: str | None,
        *,
        used: "Callable[[Bundle, Basis, str], None]",
        compared: "Callable[[Bundle | None], None]",
        said: Callable[[str], None],
    ) -> None:
        """Prepare.

        Args:
            session: Holds the models.
            name: See the attribute.
            second: See the attribute.
            used: Told of the model that answers from now on, what its lights rest on, and where it runs.
            compared: Told of the model that is compared with from now on; None for none.
            said: Told why a model cannot be compared with. All three on the worker thread.
        """
        self.name = name
        self.second = second
        self._session = session
        self._used, self._compared, self._said = used, compared, said
        self._digests = ("", "")
        self._told = ""

    def assessor(self, modality: Modality) -> "Assessor":
        """The assessor of the chosen models; on the worker thread, where torch and the plugins are imported.

        Args:
            modality: What the clip on screen shows.

        Raises:
            ViewerError: No model can answer; a second one that cannot is told, and the first answers alone.
        """
        if self.name is None and modality is Modality.UNKNOWN:
            raise ViewerError(UNSAID)
        bundle = self._session.use_bundle(self.name, modality)
        second = self._second()
        assessor = self._session.assessor()
        before, self._digests = self._digests, (bundle.digest, "" if second is None else second.digest)
        if before[0] != self._digests[0]:
            self._used(bundle, assessor.basis, assessor.device)
        if before[1] != self._digests[1]:
            self._compared(second)
        return assessor

    def _second(self) -> "Bundle | None":
        try:
            second = self._session.use_second(self.second)
        except ViewerError as error:
            if str(error) != self._told:
                self._told = str(error)
                self._said(self._told)
            return None
        self._told = ""
        return second
