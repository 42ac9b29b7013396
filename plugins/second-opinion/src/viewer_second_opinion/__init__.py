"""A second opinion from reliability classifiers, similar frames and the frames around; this page registers it."""

from collections.abc import Iterable

from viewer.api import AnyExplainer, Architecture, Command, Opinion, Options, Recipe, Scorer, hookimpl
from viewer_second_opinion.around import FramesAround
from viewer_second_opinion.cascade import SecondOpinion
from viewer_second_opinion.commands import SECOND_OPINION
from viewer_second_opinion.maps import SimilarFramesMap
from viewer_second_opinion.network.recipes import FINDING, SEVERITY
from viewer_second_opinion.network.small_cnn import SmallCnn
from viewer_second_opinion.reliability import reliability_scorers
from viewer_second_opinion.similar import SimilarFrames
from viewer_second_opinion.similar_panel import SimilarFramesPanel

VIEWER_API = 1


@hookimpl
def viewer_commands(options: Options) -> Iterable[Command]:
    """One command with sub-commands."""
    return [SECOND_OPINION]


@hookimpl
def viewer_architectures(options: Options) -> Iterable[Architecture]:
    """The small network that learns from scratch."""
    return [SmallCnn()]


@hookimpl
def viewer_recipes(options: Options) -> Iterable[Recipe]:
    """Scores of severity, and findings."""
    return [SEVERITY, FINDING]


@hookimpl
def viewer_scorers(options: Options) -> Iterable[Scorer]:
    """Whether the answer is likely right."""
    return [FramesAround(), *reliability_scorers(), SimilarFrames()]


@hookimpl
def viewer_explainers(options: Options) -> Iterable[AnyExplainer]:
    """The most similar frames of other patients, and where a frame lies among those whose class is known."""
    return [SimilarFramesPanel(), SimilarFramesMap()]


@hookimpl
def viewer_opinions(options: Options) -> Iterable[Opinion]:
    """Similar frames, where the answer is not reliable."""
    return [SecondOpinion()]
