"""The weights a training starts from: chance, an ImageNet file, or the network of another bundle."""

import hashlib
from pathlib import Path

import torch

from viewer.datasets.split import Part, pseudonym
from viewer.domain.errors import ViewerError
from viewer.domain.recipe import Recipe
from viewer.engine.bundle import Bundle, read_bundle
from viewer.engine.tensors import load_arrays
from viewer.protocols import Architecture
from viewer.training.pictures import Say
from viewer.training.plan import Parts, TrainingPlan
from viewer.training.recipe import frozen_parts

OWN = "classifier."
"""What a network does not take over from another bundle's: its classes need not be the same."""


def refuse_no_start(plan: TrainingPlan, recipe: Recipe) -> None:
    """Check, before any picture is read, which may take long, that the recipe has the start it needs.

    Raises:
        ViewerError: It has none.
    """
    frozen = frozen_parts(recipe, recipe.choose(plan.choices))
    if plan.start is None and (frozen or recipe.start == "pretrained"):
        why = f"{' and '.join(frozen)} would stay random" if frozen else "it does not start from random weights"
        raise ViewerError(f"the recipe {recipe.name} needs starting weights (--weights FILE or download): {why}")


def load_start(plan: TrainingPlan, architecture: Architecture, network: torch.nn.Module) -> str:
    """Load what the plan starts from, and say in a sentence what it was.

    Raises:
        ViewerError: It cannot be read, or is none of this architecture.
    """
    if plan.start is None:
        return f"The network started from random weights (seed {plan.hyper.seed})."
    if plan.start == "download":
        return architecture.load_pretrained(network, None)
    if plan.start.is_dir():
        return _take_over(read_bundle(plan.start), architecture, network)
    sentence = architecture.load_pretrained(network, plan.start)
    digest = hashlib.sha256(plan.start.read_bytes()).hexdigest()
    return f"{sentence.rstrip('.')}; SHA-256 {digest[:16]}."


def seen_before(plan: TrainingPlan, parts: Parts, say: Say) -> tuple[str, ...]:
    """The sentence that is due where the network of a bundle may have learnt from groups that are measured here.

    A bundle names the groups it was fitted and measured on, not those it was taught with: only where all that is
    fitted and measured here was kept from it too is it known that none is.
    """
    if not isinstance(plan.start, Path) or not plan.start.is_dir():
        return ()
    start = read_bundle(plan.start)
    kept_from_it = {row["group"] for part in ("fit", "certify") for row in start.predictions(part)}
    measured = {pseudonym(sample.group) for part in (Part.FIT, Part.CERTIFY) for sample in parts[part]}
    unknown = len(measured - kept_from_it)
    if not unknown:
        return ()
    note = (
        f"It started from {start.manifest.name} {start.manifest.version}, which may have learnt from {unknown} of "
        f"the {len(measured)} groups that are fitted and measured here: then the figures are too good."
    )
    say(note)
    return (note,)


def _take_over(start: Bundle, architecture: Architecture, network: torch.nn.Module) -> str:
    """Everything of a bundle's network but its classifier."""
    manifest = start.manifest
    if manifest.architecture != architecture.name:
        raise ViewerError(
            f"{start.path}: its network is {manifest.architecture}, and cannot start one of {architecture.name}"
        )
    whole = architecture.build(manifest.outputs)
    load_arrays(whole, start.weights(), start.path)
    taken = {name: tensor for name, tensor in whole.state_dict().items() if not name.startswith(OWN)}
    network.load_state_dict(taken, strict=False)
    return (
        f"The network, but for its classifier, started from {manifest.name} {manifest.version} ({start.digest[:16]})."
    )
