"""What a light rests on, apart from the picture."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.domain.certificate import Certificate


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Basis:
    """Everything of a bundle that explains a light, or answers "what if the weights were others".

    Attributes:
        certificate: What is certified of single frames; None where nothing was tested.
        clip_certificate: What is certified of whole clips; None likewise.
        weights: Weights in force in the combined trust, by scorer name.
        distributions: By scorer name, float64 (n,), ascending trust values of the fit groups.
        note: What fitting the weights came to, one sentence; `""` where never fitted.
        gate_scorers: Names of the scorers that tell whether a picture is of the kind the model knows; `()` where
            nobody can tell.
    """

    certificate: Certificate | None
    clip_certificate: Certificate | None
    weights: Mapping[str, float]
    distributions: Mapping[str, NDArray[np.float64]]
    note: str
    gate_scorers: tuple[str, ...] = ()
