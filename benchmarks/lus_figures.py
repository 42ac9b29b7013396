"""Figures of the networks for lung ultrasound: how right they are, and how well their trust finds what is wrong."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial

import numpy as np
from lus_answers import Answers, Floats, Whole

from viewer.evaluation.bootstrap import Bootstrap, Name, estimate
from viewer.evaluation.classification import accuracy, confusion_matrix, mean_recall
from viewer.evaluation.curves import failure_auroc, rank

Json = dict[str, object]
Measure = Callable[[Floats], Mapping[Name, Floats]]

BOOTSTRAP = Bootstrap(draws=1000, seed=0)


def figures_of(runs: Sequence[Answers]) -> Json:
    """All figures, each the mean over the seeds, with its interval over groups.

    Args:
        runs: The same clips under several seeds.
    """
    return {
        "frames": estimated([partial(of_frames, run) for run in runs], [run.numbers[run.clip] for run in runs]),
        "clips": estimated([partial(of_clips, run) for run in runs], [run.numbers for run in runs]),
    }


def compared(before: Sequence[Answers], after: Sequence[Answers]) -> Json:
    """Differences of all figures on the same clips, with intervals over groups; above 0 where `after` has more."""
    frames = [run.numbers[run.clip] for run in before]
    return {
        "frames": estimated(
            [partial(_difference, of_frames, *pair) for pair in zip(before, after, strict=True)], frames
        ),
        "clips": estimated(
            [partial(_difference, of_clips, *pair) for pair in zip(before, after, strict=True)],
            [run.numbers for run in before],
        ),
    }


def _difference(
    measure: Callable[[Answers, Floats], Mapping[Name, Floats]], before: Answers, after: Answers, weights: Floats
) -> Mapping[Name, Floats]:
    first, second = measure(before, weights), measure(after, weights)
    return {name: second[name] - first[name] for name in first}


def of_frames(run: Answers, weights: Floats) -> Mapping[Name, Floats]:
    """Figures of frames under weights (draws, n)."""
    raw, mean = run.probabilities, run.smoothed
    answer, answer_of_mean = raw.argmax(axis=1), mean.argmax(axis=1)
    wrong, wrong_of_mean = answer != run.true, answer_of_mean != run.true
    backing = mean[np.arange(len(mean)), answer]
    found: dict[Name, Floats] = {}
    for unit, count in {"alike": weights, "by_clip": weights * run.by_clip}.items():
        plain = failure_auroc(rank(raw.max(axis=1), wrong).curve(count))
        backed = failure_auroc(rank(backing, wrong).curve(count))
        found |= {
            (unit, "auroc_f"): plain,
            (unit, "auroc_f_with_frames_around"): backed,
            (unit, "auroc_f_gain"): backed - plain,
            (unit, "auroc_f_of_smoothed_answer"): failure_auroc(rank(mean.max(axis=1), wrong_of_mean).curve(count)),
        }
        for name, given in {"answer": answer, "smoothed_answer": answer_of_mean}.items():
            found |= {(unit, name, key): value for key, value in right(run, run.true, given, count).items()}
    return found


def of_clips(run: Answers, weights: Floats) -> Mapping[Name, Floats]:
    """Figures of clips under weights (draws, clips)."""
    answer = run.of_clips.argmax(axis=1)
    trusted = rank(run.of_clips.max(axis=1), answer != run.labels).curve(weights)
    found: dict[Name, Floats] = {("auroc_f",): failure_auroc(trusted)}
    found |= {("answer", name): value for name, value in right(run, run.labels, answer, weights).items()}
    return found


def right(run: Answers, true: Whole, answer: Whole, weights: Floats) -> dict[str, Floats]:
    """How right answers are under weights (draws, n); with the order of scores where there is one."""
    confusion = confusion_matrix(true, answer, len(run.classes), weights)
    found = {"accuracy": accuracy(confusion), "balanced_accuracy": mean_recall(confusion)}
    if run.task == "severity":
        found |= {"quadratic_kappa": quadratic_kappa(confusion), "mean_error": mean_error(confusion)}
    return found


def quadratic_kappa(confusion: Floats) -> Floats:
    """Cohen's κ with squared distances as weights, 1 − Σ d²·observed ÷ Σ d²·expected by chance, (…)."""
    scores = np.arange(confusion.shape[-1])
    squared = (scores[:, None] - scores) ** 2
    total = confusion.sum(axis=(-2, -1))
    expected = confusion.sum(axis=-1)[..., :, None] * confusion.sum(axis=-2)[..., None, :] / total[..., None, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        kappa: Floats = 1 - (squared * confusion).sum(axis=(-2, -1)) / (squared * expected).sum(axis=(-2, -1))
    return kappa


def mean_error(confusion: Floats) -> Floats:
    """Mean distance between answer and label in scores, (…)."""
    scores = np.arange(confusion.shape[-1])
    error: Floats = (np.abs(scores[:, None] - scores) * confusion).sum(axis=(-2, -1)) / confusion.sum(axis=(-2, -1))
    return error


def estimated(measures: Sequence[Measure], groups: Sequence[Whole]) -> Json:
    """Means over the seeds with intervals; a draw takes the same groups for all seeds.

    Args:
        measures: Of every seed.
        groups: Number of the group of every row, of every seed.
    """
    borders = np.cumsum([len(one) for one in groups])[:-1]

    def mean(weights: Floats) -> Mapping[Name, Floats]:
        parts = np.split(weights, borders, axis=-1)
        found = [measure(part) for measure, part in zip(measures, parts, strict=True)]
        return {name: np.mean([one[name] for one in found], axis=0) for name in found[0]}

    figures = estimate(mean, np.concatenate(groups), BOOTSTRAP)
    return {"/".join(name): asdict(figure) for name, figure in figures.items()}
