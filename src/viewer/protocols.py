"""What a plugin's objects look like. Satisfied by shape: no base class to inherit from."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from viewer.domain.evidence import Calibration, Evidence, Need, State
from viewer.domain.image import FrameSource
from viewer.domain.result import About, Content, Proposal, Score

if TYPE_CHECKING:
    from torch import nn


@runtime_checkable
class Scorer(Protocol):
    """Judges frames from evidence; runs on the plugin thread, never on the GUI's.

    With `family = "attention"` its row is folded under that scorer's, of the same plugin and `about`, unless the
    light rests on it.

    Attributes:
        name: `[a-z][a-z0-9_]*`, unique; becomes the column `trust_<name>`.
        title: In words for the reader.
        version: Changes whenever the meaning of its state or its scores changes.
        about: Whether the answer is likely right, or the input is of the kind the model knows.
        needs: Evidence it reads.
    """

    name: str
    title: str
    version: str
    about: About
    needs: frozenset[Need]

    def fit(self, calibration: Calibration) -> State:
        """Learn from the fit groups of a bundle.

        Returns:
            Named arrays, stored in the bundle and handed back to `score`; `{}` when there is nothing to learn.
        """
        ...

    def score(self, evidence: Evidence, state: State) -> Sequence[Score]:
        """Score B frames.

        Args:
            evidence: B frames with every need filled.
            state: What `fit` returned for this bundle; `{}` where it was never fitted.

        Returns:
            B scores. Abstain with `Score(trust=None, note=…)`; raise for a fault: the user sees "unavailable".
        """
        ...


@runtime_checkable
class Opinion(Protocol):
    """May propose another final class than the model's; attributes as for `Scorer`.

    With `reads = ("similar",)` it is also handed what that scorer of the same plugin fitted, as `similar.<array>`.
    """

    name: str
    title: str
    version: str
    needs: frozenset[Need]

    def fit(self, calibration: Calibration) -> State:
        """Learn from the fit groups; `{}` when there is nothing to learn."""
        ...

    def propose(self, evidence: Evidence, state: State) -> Sequence[Proposal | None]:
        """Return B proposals; None where it has nothing to say.

        A proposal of the model's own class changes nothing; its reason is told in the trail.
        """
        ...


@runtime_checkable
class Explainer(Protocol):
    """Shows why; attributes as for `Scorer`."""

    name: str
    title: str
    version: str
    needs: frozenset[Need]

    def explain(self, evidence: Evidence) -> Sequence[Content]:
        """Explain one frame (B = 1) for the class `evidence.targets[0]`; contents are shown in order."""
        ...


@runtime_checkable
class FittedExplainer(Protocol):
    """An explainer with a memory: it has `fit`, or `reads`, or both; attributes as for `Opinion`."""

    name: str
    title: str
    version: str
    needs: frozenset[Need]

    def explain(self, evidence: Evidence, state: State) -> Sequence[Content]:
        """Explain one frame, as an `Explainer` does.

        Args:
            evidence: One frame.
            state: What `fit` returned for this bundle, and the arrays of the parts it reads as `<part>.<array>`;
                `{}` where nothing was fitted.
        """
        ...


AnyExplainer = Explainer | FittedExplainer
"""One with a memory, or without."""


@runtime_checkable
class Reader(Protocol):
    """Opens a file format the viewer does not know.

    Attributes:
        name: In words for the reader, e.g. `NIfTI`.
    """

    name: str

    def sniff(self, head: bytes, path: Path) -> bool:
        """Whether the file is of this format, from its first 4096 bytes and its name."""
        ...

    def open(self, path: Path) -> FrameSource:
        """Open the file.

        Raises:
            UnreadableFile: With one sentence.
        """
        ...


class Network(Protocol):
    """A classifier in three parts, applied in order; each is an `nn.Module`.

    A network that draws a mask beside its answer has a `decoder` as well, and its trunk a method `levels(pictures)`:
    the maps the mask is drawn from, the activations last. `decoder(levels)` gives logits of the mask, (B, 1, H, W).

    Attributes:
        trunk: float (B, 3, H, W) → activations (B, C, h, w): all convolutions.
        pool: activations → features (B, D).
        classifier: features → logits (B, K); dropout layers in here are what dropout samples re-run.
    """

    trunk: "nn.Module"
    pool: "nn.Module"
    classifier: "nn.Module"


@runtime_checkable
class Architecture(Protocol):
    """Builds a network of a given shape, with random weights.

    Attributes:
        name: As written in `model.toml`.
        stem, middle: Names of the modules inside `trunk` whose outputs are tapped.
        gap_linear: True where `pool` is global average pooling and `classifier` ends in its only linear layer.
        input_size: Usual side of the square input in pixels.
    """

    name: str
    stem: str
    middle: str
    gap_linear: bool
    input_size: int

    def build(self, classes: int) -> "nn.Module":
        """Return a `Network` for `classes` classes."""
        ...

    def load_pretrained(self, network: "nn.Module", weights: Path | None) -> str:
        """Load ImageNet weights of the backbone into `network`.

        Args:
            network: What `build` returned.
            weights: A file in torchvision's layout (.pth or .safetensors), or None to download.

        Returns:
            One sentence naming what was loaded, for the bundle's card.
        """
        ...
