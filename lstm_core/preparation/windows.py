"""Windows: what the network reads and what it is asked for."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from lstm_core.arrays import HorizonValues, SampleRows, SeriesValues, WindowInputs
from lstm_core.errors import PreparationError
from lstm_core.preparation.framing import WindowSpec, count_padded, count_windows
from lstm_core.preparation.padding import PAD_VALUE
from lstm_core.preparation.scaling import LARGEST_SCALED, Scaler, ScalingSpec, fit_scaler, too_large
from lstm_core.preparation.split import PARTS, Part, Split, SplitSpec, count_rows, split
from lstm_core.preparation.transform import FittedTransform, TransformSpec, check_target
from lstm_core.recipe import prepare as recipe
from lstm_core.series.record import Series


class PreparationSpec(BaseModel):
    """Everything between the series and the network.

    The past of the target is always an input; `features` names the further input columns.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    target: str = Field(title="Target", description="The column to forecast.")
    features: tuple[str, ...] = Field(
        default=(),
        title="Further inputs",
        description="Columns the network reads beside the past of the target.",
    )
    split: SplitSpec = SplitSpec()
    transform: TransformSpec = TransformSpec()
    scaling: ScalingSpec = ScalingSpec()
    window: WindowSpec = WindowSpec()

    @property
    def columns(self) -> tuple[str, ...]:
        """Input columns of the network, target first."""
        return (self.target, *self.features)

    @property
    def reach(self) -> int:
        """How many rows of the target before a forecast it depends on: the window, and what its differences lost."""
        return self.window.length + self.transform.n_lost


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WindowSet:
    """Windows of one part, oldest first.

    Attributes
    ----------
    inputs : (sample, window, feature) float32, scaled
    targets : (sample, horizon) float32, scaled
    origins : (sample,) row of the first target
    """

    inputs: WindowInputs
    targets: HorizonValues
    origins: SampleRows

    def __len__(self) -> int:
        """Number of windows."""
        return len(self.origins)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """A series made ready: where it was cut, how it was transformed and scaled, and its windows.

    Attributes
    ----------
    values : (time, feature) float64, original units, target first
    table : the same with the transformed target, what the scaler sees; NaN in rows that have no difference. The very
        `values` when nothing is transformed
    settings : the same choices as the dict that `recipe.prepare.prepare_arrays` takes
    """

    spec: PreparationSpec
    split: Split
    transform: FittedTransform
    scaler: Scaler
    values: SeriesValues
    table: SeriesValues
    settings: dict[str, Any]
    train: WindowSet
    validation: WindowSet
    test: WindowSet

    def part(self, name: Part) -> WindowSet:
        """Windows of the named part."""
        return getattr(self, name)

    @property
    def full_train(self) -> WindowSet:
        """Train windows without those that begin before the first row."""
        n_padded, train = count_padded(self.spec.window), self.train
        return WindowSet(
            inputs=train.inputs[n_padded:], targets=train.targets[n_padded:], origins=train.origins[n_padded:]
        )

    @property
    def train_table(self) -> SeriesValues:
        """Train rows of `table`, without those that have no difference: what the scaler was fitted on."""
        return self.table[self.spec.transform.n_lost : self.split.train.stop]

    def to_original(self, scaled: HorizonValues, origins: SampleRows) -> HorizonValues:
        """Forecasts of the windows with these origins back to original units, float64. The only way back there is."""
        fitted = {"centre": self.scaler.centre, "spread": self.scaler.spread, **self.transform.numbers}
        return recipe.to_original(scaled, origins, fitted)


def recipe_settings(series: Series, spec: PreparationSpec) -> dict[str, Any]:
    """Spec as the literal dict that `recipe.prepare.prepare_arrays` takes and the script prints."""
    validation_rows, test_rows = count_rows(series, spec.split)
    return {
        "columns": list(spec.columns),
        "validation_rows": validation_rows,
        "test_rows": test_rows,
        "gap": spec.split.gap,
        **spec.transform.model_dump(),
        "scaling": spec.scaling.kind,
        "lower": spec.scaling.lower,
        "length": spec.window.length,
        "horizon": spec.window.horizon,
        "stride": spec.window.stride,
        "pad_value": PAD_VALUE if spec.window.padding else None,
    }


def count_train_windows(parts: Split, spec: PreparationSpec) -> int:
    """How many windows the train rows give, without those that have no difference."""
    return count_windows(len(parts.train) - spec.transform.n_lost, spec.window, reach_back=False)


def prepare(series: Series, spec: PreparationSpec) -> Prepared:
    """Split, transform, scale and frame a series. Nothing later than a part's rows reaches that part.

    Raises
    ------
    SeriesError
        If a column does not exist.
    PreparationError
        If the window does not fit the parts (B106, B107, B109), a column is named twice (B79), or the target has
        values that the chosen power does not know.
    """
    _check_columns(spec)
    values = np.column_stack([series.column(name) for name in spec.columns])
    check_target(values[:, 0], spec.transform, spec.target)
    parts = split(series, spec.split)
    check_fit(parts, spec)
    settings = recipe_settings(series, spec)
    with np.errstate(over="ignore", invalid="ignore"):  # refused below, in words
        arrays = recipe.prepare_arrays(values, settings)
    table, lost, rounding = arrays["table"], spec.transform.n_lost, arrays["rounding"]
    scaler = fit_scaler(table[lost : parts.train.stop], spec.scaling, spec.columns, rounding=rounding)
    with np.errstate(over="ignore", invalid="ignore"):
        size = np.abs((table[lost:] - scaler.centre) / scaler.spread).max(axis=0)
    if not (size < LARGEST_SCALED).all():
        raise too_large(spec.columns[int(np.argmax(~(size < LARGEST_SCALED)))])
    for array in (values, table, *arrays["stages"]):
        array.flags.writeable = False
    return Prepared(
        spec=spec,
        split=parts,
        transform=FittedTransform(
            spec=spec.transform,
            exponent=arrays["exponent"],
            size=arrays["size"],
            stages=tuple(arrays["stages"]),
        ),
        scaler=scaler,
        values=values,
        table=table,
        settings=settings,
        **{part: _window_set(*arrays[part]) for part in PARTS},
    )


def check_fit(parts: Split, spec: PreparationSpec) -> None:
    """Refuse a window that leaves a part without a single sample.

    Raises
    ------
    PreparationError
        Names the largest length, or the part that is too short.
    """
    lost, length, horizon = spec.transform.n_lost, spec.window.length, spec.window.horizon
    n_train = len(parts.train) - lost
    if n_train < 1:
        raise PreparationError(
            f"The differences leave none of the {len(parts.train)} train rows",
            received=f"seasonal difference of {spec.transform.seasonal_lag} rows",
            advice="Choose a shorter season, lower the test share, or use a longer series.",
            field="transform_seasonal_lag",
        )
    shortest = min(len(parts.validation), len(parts.test))
    if count_train_windows(parts, spec) < 1:
        field = "window_length"
        if 0 < shortest < horizon:  # a shorter window alone would not help
            field, advice = (
                "horizon",
                f"Shorten the horizon: validation and test rows allow at most {shortest}.",
            )
        elif n_train > horizon:
            advice = f"Use a window of at most {n_train - horizon} steps, or lower the test share."
        else:
            advice = "Shorten the horizon, lower the test share, or use a longer series."
        without = f"; {lost} more have no difference" if lost else ""
        raise PreparationError(
            f"A window of {length} steps and a horizon of {horizon} do not fit "
            f"the {n_train} rows left for training{without}",
            received=f"length={length}, horizon={horizon}",
            expected=f"at most {n_train} together",
            advice=advice,
            field=field,
        )
    _check_later_parts(parts, horizon)


def _check_later_parts(parts: Split, horizon: int) -> None:
    for part in ("validation", "test"):
        rows = len(parts.part(part))
        if rows < horizon:
            share = math.ceil(1000 * horizon / parts.test.stop) / 1000
            raise PreparationError(
                f"A horizon of {horizon} does not fit the {rows} {part} rows",
                received=f"horizon={horizon}",
                expected=f"at most {rows}",
                advice=f"Shorten the horizon, or raise the {part} share to at least {share:.3f}.",
                field="horizon",
            )


def _check_columns(spec: PreparationSpec) -> None:
    doubled = [name for name in spec.features if name == spec.target or spec.features.count(name) > 1]
    if doubled:
        raise PreparationError(
            f"Column '{doubled[0]}' is named twice as an input",
            advice="The past of the target is already an input; remove it from the further inputs.",
            field="features",
        )


def _window_set(inputs: WindowInputs, targets: HorizonValues, origins: SampleRows) -> WindowSet:
    for array in (inputs, targets, origins):
        array.flags.writeable = False
    return WindowSet(inputs=inputs, targets=targets, origins=origins)
