"""Another model beside the first: the same frames through another network, loaded once it is to see one.

Whatever it does, the first one's evidence is what it would be alone.
"""

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from viewer.domain.bundle import FieldOfView
from viewer.domain.errors import JobCancelled, ViewerError
from viewer.domain.evidence import Evidence, Float, Need
from viewer.engine.bundle import Bundle
from viewer.engine.picture import Picture

if TYPE_CHECKING:
    from viewer.engine.opening import AnyEngine

log = logging.getLogger(__name__)


class ModelBeside:
    """A model the user named beside the one that answers; all calls but the first come from the worker thread.

    What it cannot do costs only its own answers: it says so in one sentence, and is silent from then on.

    Attributes:
        bundle: The model.
        role: What it is to the first one, in words.
    """

    role = "model beside it"

    def __init__(
        self, bundle: Bundle, build: Callable[[Bundle], "AnyEngine"], notify: Callable[[str], None] = log.warning
    ) -> None:
        """Prepare.

        Args:
            bundle: The model.
            build: Makes its engine, at the first frame.
            notify: Told why it is silent.
        """
        self.bundle = bundle
        self._build = build
        self._notify = notify
        self._engine: AnyEngine | None = None
        self._silent = False

    def ask(
        self,
        pictures: Sequence[Picture],
        needs: frozenset[Need],
        targets: Sequence[int | None] | None,
        cancelled: Callable[[], bool],
    ) -> Evidence | None:
        """Evidence of B frames, see `Engine.evidence`; None where it is silent.

        Raises:
            JobCancelled: Nobody waits any more.
        """
        if self._silent:
            return None
        try:
            self._engine = self._engine or self._build(self.bundle)
            return self._engine.evidence(pictures, needs, targets, cancelled)
        except JobCancelled:
            raise
        except ViewerError as error:
            self._fall_silent(str(error))
        except RuntimeError as error:
            from viewer.engine.device import is_out_of_memory  # not above: it imports torch

            if not is_out_of_memory(error):
                raise
            self._fall_silent("there is not enough memory for its network")
        return None

    def field_of_view(self, picture: Picture) -> FieldOfView:
        """The part of a picture it has seen."""
        assert self._engine is not None  # noqa: S101 - asked of what it has seen
        return self._engine.field_of_view(picture)

    def _fall_silent(self, why: str) -> None:
        self._silent, self._engine = True, None
        self._notify(f"the {self.role} {self.bundle.manifest.name} does not answer from here on: {why}")


def moved(values: Float, there: FieldOfView, here: FieldOfView, shape: tuple[int, int] | None = None) -> Float:
    """A map over one part of a picture, bilinearly sampled over another part; 0 where nothing was seen.

    Args:
        values: (h, w), its cells spread evenly over `there`.
        there: The part it covers.
        here: The part it is to cover.
        shape: Rows and columns of the result; None for as many as it has.

    Returns:
        float32 (h, w).
    """
    rows, columns = shape or values.shape
    if there == here and values.shape == (rows, columns):
        return values
    high, wide = values.shape
    down, above = _places(high, rows, (there.top, there.bottom), (here.top, here.bottom))
    along, beside = _places(wide, columns, (there.left, there.right), (here.left, here.right))
    sampled: Float = (down @ values.astype(np.float64) @ along.T).astype(np.float32)
    sampled[~np.outer(above, beside)] = 0
    return sampled


def _places(
    cells: int, wanted: int, there: tuple[float, float], here: tuple[float, float]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Weights (m, n) that sample n cells over `there` at the middles of m over `here`; which of these lie inside."""
    middles = here[0] + (np.arange(wanted) + 0.5) / wanted * (here[1] - here[0])
    inside = (middles >= there[0]) & (middles <= there[1])
    at = np.clip((middles - there[0]) / (there[1] - there[0]) * cells - 0.5, 0, cells - 1)
    weights = np.maximum(0, 1 - np.abs(at[:, None] - np.arange(cells)))
    return weights, inside
