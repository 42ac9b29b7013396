"""Attention in mirrored views, scored and shown."""

from dataclasses import replace

import numpy as np
import pytest
from viewer_lesion_focus.flips import (
    NO_ATTENTION,
    NO_VIEWS,
    NOT_FITTED,
    SAME_BY_DESIGN,
    AttentionUnderFlips,
    FlippedMaps,
)

from viewer.api import Maps, Need, Text
from viewer.testing import builders
from viewer.testing.conformance import check_explainer, check_scorer

SCORER, EXPLAINER = AttentionUnderFlips(), FlippedMaps()


def explained(evidence, state):
    return EXPLAINER.explain(evidence, {f"{SCORER.name}.{key}": array for key, array in state.items()})


def with_views(evidence, views):
    return replace(evidence, views=np.array(views, np.float32))


def still(evidence):
    """The same evidence of a network that looks at the same place in both views."""
    return with_views(evidence, np.stack([evidence.attention] * 2, axis=1))


def steady_calibration():
    batches = builders.calibration()
    return replace(batches, batches=tuple(replace(b, evidence=still(b.evidence)) for b in batches))


def test_that_scorer_and_explainer_conform():
    check_scorer(SCORER)
    check_explainer(EXPLAINER, [SCORER])


def test_that_both_ask_for_views_and_so_are_slow():
    assert Need.VIEWS in SCORER.needs & EXPLAINER.needs


def test_that_trust_is_the_share_of_patients_whose_attention_moves_as_far():
    state = SCORER.fit(builders.calibration(groups=9, per_group=1))
    evidence = builders.evidence(1, seed=5)
    least, most = (
        SCORER.score(still(evidence), state)[0],
        SCORER.score(with_views(evidence, -still(evidence).views), state)[0],
    )
    assert (least.trust, least.raw) == (1.0, pytest.approx(1.0))
    assert (most.trust, most.raw) == (pytest.approx(0.1), pytest.approx(-1.0))


def test_that_trust_falls_with_agreement():
    state, evidence = SCORER.fit(builders.calibration()), builders.evidence(1, seed=5)
    noise = np.random.default_rng(0).normal(size=still(evidence).views.shape) * evidence.attention.std()
    trusts = [
        SCORER.score(with_views(evidence, still(evidence).views + part * noise), state)[0].trust
        for part in (0, 0.5, 2, 8)
    ]
    assert trusts == sorted(trusts, reverse=True)


def test_that_it_abstains_and_says_why():
    state, evidence = SCORER.fit(builders.calibration()), builders.evidence(2)
    (unfitted, _) = SCORER.score(evidence, {})
    assert (unfitted.trust, unfitted.note) == (None, NOT_FITTED)
    assert unfitted.raw is not None
    nowhere = replace(evidence, attention=-np.abs(evidence.attention))
    assert [score.note for score in SCORER.score(nowhere, state)] == [NO_ATTENTION] * 2
    assert [score.note for score in SCORER.score(replace(evidence, views=None), state)] == [NO_VIEWS] * 2


def test_that_a_network_that_mirrors_pictures_itself_is_not_praised_for_it():
    state, evidence = SCORER.fit(steady_calibration()), still(builders.evidence(2))
    assert [(score.trust, score.note) for score in SCORER.score(evidence, state)] == [(None, SAME_BY_DESIGN)] * 2
    lead, _ = explained(evidence[0], state)
    assert SAME_BY_DESIGN[1:] in lead.body


def test_that_a_view_without_any_contrast_agrees_with_nothing():
    evidence = builders.evidence(1)
    views = np.stack([evidence.attention, np.ones_like(evidence.attention)], axis=1)
    assert SCORER.score(with_views(evidence, views), {})[0].raw == pytest.approx(0.5)


def test_that_calibration_without_any_attention_teaches_nothing():
    batches = builders.calibration(groups=2)
    blind = tuple(replace(b, evidence=replace(b.evidence, attention=0 * b.evidence.attention)) for b in batches)
    assert SCORER.fit(replace(batches, batches=blind)) == {}


def test_that_the_maps_stand_side_by_side_in_the_place_of_the_picture():
    evidence = builders.evidence(1)
    lead, maps = explained(evidence, SCORER.fit(builders.calibration()))
    assert isinstance(lead, Text)
    assert isinstance(maps, Maps)
    assert "of calibration pictures" in lead.body
    assert [item.title for item in maps.items] == ["This picture", "Mirrored left to right", "Mirrored top to bottom"]
    assert all(item.values.max() == 1 for item in maps.items)
    one = explained(with_views(evidence, evidence.views[:, :1]), {})[1]
    assert len(one.items) == 2
    assert "top to bottom" not in one.note


def test_that_moving_attention_is_told_in_words():
    evidence = builders.evidence(1)
    lead = explained(with_views(evidence, -still(evidence).views), SCORER.fit(builders.calibration()))[0]
    assert "moves farther than usual when the picture is mirrored" in lead.body


def test_that_the_panel_says_where_there_is_no_attention_or_no_view():
    evidence = builders.evidence(1)
    (nowhere,) = explained(replace(evidence, attention=0 * evidence.attention), {})
    (without,) = explained(replace(evidence, views=None), {})
    assert nowhere.body.startswith("No attention")
    assert without.body.startswith("No mirrored views")
