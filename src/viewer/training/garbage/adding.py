"""One more output for a network that is finished: nothing else of it changes, so its answers stay what they are."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from viewer.datasets.sample import Sample
from viewer.domain.errors import ViewerError
from viewer.domain.evidence import Evidence, Need
from viewer.engine.bundle import Bundle, write_bundle
from viewer.engine.engine import Engine
from viewer.engine.head import only_linear
from viewer.engine.picture import Picture
from viewer.training.garbage.choosing import Chosen
from viewer.training.garbage.drawing import Pieces
from viewer.training.loading import PictureStore
from viewer.training.pictures import Reader
from viewer.training.saying import Passing, Say

DECAY = 0.01
"""Weight of half the squared length of what is learned, for features scaled to a spread of one."""

_NEEDS = frozenset({Need.LOGITS, Need.FEATURES})


def add_garbage_output(
    bundle: Bundle,
    engine: Engine,
    samples: Sequence[Sample],
    chosen: Chosen,
    *,
    version: str,
    frames_per_clip: int,
    seed: int,
    made: str,
    out: Path,
    say: Say,
) -> Bundle:
    """Write the bundle with one more row in its last layer, learned from what the network makes of garbage.

    The row is a logistic regression of garbage against proper pictures on the features, beside the K outputs as they
    are: −ln of the last of K + 1 probabilities for garbage, −ln of its complement for proper pictures, where garbage
    weighs 1 / (K + 1). There is one piece of garbage for every picture.

    Args:
        bundle: Without an output for garbage.
        engine: With that bundle.
        samples: Pictures the weights were trained on.
        chosen: Families of garbage.
        version: Of the new bundle.
        frames_per_clip: Taken of a clip.
        seed: Of what is drawn.
        made: Section of the card on data and training.
        out: Where the bundle goes, not calibrated.
        say: Told every step.

    Raises:
        ViewerError: The network does not end in one linear layer, too many files cannot be read, or the new bundle
            would have the version of the old one.
    """
    names = _last_layer(engine.network, bundle.path)
    if version == bundle.manifest.version:
        raise ViewerError(f"{bundle.path}: with another output it is another version: name it by --bundle-version")
    store = PictureStore(bundle.manifest)
    store.add(Reader(frames_per_clip, say).read(samples))
    proper, garbage = (
        list(_told(pictures, len(store), what, say))
        for pictures, what in (
            (_as_they_are(engine, store), "pictures"),
            (_drawn(engine, Pieces(chosen.trained, store, None, seed), len(store)), "pieces of garbage"),
        )
    )
    weight, bias = learn_row(
        *(np.concatenate([_features(one) for one in part]) for part in (proper, garbage)),
        *(np.concatenate([one.logits for one in part]) for part in (proper, garbage)),
    )
    tensors = dict(bundle.weights())
    for name, row in zip(names, (weight[None], np.array([bias])), strict=True):
        tensors[name] = np.concatenate([tensors[name].astype(np.float32), row.astype(np.float32)])
    manifest = replace(bundle.manifest, garbage=True, version=version)
    return write_bundle(out, manifest, tensors, card=f"{made}\n\n{_note(bundle, chosen, len(store))}")


def learn_row(
    proper: NDArray[np.float32],
    garbage: NDArray[np.float32],
    proper_logits: NDArray[np.float32],
    garbage_logits: NDArray[np.float32],
) -> tuple[NDArray[np.float64], float]:
    """Weight (D,) and bias of the output for garbage beside K outputs that stay.

    Args:
        proper: Features of proper pictures (n, D).
        garbage: Features of garbage (m, D).
        proper_logits: The K outputs for the first, (n, K).
        garbage_logits: For the others, (m, K).
    """
    features = torch.from_numpy(np.concatenate([proper, garbage]).astype(np.float64))
    others = torch.from_numpy(np.concatenate([proper_logits, garbage_logits]).astype(np.float64)).logsumexp(dim=1)
    is_garbage = torch.cat([torch.zeros(len(proper)), torch.ones(len(garbage))]).double()
    share = 1 / (proper_logits.shape[1] + 1)
    weights = torch.where(is_garbage > 0, share / len(garbage), (1 - share) / len(proper))
    mean, spread = features[: len(proper)].mean(dim=0), features[: len(proper)].std(dim=0) + _LEAST_SPREAD
    scaled = (features - mean) / spread
    row = torch.zeros(features.shape[1], dtype=torch.float64, requires_grad=True)
    bias = torch.zeros((), dtype=torch.float64, requires_grad=True)
    steps = torch.optim.LBFGS([row, bias], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        steps.zero_grad()
        odds = scaled @ row + bias - others
        surprise = functional.binary_cross_entropy_with_logits(odds, is_garbage, weights, reduction="sum")
        whole = surprise + DECAY / 2 * row.square().sum()
        whole.backward()  # type: ignore[no-untyped-call]
        return whole

    steps.step(loss)  # type: ignore[no-untyped-call]
    weight = (row / spread).detach()
    return weight.numpy(), float(bias.detach() - weight @ mean)


_LEAST_SPREAD = 1e-3


def _last_layer(network: nn.Module, path: Path) -> tuple[str, str]:
    """Names of the tensors of the one linear layer that the network ends in."""
    classifier = network.get_submodule("classifier")
    linear = only_linear(classifier)
    if linear is None:
        raise ViewerError(f"{path}: only a network that ends in one linear layer can be given another output")
    (name,) = (name for name, module in classifier.named_modules(prefix="classifier") if module is linear)
    return f"{name}.weight", f"{name}.bias"


def _as_they_are(engine: Engine, store: PictureStore) -> Iterator[Evidence]:
    engine = engine.for_squares()
    for index in range(len(store)):
        square = store[index].permute(1, 2, 0).numpy()
        yield engine.evidence([Picture(rgb=np.ascontiguousarray(square))], _NEEDS)


def _drawn(engine: Engine, pieces: Pieces, count: int) -> Iterator[Evidence]:
    for number in range(count):
        drawn = pieces.piece(number)
        yield engine.preparing(drawn.manifest).evidence([Picture(rgb=drawn.square)], _NEEDS)


def _told(evidences: Iterator[Evidence], count: int, what: str, say: Say) -> Iterator[Evidence]:
    say(f"the network looks at {count} {what}")
    for number, evidence in enumerate(evidences, start=1):
        yield evidence
        say(Passing(f"{what}: {number} of {count}"))


def _features(evidence: Evidence) -> NDArray[np.float32]:
    assert evidence.features is not None  # noqa: S101 - they were asked for
    return evidence.features


def _note(bundle: Bundle, chosen: Chosen, pieces: int) -> str:
    """For the card."""
    families = ", ".join(family.name for family in chosen.trained)
    return (
        f"An output for pictures of no kind it knows was added to version {bundle.manifest.version} afterwards: one "
        f"row of the last layer, learned from {pieces} pieces of garbage ({families}) and as many training pictures. "
        "All else is as it was."
    )
