"""How much garbage a finished model rejects, family by family, drawn from pictures it has not seen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from viewer.assessment.suitability import Gatekeeper, Suitability
from viewer.domain.evidence import FROM_AROUND, Labelled, Need
from viewer.domain.gate import Gate
from viewer.engine.opening import AnyEngine
from viewer.engine.picture import Picture
from viewer.engine.preprocess import resize
from viewer.host.discovery import Offer, PluginHost
from viewer.protocols import Scorer
from viewer.training.fitting import Scored, States, score_evidences
from viewer.training.garbage.choosing import Chosen
from viewer.training.garbage.families import Family
from viewer.training.garbage.rejection import GarbageReport, Strange, Thresholds
from viewer.training.gate import judge_pictures
from viewer.training.pictures import Item, read_item
from viewer.training.saying import Say

PIECES = 60
"""Drawn of each family, from pictures that lie evenly among those of the certify groups."""

SEED = 220_001
"""Of what is drawn: training never draws it."""


@dataclass(frozen=True, slots=True)
class ProperPictures:
    """Pictures of one part, with what scorers and gate say of them."""

    scored: Scored
    judged: Sequence[Suitability]

    @property
    def strange(self) -> Strange:
        """How strange each is."""
        return Strange(self.scored.garbage, self.judged, self.scored.groups)


def measure_garbage(
    engine: AnyEngine,
    host: PluginHost,
    chosen: Chosen,
    *,
    fit: ProperPictures,
    certify: ProperPictures,
    items: Sequence[Item],
    gate: Gate | None,
    states: States,
    temperature: float,
    say: Say,
) -> GarbageReport:
    """Draw every family from pictures of the certify groups and count what is rejected.

    Args:
        engine: With the network as it is shipped.
        host: Loaded plugins.
        chosen: Families, those left out of training among them.
        fit: Proper pictures that give the thresholds.
        certify: Proper pictures to see what the thresholds cost.
        items: Where the certify pictures come from.
        gate: Of the fit groups.
        states: What scorers fitted.
        temperature: Fitted.
        say: Told every family.
    """
    thresholds = Thresholds(fit.strange)
    sources = [items[i] for i in np.unique(np.linspace(0, len(items) - 1, PIECES).round().astype(int))]
    listened = [offer for offer in host.scorers if offer.thing.name in Gatekeeper(gate).scorers]
    rows = []
    for family in chosen.all:
        say(f"garbage, {family.name}: {len(sources)} pictures")
        scored = score_evidences(host, _evidence(engine, family, sources, listened, temperature), states, listened)
        pictures = ProperPictures(scored, judge_pictures(gate, scored)).strange
        trained = family in chosen.trained
        rows.append(thresholds.rejection(pictures, family=family.name, title=family.title, trained=trained))
    return GarbageReport(
        threshold=float(1 / (1 + np.exp(-thresholds.odds))),
        proper=thresholds.rejection(certify.strange, title="proper pictures"),
        families=tuple(rows),
    )


def _evidence(
    engine: AnyEngine, family: Family, sources: Sequence[Item], offers: Sequence[Offer[Scorer]], temperature: float
) -> Iterator[Labelled]:
    """What the network makes of one piece drawn from each source, each prepared as it is drawn."""
    needs = frozenset({Need.LOGITS, Need.LOOK, Need.GARBAGE}).union(*(offer.thing.needs for offer in offers))
    for number, item in enumerate(sources):
        manifest = engine.bundle.manifest
        square = np.array(resize(read_item(item), manifest))
        drawn = family.draw(np.random.default_rng((SEED, number)), square, manifest)
        seen = engine.preparing(drawn.manifest).evidence([Picture(rgb=drawn.square)], needs - FROM_AROUND)
        yield Labelled(
            replace(seen, temperature=temperature),
            np.array([item.sample.label], np.intp),
            np.array([item.sample.group], np.str_),
        )
