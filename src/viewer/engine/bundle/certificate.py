"""A certificate as TOML, and the refusal of one that belongs to something else."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast

import tomli_w

from viewer.domain.bundle import Manifest
from viewer.domain.certificate import Certificate, Claim, NamedScorer, Test, Unit
from viewer.domain.errors import BundleRefused
from viewer.engine.bundle.files import CERTIFICATE, CLIP_CERTIFICATE, DISTRIBUTIONS, GATE, state_file
from viewer.engine.bundle.tables import Toml


def format_certificate(certificate: Certificate) -> bytes:
    """The content of `calibration/certificate.toml`, or of the one for clips."""
    table: dict[str, Any] = {
        "made_for": certificate.weights,
        "temperature": certificate.temperature,
        "distributions": certificate.distributions,
        "classes": list(certificate.classes),
        "critical_classes": list(certificate.critical_classes),
        "unit": certificate.unit,
        "test": certificate.test,
        "risk": certificate.risk,
        "delta": certificate.delta,
        "critical_risk": certificate.critical_risk,
        "groups": certificate.groups,
        "decisions": certificate.decisions,
        "made": certificate.made.isoformat(),
        "missed_cases": certificate.missed_cases,
        "benign_green": certificate.benign_green,
    }
    if certificate.more_groups is not None:
        table["more_groups"] = certificate.more_groups
    claims = {"green": certificate.green, "red": certificate.red, "missed": certificate.missed}
    table |= {name: _claim_table(claim) for name, claim in claims.items() if claim is not None}
    table["by_class"] = {name: _claim_table(claim) for name, claim in certificate.by_class.items()}
    table["scorers"] = {scorer.name: _scorer_table(scorer) for scorer in certificate.scorers}
    if certificate.gate:
        table["gate"] = certificate.gate
        table["gate_scorers"] = {scorer.name: _scorer_table(scorer) for scorer in certificate.gate_scorers}
    return tomli_w.dumps(table).encode()


def parse_certificate(path: Path, content: bytes, name: str = CERTIFICATE) -> Certificate:
    """Parse the certificate in the file `name`.

    Raises:
        BundleRefused: It is malformed, its numbers cannot be, or it is about something else than that file is for.
    """
    table = Toml.parsed(path, name, content)
    try:
        certificate = Certificate(
            weights=table.text("made_for"),
            temperature=table.number("temperature"),
            distributions=table.text("distributions"),
            scorers=_scorers(table.table("scorers")),
            classes=table.texts("classes"),
            critical_classes=table.texts("critical_classes"),
            unit=cast("Unit", table.text("unit")),
            test=cast("Test", table.text("test")),
            risk=table.number("risk"),
            delta=table.number("delta"),
            critical_risk=table.number("critical_risk"),
            groups=table.whole("groups"),
            decisions=table.whole("decisions"),
            made=date.fromisoformat(table.text("made")),
            green=_optional_claim(table, "green"),
            red=_optional_claim(table, "red"),
            by_class={name: _claim(inner) for name, inner in table.table("by_class", {}).all_tables().items()},
            missed=_optional_claim(table, "missed"),
            missed_cases=table.whole("missed_cases"),
            benign_green=table.whole("benign_green"),
            more_groups=table.whole("more_groups") if "more_groups" in table else None,
            gate=table.optional_text("gate"),
            gate_scorers=_scorers(table.table("gate_scorers", {})),
        )
    except ValueError as error:
        raise table.refusal(str(error)) from error
    table.done()
    if (certificate.unit == "clip") != (name == CLIP_CERTIFICATE):
        raise table.refusal(f"it is about every {certificate.unit}, so it lies in the wrong file")
    return certificate


def refuse_foreign_certificate(
    path: Path,
    certificate: Certificate,
    manifest: Manifest,
    *,
    weights: str,
    temperature: float,
    combination: Mapping[str, float],
    versions: Mapping[str, str],
    hashes: Mapping[str, str],
) -> None:
    """Check that a certificate was made for this very bundle.

    Raises:
        BundleRefused: It was made for other weights, another temperature, other distribution functions, weights of
            the combination, another gate, or other states or versions of scorers.
    """
    named = {scorer.name: scorer.weight for scorer in certificate.scorers}
    classes = (certificate.classes, certificate.critical_classes)
    scorers = (*certificate.scorers, *certificate.gate_scorers)
    states = (hashes.get(state_file(scorer.plugin, scorer.name), "") == scorer.state for scorer in scorers)
    differing = {
        "weights": certificate.weights != weights,
        "classes": classes != (manifest.classes, manifest.critical_classes),
        "a temperature": certificate.temperature != temperature,
        "distribution functions": certificate.distributions != hashes.get(DISTRIBUTIONS),
        "weights of the combination": named != {name: weight for name, weight in combination.items() if weight > 0},
        "a gate": bool(certificate.gate) and certificate.gate != hashes.get(GATE),
        "states of its scorers": not all(states),
        "versions of its scorers": any(versions.get(scorer.name) != scorer.version for scorer in scorers),
    }
    for what, differs in differing.items():
        if differs:
            raise BundleRefused(path, reason=f"its certificate was made for {what} it does not have")
    if GATE in hashes and not certificate.gate:
        raise BundleRefused(path, reason="its certificate was made without the gate it has")


def _claim_table(claim: Claim) -> dict[str, int | float]:
    return {
        "threshold": claim.threshold,
        "decisions": claim.decisions,
        "groups": claim.groups,
        "errors": claim.errors,
        "coverage": claim.coverage,
    }


def _optional_claim(table: Toml, name: str) -> Claim | None:
    return _claim(table.table(name)) if name in table else None


def _claim(table: Toml) -> Claim:
    claim = Claim(
        threshold=table.number("threshold"),
        decisions=table.whole("decisions"),
        groups=table.whole("groups"),
        errors=table.whole("errors"),
        coverage=table.number("coverage"),
    )
    table.done()
    return claim


def _scorer_table(scorer: NamedScorer) -> dict[str, str | float]:
    return {
        "plugin": scorer.plugin,
        "version": scorer.version,
        "state": scorer.state,
        "weight": scorer.weight,
    }


def _scorers(table: Toml) -> tuple[NamedScorer, ...]:
    return tuple(_scorer(name, inner) for name, inner in table.all_tables().items())


def _scorer(name: str, table: Toml) -> NamedScorer:
    scorer = NamedScorer(
        plugin=table.text("plugin"),
        name=name,
        version=table.text("version"),
        state=table.text("state"),
        weight=table.number("weight"),
    )
    table.done()
    return scorer
