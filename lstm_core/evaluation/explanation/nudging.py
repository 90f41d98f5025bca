"""How windows are nudged: in original units, transformed and scaled again, in few large batches."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from lstm_core.arrays import HorizonValues, WindowInputs
from lstm_core.evaluation.forecast import Predictor
from lstm_core.network.rereading import Reread, reread
from lstm_core.preparation import histories
from lstm_core.preparation.windows import PreparationSpec, Prepared, WindowSet

# Numbers in one batch of nudged windows: 64 MB of float32, whatever the window length.
BATCH_NUMBERS = 16_000_000
BATCH_WINDOWS = 8_192

Nudge = tuple[float, int, tuple[int, ...]]
"""Size in the column's own unit, column, steps before the forecast."""


def lags_that_count(spec: PreparationSpec) -> frozenset[int]:
    """Steps before a forecast whose target value it depends on: the window, what differences took of it, and add to.

    With a window of 3 rows, a seasonal difference of 12 and a horizon of 2: 1, 2, 3; 13, 14, 15; and 12, 11, to whose
    values the two steps are added.
    """
    sums, counting = {0}, set[int]()
    for lag in spec.transform.lags:
        added_to = {lag - step for step in range(min(lag, spec.window.horizon))}
        counting |= {back + more for back in added_to for more in sums}
        sums |= {lag + more for more in sums}
    return frozenset(counting | {back + more for back in range(1, spec.window.length + 1) for more in sums})


class Nudging:
    """Windows of a preparation, ready to be nudged.

    Without a transform a nudge is the same for every window: its size divided by the column's spread, added to what is
    scaled already, and the effect is multiplied by the target's spread. With one, a nudge of the target begins at the
    values of the series: as far as a forecast reaches back they are nudged, transformed and scaled again, and the
    forecast is added up from the nudged values. Where a power needs values above 0, a nudge down ends at the lowest
    train value, or leaves alone what lies lower.

    Attributes
    ----------
    factor, offset : what brings the forecasts of this class to original units; 1 and 0 where they are in them
    """

    def __init__(self, prepared: Prepared, windows: WindowSet, step: int | None) -> None:
        self._prepared, self._windows, self._step = prepared, windows, step
        self._is_plain = not prepared.spec.transform.is_active
        scaler = prepared.scaler
        self.factor = float(scaler.spread[0]) if self._is_plain else 1.0
        self.offset = float(scaler.centre[0]) if self._is_plain else 0.0
        self._floor = -np.inf
        if prepared.transform.exponent is not None:
            self._floor = float(prepared.values[: prepared.split.train.stop, 0].min())

    def forecast(self, predict: Predictor) -> Float[np.ndarray, "sample"]:
        """Forecast the windows as they are."""
        predicted = np.asarray(predict(self._windows.inputs))
        if not self._is_plain:
            predicted = self._prepared.to_original(predicted, self._windows.origins)
        return self._chosen(predicted)

    def forecast_nudged(
        self, predict: Predictor, nudges: Sequence[Nudge]
    ) -> Float[np.ndarray, "perturbation sample"]:
        """Forecast all windows under all nudges, in batches that may span several of them."""
        n, size = len(self._windows), max(self._windows.inputs[0].size, self._prepared.spec.reach)
        after, again = np.empty(len(nudges) * n), reread(predict, self._windows.inputs)
        batch_size = max(min(BATCH_NUMBERS // size, BATCH_WINDOWS), 1)
        for first in range(0, after.size, batch_size):
            last = min(first + batch_size, after.size)
            samples = np.arange(first, last) % n
            own = [
                (nudges[number], slice(max(number * n, first) - first, min((number + 1) * n, last) - first))
                for number in range(first // n, (last - 1) // n + 1)
            ]
            inputs = self._windows.inputs[samples]
            if self._is_plain:
                self._add(inputs, own, from_column=0)
                predicted = np.asarray(again(inputs, samples))
            else:
                self._add(inputs, own, from_column=1)
                predicted = self._from_nudged_values(again, inputs, samples, own)
            after[first:last] = self._chosen(predicted)
        return after.reshape(len(nudges), n)

    def _add(self, inputs: WindowInputs, own: Sequence[tuple[Nudge, slice]], *, from_column: int) -> None:
        """Add nudges to what is scaled already, in place."""
        length, spread = inputs.shape[1], self._prepared.scaler.spread
        for (size, feature, lags), part in own:
            inside = [length - lag for lag in lags if lag <= length]
            if feature >= from_column:
                inputs[part, inside, feature] += np.float32(size / spread[feature])

    def _from_nudged_values(
        self,
        again: Reread,
        inputs: WindowInputs,
        samples: np.ndarray,
        own: Sequence[tuple[Nudge, slice]],
    ) -> HorizonValues:
        """Nudge the target's values, transform and scale them again, forecast, and come back by the same way."""
        known = histories.histories(self._prepared, self._windows.origins[samples])
        for (size, feature, lags), part in own:
            if feature == 0:
                places = known.shape[1] - np.array(lags)
                asked = known[part, places, 0]
                known[part, places, 0] = np.maximum(asked + size, np.minimum(asked, self._floor))
        inputs[:, :, 0] = histories.to_inputs(self._prepared, known)[:, :, 0]
        return histories.from_outputs(self._prepared, np.asarray(again(inputs, samples)), known)

    def _chosen(self, predicted: np.ndarray) -> Float[np.ndarray, "sample"]:
        predicted, step = np.asarray(predicted, dtype=np.float64), self._step
        if step is not None and not 1 <= step <= predicted.shape[1]:
            raise ValueError(f"step {step} is outside 1..{predicted.shape[1]}")
        return predicted.mean(axis=1) if step is None else predicted[:, step - 1]
