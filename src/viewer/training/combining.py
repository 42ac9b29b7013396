"""The combined trust of a calibrated bundle: which scorers may take part, their weights, and what it comes to."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from viewer.assessment.combine import combined_trusts
from viewer.assessment.fitting import Combination, fit_combination
from viewer.domain.errors import ViewerError
from viewer.domain.evidence import SLOW, Need
from viewer.domain.result import About
from viewer.engine.bundle import Bundle
from viewer.host.discovery import Offer, PluginHost
from viewer.protocols import Scorer
from viewer.training.predictions import PartTable
from viewer.training.saying import Say


def usable_scorers(bundle: Bundle, host: PluginHost, say: Say) -> list[Offer[Scorer]]:
    """Scorers about the correctness of the answer that are as they were when the tables were made.

    Scorers of the input's suitability never enter the combined trust, nor do those that ask for the frames around: a
    single picture has none, and would have no combined trust. Nor do slow ones, which are only asked where the user
    wishes.
    """
    usable = []
    for offer in host.scorers:
        scorer = offer.thing
        if scorer.about is not About.CORRECTNESS or scorer.needs & (SLOW | {Need.CLIP}):
            continue
        if scorer.name not in bundle.distributions:
            continue
        if bundle.versions.get(scorer.name) != scorer.version:
            say(f"{scorer.name} is left out: the tables were made by another version of it")
            continue
        usable.append(offer)
    return usable


def names_of(offers: Sequence[Offer[Scorer]]) -> list[str]:
    """Names of the scorers offered."""
    return [offer.thing.name for offer in offers]


def combine(bundle: Bundle, fit: PartTable) -> Combination:
    """Fit the weights on the fit groups; the softmax probability alone where nothing is significantly better.

    Raises:
        ViewerError: There is no softmax probability for every picture.
    """
    try:
        return fit_combination(fit.trusts, fit.labels == fit.predicted, fit.groups)
    except ValueError as error:
        raise ViewerError(f"{bundle.path}: {error}") from error


def combined(bundle: Bundle, part: PartTable, weights: Mapping[str, float]) -> NDArray[np.float64]:
    """Combined trust of every picture of a part, float64 (n,), NaN where a trust that carries weight is missing.

    Raises:
        ViewerError: The table lacks a scorer that carries weight.
    """
    missing = [name for name in weights if name not in part.trusts]
    if missing:
        raise ViewerError(f"{bundle.path}: its table of certify groups has no column trust_{missing[0]}")
    return combined_trusts(part.trusts, weights, bundle.distributions)
