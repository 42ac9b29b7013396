"""Attention compared with what is usual, and pictures a model cannot judge; this page registers it."""

from collections.abc import Iterable

from viewer.api import AnyExplainer, Options, Scorer, hookimpl
from viewer_attention_verification.compared import AttentionCompared
from viewer_attention_verification.comparison import Measuring
from viewer_attention_verification.early import EarlyScorer
from viewer_attention_verification.garbage import GarbageScorer
from viewer_attention_verification.scorers import attention_scorers
from viewer_attention_verification.second_model import SecondAnswerScorer, SecondLookScorer, SecondModelExplainer

VIEWER_API = 1

_MEASURING = Measuring()


@hookimpl
def viewer_scorers(options: Options) -> Iterable[Scorer]:
    """Does the network look where it usually looks, all metrics together first; then, is the input usual?

    Last, what a second model says.
    """
    return [*attention_scorers(_MEASURING), EarlyScorer(), GarbageScorer(), SecondAnswerScorer(), SecondLookScorer()]


@hookimpl
def viewer_explainers(options: Options) -> Iterable[AnyExplainer]:
    """Where the network looks, beside where it usually does; and what a second model says, where there is one."""
    return [AttentionCompared(_MEASURING), SecondModelExplainer()]
