"""A forecast as a game: the steps of a window are players, and a coalition is worth the forecast with only its values.

All columns of a step play together. What stands in for a player who stays out is a `replacement.Kind`.
"""

import numpy as np
from jaxtyping import Bool, Float

from lstm_core.evaluation.explanation.occlusion import Block
from lstm_core.evaluation.explanation.replacement import Cases, Removal

PlayerValues = Float[np.ndarray, "player"]
"""One number for every block of steps, oldest first; original unit of the target."""
SamplePlayers = Float[np.ndarray, "sample player"]
Orders = np.ndarray
"""(..., player): numbers of the players, first come first; whole numbers."""

FEW_PLAYERS = 12
"""Of so few players there are 4,096 coalitions a window: each is forecast once, however often it is asked for."""


class Game:
    """The game of some windows.

    Parameters
    ----------
    removal : windows, and what stands in for a value; not `shuffled`, because a coalition must be worth one number
    blocks : the steps of each player, `occlusion.cut_blocks`

    Attributes
    ----------
    n_players : number of blocks
    """

    def __init__(self, removal: Removal, blocks: tuple[Block, ...]) -> None:
        if removal.kind == "shuffled":
            raise ValueError("a coalition must be worth one number, and shuffled values give many")
        self.removal, self.blocks, self.n_players = removal, blocks, len(blocks)
        self._sizes = [len(one) for one in blocks]
        self._worths: dict[tuple[int, int], float] | None = {} if self.n_players <= FEW_PLAYERS else None

    def worth(self, samples: Cases, kept: Bool[np.ndarray, "case player"]) -> Float[np.ndarray, "case"]:
        """Forecast of windows with only these players' values, (case,), original unit.

        Parameters
        ----------
        samples : number of the window of each case, counted from 0 among those of `removal`
        """
        if self._worths is None:
            return self._play(samples, kept)
        named = list(zip(samples.tolist(), (kept @ (1 << np.arange(self.n_players))).tolist(), strict=True))
        new = {who: case for case, who in enumerate(named) if who not in self._worths}
        if new:
            cases = np.fromiter(new.values(), dtype=int)
            self._worths.update(zip(new, self._play(samples[cases], kept[cases]).tolist(), strict=True))
        return np.array([self._worths[who] for who in named])

    def _play(self, samples: Cases, kept: Bool[np.ndarray, "case player"]) -> Float[np.ndarray, "case"]:
        return self.removal.without(samples, np.repeat(~kept, self._sizes, axis=1)[:, :, None])

    def alone(self, sample: int, kept: Bool[np.ndarray, "case player"]) -> Float[np.ndarray, "case"]:
        """Forecast of one window with only these players' values."""
        return self.worth(np.full(len(kept), sample), kept)

    def ends(self, samples: Cases) -> tuple[Float[np.ndarray, "sample"], Float[np.ndarray, "sample"]]:
        """Forecast of windows with all their values, and with none."""
        kept = np.repeat([[True], [False]], len(samples), axis=0)
        both = self.worth(np.tile(samples, 2), np.repeat(kept, self.n_players, axis=1))
        return both[: len(samples)], both[len(samples) :]


def positions(orders: Orders) -> np.ndarray:
    """Place of every player in its order, 0 for the first: the inverse of each permutation, same shape."""
    places = np.empty_like(orders)
    np.put_along_axis(places, orders, np.broadcast_to(np.arange(orders.shape[-1]), orders.shape), axis=-1)
    return places


def first_comers(orders: Orders) -> Bool[np.ndarray, "case player"]:
    """Coalitions of the first 1, 2, ..., player - 1 of every order, one order after the other: what an order asks."""
    n_players = orders.shape[-1]
    joined = positions(orders.reshape(-1, 1, n_players)) < np.arange(1, n_players)[:, None]
    return joined.reshape(-1, n_players)
