"""Cross-validated figures on a bundle's card, in a section that says what they are not."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from viewer.domain.errors import ViewerError
from viewer.engine.bundle import Bundle, rewrite_bundle

HEADING = "Cross-validated figures"

_LIMITS = re.compile(r"^## Limits$", re.MULTILINE)


def add_to_card(bundle: Bundle, record: Mapping[str, Any]) -> Bundle:
    """Write the bundle again with the figures on its card; weights, combination and certificates stay as they are.

    Args:
        bundle: Made by the same recipe from the same classes.
        record: What cross-validation wrote as JSON.

    Raises:
        ViewerError: The figures are about other classes, another network, another size or preparation of pictures.
    """
    manifest = bundle.manifest
    architecture = record["folds"][0]["architecture"]
    if tuple(record["figures"]["classes"]) != manifest.classes or architecture != manifest.architecture:
        raise ViewerError(
            f"{bundle.path}: it is a {manifest.architecture} for {len(manifest.classes)} classes; cross-validated "
            f"was {architecture} for {len(record['figures']['classes'])}, or other ones"
        )
    if record["input_size"] not in (0, manifest.input_size):
        raise ViewerError(
            f"{bundle.path}: it takes {manifest.input_size} pixels; cross-validated were {record['input_size']}"
        )
    if tuple(record.get("steps", ())) != manifest.steps:
        raise ViewerError(f"{bundle.path}: what it does to pictures first is not what was cross-validated")
    return rewrite_bundle(
        bundle,
        bundle.path,
        card=with_cross_validation(bundle.card, section(record)),
        combination=bundle.combination,
        combination_note=bundle.combination_note,
        certificate=bundle.certificate,
        clip_certificate=bundle.clip_certificate,
    )


def with_cross_validation(card: str, text: str) -> str:
    """The card with this section before its limits; an earlier one is replaced."""
    plain = re.sub(rf"^## {HEADING}\n.*?(?=^## |\Z)", "", card, flags=re.MULTILINE | re.DOTALL)
    whole = f"## {HEADING}\n\n{text}\n\n"
    found = _LIMITS.search(plain)
    return (
        f"{plain.rstrip()}\n\n{whole}" if found is None else plain[: found.start()] + whole + plain[found.start() :]
    )


def section(record: Mapping[str, Any]) -> str:
    """Text of the section."""
    figures, folds = record["figures"], record["folds"]
    accuracies = ", ".join(f"{fold['right'] / fold['judged']:.3f}".removeprefix("0") for fold in folds)
    lines = [
        f"These figures belong to {len(folds)} other trainings by the same recipe, not to the weights of this "
        "bundle, and are no part of any certificate. Each picture was judged once, by networks that never saw its "
        "group; temperature, scorers' states and the combination come from the other groups as well. "
        f"{figures['n']} pictures of {figures['groups']} groups; in brackets 95 % intervals from a bootstrap over "
        "groups.",
        "",
        "| figure | value |",
        "|---|---|",
        *(f"| {words} | {_figure(figures[name])} |" for name, words in _ANSWERS.items() if name in figures),
        f"| accuracy, fold by fold | {accuracies} |",
        "",
        "| trust | AUROC_f | AUGRC | AURC |",
        "|---|---|---|---|",
        *(_trust_row(name, found) for name, found in figures["trust"].items()),
    ]
    return "\n".join(lines)


_ANSWERS = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "kappa": "Cohen's κ",
    "ece": "ECE",
    "brier": "Brier score",
}


def _trust_row(name: str, found: Mapping[str, Any]) -> str:
    what = "combined" if name == "trust" else f"`{name.removeprefix('trust_')}`"
    return f"| {what} | {' | '.join(_figure(found[figure]) for figure in _TRUSTS)} |"


_TRUSTS: Sequence[str] = ("auroc_f", "augrc", "aurc")


def _figure(figure: Mapping[str, float | None]) -> str:
    value, low, high = (figure[name] for name in ("value", "low", "high"))
    return "undefined" if value is None else f"{_short(value)} ({_short(low)}–{_short(high)})"


def _short(value: float | None) -> str:
    if value is None:
        return "?"
    text = f"{value:.3f}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
