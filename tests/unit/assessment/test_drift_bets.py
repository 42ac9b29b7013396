import math
from itertools import permutations, product

import numpy as np
import pytest

from viewer.assessment.drift_bets import AT_ONCE, LATER, Purse, RanksTest, SharesTest


def test_that_the_bets_are_fair_whatever_is_believed():
    q = np.array([0.2, 0.3, 0.5])
    beliefs = np.array([[0.2, 0.3, 0.5], [0.7, 0.2, 0.1]])
    mean = 0.0
    for outcomes in product(range(3), repeat=7):  # long enough for a second start
        purse = Purse(3, 2)
        for outcome in outcomes:
            purse.take(outcome, float(q[outcome]), beliefs[:, outcome])
        mean += float(np.prod(q[list(outcomes)])) * math.exp(purse.log_wealth)
    assert mean == pytest.approx(1)


def test_that_no_more_is_staked_than_there_is():
    purse = Purse(2)
    for _ in range(2000):
        purse.take(0, 1.0, np.array([1.0]))  # certain outcomes win and lose nothing
    assert purse.log_wealth == pytest.approx(0)
    assert AT_ONCE + (1 - AT_ONCE) * sum(k**-LATER for k in range(1, 10**6)) / 5.591582 < 1


def test_that_the_first_outcomes_pay_what_was_worked_out_by_hand():
    # One belief b = q = (¼, ¾). The first case pays 1. The second pays the three bettors (c/4 + 1)/(c + 1) ÷ ¼.
    purse = Purse(2)
    assert purse.take(0, 0.25, np.array([0.25])) == pytest.approx(0)
    paid = np.mean([(c / 4 + 1) / (c + 1) / 0.25 for c in (1, 4, 16)])
    assert math.exp(purse.take(0, 0.25, np.array([0.25]))) == pytest.approx(AT_ONCE * paid + 1 - AT_ONCE)


def test_that_shares_known_from_few_cases_are_paid_for_in_the_odds():
    # Over all sequences, each as probable as its prediction from what came before, the wealth is 1 on average.
    known, mean = [0, 0, 1], 0.0
    for kinds in product(range(2), repeat=8):
        chance, test = 1.0, SharesTest(known, 2)
        for place, kind in enumerate(kinds):
            before = [*known, *kinds[:place]]
            chance *= (before.count(kind) + 0.5) / (len(before) + 1)
            wealth = test.take(kind)
        mean += chance * math.exp(wealth)
    assert mean == pytest.approx(1)


def test_that_ranks_win_nothing_on_average_in_any_order_of_the_same_values():
    random, wealths = np.random.default_rng(5), []
    for order in permutations([0.1, 0.1, 0.4, 0.7, 0.9, 1.3]):  # two of them are equal
        for _ in range(10):
            test = RanksTest(order[:2])
            wealth = [test.take(value, random.random()) for value in order[2:]][-1]
            wealths.append(math.exp(wealth))
    assert np.mean(wealths) == pytest.approx(1, abs=3 * np.std(wealths) / math.sqrt(len(wealths)))


def test_that_the_wealth_of_a_site_without_a_change_rarely_becomes_large():
    random, most = np.random.default_rng(11), []
    for _ in range(60):
        shares = random.dirichlet(np.ones(4))
        test = SharesTest(random.choice(4, 100, p=shares).tolist(), 4)
        most.append(max(test.take(int(kind)) for kind in random.choice(4, 400, p=shares)))
    assert np.mean(np.exp(most) >= 10) <= 0.1 + 2 * math.sqrt(0.1 * 0.9 / 60)
    assert np.mean(np.exp(most) >= 100) <= 0.01 + 2 * math.sqrt(0.01 * 0.99 / 60)


@pytest.mark.parametrize("before", [0, 300])
def test_that_a_change_is_found_whenever_it_comes(before):
    random = np.random.default_rng(2)
    ranks = RanksTest(random.random(200).tolist())
    for value, lot in random.random((before, 2)):
        ranks.take(value, lot)
    found = [ranks.take(value / 20, lot) for value, lot in random.random((20, 2))]
    assert max(found) > math.log(100)
    shares = SharesTest(random.integers(0, 3, 200).tolist(), 3)
    for kind in random.integers(0, 3, before):
        shares.take(int(kind))
    assert max(shares.take(1) for _ in range(20)) > math.log(100)
