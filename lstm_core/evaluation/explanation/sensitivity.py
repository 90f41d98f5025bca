"""Sensitivity: how much the forecast moves when one input is nudged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, Field

from lstm_core.arrays import FeatureValues
from lstm_core.errors import PreparationError
from lstm_core.evaluation.explanation.effects import StepEffects
from lstm_core.evaluation.explanation.nudging import Nudging, lags_that_count
from lstm_core.evaluation.forecast import Predictor
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
