"""What several seeds say at each epoch and at each date: a middle, and a band in which every seed lies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from lstm_core.arrays import SampleRows
from lstm_core.evaluation.forecast import Forecast
from lstm_core.runs.reading import best_epoch
from lstm_core.training.events import RunState

MOST_EPOCHS = 300
"""Epochs a band on screen has; a live picture is drawn again and again."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Band:
    """Median, smallest and largest of several values at each place; NaN where there is none."""

    middle: Float[np.ndarray, " place"]
    low: Float[np.ndarray, " place"]
    high: Float[np.ndarray, " place"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LossBand:
    """Loss of several seeds over the epochs, scaled units.

    Runs stop at different epochs. A run counts at the epochs it has trained and at no other: it is neither drawn on
    with its last value, which would make the band narrower than it is known to be, nor taken back. So behind
    `n_together` the band tells only of the runs that trained longer, which are not a random choice: they are the
    ones that still improved.

    Attributes
    ----------
    epochs : (epoch,) numbers of the epochs, from 1
    n : (epoch,) runs that have trained this epoch
    train, validation : band over those runs
    best : per seed, the epoch with the lowest validation loss and that loss
    n_together : last epoch that all runs with a curve have trained
    """

    epochs: Int[np.ndarray, " epoch"]
    n: Int[np.ndarray, " epoch"]
    train: Band
    validation: Band
    best: Mapping[int, tuple[int, float]]
    n_together: int


def loss_band(told: Mapping[int, RunState], *, most: int | None = MOST_EPOCHS) -> LossBand:
    """Band over the curves of several seeds.

    Parameters
    ----------
    told : state with its curve, by seed; states without an epoch are left out
    most : at most so many epochs, evenly spaced, with the first, the last, and the last that all have; None: all
    """
    curves = {seed: state.epochs for seed, state in told.items() if state.epochs}
    lengths = [len(curve) for curve in curves.values()]
    kept = _kept(max(lengths, default=0), min(lengths, default=0), most)
    losses = np.full((2, len(curves), len(kept)), np.nan)
    for row, curve in enumerate(curves.values()):
        for column, place in enumerate(kept[kept < len(curve)]):
            losses[:, row, column] = curve[place].loss, curve[place].val_loss
    losses[~np.isfinite(losses)] = np.nan
    return LossBand(
        epochs=kept + 1,
        n=np.array([sum(length > place for length in lengths) for place in kept], dtype=np.int64),
        train=_band(losses[0]),
        validation=_band(losses[1]),
        best={
            seed: (best.epoch, best.val_loss)
            for seed in curves
            if (best := best_epoch(told[seed])) is not None
        },
        n_together=min(lengths, default=0),
    )


def _kept(longest: int, shortest: int, most: int | None) -> np.ndarray:
    """Places of the epochs to keep, ascending."""
    if most is None or longest <= most:
        return np.arange(longest)
    even = np.linspace(0, longest - 1, most - 1).round().astype(np.int64)
    return np.unique([*even, shortest - 1])


def _band(values: Float[np.ndarray, "seed place"]) -> Band:
    """Median, smallest and largest of each column's numbers."""
    middle, low, high = (np.full(values.shape[1], np.nan) for _ in range(3))
    some = np.isfinite(values).any(axis=0)  # numpy warns of columns without a number
    if some.any():
        middle[some] = np.nanmedian(values[:, some], axis=0)
        low[some], high[some] = np.nanmin(values[:, some], axis=0), np.nanmax(values[:, some], axis=0)
    for array in (middle, low, high):
        array.flags.writeable = False
    return Band(middle=middle, low=low, high=high)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ForecastBand:
    """Forecasts of several seeds for one step ahead, original units.

    Attributes
    ----------
    rows : (sample,) row of the series each value belongs to
    actual : (sample,) what came true
    band : over the seeds
    seeds : whose forecasts these are
    step : steps ahead
    """

    rows: SampleRows
    actual: Float[np.ndarray, " sample"]
    band: Band
    seeds: tuple[int, ...]
    step: int
    unit: str

    @property
    def covered(self) -> float:
        """Share of the true values that lie inside the band, 0 to 1."""
        return float(np.mean((self.band.low <= self.actual) & (self.actual <= self.band.high)))

    @property
    def width(self) -> float:
        """Mean width of the band, original units."""
        return float(np.mean(self.band.high - self.band.low))


def forecast_band(made: Mapping[int, Forecast], *, step: int = 1) -> ForecastBand:
    """Band over forecasts of the same windows.

    Parameters
    ----------
    made : forecast by seed, at least one
    step : steps ahead, 1, 2, ...

    Raises
    ------
    ValueError
        If there is none, or they are not of the same windows.
    """
    ahead: Sequence[Forecast] = [one.at_step(step) for one in made.values()]
    if not ahead or any(not np.array_equal(one.origins, ahead[0].origins) for one in ahead):
        raise ValueError("the forecasts of a band must be of the same windows")
    return ForecastBand(
        rows=ahead[0].origins,
        actual=ahead[0].actual[:, 0],
        band=_band(np.stack([one.predicted[:, 0] for one in ahead])),
        seeds=tuple(made),
        step=step,
        unit=ahead[0].unit,
    )
