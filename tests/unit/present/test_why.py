from dataclasses import replace

import numpy as np
import pytest

from viewer.assessment.combine import combined_trust
from viewer.domain.result import About, Failure, Light, Score, ScoreRow
from viewer.present.why import GATE, contributions, least_trust, what_would_change, why_lines
from viewer.testing.lights import CLASSES, WEIGHTS, basis, certificate, judged, row


def trusted(softmax, margin):
    """The amber answer with other trusts, combined as the viewer does."""
    rows = (
        row("softmax", "Softmax probability", softmax, weight=3.0),
        row("margin", "Margin to the 2nd class", margin, weight=1.0),
    )
    trust = combined_trust(rows, WEIGHTS, basis().distributions)
    return judged(Light.AMBER, rows=rows, trust=trust)


def test_that_contributions_add_up_to_the_combined_trust():
    parts = contributions(judged(Light.AMBER), basis())
    assert parts == {"softmax": pytest.approx(3 * 0.5 / 4), "margin": pytest.approx(0.3 / 4)}
    assert sum(parts.values()) == pytest.approx(trusted(0.55, 0.35).trust)


def test_that_without_a_combined_trust_nothing_contributes():
    assert contributions(judged(Light.GREY, trust=None), basis()) == {}


def test_that_the_threshold_of_one_scorer_holds_the_others_as_they_are():
    amber = judged(Light.AMBER)
    # (3 F + 0.3) / 4 ≥ 0.59 takes F ≥ 0.687: F is 0.65 at 0.7 and 0.7 just above it
    assert least_trust("softmax", amber, basis(), 0.59) == np.nextafter(0.7, 1.0)
    # (1.5 + F) / 4 ≥ 0.59 takes F ≥ 0.86: F is 0.85 at 0.9 and 0.9 just above it
    assert least_trust("margin", amber, basis(), 0.59) == np.nextafter(0.9, 1.0)
    # (1.5 + F) / 4 ≥ 0.62 takes F ≥ 0.98: F is 0.95 at 1.0, and there is no trust above
    assert least_trust("margin", amber, basis(), 0.62) is None
    # (2.7 + F) / 4 ≥ 0.59 holds for any F
    assert least_trust("margin", judged(Light.GREEN), basis(), 0.59) == 0.0


@pytest.mark.parametrize("seed", range(20))
def test_that_the_threshold_is_where_the_combined_trust_reaches_the_level(seed):
    random = np.random.default_rng(seed)
    knots = {name: np.sort(random.integers(0, 9, 12) / 8) for name in WEIGHTS}
    known = basis(distributions=knots)
    softmax, margin, level = random.random(3)
    least = least_trust("softmax", trusted(softmax, margin), known, level)

    def combined(trust):
        return combined_trust(trusted(trust, margin).rows, WEIGHTS, knots)

    below = [trust for trust in random.random(200) if least is None or trust < least]
    assert all(combined(trust) < level for trust in below)
    assert combined(1.0) < level if least is None else combined(least) >= level


def test_that_a_trust_that_was_never_fitted_has_the_level_itself_as_its_threshold():
    alone = basis(weights={"softmax": 1.0}, distributions={})
    assert least_trust("softmax", judged(Light.AMBER), alone, 0.59) == 0.59


def test_that_a_scorer_that_weighs_nothing_has_no_threshold():
    assert least_trust("entropy", judged(Light.AMBER), basis(), 0.59) is None


def test_that_lines_say_weight_contribution_and_distance():
    softmax, margin, knn, entropy = why_lines(judged(Light.AMBER), basis())
    assert softmax.notes == (
        "0.55 probability  ·  weight 75 %  ·  adds 38 points",
        "green from 70.0 %, the others as they are: 15 points short",
    )
    assert softmax.distance == pytest.approx(-0.15)
    assert margin.notes[1] == "green from 90.0 %, the others as they are: 55 points short"
    assert entropy.notes == ("0.4 nats  ·  shown only",)
    assert (entropy.contribution, entropy.threshold, entropy.distance) == (None, None, None)
    assert knn.notes == (f"0.5 distance  ·  {GATE}",)


def test_that_lines_of_a_green_answer_say_how_far_it_is_from_losing_it():
    softmax, margin, *_ = why_lines(judged(Light.GREEN), basis())
    # (3 F + 0.7) / 4 ≥ 0.59 takes F ≥ 0.553: F is 0.55 at 0.6 and 0.6 just above it
    assert softmax.notes[1] == "green from 60.0 %, the others as they are: 35 points above"
    assert margin.notes[1] == "green whatever it says, the others as they are"


def test_that_a_threshold_out_of_reach_is_said():
    hopeless = why_lines(judged(Light.RED), basis())
    # (0.3 + F) / 4 stays far below 0.59
    assert hopeless[1].notes[1] == "not green even at 100 %, the others as they are"
    assert hopeless[1].threshold is None


@pytest.mark.parametrize("answer", [judged(Light.GREY), judged(Light.RED, suitability=0.004)])
def test_that_where_no_trust_would_do_no_score_has_a_threshold(answer):
    assert {line.threshold for line in why_lines(answer, basis())} == {None}
    assert [len(line.notes) for line in why_lines(answer, basis())] == [1, 1, 1, 1]


def test_that_without_a_certified_green_there_is_no_threshold_to_reach():
    none = basis(certificate=certificate(green=None, by_class={}, more_groups=40))
    assert [len(line.notes) for line in why_lines(judged(Light.GREY), none)] == [1, 1, 1, 1]
    assert [len(line.notes) for line in why_lines(judged(Light.GREY), basis(certificate=None))] == [1, 1, 1, 1]


def test_that_a_failing_scorer_says_so_and_the_rest_knows_no_contribution():
    failure = Failure(plugin="made-up", stage="score", summary="it raised KeyError")
    broken = ScoreRow(
        name="margin", title="Margin", plugin="made-up", about=About.CORRECTNESS, weight=1.0, result=failure
    )
    softmax, margin = why_lines(judged(Light.GREY, trust=None, rows=(trusted(0.5, 0.5).rows[0], broken)), basis())
    assert margin.notes == ("unavailable: it raised KeyError",)
    assert softmax.notes == ("0.5  ·  weight 75 %",)


def test_that_a_value_without_a_trust_is_told_with_the_reason_unless_it_is_withheld():
    silent = replace(
        row("inside", "Inside", None), result=Score(trust=None, raw=1.4, unit="× even share", note="why")
    )
    told, kept_back = (
        why_lines(judged(Light.RED, rows=(silent,)), basis(), withheld=withheld)[0].notes
        for withheld in (False, True)
    )
    assert told[0] == "1.4 × even share  ·  no answer: why"
    assert kept_back[0] == "no answer: why"


def test_that_withheld_lines_keep_what_may_tell_of_the_class():
    noted = row("softmax", "Softmax probability", 0.15, weight=3.0, unit="probability", note="nevus, not melanoma")
    line = why_lines(judged(Light.RED, rows=(noted, judged(Light.RED).rows[1])), basis(), withheld=True)[0]
    assert line.notes[0] == "weight 75 %  ·  adds 8 points"
    assert not any(name in " ".join(line.notes) for name in CLASSES)


@pytest.mark.parametrize(
    ("light", "changes", "words"),
    [
        (
            Light.GREEN,
            {},
            "Green down to a combined trust of 59.0 %; here 85.0 %. "
            "Softmax probability could fall to 60.0 %, here 95.0 %, the others as they are.",
        ),
        (
            Light.AMBER,
            {},
            "Green from a combined trust of 59.0 %; here 45.0 %. "
            "Softmax probability would have to reach 70.0 %, here 55.0 %, the others as they are.",
        ),
        (
            Light.AMBER,
            {"suitability": 0.03, "trust": 0.85},
            "Green only for a picture more like those the model knows; its combined trust of 85.0 % is enough.",
        ),
        (
            Light.AMBER,
            {"fingerprint": 0.03},
            "Green only for a picture more like those the model knows, from a trust of 59.0 %; here 45.0 %.",
        ),
        (Light.RED, {}, "Amber above a combined trust of 10.0 %; here 7.5 %. Green from 59.0 %."),
        (Light.RED, {"suitability": 0.004}, "Nothing in this picture: it is unlike those the model knows."),
        (Light.GREY, {"final": 1}, "The certificate speaks of the classifier's own answer, which a second opinion"),
        (Light.GREY, {"fingerprint": 0.004}, "A light takes a picture that was prepared as those the model knows."),
        (Light.GREY, {"rows": judged(Light.GREY).rows[1:]}, "A light takes an answer from: softmax."),
        (Light.GREY, {}, "Nothing the scores say, as long as the reason above holds."),
    ],
)
def test_that_every_light_says_what_would_change_it(light, changes, words):
    assert what_would_change(judged(light, **changes), basis()).startswith(words)


def test_that_an_amber_answer_that_no_single_score_can_lift_says_so():
    low = trusted(0.05, 0.05)
    even = basis(weights={"softmax": 1.0, "margin": 1.0})
    assert what_would_change(low, even).endswith("No single score could lift it that far.")


def test_that_a_model_without_a_certificate_says_what_is_missing():
    none = basis(certificate=None)
    assert what_would_change(judged(Light.GREY), none) == (
        "Nothing in this picture: the model carries no certificate."
    )
    few = basis(certificate=certificate(green=None, by_class={}, more_groups=40))
    assert what_would_change(judged(Light.GREY), few) == (
        "Nothing in this picture: no green light is certified, and about 40 more labelled cases are needed to "
        "certify one."
    )
    hopeless = basis(certificate=certificate(green=None, by_class={}))
    assert what_would_change(judged(Light.GREY), hopeless).endswith("and none could be certified.")
    assert what_would_change(judged(Light.RED), few) == (
        "Nothing in this picture: no green light is certified for this model."
    )


def test_that_near_misses_are_told_apart():
    near = replace(judged(Light.AMBER), trust=0.5899)
    assert what_would_change(near, basis()).startswith("Green from a combined trust of 59.0 %; here 58.9 %")
