"""Histories: what is known before a forecast, in original units, also of values that never were.

A history holds the rows that one forecast depends on: those of its window, and before them the rows that the
differences of the target took. So whatever edits values (a nudge, a pencil, a forecast fed back) edits them in their
own units, and the network reads them through the transform and the scaling of its training.
"""

import numpy as np
from jaxtyping import Float

from lstm_core.arrays import HorizonValues, SampleRows, WindowInputs
from lstm_core.errors import PreparationError
from lstm_core.preparation.windows import Prepared
from lstm_core.recipe import prepare as recipe
from lstm_core.recipe import transform

HistoryValues = Float[np.ndarray, "sample reach feature"]
"""Rows before a forecast, oldest first, target first, original units; `reach` is `PreparationSpec.reach`."""


def histories(prepared: Prepared, origins: SampleRows, *, further_back: int = 0) -> HistoryValues:
    """Copy the rows before each origin: `origin - reach` to `origin - 1`.

    Parameters
    ----------
    origins : (sample,) row of the first forecast value of each window; one past the last row is allowed
    further_back : how many rows more than the reach

    Raises
    ------
    PreparationError
        If there are fewer rows before an origin, as for padded windows.
    """
    reach, first = prepared.spec.reach + further_back, int(np.min(origins))
    if first < reach:
        raise PreparationError(
            f"A forecast reads {reach} rows before it",
            received=f"{first} rows",
            expected=f"at least {reach}",
            field="window_length",
        )
    return prepared.values[np.asarray(origins)[:, None] + np.arange(-reach, 0)]


def to_inputs(prepared: Prepared, known: HistoryValues) -> WindowInputs:
    """Histories as the network reads them: transformed, scaled, cut to the window; (sample, window, feature) float32.

    Those of `histories` give the very inputs of the windows with these origins.

    Raises
    ------
    PreparationError
        If the target is 0 or below where its logarithm or Box-Cox transform is read.
    """
    fitted, scaler, length = prepared.transform, prepared.scaler, prepared.spec.window.length
    if fitted.exponent is not None and not (known[:, :, 0] > 0).all():
        raise PreparationError(
            f"The network reads the {fitted.spec.power} of '{prepared.spec.target}', which needs values above 0",
            received=f"{known[:, :, 0].min():g}",
            expected="values above 0",
            advice="Use a value above 0, or train a network with the power none.",
            field="transform_power",
        )
    read = known[:, -length:].copy()
    changed, _ = transform.transform_target(
        known[:, :, 0], fitted.exponent, fitted.size, list(fitted.spec.lags)
    )
    read[:, :, 0] = changed[:, -length:]
    return recipe.scale(read, scaler.centre, scaler.spread)


def from_outputs(prepared: Prepared, scaled: HorizonValues, known: HistoryValues) -> HorizonValues:
    """What the network says about histories back in original units: (sample, horizon) float64.

    Like `Prepared.to_original`, but what differences are added to is read from the history.
    """
    fitted, scaler, reach = prepared.transform, prepared.scaler, known.shape[1]
    lags, steps = list(fitted.spec.lags), np.arange(scaled.shape[1])
    _, stages = transform.transform_target(known[:, :, 0], fitted.exponent, fitted.size, lags)
    before = [stage[:, reach - lag + steps[:lag]] for stage, lag in zip(stages, lags, strict=True)]
    told = recipe.unscale(scaled, scaler.centre[0], scaler.spread[0])
    return transform.undo_transform(told, before, fitted.exponent, fitted.size, lags)
