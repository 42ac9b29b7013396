"""A second model beside the first: the same frames through another network, loaded once the first one is seen.

Whatever the second model does, the first one's evidence is what it would be alone.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from viewer.domain.bundle import FieldOfView
from viewer.domain.errors import JobCancelled, ViewerError
from viewer.domain.evidence import Evidence, Float, Need
from viewer.engine.bundle import Bundle
from viewer.engine.picture import Picture
from viewer.engine.surroundings import never

if TYPE_CHECKING:
    from viewer.engine.opening import AnyEngine

log = logging.getLogger(__name__)


class SecondModel:
    """A model the user named to be compared with; all calls but the first come from the worker thread.

    What it cannot do costs only its own answers: it says so in one sentence, and is silent from then on.

    Args:
        bundle: The model.
        build: Makes its engine, at the first frame.
        notify: Told why it is silent.
    """

    def __init__(
        self, bundle: Bundle, build: Callable[[Bundle], "AnyEngine"], notify: Callable[[str], None] = log.warning
    ) -> None:
        self.bundle = bundle
        self._build = build
        self._notify = notify
        self._engine: AnyEngine | None = None
        self._silent = False

    def evidence(
        self,
        pictures: Sequence[Picture],
        first: Evidence,
        needs: frozenset[Need],
        cancelled: Callable[[], bool],
    ) -> Evidence | None:
        """Evidence of the same B frames; None where it is silent.

        Args:
            pictures: The frames.
            first: What the first model saw: gradients are meant for the class of its target's name, else for the
                second model's own.
            needs: What is wanted of the second model.
            cancelled: Asked before every pass.

        Raises:
            JobCancelled: Nobody waits any more.
        """
        if self._silent:
            return None
        targets = [named(self.bundle.manifest.classes, first.classes[target]) for target in first.targets.tolist()]
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
        self._notify(f"the second model {self.bundle.manifest.name} does not answer from here on: {why}")


class BothModels:
    """A model and a second one beside it, asked as the first one's engine is.

    Args:
        first: The engine of the model that answers.
        second: The model beside it.
        needs: What is wanted of the second one.
    """

    def __init__(self, first: "AnyEngine", second: SecondModel, needs: frozenset[Need]) -> None:
        self._first = first
        self._second = second
        self._needs = needs

    @property
    def batch(self) -> int:
        """Frames of one pass."""
        return self._first.batch

    def evidence(
        self,
        pictures: Sequence[Picture],
        needs: frozenset[Need],
        targets: Sequence[int | None] | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> Evidence:
        """The first model's evidence as its engine gives it, and with it the second one's; see `Engine.evidence`."""
        first = self._first.evidence(pictures, needs, targets, cancelled)
        second = self._second.evidence(pictures, first, self._needs, cancelled)
        if second is not None and second.attention is not None:
            second = replace(second, attention=self._over_the_same_part(pictures, second.attention))
        return replace(first, second=second)

    def _over_the_same_part(self, pictures: Sequence[Picture], attention: Float) -> Float:
        """Attention of the second model over what the first one sees of each picture, float32 (B, h, w)."""
        rows = []
        for picture, seen in zip(pictures, attention, strict=True):
            rows.append(moved(seen, self._second.field_of_view(picture), self._first.field_of_view(picture)))
        return np.stack(rows)


def named(classes: Sequence[str], name: str) -> int | None:
    """Place of the class of that very name; None where there is none."""
    return classes.index(name) if name in classes else None


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
