"""Frames in, evidence out: one forward pass, whatever the plugins ask for."""

import logging
import time
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import fields, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from viewer.domain.bundle import FieldOfView, Manifest
from viewer.domain.errors import JobCancelled, ViewerError
from viewer.domain.evidence import FRAMES_SECOND, Evidence, LinearHead, Need, class_attention, joined
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle
from viewer.engine.cache import EvidenceCache, Key
from viewer.engine.capture import Captured, TappedNetwork
from viewer.engine.device import FRAMES_PER_GPU_PASS, is_out_of_memory, pick_device, spare_threads
from viewer.engine.head import linear_gradients
from viewer.engine.loading import load_network
from viewer.engine.mirroring import View, mirrored_views
from viewer.engine.picture import Picture
from viewer.engine.preprocess import field_of_view, preprocess
from viewer.evaluation.mask_clearing import cleared

log = logging.getLogger(__name__)


def never() -> bool:
    """Nobody cancels."""
    return False


class Engine:
    """A bundle's network, ready to be asked; all calls come from one worker thread.

    Every pass has the same shape, filled up where frames are few, so that a frame's numbers do not depend on the
    frames beside it: one frame on a CPU, eight on a GPU.

    Args:
        bundle: What to run.
        architectures: Where to find its network.
        device: `auto`, `cpu` or `cuda`.
        threads: CPU threads; None leaves one core to the window.
        cache_bytes: Evidence kept; 0 keeps none.
        head_samples: Dropout samples of the head.
        batch: Frames of one pass; None for the device's usual number.
        prepare: Makes the network's input of a picture; given where several networks share it.
        notify: Told in one sentence when the device is not the one wished for, or runs out of memory.

    Raises:
        BundleRefused: The network cannot be built from the bundle.
    """

    def __init__(
        self,
        bundle: Bundle,
        architectures: Architectures,
        *,
        device: str = "auto",
        threads: int | None = None,
        cache_bytes: int = 64 * 1024**2,
        head_samples: int = 50,
        batch: int | None = None,
        prepare: Callable[[Picture, Manifest], NDArray[np.float32]] = preprocess,
        notify: Callable[[str], None] = log.warning,
    ) -> None:
        torch.set_num_threads(threads or spare_threads())
        self.bundle = bundle
        self._prepare = prepare
        self._notify = notify
        self._device = pick_device(device, notify)
        self._batch = batch or (FRAMES_PER_GPU_PASS if self._device.type == "cuda" else 1)
        self._cache = EvidenceCache(cache_bytes)
        self._network = load_network(bundle, architectures, head_samples)
        self._network.network.to(self._device)
        self._head = _linear_head(self._network, len(bundle.manifest.classes))

    @property
    def device(self) -> str:
        """Where the network runs now: `cpu` or `cuda`."""
        return self._device.type

    @property
    def batch(self) -> int:
        """Frames of one pass."""
        return self._batch

    @property
    def network(self) -> torch.nn.Module:
        """The network itself, for measuring; nothing may change it."""
        return self._network.network

    def field_of_view(self, picture: Picture) -> FieldOfView:
        """The part of a picture the network sees; overlays are drawn there."""
        return field_of_view(picture, self.bundle.manifest)

    def evidence(
        self,
        pictures: Sequence[Picture],
        needs: frozenset[Need],
        targets: Sequence[int | None] | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> Evidence:
        """Evidence of B ≥ 1 pictures; each goes through the network once, or not at all where it did before.

        `VIEWS` takes a further pass for each mirrored view; another target takes none.

        Args:
            pictures: The frames.
            needs: What the enabled plugins ask for.
            targets: Class of each picture whose gradients are meant; None for the predicted one, or ones.
            cancelled: Asked before every pass.

        Raises:
            JobCancelled: Nobody waits any more.
            ViewerError: There is not enough memory even for one frame on the CPU.
        """
        if not pictures:
            raise ValueError("no pictures")
        evidence = self._seen(pictures, _complete(needs), targets, cancelled)
        if Need.VIEWS in needs:
            evidence = replace(evidence, views=self.views(pictures, evidence, cancelled))
        return _only(needs, evidence)

    def views(
        self, pictures: Sequence[Picture], plain: Evidence, cancelled: Callable[[], bool] = never
    ) -> NDArray[np.float32]:
        """Attention in every mirrored view, mirrored back, float32 (B, V, h, w): a pass for each.

        Args:
            pictures: The frames.
            plain: Their evidence, whose targets are meant; its input spares preparing them again.
            cancelled: Asked before every pass.

        Raises:
            JobCancelled: Nobody waits any more.
            ViewerError: There is not enough memory even for one frame on the CPU.
        """
        maps, wanted = [], _complete(frozenset({Need.ATTENTION}))
        for view in mirrored_views(self.bundle.manifest.modality):
            seen = self._seen(pictures, wanted, plain.targets.tolist(), cancelled, view, plain.input)
            assert seen.attention is not None  # noqa: S101 - it was asked for
            maps.append(view.of(seen.attention))
        return np.stack(maps, axis=1)

    def _seen(
        self,
        pictures: Sequence[Picture],
        wanted: frozenset[Need],
        targets: Sequence[int | None] | None,
        cancelled: Callable[[], bool],
        view: View = View.PLAIN,
        prepared: NDArray[np.float32] | None = None,
    ) -> Evidence:
        """Evidence of one view of the pictures, with all that is wanted; a pass for each that is not known.

        `prepared` are the network's inputs before they are turned, where they are at hand.
        """
        keys = [self._key(picture, view) for picture in pictures]
        known = [key and self._cache.get(key, wanted) for key in keys]
        missing = [index for index, evidence in enumerate(known) if evidence is None]
        done = 0
        while done < len(missing):
            if cancelled():
                raise JobCancelled
            chunk = missing[done : done + self._batch]
            goals = [None if targets is None else targets[index] for index in chunk]
            inputs = prepared[chunk] if prepared is not None else np.stack([self._input(pictures[i]) for i in chunk])
            rows = self._try_pass(view.of(inputs), wanted, goals)
            if rows is None:
                continue  # again, with less at a time or on another device
            for index, evidence in zip(chunk, rows, strict=True):
                known[index] = evidence
                if (key := keys[index]) is not None:
                    self._cache.put(key, evidence, wanted)
            done += len(chunk)
        return self.aimed(joined([evidence for evidence in known if evidence is not None]), targets)

    def preparing(self, manifest: Manifest) -> "Engine":
        """The same network behind another preparation of pictures, e.g. a wrong one; it remembers no picture."""
        other = copy(self)
        other.bundle = replace(self.bundle, manifest=manifest)
        other._cache = EvidenceCache(0)
        return other

    def for_squares(self) -> "Engine":
        """The same network for pictures that have been through its steps, and are of its size."""
        manifest = self.bundle.manifest
        return self.preparing(replace(manifest, steps=())) if manifest.steps else self

    def bare_pass_s(self, picture: Picture) -> float:
        """Seconds that the network alone takes for one picture; preparing it is not counted.

        The batch is filled up as in every pass, and what it took is divided among its frames.
        """
        tensor = torch.from_numpy(self._input(picture)[None]).expand(self._batch, -1, -1, -1)
        tensor = tensor.to(self._device).contiguous(memory_format=torch.channels_last)
        on_gpu = self._device.type == "cuda"
        with torch.inference_mode(), torch.autocast("cuda", enabled=on_gpu):
            self._synchronise()
            start = time.perf_counter()
            self._network.network(tensor)
            self._synchronise()
        return (time.perf_counter() - start) / self._batch

    def _synchronise(self) -> None:
        """Wait for what the GPU still does."""
        if self._device.type == "cuda":
            torch.cuda.synchronize()

    def _input(self, picture: Picture) -> NDArray[np.float32]:
        return self._prepare(picture, self.bundle.manifest)

    def _key(self, picture: Picture, view: View) -> Key | None:
        return None if self._cache.is_off else Key(picture.digest, self.bundle.digest, view)

    def _try_pass(
        self, inputs: NDArray[np.float32], needs: frozenset[Need], targets: Sequence[int | None]
    ) -> list[Evidence] | None:
        """One pass over at most `batch` inputs, or None when memory ran out and something was given up for it."""
        try:
            captured = self._pass(inputs, needs, targets)
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            self._give_way(error)
            return None
        whole = self._as_evidence(captured, inputs, needs, targets)
        return [whole] if len(inputs) == 1 else [_copied(whole[index]) for index in range(len(inputs))]

    def _pass(self, inputs: NDArray[np.float32], needs: frozenset[Need], targets: Sequence[int | None]) -> Captured:
        """Bring the inputs to the device, filled up to the usual shape, and run the network."""
        tensor = torch.from_numpy(inputs)
        spare = self._batch - len(inputs)
        if spare:
            tensor = torch.cat([tensor, tensor.new_zeros(spare, *tensor.shape[1:])])
        on_gpu = self._device.type == "cuda"
        if on_gpu:
            tensor = tensor.pin_memory().to(self._device, non_blocking=True)
        tensor = tensor.contiguous(memory_format=torch.channels_last)
        with torch.autocast("cuda", enabled=on_gpu):
            return self._network(tensor, needs, [*targets, *[None] * spare])

    def _as_evidence(
        self,
        captured: Captured,
        inputs: NDArray[np.float32],
        needs: frozenset[Need],
        targets: Sequence[int | None],
    ) -> Evidence:
        frames = len(inputs)
        arrays: dict[str, Any] = {
            item.name: _array(getattr(captured, item.name), item.name, frames) for item in fields(captured)
        }
        logits, mask = arrays.pop("logits"), arrays.pop("mask")
        assert logits is not None  # noqa: S101 - Captured always holds logits
        if not np.isfinite(logits).all():
            raise ViewerError("the model's answer to this picture is not a finite number")
        evidence = Evidence(
            classes=self.bundle.manifest.classes,
            temperature=self.bundle.temperature,
            logits=logits,
            targets=aims_of(targets, logits.argmax(axis=1)),
            input=inputs if Need.INPUT in needs else None,
            linear_head=self._head,
            mask=None if mask is None else cleared(mask, self.bundle.manifest.mask_parts),
            mask_shows="" if mask is None else self.bundle.manifest.mask_shows,
            **arrays,
        )
        if Need.GRADIENTS in needs and self._head is not None:
            evidence = self._with_linear_gradients(evidence)
        return _with_attention(evidence) if Need.ATTENTION in needs else evidence

    def aimed(self, evidence: Evidence, targets: Sequence[int | None] | None) -> Evidence:
        """The same evidence for other target classes; the network's trunk is not run again.

        Args:
            evidence: This engine's, with activations where it has gradients.
            targets: As for `evidence`.
        """
        aims = aims_of(targets or [None] * len(evidence), evidence.predicted)
        if np.array_equal(aims, evidence.targets):
            return evidence
        evidence = replace(evidence, targets=aims)
        if evidence.gradients is None:
            return evidence
        if self._head is not None:
            evidence = self._with_linear_gradients(evidence)
        else:
            activations = torch.tensor(evidence.activations, device=self._device)
            _, _, gradients = self._network.head_with_gradients(activations, aims.tolist())
            evidence = replace(evidence, gradients=_array(gradients, "gradients", len(evidence)))
        return evidence if evidence.attention is None else _with_attention(evidence)

    def _with_linear_gradients(self, evidence: Evidence) -> Evidence:
        if self._head is None or evidence.activations is None:
            return evidence
        cells = evidence.activations.shape[2] * evidence.activations.shape[3]
        return replace(evidence, gradients=linear_gradients(self._head.weight, evidence.targets, cells))

    def _give_way(self, error: RuntimeError) -> None:
        """Out of memory: fewer frames at a time, then the CPU, said aloud."""
        if self._batch > 1:
            self._batch //= 2
            self._notify(f"The {self.device} ran out of memory; the model now takes {self._batch} frames at a time.")
        elif self._device.type != "cpu":
            self._device = torch.device("cpu")
            self._network.network.to(self._device)
            self._notify("The GPU ran out of memory even for one frame; the model now runs on the CPU.")
        else:
            raise ViewerError("there is not enough memory to run the model on one frame") from error
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def aims_of(targets: Sequence[int | None], predicted: NDArray[np.intp]) -> NDArray[np.intp]:
    """The class that is meant of each picture: the named one, else the predicted one."""
    return np.array([best if goal is None else goal for goal, best in zip(targets, predicted, strict=True)], np.intp)


def _complete(needs: frozenset[Need]) -> frozenset[Need]:
    """What one pass over a picture as it is captures for `needs`.

    Attention is computed from gradients, those of another class from the activations: all are kept together. Mirrored
    views are made of the input, and are for the class that attention is for.
    """
    if Need.VIEWS in needs:
        needs = (needs - {Need.VIEWS}) | {Need.INPUT, Need.ATTENTION}
    if Need.ATTENTION in needs:
        needs |= {Need.GRADIENTS}
    return (needs | {Need.LOGITS, Need.ACTIVATIONS}) if Need.GRADIENTS in needs else (needs | {Need.LOGITS})


def _with_attention(evidence: Evidence) -> Evidence:
    """The evidence with its attention for the targets, where gradients and activations are there."""
    if evidence.activations is None or evidence.gradients is None:
        return evidence
    return replace(evidence, attention=class_attention(evidence.activations, evidence.gradients))


def _only(needs: frozenset[Need], evidence: Evidence) -> Evidence:
    """Take out what was captured for another reason."""
    extra: dict[str, Any] = {
        need.value: None for need in Need if need not in needs | {Need.LOGITS} and getattr(evidence, need) is not None
    }
    if "mask" in extra:
        extra["mask_shows"] = ""
    return replace(evidence, **extra) if extra else evidence


def _copied(evidence: Evidence) -> Evidence:
    """Evidence that does not keep its whole batch alive."""
    values: dict[str, Any] = {item.name: getattr(evidence, item.name) for item in fields(Evidence)}
    copies: dict[str, Any] = {name: a.copy() for name, a in values.items() if isinstance(a, np.ndarray)}
    return replace(evidence, **copies)


def _array(tensor: Tensor | None, name: str, frames: int) -> NDArray[np.float32] | None:
    if tensor is None:
        return None
    kept = tensor[:, :frames] if name in FRAMES_SECOND else tensor[:frames]
    array: NDArray[np.float32] = kept.float().cpu().contiguous().numpy()
    return array


def _linear_head(network: TappedNetwork, classes: int) -> LinearHead | None:
    if network.linear is None:
        return None
    weight, bias = network.linear.weight.cpu().numpy(), network.linear.bias.cpu().numpy()
    return LinearHead(weight[:classes], bias[:classes])
