"""Training that makes a network look at the lesion, and what shows whether it does; this page registers it."""

from collections.abc import Iterable

from viewer.api import AnyExplainer, Options, Recipe, Scorer, hookimpl
from viewer_lesion_focus.flips import AttentionUnderFlips, FlippedMaps
from viewer_lesion_focus.inside import LookingAtLesion
from viewer_lesion_focus.members import MembersDisagreeScorer, MembersExplainer
from viewer_lesion_focus.training.recipe import LESION_FOCUS

VIEWER_API = 1


@hookimpl
def viewer_recipes(options: Options) -> Iterable[Recipe]:
    """Training with the lesion's mask."""
    return [LESION_FOCUS]


@hookimpl
def viewer_scorers(options: Options) -> Iterable[Scorer]:
    """Whether attention keeps its place in mirrored views (slow), and whether the models of an ensemble agree."""
    return [AttentionUnderFlips(), MembersDisagreeScorer()]


@hookimpl
def viewer_explainers(options: Options) -> Iterable[AnyExplainer]:
    """Whether attention lies in the outline; maps of mirrored views (slow); what each model of an ensemble says."""
    return [LookingAtLesion(), FlippedMaps(), MembersExplainer()]
