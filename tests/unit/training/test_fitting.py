from collections.abc import Iterator

import numpy as np
import pytest

from viewer.domain.evidence import Need
from viewer.domain.result import About, Score
from viewer.host.discovery import PluginHost
from viewer.settings import Settings
from viewer.testing.builders import calibration
from viewer.testing.fakes import FakeScorer, entry_point, plugin_module
from viewer.training.evidences import Evidences
from viewer.training.fitting import KNOTS, deal_folds, fit_plugins, fit_states, knots, score_evidences


class Memory:
    """Trusts what it has seen: a group of the fit set 1, any other group 0."""

    name, title, version, about = "memory", "Remembers", "3", About.SUITABILITY
    needs = frozenset({Need.LOGITS})

    def fit(self, stream):
        return {"seen": np.concatenate([batch.evidence.logits[:, 0] for batch in stream])}

    def score(self, evidence, state):
        return [Score(trust=float(value in state["seen"])) for value in evidence.logits[:, 0]]


@pytest.fixture
def host() -> Iterator[PluginHost]:
    things = [
        FakeScorer("plain"),
        Memory(),
        FakeScorer("silent", lambda evidence: [Score(trust=None)] * len(evidence)),
        FakeScorer("faulty", lambda evidence: [][0]),
    ]
    host = PluginHost(Settings(), [entry_point("fakes", plugin_module(scorers=things))])
    host.load()
    yield host
    host.close()


@pytest.fixture
def folds() -> list[Evidences]:
    batches = tuple(calibration(groups=8, per_group=2, batch=2))
    return [Evidences(batches[start::4]) for start in range(4)]


def test_that_a_fit_picture_is_scored_by_a_state_that_has_not_seen_its_group(host, folds):
    fitted = fit_plugins(host, folds, say=lambda _: None)
    assert fitted.scored.trusts["memory"].tolist() == [0.0] * 16
    everything = folds[0] + folds[1] + folds[2] + folds[3]
    assert score_evidences(host, everything, fitted.states).trusts["memory"].tolist() == [1.0] * 16


def test_that_states_carry_the_version_and_scorers_without_a_memory_have_none(host, folds):
    states = fit_states(host, host.fitted, folds[0], say=lambda _: None)
    assert list(states) == [("fakes", "memory")]
    assert states["fakes", "memory"][0] == "3"


def test_that_a_scorer_that_never_answers_has_no_distribution(host, folds):
    fitted = fit_plugins(host, folds, say=lambda _: None)
    assert set(fitted.distributions) == {"plain", "memory"}
    assert np.isnan(fitted.scored.trusts["silent"]).all()
    assert np.isnan(fitted.scored.trusts["faulty"]).all()


def test_that_a_distribution_of_few_values_keeps_them_all_in_order():
    assert knots(np.array([0.5, np.nan, 0.1, 0.5])).tolist() == [0.1, 0.5, 0.5]


def test_that_a_distribution_of_many_values_keeps_257_quantiles():
    kept = knots(np.random.default_rng(0).permutation(np.linspace(0, 1, 1025)))
    assert kept == pytest.approx(np.linspace(0, 1, KNOTS))


def test_that_folds_keep_groups_together_and_are_even():
    groups = [f"patient {i // 3}" for i in range(36)]
    fold_of = deal_folds(groups, seed=1)
    assert sorted(fold_of) == sorted(set(groups))
    counts = np.bincount(list(fold_of.values()))
    assert counts.max() - counts.min() <= 1
    assert deal_folds(groups[::-1], seed=1) == fold_of
