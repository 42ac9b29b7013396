"""Betting against "nothing has changed": wealth that rarely grows unless something has.

A gambler bets on each new outcome before it is seen, at odds that are fair while nothing has changed. Whatever the
bets, the wealth then reaches 1/α with probability at most α, *ever*, not at each look (Ville 1939).
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

CONCENTRATIONS = (1.0, 4.0, 16.0)
"""Cases that the old shares are worth to a gambler who learns the new ones: from rash to careful."""

AT_ONCE = 0.3
"""Share of the wealth that is staked at the first case, on a site that differs from the beginning."""

FEWEST_APART = 5
"""Cases between two starts; later a hundredth of all cases, so that the work of a case grows slowly."""

LATER = 1.2
"""The stake of the k-th later start is proportional to k^−1.2: a sum that is finite, and shrinks slowly."""

LEANING = 0.5
"""Half of the bettors on ranks believe beforehand that cases have become stranger: p^0.5 of them rank below p."""

_ALL_LATER = 5.591582
"""Σ k^−1.2 over k = 1, 2, …: Riemann's ζ(1.2), rounded up."""


class Purse:
    """Wealth of a gambler on outcomes 1 … K, who starts with 1 and does not know when, or how, the shares change.

    At the first case, and then every few cases, part of the wealth is given to new bettors who believe that the
    shares changed just now, and who learn the new ones from what is seen since: at a start t cases ago with nₖ
    outcomes k among them, outcome k is given (c·bₖ + nₖ) / (c + t), bₖ being what such a bettor believes beforehand.
    The wealth is multiplied by that over qₖ, the probability of k while nothing has changed. What is not staked yet
    stays as it is. Every c and b takes an equal part; a mixture of fair bets is one.

    Sources: Ville, Étude critique de la notion de collectif, 1939; Shafer & Vovk, Game-Theoretic Foundations for
    Probability and Finance, 2019; mixtures over the time of a change: Vovk, Statistical Science 36, 2021.
    """

    def __init__(self, outcomes: int, beliefs: int = 1) -> None:
        """Begin with a wealth of 1.

        Args:
            outcomes: K.
            beliefs: Number of b.
        """
        self._old = np.tile(np.array(CONCENTRATIONS), beliefs)
        self._belief = np.repeat(np.arange(beliefs), len(CONCENTRATIONS))
        self._counts = np.zeros((0, outcomes))
        self._seen = np.zeros((0, 1))
        self._log_stakes = np.zeros((0, 1))
        self._wealth = np.zeros((0, len(self._old)))
        self._starts: list[int] = []
        self._taken = 0
        self._next_start = 0
        self._unstaked = 1.0

    @property
    def log_wealth(self) -> float:
        """Natural logarithm of the wealth now."""
        if not self._starts:
            return 0.0
        logs = self._log_stakes + self._wealth
        left = math.log(self._unstaked)
        top = max(float(logs.max()), left)
        return top + math.log(float(np.exp(logs - top).sum()) + math.exp(left - top))

    @property
    def since(self) -> int:
        """After how many cases the bettors started who are richest now: about when the shares changed."""
        if not self._starts:
            return 0
        logs = self._log_stakes + self._wealth
        return self._starts[int(np.unravel_index(int(logs.argmax()), logs.shape)[0])]

    def take(self, outcome: int, fair: float, believed: Values) -> float:
        """See one outcome, and return ln of the wealth after it.

        Args:
            outcome: k, 0 … K−1.
            fair: qₖ > 0, its probability while nothing has changed.
            believed: bₖ by each belief, float64, of the length that was promised.
        """
        if self._taken == self._next_start:
            self._start()
        seen = self._counts[:, outcome][:, None]
        given = (self._old * believed[self._belief] + seen) / (self._old + self._seen)
        self._wealth += np.log(given / fair)
        self._counts[:, outcome] += 1
        self._seen += 1
        self._taken += 1
        return self.log_wealth

    def _start(self) -> None:
        """New bettors, who believe that the shares change now."""
        number = len(self._starts)
        stake = AT_ONCE if number == 0 else (1 - AT_ONCE) * number**-LATER / _ALL_LATER
        self._unstaked -= stake
        self._starts.append(self._taken)
        self._log_stakes = np.vstack([self._log_stakes, [[math.log(stake / len(self._old))]]])
        self._seen = np.vstack([self._seen, [[0.0]]])
        self._wealth = np.vstack([self._wealth, np.zeros((1, len(self._old)))])
        self._counts = np.vstack([self._counts, np.zeros((1, self._counts.shape[1]))])
        self._next_start = self._taken + max(FEWEST_APART, self._taken // 100)


class SharesTest:
    """Bets on which of K kinds the next case is of, against the shares among the cases known so far.

    The true shares are not known: the calibration saw a few hundred groups. So the fair probability of kind k is
    predictive, (nₖ + ½) / (n + K/2) among the n cases so far, those of the calibration and those of the site
    together (Jeffreys' rule; Krichevsky & Trofimov 1981): how well the shares are known is paid for in the odds.
    """

    def __init__(self, known: Sequence[int], kinds: int) -> None:
        """Begin with the kinds 0 … K−1 of the calibration's cases."""
        self._counts = np.bincount(np.asarray(known, np.intp), minlength=kinds).astype(np.float64)
        self._purse = Purse(kinds)

    @property
    def since(self) -> int:
        """See `Purse.since`."""
        return self._purse.since

    def take(self, kind: int) -> float:
        """See the kind of one case, and return ln of the wealth after it."""
        fair = float((self._counts[kind] + _HALF) / (self._counts.sum() + _HALF * len(self._counts)))
        wealth = self._purse.take(kind, fair, np.array([fair]))
        self._counts[kind] += 1
        return wealth


class RanksTest:
    """Bets on how the next case ranks among all cases known so far, in any direction.

    While the calibration's and the site's cases are exchangeable, the rank, made continuous by lot, is uniform and
    independent of all ranks before: p = (#{xᵢ < x} + u·#{xᵢ = x}) / n, the case itself being counted (conformal
    p-values: Vovk, Gammerman & Shafer, Algorithmic Learning in a Random World, 2005). That is exact, however few
    groups the calibration has. The bets are on the intervals between `EDGES`.
    """

    EDGES = (0.01, 0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 0.99)
    """Fine at both ends, where what is strange falls."""

    def __init__(self, known: Sequence[float]) -> None:
        """Begin with the values of the calibration's cases."""
        self._known = sorted(known)
        edges = np.array([0.0, *self.EDGES, 1.0])
        self._fair = np.diff(edges)
        self._beliefs = np.stack([self._fair, np.diff(edges**LEANING)])
        self._purse = Purse(len(self._fair), len(self._beliefs))

    @property
    def since(self) -> int:
        """See `Purse.since`; cases without a value are not counted."""
        return self._purse.since

    def take(self, value: float, lot: float) -> float:
        """See the value of one case, and return ln of the wealth after it.

        Args:
            value: Finite.
            lot: In [0, 1), drawn without regard to any case.
        """
        below, up_to = bisect_left(self._known, value), bisect_right(self._known, value)
        p = (below + lot * (up_to - below + 1)) / (len(self._known) + 1)
        self._known.insert(below, value)
        interval = bisect_right(self.EDGES, p)
        return self._purse.take(interval, float(self._fair[interval]), self._beliefs[:, interval])


_HALF = 0.5
