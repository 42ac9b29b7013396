"""A state is read once, for as long as it lives."""

import gc

import pytest
from viewer_attention_verification import viewer_explainers, viewer_scorers
from viewer_attention_verification.known import Known
from viewer_attention_verification.metrics import METRICS

from viewer.api import kept
from viewer.testing import builders


@pytest.fixture
def entries(monkeypatch):
    """What is kept, nothing yet."""
    known = {}
    monkeypatch.setattr(f"{kept.__module__}._KEPT", known)
    return known


def used(scorer):
    """Fit a scorer, and let it score."""
    state = scorer.fit(builders.calibration(60))
    scorer.score(builders.evidence(2), state)
    return state


@pytest.mark.parametrize("scorer", viewer_scorers({}), ids=lambda scorer: scorer.name)
def test_that_a_scorer_reads_its_state_once_and_lets_go_of_it(entries, scorer):
    state = used(scorer)
    before = dict(entries)
    scorer.score(builders.evidence(3, seed=5), state)
    assert entries == before
    assert bool(entries) == bool(state)
    del state, before
    gc.collect()
    assert not entries


def test_that_the_panel_reads_the_state_of_the_scorer_once_and_lets_go_of_it(entries):
    scorer, panel = viewer_scorers({})[0], viewer_explainers({})[0]
    state = used(scorer)
    scored = set(entries)
    for seed in (4, 5):
        panel.explain(builders.evidence(1, seed=seed), {f"attention.{name}": array for name, array in state.items()})
    assert len(set(entries) - scored) == 1  # the early maps, which no scorer reads
    del state
    gc.collect()
    assert not entries


def test_that_one_state_read_by_other_metrics_is_read_for_them(entries):
    state = used(viewer_scorers({})[0])
    assert Known.of(state) is Known.of(state)
    assert Known.of(state, metrics=METRICS[::-1]).metrics == METRICS[::-1]
