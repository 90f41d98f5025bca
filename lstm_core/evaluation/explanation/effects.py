"""Effects of changing single steps of a window: nudged up and down, or replaced by another value."""

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from lstm_core.arrays import FeatureValues, Window

StepValues = Float[np.ndarray, "window feature sample"]
"""One number for each step (oldest first), column (target first) and window; original unit of the target."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EffectSpread:
    """Effects over many windows; original unit of the target, oldest step first.

    Attributes
    ----------
    low, median, high : (window, feature) 10 %, 50 % and 90 % quantile over the windows
    strength : (window, feature) mean size of the effects, without their signs
    columns : names, target first
    n : number of windows
    """

    low: Window
    median: Window
    high: Window
    strength: Window
    columns: tuple[str, ...]
    n: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Effects:
    """What changing each step of each column alone does to the forecast of every window.

    Attributes
    ----------
    columns : names, target first
    """

    columns: tuple[str, ...]

    @property
    @abstractmethod
    def change(self) -> StepValues:
        """Forecast with the step changed minus forecast without, (window, feature, sample), oldest step first."""

    @property
    @abstractmethod
    def named(self) -> dict[str, StepValues]:
        """What is told of every step, by the name of its column in a table."""

    @property
    def strength(self) -> StepValues:
        """How far a change moves the forecast, whichever way."""
        return np.abs(self.change)

    def strongest(self, sample: int) -> tuple[int, int]:
        """Lag (1 is the newest step) and column of the change that moves this window's forecast most."""
        strength = self.strength[:, :, sample]
        position, feature = np.unravel_index(int(strength.argmax()), strength.shape)
        return len(strength) - int(position), int(feature)

    def over_windows(self) -> EffectSpread:
        """Median and 10 % to 90 % range of the change over all windows."""
        low, median, high = np.quantile(self.change, [0.1, 0.5, 0.9], axis=2)
        return EffectSpread(
            low=low,
            median=median,
            high=high,
            strength=self.strength.mean(axis=2),
            columns=self.columns,
            n=self.change.shape[2],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StepEffects(Effects):
    """Effects of nudging each step of each column alone, up and down.

    Attributes
    ----------
    up, down : (window, feature, sample) effect of `+size` and `-size`, original unit of the target; the window
        axis runs from the oldest step to the newest, like the window itself
    sizes : (feature,) original unit of each column
    """

    up: StepValues
    down: StepValues
    sizes: FeatureValues

    @property
    def change(self) -> StepValues:
        """Effect of `+size`."""
        return self.up

    @property
    def named(self) -> dict[str, StepValues]:
        """Effects of both nudges."""
        return {"nudged_up": self.up, "nudged_down": self.down}

    @property
    def strength(self) -> StepValues:
        """How far a nudge moves the forecast, whichever way: mean of both effects without their signs."""
        return (np.abs(self.up) + np.abs(self.down)) / 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReplacedEffects(Effects):
    """Effects of replacing the steps of each column, block by block.

    Attributes
    ----------
    mean : (window, feature, sample) change of the forecast; all steps of a block carry the change of the block. Where
        chance chose the replacement, the mean over its draws
    deviation : the same shape, standard deviation over the draws; 0 where there is only one
    n_draws : how often chance chose; 1 where it has no say
    """

    mean: StepValues
    deviation: StepValues
    n_draws: int

    @property
    def change(self) -> StepValues:
        """Mean change over the draws."""
        return self.mean

    @property
    def named(self) -> dict[str, StepValues]:
        """Change, with its deviation where chance had a say."""
        return {"replaced": self.mean} | ({"deviation": self.deviation} if self.n_draws > 1 else {})
