"""What averaging several models gains over asking one of them, measured on groups none of them was trained on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.evaluation.metrics import Statistic, auroc, group_interval
from viewer.training.figures import SEED, Figure

Values = NDArray[np.float64]

GAINS = {"accuracy": 1, "likelihood": -1, "auroc": 1}
"""Which way each difference is a gain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Averaging:
    """An ensemble beside its members, on n pictures.

    Attributes:
        names: Of the members.
        accuracies, likelihoods, aurocs: Of every member, then of the ensemble: share of right answers, mean negative
            log-likelihood in nats, and how well the highest probability tells right from wrong answers (AUROC_f).
        accuracy, likelihood, auroc: Difference of the ensemble from the mean of its members.
    """

    names: tuple[str, ...]
    accuracies: tuple[float, ...]
    likelihoods: tuple[float, ...]
    aurocs: tuple[float, ...]
    accuracy: Figure
    likelihood: Figure
    auroc: Figure

    @property
    def sentence(self) -> str:
        """What averaging gains, and what it does not."""
        words = {
            "accuracy": f"accuracy ({_signed(self.accuracy)})",
            "likelihood": f"likelihood ({_signed(self.likelihood)} nats)",
            "auroc": f"telling right from wrong answers (AUROC_f {_signed(self.auroc)})",
        }
        better = [words[name] for name, sign in GAINS.items() if _clear(getattr(self, name), sign)]
        worse = [words[name] for name, sign in GAINS.items() if _clear(getattr(self, name), -sign)]
        alike = [word for word in words.values() if word not in (*better, *worse)]
        parts = [f"the ensemble gains in {' and '.join(better)} over the mean of its members"] if better else []
        parts += [f"it loses in {' and '.join(worse)}"] if worse else []
        parts += [f"there is no gain that can be shown in {' and '.join(alike)}"] if alike else []
        return "; ".join(parts)


def compare_members(
    names: Sequence[str], members: Values, together: Values, labels: NDArray[np.intp], groups: Sequence[str]
) -> Averaging:
    """Compare an ensemble with its members, with 95 % intervals from a bootstrap over groups.

    Args:
        names: Of the M members.
        members: Their probabilities (M, n, K).
        together: Those of the ensemble (n, K).
        labels: True class, int (n,).
        groups: Whose each picture is.
    """
    answers = [*members, together]
    right = [one.argmax(axis=1) == labels for one in answers]
    surprise = [
        -np.log(np.maximum(one[np.arange(len(labels)), labels], np.finfo(np.float64).tiny)) for one in answers
    ]
    trust = [one.max(axis=1) for one in answers]
    everything = np.arange(len(labels))

    def accuracies(rows: NDArray[np.intp]) -> list[float]:
        return [float(one[rows].mean()) for one in right]

    def likelihoods(rows: NDArray[np.intp]) -> list[float]:
        return [float(one[rows].mean()) for one in surprise]

    def aurocs(rows: NDArray[np.intp]) -> list[float]:
        return [auroc(one[rows], correct[rows]) for one, correct in zip(trust, right, strict=True)]

    def difference(statistic: Statistic) -> Figure:
        return Figure(statistic(everything), *group_interval(statistic, groups, seed=SEED))

    return Averaging(
        names=tuple(names),
        accuracies=tuple(accuracies(everything)),
        likelihoods=tuple(likelihoods(everything)),
        aurocs=tuple(aurocs(everything)),
        accuracy=difference(lambda rows: _beyond(accuracies(rows))),
        likelihood=difference(lambda rows: _beyond(likelihoods(rows))),
        auroc=difference(lambda rows: _beyond(aurocs(rows))),
    )


def _beyond(values: Sequence[float]) -> float:
    """The last of the values, less the mean of all others."""
    return float(values[-1] - np.mean(values[:-1]))


def _clear(figure: Figure, sign: int) -> bool:
    return bool(sign * figure.low > 0 and sign * figure.high > 0)


def _signed(figure: Figure) -> str:
    return f"{figure.value:+.3f}, {figure.low:+.3f} to {figure.high:+.3f}"
