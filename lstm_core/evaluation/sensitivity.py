"""Sensitivity: how much the forecast moves when one input is nudged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, Field

from lstm_core.arrays import FeatureValues, Window
from lstm_core.errors import PreparationError
from lstm_core.evaluation.forecast import Predictor
from lstm_core.evaluation.nudging import Nudging, lags_that_count
from lstm_core.preparation.windows import Prepared, WindowSet
from lstm_core.recipe.transform import transform_target

# A nudge this many times larger than any input says nothing and overflows float32.
LARGEST_NUDGE = 1_000.0
# Changes this much smaller than the values are rounding: of a straight line nothing else is left.
NO_CHANGE = 1e-9


class Perturbation(BaseModel):
    """One nudge of the inputs.

    `size` is in the original unit of the nudged column, with its sign. `lags` counts steps before the forecast:
    1 is the newest step of the window, `length` the oldest. `feature` counts columns, 0 is the target's past; of a
    target with differences the steps before the window count too, up to `PreparationSpec.reach`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["add"] = "add"
    size: float = Field(allow_inf_nan=False)
    feature: int = Field(0, ge=0)
    lags: tuple[int, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sensitivity:
    """What every perturbation does to the forecast of every window.

    `effect[p, s] = forecast(window s nudged by perturbation p) - forecast(window s)`, so a positive effect of a
    positive nudge means that a higher input gives a higher forecast.

    ============  =======================  =====================================
    array         shape                    unit
    ============  =======================  =====================================
    `effect`      (perturbation, sample)   original unit of the target
    `baseline`    (sample,)                original unit of the target
    ============  =======================  =====================================

    Invariants: a size of 0 has an effect of exactly 0; a linear forecast `b + sum_t w_t x_t` has the effect
    `w_t * size` at step t, for every window, and `effect(-size) = -effect(size)`.

    Attributes
    ----------
    perturbations : in the order of the first axis
    step : which step of the horizon the forecast is, 1, 2, ...; None: the mean over the whole horizon
    """

    perturbations: tuple[Perturbation, ...]
    effect: Float[np.ndarray, "perturbation sample"]
    baseline: Float[np.ndarray, "sample"]
    step: int | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StepEffects:
    """Effects of nudging each step of each column alone, up and down.

    Attributes
    ----------
    up, down : (window, feature, sample) effect of `+size` and `-size`, original unit of the target; the window
        axis runs from the oldest step to the newest, like the window itself
    sizes : (feature,) original unit of each column
    columns : names, target first
    """

    up: Float[np.ndarray, "window feature sample"]
    down: Float[np.ndarray, "window feature sample"]
    sizes: FeatureValues
    columns: tuple[str, ...]

    @property
    def strength(self) -> Float[np.ndarray, "window feature sample"]:
        """How far a nudge moves the forecast, whichever way: mean of both effects without their signs."""
        return (np.abs(self.up) + np.abs(self.down)) / 2

    def strongest(self, sample: int) -> tuple[int, int]:
        """Lag (1 is the newest step) and column of the nudge that moves this window's forecast most."""
        strength = self.strength[:, :, sample]
        position, feature = np.unravel_index(int(strength.argmax()), strength.shape)
        return len(strength) - int(position), int(feature)

    def over_windows(self) -> "EffectSpread":
        """Median and 10 % to 90 % range over all windows of the effect of `+size`."""
        low, median, high = np.quantile(self.up, [0.1, 0.5, 0.9], axis=2)
        return EffectSpread(
            low=low,
            median=median,
            high=high,
            strength=self.strength.mean(axis=2),
            columns=self.columns,
            n=self.up.shape[2],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EffectSpread:
    """The effect of `+size` over many windows; original unit of the target, oldest step first.

    Attributes
    ----------
    low, median, high : (window, feature) 10 %, 50 % and 90 % quantile over the windows
    strength : (window, feature) mean size of the effects of `+size` and `-size`
    columns : names, target first
    n : number of windows
    """

    low: Window
    median: Window
    high: Window
    strength: Window
    columns: tuple[str, ...]
    n: int


def train_spread(prepared: Prepared) -> FeatureValues:
    """Population standard deviation of each column on the train rows, (feature,), original units.

    Of a target with differences it is that of the differences, still without the power: one of the whole values would
    be many times larger than any change that the network has read.
    """
    train, lags = prepared.values[: prepared.split.train.stop], list(prepared.spec.transform.lags)
    spread = train.std(axis=0)
    if lags:
        changes, _ = transform_target(train[:, 0], None, 1.0, lags)
        of_changes = float(np.nanstd(changes))
        if of_changes > NO_CHANGE * spread[0]:
            spread[0] = of_changes
    return spread


def nudge_each_step(length: int, sizes: FeatureValues) -> tuple[Perturbation, ...]:
    """Build one nudge up and one down for every column and step alone.

    Order, with length 2 and one column of size d: (+d, lag 2), (+d, lag 1), (-d, lag 2), (-d, lag 1); with more
    columns each sign runs over all steps of column 0, then of column 1, ...

    Parameters
    ----------
    sizes : (feature,)
        Size per column in its own original unit, without sign.
    """
    return tuple(
        Perturbation(size=sign * float(size), feature=feature, lags=(lag,))
        for sign in (1, -1)
        for feature, size in enumerate(sizes)
        for lag in range(length, 0, -1)
    )


def sensitivity(
    predict: Predictor,
    windows: WindowSet,
    perturbations: Sequence[Perturbation],
    *,
    prepared: Prepared,
    step: int | None = 1,
) -> Sensitivity:
    """Nudge the inputs and forecast again, in few large batches.

    What is nudged are values of the series in their own units; they are transformed and scaled again, and the forecast
    is brought back from there. So the effect of a network that forecasts differences holds what the last value does to
    its forecast by itself. See `Sensitivity` for definition, shapes and sign, and `Nudging` for how it is done.

    Parameters
    ----------
    windows : (sample, window, feature), scaled; windows of `prepared`
    step : int, optional
        Step of the horizon whose forecast is looked at, 1, 2, ...; None: mean over the horizon.

    Raises
    ------
    PreparationError
        If a perturbation names a column or step that is not there, or is absurdly large (B127).
    """
    _check(perturbations, windows, prepared)
    nudging = Nudging(prepared, windows, step)
    before = nudging.forecast(predict)
    effect = np.zeros((len(perturbations), len(windows)))
    # A nudge that cannot move anything is not computed: another batch may round the same forecast differently.
    of_target, of_others = lags_that_count(prepared.spec), frozenset(range(1, windows.inputs.shape[1] + 1))
    moving = [
        number
        for number, nudge in enumerate(perturbations)
        if nudge.size != 0 and not (of_others if nudge.feature else of_target).isdisjoint(nudge.lags)
    ]
    nudges = [(nudge.size, nudge.feature, nudge.lags) for nudge in map(perturbations.__getitem__, moving)]
    effect[moving] = (nudging.forecast_nudged(predict, nudges) - before) * nudging.factor
    effect.flags.writeable = False
    baseline = before * nudging.factor + nudging.offset
    return Sensitivity(perturbations=tuple(perturbations), effect=effect, baseline=baseline, step=step)


def step_effects(
    predict: Predictor,
    windows: WindowSet,
    *,
    sizes: FeatureValues,
    prepared: Prepared,
    step: int | None = 1,
) -> StepEffects:
    """Nudge every step of every column alone by plus and minus its size, for every window.

    The steps are those of the window, and for a target with differences those before it that the forecast needs.
    """
    length, n_features = prepared.spec.reach, windows.inputs.shape[2]
    found = sensitivity(predict, windows, nudge_each_step(length, sizes), prepared=prepared, step=step)
    up, down = found.effect.reshape(2, n_features, length, -1).transpose(0, 2, 1, 3)
    return StepEffects(
        up=up, down=down, sizes=np.asarray(sizes, dtype=np.float64), columns=prepared.spec.columns
    )


def _check(perturbations: Sequence[Perturbation], windows: WindowSet, prepared: Prepared) -> None:
    columns, reach = prepared.spec.columns, prepared.spec.reach
    limits = _largest_nudges(windows, prepared)
    for nudge in perturbations:
        if nudge.feature >= len(columns):
            raise PreparationError(
                "A perturbation names an input column that this run does not have",
                received=f"column {nudge.feature + 1}",
                expected=f"1 to {len(columns)}: {', '.join(columns)}",
                field="sensitivity_feature",
            )
        if not all(1 <= lag <= reach for lag in nudge.lags):
            raise PreparationError(
                "A perturbation names a step outside the window",
                received=f"{max(nudge.lags)} steps before the forecast",
                expected=f"1 to {reach}",
                field="window_length",
            )
        if abs(nudge.size) > limits[nudge.feature]:
            raise PreparationError(
                "The nudge is far larger than anything the network has seen",
                received=f"{nudge.size:g}",
                expected=f"at most {limits[nudge.feature]:.3g}",
                advice="Choose a nudge of a few standard deviations at most.",
                field="delta",
            )


def _largest_nudges(windows: WindowSet, prepared: Prepared) -> FeatureValues:
    """Largest nudge of each column that may be asked for, original units."""
    largest = LARGEST_NUDGE * max(1.0, float(np.abs(windows.inputs).max()))
    limits = largest * prepared.scaler.spread
    if prepared.spec.transform.is_active:  # its spread is in the units of the transform
        limits[0] = LARGEST_NUDGE * float(np.abs(prepared.values[:, 0]).max())
    return limits
