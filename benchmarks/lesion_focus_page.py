"""Puts the tables of the lesion-focus study into its page; with `--check` says whether they are there.

The tables are made from benchmarks/results/lesion_focus_study.json; the words around them are written by hand.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from study_pages import RESULTS, ROOT, Record, change, keep_page, ranged, short

PAGE, MEASURED = ROOT / "docs" / "lesion-focus-study.md", RESULTS / "lesion_focus_study.json"


def arms(record: Record) -> Iterator[str]:
    """Every arm, and its difference from cross-entropy alone."""
    yield "| loss | balanced accuracy | against cross-entropy alone | AUROC | against cross-entropy alone |"
    yield "|---|---|---|---|---|"
    for name, arm in record["arms"].items():
        changes = [_gain(name, arm, figure) for figure in ("balanced", "auroc")]
        yield f"| {_title(arm)} | {ranged(arm['balanced'])} | {changes[0]} | {ranged(arm['auroc'])} | {changes[1]} |"


def attention(record: Record) -> Iterator[str]:
    """Where the answered class looks, by arm."""
    return _attention(record, "inside", "overlap")


def deciding(record: Record) -> Iterator[str]:
    """Where what decides the answer lies, by arm."""
    return _attention(record, "deciding_inside", "deciding_overlap")


def _attention(record: Record, inside: str, overlap: str) -> Iterator[str]:
    yield "| loss | inside ÷ area | relative to cross-entropy alone | IoU | against cross-entropy alone |"
    yield "|---|---|---|---|---|"
    for name, arm in record["arms"].items():
        relative = "" if name == "ce" else _relative(arm[f"{inside}_ratio"])
        gain = _gain(name, arm, overlap)
        yield f"| {_title(arm)} | {ranged(arm[inside])} | {relative} | {ranged(arm[overlap])} | {gain} |"


def choosing(record: Record) -> Iterator[str]:
    """Ways to move the weights, on inner parts."""
    yield "| how | balanced accuracy | AUROC | loss, nats |"
    yield "|---|---|---|---|"
    for found in record["choosing"]:
        yield f"| {found['title']} | {short(found['balanced'])} | {short(found['auroc'])} | {short(found['loss'])} |"


def three(record: Record) -> Iterator[str]:
    """Three classes."""
    yield "| loss | κ | accuracy | balanced accuracy |"
    yield "|---|---|---|---|"
    for found in record["three"].values():
        yield (
            f"| {found['title']} | " + " | ".join(ranged(found[k]) for k in ("kappa", "accuracy", "balanced")) + " |"
        )


def ensembles(record: Record) -> Iterator[str]:
    """Three networks together, and each alone."""
    yield "| | " + " | ".join(found["title"] for found in record["ensembles"].values()) + " |"
    yield "|---|" + "---|" * len(record["ensembles"])
    rows: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
        "wrong, each alone": lambda found: ", ".join(map(str, found["wrong_single"])),
        "wrong, together": lambda found: str(found["wrong"]),
        "balanced accuracy, together against alone": lambda found: _difference(found["balanced_gain"]),
        "AUROC_f of the probability, alone (mean)": lambda found: ranged(found["single"]),
        "AUROC_f of the probability, together": lambda found: ranged(found["together"]),
        "gain": lambda found: _difference(found["gain"]),
        "AUROC_f of the members' agreement": lambda found: ranged(found["agreement"]),
        "against the probability of the three": lambda found: _difference(found["agreement_gain"]),
    }
    for title, of in rows.items():
        yield f"| {title} | " + " | ".join(of(found) for found in record["ensembles"].values()) + " |"


def networks(record: Record) -> Iterator[str]:
    """One epoch of every EfficientNet."""
    yield "| network | loss at the second step | at the last one | seconds a picture | memory at most, GB |"
    yield "|---|---|---|---|---|"
    for found in record["networks"]:
        first, last = found["losses"][1], found["losses"][-1]
        each = found["seconds"] / found["pictures"]
        yield f"| {found['network']} | {first:.1f} | {last:.1f} | {each:.2f} | {found['peak_mb'] / 1024:.1f} |"


BLOCKS: Mapping[str, Callable[[Record], Iterator[str]]] = {
    block.__name__: block for block in (arms, attention, deciding, choosing, three, ensembles, networks)
}


def _title(arm: Mapping[str, Any]) -> str:
    return arm["title"] if arm["seeds"] == 1 else f"{arm['title']} ({arm['seeds']} seeds)"


def _gain(name: str, arm: Mapping[str, Any], figure: str) -> str:
    return "" if name == "ce" else _difference(arm[f"{figure}_gain"])


def _difference(figure: Mapping[str, float] | None) -> str:
    if figure is None:
        return "–"
    return change({"difference": figure["value"], "low": figure["low"], "high": figure["high"]})


def _relative(figure: Mapping[str, float] | None) -> str:
    """In per cent, with its interval; in bold where that excludes 0."""
    if figure is None:
        return "–"
    value, low, high = (f"{100 * figure[key]:+.0f}".replace("-", "−") for key in ("value", "low", "high"))
    text = f"{value} % ({low} to {high})"
    return f"**{text}**" if figure["low"] > 0 or figure["high"] < 0 else text


def main() -> int:
    """Write the page, or check it."""
    return keep_page(__doc__, PAGE, MEASURED, BLOCKS)


if __name__ == "__main__":
    sys.exit(main())
