"""Panels: the outline by itself, and where the attention lies beside it."""

from collections.abc import Sequence

import numpy as np

from viewer.api import Content, Evidence, Maps, Need, Outline, Overlay, State, Table, Text, found_mask, has_mask
from viewer_segmentation_cam import telling
from viewer_segmentation_cam.facts import FACTS
from viewer_segmentation_cam.looking import attention_on, divided, looking
from viewer_segmentation_cam.scorers import MaskPlausibility
from viewer_segmentation_cam.usual import UNUSUAL, Usual, measured

READS = (MaskPlausibility.name,)
SHARE = "share of maximum"


class MaskExplainer:
    """What the mask is of, how large it is, who drew it, and how usual it is; its outline and its probabilities."""

    name = "mask"
    title = "Outline"
    version = "1"
    needs = frozenset({Need.LOGITS, Need.MASK})
    reads = READS

    def explain(self, evidence: Evidence, state: State) -> Sequence[Content]:
        """Outline, probabilities, words and a table of facts; nothing where nothing draws masks."""
        if evidence.mask is None:
            return []
        if not has_mask(evidence.mask)[0]:
            return [Text(title=self.title, body=telling.without(evidence.mask_from))]
        thing = telling.Thing(evidence.mask_shows)
        facts = measured(evidence)[0]
        numbers = dict(zip((fact.name for fact in FACTS), facts.tolist(), strict=True))
        size = telling.size_words(thing, numbers["area"], int(numbers["parts"]))
        own = not evidence.mask_from
        usual = Usual.of(state, READS[0]) if own else None
        body = [size, telling.who(evidence.mask_from)]
        if usual is not None:
            body.append(telling.usual_words(float(usual(facts[None])[0])))
        elif own:
            body.append(telling.NOT_KNOWN)
        contents: list[Content] = [outline_of(evidence, thing)]
        if evidence.mask_from != telling.GIVEN_MASK:
            title = f"Probability of the {thing.name}"
            contents.append(Overlay(title=title, values=evidence.mask[0], unit="probability", colour_map="viridis"))
        contents.append(Text(title=f"Outline of the {thing.name}", body=" ".join(body)))
        if usual is not None:
            contents.append(_facts(facts.tolist(), usual))
        return contents


class AttentionAndMask:
    """How much of the attention lies in what is outlined, its size allowed for, and what lies outside."""

    name = "attention_and_mask"
    title = "Inside and outside"
    version = "1"
    needs = frozenset({Need.LOGITS, Need.ATTENTION, Need.MASK})
    reads = READS

    def explain(self, evidence: Evidence, state: State) -> Sequence[Content]:
        """A sentence, the attention whole, inside and outside, side by side and as overlays, and a table."""
        if evidence.mask is None or evidence.attention is None:
            return []
        looks, thing = looking(evidence), telling.Thing(evidence.mask_shows)
        title = f"Attention for {telling.class_name(evidence)}"
        if not looks.told[0]:
            return [Text(title=title, body=telling.nothing_to_tell(thing, looks, evidence.mask_from))]
        inside, area, ratio = (float(values[0]) for values in (looks.inside, looks.area, looks.times))
        body = [telling.attention_words(thing, inside, area, ratio), telling.who(evidence.mask_from)]
        usual = None if evidence.mask_from else Usual.of(state, READS[0])
        if usual is not None and usual(measured(evidence))[0] < UNUSUAL:
            body.insert(0, telling.DOUBT)
        whole = attention_on(evidence.mask, evidence.attention)
        within, beyond = divided(whole, found_mask(evidence.mask)[0])
        in_it, outside = f"In the {thing.name}: {telling.percent(inside)}", f"Outside: {telling.percent(1 - inside)}"
        items = tuple(
            Overlay(title=words, values=values, unit=SHARE)
            for words, values in (("All attention", whole), (in_it, within), (outside, beyond))
        )
        return [
            Text(title=title, body=" ".join(body)),
            Maps(title="Where it lies", items=items, outline=outline_of(evidence, thing), note=telling.MASKING),
            Table(
                title="In numbers",
                header=("", "Value"),
                rows=(
                    (f"Attention in the {thing.name}", telling.percent(inside)),
                    ("Attention outside", telling.percent(1 - inside)),
                    (f"Size of the {thing.name} (control)", f"{telling.percent(area)} of the picture"),
                    ("Attention by size", f"{ratio:.2f} × even share"),
                ),
            ),
            *(
                Overlay(title=f"Attention {words[0].lower()}{words[1:]}", values=item.values, unit=SHARE)
                for words, item in zip((f"{in_it}; {outside.lower()}", outside), items[1:], strict=True)
            ),
        ]


def outline_of(evidence: Evidence, thing: telling.Thing) -> Outline:
    """The edge of the mask of one frame that has one."""
    assert evidence.mask is not None  # noqa: S101 - asked before
    by = telling.drawn_by(evidence.mask_from)
    return Outline(title=f"Outline of the {thing.name}", values=evidence.mask[0], legend=by)


def _facts(facts: Sequence[float], usual: Usual) -> Table:
    """Every fact beside the range in which nine of ten calibration pictures lie."""
    low, high = np.quantile(usual.facts, telling.USUAL_RANGE, axis=0, method="nearest").tolist()
    rows = [
        (fact.title, telling.fact_text(fact, value), telling.range_text(fact, a, b))
        for fact, value, a, b in zip(FACTS, facts, low, high, strict=True)
    ]
    return Table(
        title="Beside outlines of calibration pictures",
        header=("", "Here", "9 of 10 others"),
        rows=tuple(rows),
    )
