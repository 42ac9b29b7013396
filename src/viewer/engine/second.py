"""A second model beside the first, to be compared with."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from viewer.domain.evidence import Evidence, Float, Need
from viewer.engine.beside import ModelBeside, moved
from viewer.engine.picture import Picture
from viewer.engine.surroundings import never

if TYPE_CHECKING:
    from viewer.engine.opening import AnyEngine


class SecondModel(ModelBeside):
    """A model the user named to be compared with."""

    role = "second model"

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
        targets = [named(self.bundle.manifest.classes, first.classes[target]) for target in first.targets.tolist()]
        return self.ask(pictures, needs, targets, cancelled)


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
        return np.stack(
            [
                moved(seen, self._second.field_of_view(picture), self._first.field_of_view(picture))
                for picture, seen in zip(pictures, attention, strict=True)
            ]
        )


def named(classes: Sequence[str], name: str) -> int | None:
    """Place of the class of that very name; None where there is none."""
    return classes.index(name) if name in classes else None
