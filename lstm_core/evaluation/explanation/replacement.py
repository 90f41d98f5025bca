"""Replacement: the forecast of windows of which some values are taken away and others put in their place.

Values are replaced in the series' own units and then transformed and scaled again, like everything that edits a
window (`preparation.histories`).
"""

from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Int

from lstm_core.arrays import FeatureValues, HorizonValues, SampleRows
from lstm_core.errors import PreparationError
from lstm_core.evaluation.forecast import Predictor, check_finite
from lstm_core.network.rereading import Reread, reread
from lstm_core.preparation import histories
from lstm_core.preparation.histories import HistoryValues
from lstm_core.preparation.windows import Prepared

Kind = Literal["mean", "zero", "previous", "interpolation", "shuffled"]
"""What stands in for a value.

=================  ==================================================================================
kind               the value becomes
=================  ==================================================================================
`mean`             the mean of its column over the train rows
`zero`             0, in the column's own unit
`previous`         the newest value before it that is kept
`interpolation`    what a straight line between the nearest kept values before and after it says
`shuffled`         the value at the same step before the forecast of another window, drawn by chance
=================  ==================================================================================

Where nothing is kept on one side, `previous` and `interpolation` hold the nearest kept value of the other side; where
nothing is kept at all they fall back to the train mean.
"""

KINDS: tuple[Kind, ...] = ("mean", "zero", "previous", "interpolation", "shuffled")

Cases = Int[np.ndarray, "case"]
"""One number of a window for every case."""
Gone = Bool[np.ndarray, "case reach _"]
"""What is taken away: True for every value that is replaced, oldest step first."""

# Numbers in one batch of edited windows: 32 MB of float64, whatever the window length.
BATCH_NUMBERS = 4_000_000
BATCH_WINDOWS = 8_192
# A change below this share of the target's spread, or of the forecast itself, is rounding of float32.
ROUNDING = 1e-5


def kinds_for(prepared: Prepared) -> tuple[Kind, ...]:
    """Replacements that make sense: no zero where the network reads a logarithm or a power, which know no 0."""
    knows_zero = prepared.transform.exponent is None
    return tuple(kind for kind in KINDS if knows_zero or kind != "zero")


def train_mean(prepared: Prepared) -> FeatureValues:
    """Mean of each column over the train rows, (feature,), original units."""
    return prepared.values[: prepared.split.train.stop].mean(axis=0)


def rounding_of(prepared: Prepared) -> float:
    """A change of a forecast below this is rounding, not an answer of the network; original unit."""
    train = prepared.values[: prepared.split.train.stop, 0]
    return ROUNDING * float(train.std()) + ROUNDING / 10 * float(np.abs(train).max())


def zero_lies_outside(prepared: Prepared) -> tuple[str, ...]:
    """Columns whose train rows never come near 0: it lies below or above all of them."""
    train = prepared.values[: prepared.split.train.stop]
    outside = (train.min(axis=0) > 0) | (train.max(axis=0) < 0)
    return tuple(name for name, is_out in zip(prepared.spec.columns, outside, strict=True) if is_out)


def replaced(
    known: HistoryValues, gone: Gone, kind: Kind, *, mean: FeatureValues, donors: HistoryValues | None = None
) -> HistoryValues:
    """Histories with other values where `gone`; see `Kind`. The histories themselves stay as they are.

    Parameters
    ----------
    known : (case, reach, feature) original units
    mean : (feature,) what `mean` puts in
    donors : (case, reach, feature) the other windows that `shuffled` takes from
    """
    if kind == "zero":
        return np.where(gone, 0.0, known)
    if kind == "mean":
        return np.where(gone, mean, known)
    if kind == "shuffled":
        if donors is None:
            raise ValueError("shuffled values need other windows to come from")
        return np.where(gone, donors, known)
    return np.where(gone, _from_neighbours(known, gone, mean, on_a_line=kind == "interpolation"), known)


def _from_neighbours(
    known: HistoryValues, gone: Gone, mean: FeatureValues, *, on_a_line: bool
) -> HistoryValues:
    reach = known.shape[1]
    steps = np.arange(reach)[:, None]
    before = np.maximum.accumulate(np.where(gone, -1, steps), axis=1)
    after = np.minimum.accumulate(np.where(gone, reach, steps)[:, ::-1], axis=1)[:, ::-1]
    has_before, has_after = before >= 0, after < reach
    left = np.take_along_axis(known, np.maximum(before, 0), axis=1)
    right = np.take_along_axis(known, np.minimum(after, reach - 1), axis=1)
    filled = np.where(has_before, left, np.where(has_after, right, mean))
    if not on_a_line:
        return filled
    share = (steps - before) / np.maximum(after - before, 1)
    return np.where(has_before & has_after, left + share * (right - left), filled)


class Removal:
    """Windows with these origins, ready to be forecast without some of their values.

    Parameters
    ----------
    origins : (sample,) row of the first forecast value of each window; cases count these from 0, and `shuffled` takes
        its values from these
    step : step of the horizon whose forecast is looked at, 1, 2, ...; None: mean over the horizon

    Attributes
    ----------
    reach : steps before a forecast that it depends on: the window, and what differences took of it
    """

    def __init__(
        self,
        predict: Predictor,
        prepared: Prepared,
        origins: SampleRows,
        *,
        kind: Kind = "mean",
        step: int | None = 1,
    ) -> None:
        if kind not in kinds_for(prepared):
            raise PreparationError(
                f"The network reads the {prepared.spec.transform.power} of '{prepared.spec.target}', "
                "which has no value at 0",
                received=kind,
                expected=f"one of {', '.join(kinds_for(prepared))}",
                field="replacement",
            )
        if step is not None and not 1 <= step <= prepared.spec.window.horizon:
            raise ValueError(f"step {step} is outside 1..{prepared.spec.window.horizon}")
        self.prepared, self.step = prepared, step
        self.kind: Kind = kind
        self.reach, self.mean = prepared.spec.reach, train_mean(prepared)
        self.predict, self._origins = predict, np.asarray(origins)
        self._again: tuple[Cases, Reread] | None = None

    def __len__(self) -> int:
        """Number of windows."""
        return len(self._origins)

    def histories(self, cases: Cases) -> HistoryValues:
        """Values before the forecast of these windows as they are, (case, reach, feature), original units."""
        return histories.histories(self.prepared, self._origins[cases])

    def forecast(self, cases: Cases) -> Float[np.ndarray, "case"]:
        """Forecast of these windows as they are; original units."""
        pieces = [self.forecast_of(self.histories(cases[part])) for part in self._batches(len(cases))]
        return np.concatenate(pieces) if pieces else np.empty(0)

    def without(self, cases: Cases, gone: Gone, donors: Cases | None = None) -> Float[np.ndarray, "case"]:
        """Forecast of these windows without what is gone; original units.

        Parameters
        ----------
        cases : number of the window of each case
        gone : (case, reach, feature), or (case, reach, 1) for whole steps
        donors : for `shuffled`, number of the window that each case takes its values from
        """
        after = np.empty(len(cases))
        read, own = self._read_once(cases)
        for part in self._batches(len(cases)):
            known = self.histories(cases[part])
            taken = np.broadcast_to(gone[part], known.shape)
            others = None if donors is None else self.histories(donors[part])
            edited = replaced(known, taken, self.kind, mean=self.mean, donors=others)
            after[part] = self._told(read(histories.to_inputs(self.prepared, edited), own[part]), edited)
        return after

    def _batches(self, n_cases: int) -> list[slice]:
        size = self.reach * len(self.prepared.spec.columns)
        batch = max(min(BATCH_NUMBERS // size, BATCH_WINDOWS), 1)
        return [slice(first, min(first + batch, n_cases)) for first in range(0, n_cases, batch)]

    def _read_once(self, cases: Cases) -> tuple[Reread, Cases]:
        """How edits of these windows are forecast, and the number that each window has there.

        Windows that are read for one question are kept for the next about the same ones.
        """
        windows, own = np.unique(cases, return_inverse=True)
        again = self._again
        if again is None or not np.array_equal(again[0], windows):
            pieces = [
                histories.to_inputs(self.prepared, self.histories(windows[part]))
                for part in self._batches(len(windows))
            ]
            again = self._again = windows, reread(self.predict, np.concatenate(pieces))
        return again[1], own

    def forecast_of(self, known: HistoryValues) -> Float[np.ndarray, "case"]:
        """Forecast of any histories, (case, reach, feature) in original units; in original units too.

        Raises
        ------
        RunError
            If a forecast is NaN or infinite.
        """
        return self._told(self.predict(histories.to_inputs(self.prepared, known)), known)

    def _told(self, scaled: HorizonValues, known: HistoryValues) -> Float[np.ndarray, "case"]:
        """What a network says of histories, in original units, of the step that is looked at."""
        told = histories.from_outputs(self.prepared, np.asarray(scaled), known)
        check_finite(told)
        return told.mean(axis=1) if self.step is None else told[:, self.step - 1]

    @property
    def rounding(self) -> float:
        """A change of the forecast below this is rounding, not an answer of the network; original unit."""
        return rounding_of(self.prepared)
