"""Made-up answers under each light, with the certificate they were judged by."""

from datetime import date
from typing import Any

import numpy as np

from viewer.domain.basis import Basis
from viewer.domain.certificate import Certificate, Claim, NamedScorer
from viewer.domain.result import About, Assessment, Light, Score, ScoreRow

CLASSES = ("nevus", "melanoma", "keratosis")

KNOTS = np.arange(1, 11) / 10
"""Trusts of ten made-up fit groups: F is 0.05 at 0.1, 0.1 just above it, 0.15 at 0.2 and so on."""

WEIGHTS = {"softmax": 3.0, "margin": 1.0}

TRUSTS = {Light.GREEN: (0.95, 0.75), Light.AMBER: (0.55, 0.35), Light.RED: (0.15, 0.05), Light.GREY: (0.55, 0.35)}
"""Of the two scorers that carry weight; combined they are 0.85, 0.45, 0.075 and 0.45."""

REASONS = {
    Light.GREEN: "trust 85 % is certified: at most 10 % of such answers are wrong",
    Light.AMBER: "trust 45 % is below the 59 % from which answers are certified",
    Light.RED: "trust 8 % is at or below 10 %, where at least half of the answers are wrong",
    Light.GREY: "not certified: this model carries no certificate, so its reliability is not known",
}


def certificate(**changes: Any) -> Certificate:  # noqa: ANN401 - fields of any type
    """A certificate of the two scorers: green from 0.59, red up to 0.1."""
    values: dict[str, Any] = {
        "weights": "a" * 64,
        "temperature": 1.2,
        "distributions": "b" * 64,
        "scorers": tuple(
            NamedScorer(plugin="made-up", name=name, version="1", state="", weight=weight)
            for name, weight in WEIGHTS.items()
        ),
        "classes": CLASSES,
        "critical_classes": ("melanoma",),
        "unit": "frame",
        "test": "betting",
        "risk": 0.1,
        "delta": 0.05,
        "critical_risk": 0.05,
        "groups": 240,
        "decisions": 260,
        "made": date(2026, 3, 1),
        "green": Claim(threshold=0.59, decisions=130, groups=120, errors=5, coverage=0.5),
        "red": Claim(threshold=0.1, decisions=20, groups=20, errors=15, coverage=0.08),
        "by_class": {"nevus": Claim(threshold=0.59, decisions=90, groups=85, errors=3, coverage=0.35)},
        "missed": None,
        "missed_cases": 2,
        "benign_green": 100,
        "more_groups": None,
        "gate": "c" * 64,
        "gate_scorers": (NamedScorer(plugin="made-up", name="knn", version="1", state="d" * 64, weight=1.0),),
    }
    return Certificate(**{**values, **changes})


def basis(**changes: Any) -> Basis:  # noqa: ANN401 - fields of any type
    """What the lights of the made-up answers rest on."""
    values: dict[str, Any] = {
        "certificate": certificate(),
        "clip_certificate": None,
        "weights": WEIGHTS,
        "distributions": dict.fromkeys(WEIGHTS, KNOTS),
        "note": "",
        "gate_scorers": ("knn",),
    }
    return Basis(**{**values, **changes})


def judged(light: Light, **changes: Any) -> Assessment:  # noqa: ANN401 - fields of any type
    """An answer under a light: two scorers carry weight, one is shown only, the gate listens to the last."""
    softmax, margin = TRUSTS[light]
    combined = {Light.GREEN: 0.85, Light.AMBER: 0.45, Light.RED: 0.075, Light.GREY: 0.45}
    values: dict[str, Any] = {
        "classes": CLASSES,
        "probabilities": np.array([0.72, 0.21, 0.07]),
        "predicted": 0,
        "final": 0,
        "trail": "classifier: nevus",
        "rows": (
            row("softmax", "Softmax probability", softmax, weight=3.0, unit="probability"),
            row("margin", "Margin to the 2nd class", margin, weight=1.0, unit="probability"),
            row("entropy", "Entropy of the probabilities", 0.4, unit="nats"),
            row("knn", "Distance to known pictures", 0.5, about=About.SUITABILITY, unit="distance"),
        ),
        "trust": combined[light],
        "light": light,
        "reason": REASONS[light],
        "suitability": 0.624,
        "fingerprint": 0.41,
    }
    return Assessment(**{**values, **changes})


def row(
    name: str,
    title: str,
    trust: float | None,
    *,
    weight: float = 0.0,
    about: About = About.CORRECTNESS,
    unit: str = "",
    note: str = "",
    family: str = "",
) -> ScoreRow:
    """The row of a scorer that answered; None where it abstained."""
    answer = Score(trust=trust, raw=trust, unit=unit, note=note)
    return ScoreRow(
        name=name, title=title, plugin="made-up", about=about, weight=weight, result=answer, family=family
    )
