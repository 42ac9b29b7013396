"""Shows how far the probabilities move when parts of the head are left out."""

from collections.abc import Sequence

from viewer.api import Chart, Content, Evidence, Need, Table, Text, softmax
from viewer_confidence_scores.uncertainty import (
    expected_entropy,
    frames_that_vary,
    mutual_information,
    predictive_entropy,
)

NO_DROPOUT = "This network has no dropout in its head, so there is nothing to sample."


NO_DROPOUT = "This network has no dropout in its head, so there is nothing to sample."


class UncertaintyExplainer:
    """Mean and spread of the class probabilities under dropout, and the entropies that follow from them."""

    name = "uncertainty"
    title = "Uncertainty"
    version = "1"
    needs = frozenset({Need.LOGITS, Need.HEAD_SAMPLES})

    def explain(self, evidence: Evidence) -> Sequence[Content]:
        """A chart and a table; a sentence where the network has no dropout to sample."""
        samples = evidence.head_samples
        if samples is None or not frames_that_vary(samples)[0]:
            return [Text(title=self.title, body=NO_DROPOUT)]
        p = softmax(samples / evidence.temperature)
        rows = (
            ("Uncertainty of the averaged answer", "H[p̄]", predictive_entropy(p)[0]),
            ("Ambiguity of the image", "E[H]", expected_entropy(p)[0]),
            ("Disagreement of the samples", "MI = H[p̄] − E[H]", mutual_information(p)[0]),
        )
        return [
            Chart(
                title=f"Probability, mean ± standard deviation of {len(p)} samples",
                labels=tuple(name.replace("_", " ") for name in evidence.classes),
                values=p.mean(axis=0)[0],
                spread=p.std(axis=0)[0],
                unit="probability",
                limits=(0.0, 1.0),
            ),
            Table(
                title="Entropies",
                header=("What", "Formula", "nats"),
                rows=tuple((what, formula, f"{nats:.3f}") for what, formula, nats in rows),
            ),
        ]
