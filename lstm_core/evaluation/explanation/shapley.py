"""Shapley values of the steps of one window: what each adds to the forecast, averaged over all orders of joining.

Shapley (1953); sampled orders as Castro, Gomez and Tejada (2009), each with its reverse (antithetic pairs, Mitchell and
others 2022), which halves the work for what is nearly a straight line and needs none for one.
"""

import math
import time
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from lstm_core.evaluation.explanation.game import Game, PlayerValues, first_comers

FEW_PLAYERS = 10
"""Up to here all coalitions are asked (1 024 forecasts): the values are exact."""
FEWEST_PAIRS = 16
"""Fewer say too little of their own error."""
PRECISION = 0.02
"""Sampling ends when no standard error is above this share of the range of the values."""
BATCH_FORECASTS = 2_000
MOST_PAIRS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShapleyValues:
    """What each player adds to the forecast of one window; original unit of the target.

    Invariants: the values add up to `whole - nothing`, in every order and so also on average; a linear forecast
    `b + sum_t w_t x_t` has the values `sum_t w_t (x_t - r_t)` over the steps of a player, r the replacement.

    Attributes
    ----------
    values : (player,) oldest block first
    error : (player,) standard error; 0 where all coalitions were asked
    whole, nothing : forecast with all values and with none
    n_orders : orders of joining that were tried; 0 where all coalitions were asked
    is_done : precise enough, or `MOST_PAIRS` pairs of orders were tried
    """

    values: PlayerValues
    error: PlayerValues
    whole: float
    nothing: float
    n_orders: int
    is_done: bool

    @property
    def gap(self) -> float:
        """What the sum of the values misses: 0 but for rounding."""
        return float(self.values.sum()) - (self.whole - self.nothing)

    @property
    def range(self) -> float:
        """From the lowest value to the highest, 0 counted in."""
        return max(float(self.values.max()), 0.0) - min(float(self.values.min()), 0.0)


class ShapleySampler:
    """Shapley values that grow more precise with every `advance`.

    Parameters
    ----------
    sample : number of the window
    seed : of the orders

    Attributes
    ----------
    seconds : spent in `advance` so far
    """

    def __init__(self, game: Game, sample: int, *, seed: int = 0) -> None:
        self._game, self._sample, self.seconds = game, sample, 0.0
        whole, nothing = game.ends(np.array([sample]))
        self._whole, self._nothing = float(whole[0]), float(nothing[0])
        self._rng = np.random.default_rng(seed)
        self._pairs: list[Float[np.ndarray, "pair player"]] = []
        self._exact: PlayerValues | None = None
        if game.n_players <= FEW_PLAYERS:
            self._exact = exact_values(game, sample)

    def advance(self) -> None:
        """Try more orders: 16 pairs at first, then twice as many each time up to what 2 000 forecasts allow."""
        began, n_players = time.perf_counter(), self._game.n_players
        most = max(BATCH_FORECASTS // (2 * n_players), 1)
        n_pairs = min(FEWEST_PAIRS * 2 ** min(len(self._pairs), 10), max(most, FEWEST_PAIRS))
        half = self._rng.permuted(np.tile(np.arange(n_players), (n_pairs, 1)), axis=1)
        orders = np.stack([half, half[:, ::-1]])
        between = self._game.alone(self._sample, first_comers(orders)).reshape(2, n_pairs, n_players - 1)
        ends = np.broadcast_to([self._nothing, self._whole], (2, n_pairs, 2))
        worth = np.concatenate([ends[:, :, :1], between, ends[:, :, 1:]], axis=2)
        added = np.empty((2, n_pairs, n_players))
        np.put_along_axis(added, orders, np.diff(worth, axis=2), axis=2)
        self._pairs.append(added.mean(axis=0))
        self.seconds += time.perf_counter() - began

    def values(self) -> ShapleyValues:
        """Values so far; all 0 and not done before the first `advance` where orders are sampled."""
        zero = np.zeros(self._game.n_players)
        if self._exact is not None:
            return self._told(self._exact, zero, n_pairs=0, is_done=True)
        if not self._pairs:
            return self._told(zero, zero, n_pairs=0, is_done=False)
        pairs = np.concatenate(self._pairs)
        if len(pairs) < 2:
            return self._told(pairs[0], np.full(len(zero), np.inf), n_pairs=1, is_done=False)
        error = pairs.std(axis=0, ddof=1) / math.sqrt(len(pairs))
        found = self._told(pairs.mean(axis=0), error, n_pairs=len(pairs), is_done=False)
        allowed = max(PRECISION * found.range, self._game.removal.rounding)
        is_done = len(pairs) >= MOST_PAIRS or (len(pairs) >= FEWEST_PAIRS and bool(error.max() <= allowed))
        return self._told(found.values, error, n_pairs=len(pairs), is_done=is_done)

    def _told(
        self, values: PlayerValues, error: PlayerValues, *, n_pairs: int, is_done: bool
    ) -> ShapleyValues:
        return ShapleyValues(
            values=values,
            error=error,
            whole=self._whole,
            nothing=self._nothing,
            n_orders=2 * n_pairs,
            is_done=is_done,
        )


def exact_values(game: Game, sample: int) -> PlayerValues:
    """Shapley values from all coalitions, `sum_S |S|! (n - |S| - 1)! / n! (v(S and i) - v(S))`; for few players."""
    n_players = game.n_players
    members = (np.arange(2**n_players)[:, None] >> np.arange(n_players)) & 1 == 1
    worth, sizes = game.alone(sample, members), members.sum(axis=1)
    factorial = [math.factorial(n) for n in range(n_players + 1)]
    share = np.array([factorial[n] * factorial[n_players - n - 1] for n in range(n_players)])
    values = np.empty(n_players)
    for player in range(n_players):
        out = np.flatnonzero(~members[:, player])
        added = worth[out | (1 << player)] - worth[out]
        values[player] = (share[sizes[out]] * added).sum() / factorial[n_players]
    return values
