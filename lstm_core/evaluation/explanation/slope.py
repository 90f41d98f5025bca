"""Slopes: how fast a forecast grows with every value before it, in original units.

The network knows the slope of its scaled forecast with respect to its scaled inputs. Around it stand the scaling and,
where the target was transformed, a power and differences, on the way in and on the way back. All but the power are
straight lines, so the chain rule gives the slope of the whole exactly.
"""

from collections.abc import Callable

import numpy as np

from lstm_core.arrays import WindowInputs
from lstm_core.evaluation.forecast import Predictor
from lstm_core.preparation import histories
from lstm_core.preparation.histories import HistoryValues
from lstm_core.preparation.transform import FittedTransform
from lstm_core.preparation.windows import Prepared
from lstm_core.recipe import transform as recipe

InputGradient = Callable[[WindowInputs, int | None], WindowInputs]
"""Windows and a step of the horizon (None: its mean) in, slope of its forecast out; inputs and forecast both scaled.

Of a network: `lambda inputs, step: input_gradient(spec, weights, inputs, step=step)`.
"""


def history_slope(
    predict: Predictor,
    gradient: InputGradient,
    prepared: Prepared,
    known: HistoryValues,
    *,
    step: int | None = 1,
) -> HistoryValues:
    """Slope of the forecast with respect to every value of histories.

    Parameters
    ----------
    known : (sample, reach, feature), original units
    step : step of the horizon, 1, 2, ...; None: mean over the horizon

    Returns
    -------
    (sample, reach, feature): original unit of the target per original unit of the column
    """
    inputs, spread, length = (
        histories.to_inputs(prepared, known),
        prepared.scaler.spread,
        prepared.spec.window.length,
    )
    slope = np.zeros(known.shape)
    if not prepared.spec.transform.is_active:
        slope[:] = gradient(inputs, step) * (spread[0] / spread)
        return slope
    horizon, reach = prepared.spec.window.horizon, prepared.spec.reach
    looked_at = np.full(horizon, 1 / horizon) if step is None else np.eye(horizon)[step - 1]
    told = histories.from_outputs(prepared, np.asarray(predict(inputs)), known)
    # Back from original units to those of the power, where all else is a straight line.
    per_step = looked_at / power_slope(told, prepared.transform)
    differences, of_outputs, of_known = straight_lines(prepared.transform, reach, length, horizon)
    for ahead in np.flatnonzero(of_outputs.T @ looked_at):
        grown = gradient(inputs, int(ahead) + 1) * (per_step @ of_outputs[:, ahead])[:, None, None]
        slope[:, :, 0] += grown[:, :, 0] @ differences
        slope[:, reach - length :, 1:] += grown[:, :, 1:] * (spread[0] / spread[1:])
    slope[:, :, 0] += per_step @ of_known
    slope[:, :, 0] *= power_slope(known[:, :, 0], prepared.transform)
    return slope


def power_slope(values: np.ndarray, fitted: FittedTransform) -> np.ndarray:
    """Slope of the power transform at some values: `(value / size)^(exponent - 1) / size`, 1 without a power."""
    if fitted.exponent is None:
        return np.ones_like(values)
    # A forecast at the end of the curve has no slope there; next to it none is infinite.
    inside = np.maximum(values / fitted.size, np.finfo(float).tiny ** 0.25)
    return inside ** (fitted.exponent - 1) / fitted.size


def straight_lines(
    fitted: FittedTransform, reach: int, length: int, horizon: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What differences do, as matrices, between values after the power.

    Returns
    -------
    differences : (window, reach) from the values before a forecast to what the network reads
    of_outputs : (horizon, horizon) from what the network says to the forecast
    of_known : (horizon, reach) from the values before a forecast to the forecast
    """
    lags, steps = list(fitted.spec.lags), np.arange(horizon)
    changed, stages = recipe.transform_target(np.eye(reach), None, 1.0, lags)
    before = [stage[:, reach - lag + steps[:lag]] for stage, lag in zip(stages, lags, strict=True)]

    def back(outputs: np.ndarray, known: list[np.ndarray]) -> np.ndarray:
        return recipe.undo_transform(outputs, known, None, 1.0, lags).T

    nothing = [np.zeros((horizon, one.shape[1])) for one in before]
    return changed[:, -length:].T, back(np.eye(horizon), nothing), back(np.zeros((reach, horizon)), before)
