"""Credits: by how much each block of steps raises the forecast, as different explanations see it.

All of them answer the same question in the same unit, so that they can be compared: how far is the forecast from where
it would be with the replacement in place of these values?
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy import stats

from lstm_core.evaluation.explanation.game import Game, SamplePlayers
from lstm_core.evaluation.explanation.integrated import integrated_gradients
from lstm_core.evaluation.explanation.occlusion import put_in
from lstm_core.evaluation.explanation.replacement import Cases
from lstm_core.evaluation.explanation.sensitivity import step_effects, train_spread
from lstm_core.evaluation.explanation.shapley import ShapleySampler
from lstm_core.evaluation.explanation.slope import InputGradient, history_slope
from lstm_core.preparation.histories import HistoryValues
from lstm_core.preparation.windows import WindowSet

NUDGE_SHARE = 0.1
"""Size of the nudges, in standard deviations of the train rows: small, because a slope is wanted."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Credits:
    """What one explanation credits the blocks of some windows with; original unit of the target.

    Attributes
    ----------
    values : (sample, player) oldest block first
    whole, nothing : (sample,) forecast with all values and with every value replaced
    """

    values: SamplePlayers
    whole: Float[np.ndarray, "sample"]
    nothing: Float[np.ndarray, "sample"]

    @property
    def gap(self) -> Float[np.ndarray, "sample"]:
        """Sum of the credits minus what there is to share out, `whole - nothing`."""
        return self.values.sum(axis=1) - (self.whole - self.nothing)


def distances(game: Game, samples: Cases) -> HistoryValues:
    """Every value minus what stands in for it, (sample, reach, feature), original units."""
    return game.removal.histories(samples) - put_in(game.removal, samples, game.blocks)


def to_players(game: Game, values: HistoryValues) -> SamplePlayers:
    """Sum of what the steps of each block and their columns have, (sample, player)."""
    starts = [one.start for one in game.blocks]
    return np.add.reduceat(values.sum(axis=2), starts, axis=1)


def nudge_credits(game: Game, samples: Cases) -> Credits:
    """Slope of the forecast at each value, from a small nudge up and down, times its distance from the replacement."""
    prepared = game.removal.prepared
    test, sizes = prepared.test, NUDGE_SHARE * train_spread(prepared)
    some = WindowSet(
        inputs=test.inputs[samples], targets=test.targets[samples], origins=test.origins[samples]
    )
    found = step_effects(game.removal.predict, some, sizes=sizes, prepared=prepared, step=game.removal.step)
    nudged = np.where(sizes > 0, 2 * sizes, np.inf)[:, None]
    slope = ((found.up - found.down) / nudged).transpose(2, 0, 1)
    return _credits(game, samples, to_players(game, slope * distances(game, samples)))


def occlusion_credits(game: Game, samples: Cases) -> Credits:
    """Forecast minus what it is without the block, each taken away alone."""
    kept = np.tile(~np.eye(game.n_players, dtype=bool), (len(samples), 1))
    without = game.worth(np.repeat(samples, game.n_players), kept).reshape(len(samples), -1)
    whole, nothing = game.ends(samples)
    return Credits(values=whole[:, None] - without, whole=whole, nothing=nothing)


def gradient_credits(game: Game, samples: Cases, gradient: InputGradient) -> Credits:
    """Gradient times input: the slope of the forecast at each value, times its distance from the replacement."""
    removal = game.removal
    known = removal.histories(samples)
    slope = history_slope(removal.predict, gradient, removal.prepared, known, step=removal.step)
    return _credits(game, samples, to_players(game, slope * distances(game, samples)))


def integrated_credits(game: Game, samples: Cases, gradient: InputGradient) -> Credits:
    """Integrated gradients: the mean slope on the straight way from the replacement, times the distance.

    The credits add up to the forecast minus that of the replacement within 1 %; see `integrated`.
    """
    removal = game.removal
    known = removal.histories(samples)
    found = integrated_gradients(
        removal.predict,
        gradient,
        removal.prepared,
        known,
        start=known - distances(game, samples),
        step=removal.step,
    )
    return Credits(values=to_players(game, found.values), whole=found.forecast, nothing=found.from_baseline)


def shapley_credits(game: Game, samples: Cases, *, n_batches: int = 2, seed: int = 0) -> Credits:
    """Shapley values of each window, from at most `n_batches` batches of orders: 16 and 32 pairs."""
    whole, nothing = game.ends(samples)
    values = np.empty((len(samples), game.n_players))
    for row, sample in enumerate(samples):
        sampler = ShapleySampler(game, int(sample), seed=seed)
        for _ in range(n_batches):
            if not sampler.values().is_done:
                sampler.advance()
        values[row] = sampler.values().values
    return Credits(values=values, whole=whole, nothing=nothing)


def agreement(values: Mapping[str, Float[np.ndarray, "player"]]) -> Float[np.ndarray, "method method"]:
    """Spearman's rank correlation of the credits of one window; NaN where there is no order to compare."""
    ranks = [stats.rankdata(one) for one in values.values()]
    if len(ranks[0]) < 2:
        return np.full((len(ranks), len(ranks)), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.atleast_2d(np.corrcoef(ranks))


def _credits(game: Game, samples: Cases, values: SamplePlayers) -> Credits:
    whole, nothing = game.ends(samples)
    return Credits(values=values, whole=whole, nothing=nothing)
