"""The control of the study: what size, rate and length of a file give away without a look at what it shows."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from lus_clips import FOLDS, folds_of, read_clips
from lus_figures import BOOTSTRAP, Json
from sklearn.ensemble import RandomForestClassifier

from viewer.evaluation.bootstrap import estimate
from viewer.evaluation.classification import accuracy, confusion_matrix, mean_recall

TREES = 200


def control(data: Path, work: Path, task: str, seeds: Sequence[int]) -> Json:
    """Accuracy on clips of a forest that knows bytes, frames per second, frames, width and height.

    By the folds of the networks; mean over the seeds, with intervals over groups.

    Args:
        data: Holds lus/labels.csv.
        work: Of the study.
        task: `finding` or `severity`.
        seeds: Of the cross-validations.
    """
    clips = read_clips(data, work / "frames", task)
    moving = np.array([clip.moving for clip in clips])
    facts = np.log1p([clip.facts for clip in clips])
    labels = np.array([clip.label for clip in clips])
    answers = []
    for seed in seeds:
        folds = folds_of(clips, seed)
        answer = np.zeros_like(labels)
        for fold in range(FOLDS):
            held_out = folds == fold
            forest = RandomForestClassifier(TREES, random_state=seed, n_jobs=1)
            answer[held_out] = forest.fit(facts[~held_out], labels[~held_out]).predict(facts[held_out])
        answers.append(answer[moving])
    groups = np.unique([clip.group for clip in clips if clip.moving], return_inverse=True)[1]
    classes = int(labels.max()) + 1
    figures = estimate(
        lambda weights: {
            (name,): np.mean(
                [of(confusion_matrix(labels[moving], answer, classes, weights)) for answer in answers], axis=0
            )
            for name, of in {"accuracy": accuracy, "balanced_accuracy": mean_recall}.items()
        },
        groups,
        BOOTSTRAP,
    )
    return {name[0]: asdict(figure) for name, figure in figures.items()}
