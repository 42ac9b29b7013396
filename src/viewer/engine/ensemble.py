"""Several bundles as one model: each looks at the picture in its own way, and their probabilities are averaged."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from viewer.domain.bundle import FieldOfView, Manifest
from viewer.domain.evidence import Evidence, Float, Need, class_attention, joined
from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle
from viewer.engine.engine import Engine, aims_of, never
from viewer.engine.joining import (
    Views,
    all_of,
    comparable_attention,
    joined_features,
    joined_looks,
    joined_statistics,
    log_probabilities,
    mixed,
    mixed_samples,
    over_the_same_part,
    weighted_mean,
)
from viewer.engine.picture import Picture
from viewer.engine.preprocess import preprocess

log = logging.getLogger(__name__)

AIMED = frozenset({Need.ATTENTION, Need.GRADIENTS, Need.ACTIVATIONS})
"""What is made of the members' attention for one class."""


class EnsembleEngine:
    """The members of an ensemble, asked as an `Engine` is.

    Its answer p̄ = Σ w·softmax(z/T) of every member's logits z at that member's own temperature T; `logits` are ln p̄.

    Args:
        bundle: An ensemble.
        architectures: Where to find its members' networks.
        device, threads, head_samples, batch, notify: Of every member, as for `Engine`.
        cache_bytes: Evidence kept by all members together.

    Raises:
        BundleRefused: A member's network cannot be built; the sentence names it.
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
        notify: Callable[[str], None] = log.warning,
    ) -> None:
        self.bundle = bundle
        self._weights = [own.weight for own in bundle.manifest.members]
        self._prepared = SharedPreparation()
        self._engines = [
            Engine(
                member,
                architectures,
                device=device,
                threads=threads,
                cache_bytes=cache_bytes // len(bundle.members),
                head_samples=head_samples,
                batch=batch,
                prepare=self._prepared,
                notify=notify,
            )
            for member in bundle.members
        ]

    @property
    def device(self) -> str:
        """Where the networks run now: `cpu`, or `cuda` where all of them do."""
        return min(engine.device for engine in self._engines)

    @property
    def batch(self) -> int:
        """Frames of one pass of every member."""
        return min(engine.batch for engine in self._engines)

    def field_of_view(self, picture: Picture) -> FieldOfView:
        """The part of a picture the first member sees; overlays are drawn there."""
        return self._engines[0].field_of_view(picture)

    def evidence(
        self,
        pictures: Sequence[Picture],
        needs: frozenset[Need],
        targets: Sequence[int | None] | None = None,
        cancelled: Callable[[], bool] = never,
    ) -> Evidence:
        """Evidence of B ≥ 1 pictures, of all members together; see `Engine.evidence`.

        Raises:
            JobCancelled: Nobody waits any more.
            ViewerError: There is not enough memory even for one frame on the CPU.
        """
        if not pictures:
            raise ValueError("no pictures")
        parts, step = [], self.batch
        for start in range(0, len(pictures), step):
            chunk = slice(start, start + step)
            goals = [None] * len(pictures[chunk]) if targets is None else targets[chunk]
            with self._prepared.shared():
                parts.append(self._together(pictures[chunk], needs, goals, cancelled))
        return joined(parts)

    def preparing(self, manifest: Manifest) -> "EnsembleEngine":
        """The same networks behind another preparation of pictures, e.g. a wrong one.

        Behind a wrong mean and standard deviation this ensemble's input of a picture x is that of another picture y,
        by (x − wrong mean)/wrong std = (y − mean)/std; every member is given its own input of y.
        """
        own = self.bundle.manifest
        spread = np.array(own.std) / manifest.std
        level = np.array(own.mean) - np.array(manifest.mean) * spread
        other = copy(self)
        other.bundle = replace(self.bundle, manifest=manifest)
        other._engines = [
            engine.preparing(_distorted(engine.bundle.manifest, spread, level, steps=bool(manifest.steps)))
            for engine in self._engines
        ]
        return other

    def for_squares(self) -> "EnsembleEngine":
        """The same networks for pictures that have been through the steps, and are of the first one's size."""
        other = copy(self)
        other._engines = [engine.for_squares() for engine in self._engines]
        return other

    def bare_pass_s(self, picture: Picture) -> float:
        """Seconds that the networks alone take for one picture, one after the other."""
        with self._prepared.shared():
            return sum(engine.bare_pass_s(picture) for engine in self._engines)

    def _together(
        self,
        pictures: Sequence[Picture],
        needs: frozenset[Need],
        targets: Sequence[int | None],
        cancelled: Callable[[], bool],
    ) -> Evidence:
        mirrored = Need.VIEWS in needs
        aimed = mirrored or bool(AIMED & needs)
        wanted = (needs - {Need.MEMBERS, Need.VIEWS}) | (AIMED if aimed else frozenset())
        wanted |= {Need.INPUT} if mirrored else frozenset()
        seen = [engine.evidence(pictures, wanted, cancelled=cancelled) for engine in self._engines]
        classes = self.bundle.manifest.classes
        logarithms = log_probabilities(seen, classes)
        logits = mixed(logarithms, self._weights).astype(np.float32)
        aims = aims_of(targets, logits.argmax(axis=1))
        if aimed:
            seen = [
                engine.aimed(one, [one.classes.index(classes[aim]) for aim in aims])
                for engine, one in zip(self._engines, seen, strict=True)
            ]
        whole = self._joined(seen, logits, aims, self._views(pictures), needs)
        if mirrored:
            whole = replace(whole, views=self._mirrored(pictures, seen, cancelled))
        if Need.MEMBERS not in needs:
            return whole
        return replace(
            whole,
            members=logarithms.astype(np.float32),
            member_names=tuple(own.name for own in self.bundle.manifest.members),
            member_weights=tuple(self._weights),
        )

    def _joined(
        self,
        seen: Sequence[Evidence],
        logits: Float,
        aims: NDArray[np.intp],
        views: Views,
        needs: frozenset[Need],
    ) -> Evidence:
        classes, weights, first = self.bundle.manifest.classes, self._weights, seen[0]
        features, middle = all_of(seen, lambda one: one.features), all_of(seen, lambda one: one.middle)
        looks, early = all_of(seen, lambda one: one.look), all_of(seen, lambda one: one.early)
        attention = all_of(seen, lambda one: one.attention)
        maps = None if attention is None else comparable_attention(attention, views)
        drawing = next((number for number, one in enumerate(seen) if one.mask is not None), None)
        garbage = [(w, one.garbage_log_odds) for w, one in zip(weights, seen, strict=True) if one.garbage is not None]
        gradients = self._shares(len(logits))
        return Evidence(
            classes=classes,
            temperature=self.bundle.temperature,
            logits=logits,
            targets=aims,
            input=first.input if Need.INPUT in needs else None,
            features=None if features is None else joined_features(features),
            activations=maps if Need.ACTIVATIONS in needs else None,
            gradients=gradients if Need.GRADIENTS in needs else None,
            stem=first.stem,
            middle=None if middle is None else joined_statistics(middle),
            head_samples=mixed_samples(seen, classes, weights),
            look=None if looks is None else joined_looks(looks),
            attention=None if maps is None or Need.ATTENTION not in needs else class_attention(maps, gradients),
            early=None
            if early is None
            else weighted_mean(
                [over_the_same_part(own, views, number, own.shape[1:]) for number, own in enumerate(early)], weights
            ),
            garbage=weighted_mean([odds for _, odds in garbage if odds is not None], [w for w, _ in garbage])
            if garbage
            else None,
            mask=None if drawing is None else self._mask(seen[drawing].mask, views, drawing),
            mask_shows="" if drawing is None else seen[drawing].mask_shows,
        )

    def _mirrored(
        self, pictures: Sequence[Picture], seen: Sequence[Evidence], cancelled: Callable[[], bool]
    ) -> Float:
        """Attention of all members together in every mirrored view, (B, V, h, w)."""
        pairs = zip(self._engines, seen, strict=True)
        members = [engine.views(pictures, one, cancelled) for engine, one in pairs]
        parts, shares = self._views(pictures), self._shares(len(pictures))
        together = [
            class_attention(comparable_attention([views[:, number] for views in members], parts), shares)
            for number in range(members[0].shape[1])
        ]
        return np.stack(together, axis=1)

    def _shares(self, frames: int) -> Float:
        """How much each member's attention counts, as gradients do, (B, M, 1, 1)."""
        return np.tile(np.array(self._weights, np.float32)[:, None, None], (frames, 1, 1, 1))

    def _mask(self, mask: Float | None, views: Views, member: int) -> Float | None:
        """The mask that a member draws, over what the first one sees."""
        return None if mask is None else over_the_same_part(mask, views, member, mask.shape[1:])

    def _views(self, pictures: Sequence[Picture]) -> Views:
        """What every member sees of each picture."""
        return [[engine.field_of_view(one) for one in pictures] for engine in self._engines]


class SharedPreparation:
    """Prepares each picture once for all members that want it prepared alike."""

    def __init__(self) -> None:
        self._made: dict[object, NDArray[np.float32]] = {}

    def __call__(self, picture: Picture, manifest: Manifest) -> NDArray[np.float32]:
        """The network's input; see `preprocess`."""
        key = id(picture), manifest.preparation
        if key not in self._made:
            self._made[key] = preprocess(picture, manifest)
        return self._made[key]

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Keep inputs while some pictures are looked at; another may have the place of an earlier one in memory."""
        try:
            yield
        finally:
            self._made.clear()


def _distorted(
    manifest: Manifest, spread: NDArray[np.float64], level: NDArray[np.float64], *, steps: bool
) -> Manifest:
    """A member's preparation under which a picture x looks like spread·x + level under its own, with steps or not."""
    mean, std = (np.array(manifest.mean) - level) / spread, np.array(manifest.std) / spread
    taken = manifest.steps if steps else ()
    return replace(manifest, mean=tuple(mean.tolist()), std=tuple(std.tolist()), steps=taken)
