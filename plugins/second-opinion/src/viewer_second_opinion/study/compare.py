"""The study: everything on the same frames, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from viewer.api import REACH, ViewerError
from viewer_second_opinion.study import ours
from viewer_second_opinion.study.figures import (
    Answered,
    Json,
    Judged,
    figures_of_answers,
    figures_of_judgements,
)
from viewer_second_opinion.study.frames import Frames
from viewer_second_opinion.study.source import (
    HEADLINE,
    NEIGHBOURS,
    Say,
    cascade,
    on_map,
    reliabilities,
    rescorings,
    timed,
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Study:
    """What was found.

    Attributes:
        figures: For JSON: `base`, `reliability`, `rescoring`, `cascade`, what was fixed beforehand and notes.
        opinion: Ours on every frame.
        trails: How it came to be, in words.
    """

    figures: Json
    opinion: Answered
    trails: list[str]


def study(train: Frames, test: Frames, say: Say) -> Study:
    """Judge and correct the test frames in every way.

    Args:
        train: What the source's methods learn from; ours learn nothing.
        test: What all are measured on.
        say: Told how far it is.

    Raises:
        ViewerError: The tables are not about the same scores.
    """
    if train.scores != test.scores:
        raise ViewerError(f"{train.source} has outputs for {train.scores} scores, {test.source} for {test.scores}")
    judged = reliabilities(train, test, say)
    rescored = rescorings(train, test, say)
    say("asking the frames around …")
    around, seconds = timed(lambda: ours.evidence(test), len(test))
    final = ours.decide(test.predicted, around)
    judged_by_us = Judged(trust=ours.trust(test.predicted, around), seconds=seconds)
    opinion = Answered(final=final, trust=ours.trust(final, around), seconds=seconds)
    say("measuring …")
    combined = {
        "/".join((judge, *names)): figures_of_answers(test, cascade(test, one, answered))
        for judge, one in judged.items()
        for names, answered in rescored.items()
    }
    figures: Json = {
        "train": _about(train),
        "test": _about(test),
        "notes": [*train.notes, *test.notes, *_shared(train, test)],
        "fixed": _fixed(train),
        "base": figures_of_answers(
            test, Answered(final=test.predicted, trust=ours.trust(test.predicted, test.probabilities))
        ),
        "reliability": {
            name: figures_of_judgements(test, one) for name, one in {**judged, "ours": judged_by_us}.items()
        },
        "rescoring": _rescoring(test, rescored),
        "cascade": {
            "source": {"combination": HEADLINE, **combined[HEADLINE]},
            "ours": figures_of_answers(test, opinion),
            "combinations": combined,
        },
    }
    return Study(figures=figures, opinion=opinion, trails=ours.trails(test, around, final))


def _rescoring(test: Frames, rescored: Mapping[tuple[str, str], Answered]) -> Json:
    """Figures of the mode, and beside them those of the mean, by similarity."""
    found: Json = {}
    for (similarity, vote), answered in rescored.items():
        figures = figures_of_answers(test, answered)
        if vote == "mode":
            found[similarity] = figures
        else:
            found[similarity][vote] = figures
    return found


def _fixed(train: Frames) -> Json:
    """What was chosen before there were tables, and what that makes of this one."""
    on_it = len(on_map(len(train)))
    window = {"window": REACH, "answers": round(ours.ANSWERS, 4), "lead": ours.LEAD}
    return {**window, "neighbours": NEIGHBOURS, "frames_on_map": on_it}


def _about(frames: Frames) -> Json:
    return {
        "frames": len(frames),
        "patients": len(np.unique(frames.patients)),
        "clips": len(np.unique(frames.clips)),
    }


def _shared(train: Frames, test: Frames) -> list[str]:
    both = len(np.intersect1d(train.patients, test.patients))
    return [f"{both} patients are in both tables: these figures do not tell how new patients fare"] if both else []
