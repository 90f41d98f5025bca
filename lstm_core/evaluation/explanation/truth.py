"""The truth test: whether the forecast follows when steps are taken away in the order that an explanation gives.

An explanation credits every block of steps with a part of the forecast, with a sign. That is a claim: taking the values
away in this order, those that raise the forecast first, must make it fall faster than any other order does. Petsiuk and
others (2018, RISE) compare such curves of deletion and insertion; here they are held against random orders and against
the best order that was found.

For an order of n players, `deletion[k]` is how far the forecast has fallen without the first k, and `insertion[k]` how
far the first k alone lift it over the forecast without any. The gain of an order is the mean of both curves over
k = 1, ..., n - 1, minus half of the whole way: the gain of an order and that of its reverse cancel, so the mean over
random orders is exactly 0. Then, over all windows looked at,

    trust = sum of the gains of the explanation / sum of the gains of the best order found

which is 1 for the best order and 0 for what knows nothing. Between the 2.5 % and the 97.5 % quantile of random orders
an explanation is no better than random. For a forecast that is a straight line, trust is 1 only for the true order.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from lstm_core.evaluation.explanation.game import Game, Orders, SamplePlayers, first_comers
from lstm_core.evaluation.explanation.replacement import Cases
from lstm_core.evaluation.verdict import Verdict, amount

N_RANDOM = 50
"""Random orders of every window; the reverse of each counts too, for nothing."""

ONE_BLOCK = "not tested, because a single block of steps has no order."

Curve = Float[np.ndarray, "kept"]
"""One number for 0, 1, ..., all players, mean over windows; original unit of the target."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trust:
    """What an explanation is worth, over all windows of a test.

    Attributes
    ----------
    trust : share of the room between random and the best order found; at most 1
    gain : how much further than under random orders the forecast moves on average, original unit
    beats : share of the random orders that gain less
    low, high : 10 % and 90 % quantile of the trust of single windows; NaN where no window has room
    deletion, insertion : (kept,) curves, mean over the windows
    """

    trust: float
    gain: float
    beats: float
    low: float
    high: float
    deletion: Curve
    insertion: Curve


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TruthTest:
    """Explanations held against random orders.

    Attributes
    ----------
    trusts : by name of the explanation
    best : the same for the best order found of every window
    random_limit : trust that 95 % of the random orders stay below, whichever sign
    random_deletion, random_insertion : (2, kept) 2.5 % and 97.5 % quantile of the mean curves of random orders
    room : gain of the best order, original unit; 0 where no order moves the forecast by more than rounding
    n_windows, n_random : how many of each; the reverse of every random order counted in
    """

    trusts: Mapping[str, Trust]
    best: Trust
    random_limit: float
    random_deletion: Float[np.ndarray, "2 kept"]
    random_insertion: Float[np.ndarray, "2 kept"]
    room: float
    n_windows: int
    n_random: int

    @property
    def n_players(self) -> int:
        """Blocks of steps that were ordered."""
        return len(self.best.deletion) - 1

    def is_better(self, name: str) -> bool:
        """Whether an explanation gains more than random orders do."""
        return self.room > 0 and self.trusts[name].trust > self.random_limit


@dataclass(frozen=True, slots=True, eq=False)
class _Curves:
    """Curves of every order, (..., kept), and what they gain, (...)."""

    deletion: np.ndarray
    insertion: np.ndarray

    @property
    def gain(self) -> np.ndarray:
        inner = (self.deletion + self.insertion)[..., 1:-1].sum(axis=-1)
        n_inner = max(self.deletion.shape[-1] - 2, 1)
        return inner / (2 * n_inner) - self.deletion[..., -1] / 2 * (self.deletion.shape[-1] > 2)

    def reversed(self) -> "_Curves":
        """Curves of the reversed orders: who goes first there stays last here."""
        whole = self.deletion[..., -1:]
        return _Curves(whole - self.insertion[..., ::-1], whole - self.deletion[..., ::-1])

    def mean(self) -> "_Curves":
        """Mean over the windows, the axis before the last."""
        return _Curves(self.deletion.mean(axis=-2), self.insertion.mean(axis=-2))


def truth_test(
    game: Game,
    samples: Cases,
    claims: Mapping[str, SamplePlayers],
    *,
    n_random: int = N_RANDOM,
    seed: int = 0,
) -> TruthTest:
    """Take steps away as explanations say, as chance says, and as well as can be found.

    Parameters
    ----------
    samples : numbers of the windows
    claims : by name of the explanation, by how much the block raises the forecast of the window
    n_random : random orders of every window
    """
    rng, n_players = np.random.default_rng(seed), game.n_players
    chance = rng.permuted(np.tile(np.arange(n_players), (n_random, len(samples), 1)), axis=2)
    # Shuffled before sorting: an explanation that says nothing must not profit from the order of the steps.
    named = {name: _sorted(claim, chance[0]) for name, claim in claims.items()}
    found = {name: _curves(game, samples, order[None]) for name, order in named.items()}
    random = _curves(game, samples, chance)
    both = [random, random.reversed()]
    greedy = _curves(game, samples, greedy_orders(game, samples)[None])
    best = _best([greedy, *found.values(), *both, *(one.reversed() for one in found.values())])
    room = float(best.gain.mean())
    if room <= game.removal.rounding:
        room = 0.0
    by_chance = np.concatenate([one.gain.mean(axis=1) for one in both])
    means = [one.mean() for one in both]
    limits = [
        np.quantile(np.concatenate([getattr(one, curve) for one in means]), [0.025, 0.975], axis=0)
        for curve in ("deletion", "insertion")
    ]
    return TruthTest(
        trusts={name: _trust(one, best, room, by_chance) for name, one in found.items()},
        best=_trust(best, best, room, by_chance),
        random_limit=float(np.quantile(np.abs(by_chance), 0.95)) / room if room else np.inf,
        random_deletion=limits[0],
        random_insertion=limits[1],
        room=room,
        n_windows=len(samples),
        n_random=2 * n_random,
    )


def greedy_orders(game: Game, samples: Cases) -> Orders:
    """Orders that take away, one after the other, the player without whom the forecast falls furthest."""
    n_players, rows = game.n_players, np.arange(len(samples))
    orders, kept = (
        np.empty((len(samples), n_players), dtype=int),
        np.ones((len(samples), n_players), dtype=bool),
    )
    for place in range(n_players):
        # Every window asks once for each of its players that are left.
        window, player = np.nonzero(kept)
        asked = kept[window]
        asked[np.arange(len(window)), player] = False
        fallen = np.full(kept.shape, np.inf)
        fallen[window, player] = game.worth(samples[window], asked)
        orders[:, place] = fallen.argmin(axis=1)
        kept[rows, orders[:, place]] = False
    return orders


def truth_verdict(test: TruthTest, name: str, unit: str) -> Verdict:
    """Say in one sentence what an explanation is worth."""
    found, windows = (
        test.trusts[name],
        f"over {test.n_windows} windows" if test.n_windows > 1 else "on this window",
    )
    if test.n_players < 2:
        return Verdict(tone="note", sentence=f"{name}: {ONE_BLOCK}")
    if not test.room:
        return Verdict(
            tone="note",
            sentence=f"{name}: no better than random, because there is nothing to explain: {windows} no order of "
            "taking steps away moves the forecast more than another.",
        )
    if test.is_better(name):
        return Verdict(
            tone="good",
            sentence=f"{name}: trust {spelled(found.trust)}. Taking away the steps that it names first moves the "
            f"forecast {amount(found.gain, unit)} further {windows} than a random order does; it beats "
            f"{found.beats:.0%} of {test.n_random} random orders.",
        )
    if found.trust < -test.random_limit:
        return Verdict(
            tone="bad",
            sentence=f"{name}: worse than random (trust {spelled(found.trust)}). It points the wrong way: random "
            f"orders stay above {spelled(-test.random_limit)}.",
        )
    return Verdict(
        tone="caution",
        sentence=f"{name}: no better than random. Its trust of {spelled(found.trust)} lies inside the "
        f"±{spelled(test.random_limit)} of 95% of the random orders.",
    )


def spelled(trust: float) -> str:
    """Two decimals and a true minus: `0.81`, `−0.12`."""
    return f"{trust:.2f}".replace("-0.00", "0.00").replace("-", "−")


def _sorted(claim: SamplePlayers, chance: Orders) -> Orders:
    """Players from the one that raises the forecast most to the one that lowers it most; chance decides ties."""
    shuffled = np.take_along_axis(claim, chance, axis=1)
    return np.take_along_axis(chance, np.argsort(-shuffled, axis=1, kind="stable"), axis=1)


def _curves(game: Game, samples: Cases, orders: Orders) -> _Curves:
    """Curves of orders, (order, sample, player): (order, sample, kept)."""
    n_orders, n_samples, n_players = orders.shape
    whole, nothing = (one[None, :, None] for one in game.ends(samples))
    first = first_comers(orders)
    asked = np.repeat(np.tile(samples, n_orders), n_players - 1)
    shape, ends = (n_orders, n_samples, n_players - 1), np.zeros((n_orders, n_samples, 1))
    fallen = whole - game.worth(asked, ~first).reshape(shape)
    lifted = game.worth(asked, first).reshape(shape) - nothing
    way = ends + whole - nothing
    return _Curves(np.concatenate([ends, fallen, way], axis=2), np.concatenate([ends, lifted, way], axis=2))


def _best(tried: list[_Curves]) -> _Curves:
    """For every window the order that gains most, (1, sample, kept)."""
    deletion, insertion = (
        np.concatenate([getattr(one, curve) for one in tried]) for curve in ("deletion", "insertion")
    )
    winner = _Curves(deletion, insertion).gain.argmax(axis=0)
    rows = np.arange(len(winner))
    return _Curves(deletion[winner, rows][None], insertion[winner, rows][None])


def _trust(found: _Curves, best: _Curves, room: float, by_chance: np.ndarray) -> Trust:
    gains, rooms, mean = found.gain[0], best.gain[0], found.mean()
    single = gains[rooms > 0] / rooms[rooms > 0]
    low, high = np.quantile(single, [0.1, 0.9]) if room and len(single) else (np.nan, np.nan)
    return Trust(
        trust=float(gains.mean()) / room if room else 0.0,
        gain=float(gains.mean()),
        beats=float((by_chance < gains.mean()).mean()) if room else 0.0,
        low=float(low),
        high=float(high),
        deletion=mean.deletion[0],
        insertion=mean.insertion[0],
    )
