"""Scaling: an affine map per column, fitted on train rows only."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from lstm_core.arrays import FeatureValues, SeriesValues
from lstm_core.errors import PreparationError
from lstm_core.recipe import prepare as recipe

# Beyond this a float32 network overflows in the first product.
LARGEST_SCALED = 1e30


class ScalingSpec(BaseModel):
    """Which map brings the columns to a common size."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["none", "minmax", "standard", "robust"] = Field(
        default="standard",
        title="Scaling",
        description="How each column is brought to a size a network learns from. Fitted on train rows only.",
    )
    lower: Literal[0, -1] = Field(
        default=0,
        title="Min-max range",
        description="Where min-max scaling puts the smallest train value; the largest is 1.",
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scaler:
    """The fitted map: `scaled = (value - centre) / spread`.

    Attributes
    ----------
    spec : the choice it came from
    columns : names, target first
    centre, spread : (feature,) float64, original units
    """

    spec: ScalingSpec
    columns: tuple[str, ...]
    centre: FeatureValues
    spread: FeatureValues


def fit_scaler(
    train_values: SeriesValues,
    spec: ScalingSpec,
    columns: tuple[str, ...],
    *,
    rounding: FeatureValues | None = None,
) -> Scaler:
    """Fit on train rows; columns in the order of `columns`.

    Parameters
    ----------
    rounding : (feature,)
        Spread that the rounding of computer numbers alone may give a column; it counts as none.

    Raises
    ------
    PreparationError
        If the numbers are too large to be scaled in float64 (about 1e308).
    """
    with np.errstate(over="ignore", invalid="ignore"):
        centre, spread = recipe.fit_scaling(train_values, spec.kind, spec.lower, rounding)
    bad = ~(np.isfinite(centre) & np.isfinite(spread))
    if bad.any():
        raise too_large(columns[int(np.argmax(bad))])
    for array in (centre, spread):
        array.flags.writeable = False
    return Scaler(spec=spec, columns=columns, centre=centre, spread=spread)


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedColumn:
    """What the train rows of one column look like, and what scaling makes of one of them.

    Attributes
    ----------
    minimum, maximum, mean, deviation : original units; the deviation is the population's (divided by n)
    centre, spread : original units: `scaled = (value - centre) / spread`
    example, scaled : the last train value, in original units and scaled (dimensionless)
    """

    column: str
    minimum: float
    maximum: float
    mean: float
    deviation: float
    centre: float
    spread: float
    example: float
    scaled: float


def describe_columns(train_values: SeriesValues, scaler: Scaler) -> tuple[FittedColumn, ...]:
    """The fitted numbers of every column, target first (F27)."""
    scaled = recipe.scale(train_values[-1], scaler.centre, scaler.spread)
    return tuple(
        FittedColumn(
            column=name,
            minimum=float(column.min()),
            maximum=float(column.max()),
            mean=float(column.mean()),
            deviation=float(column.std()),
            centre=float(scaler.centre[i]),
            spread=float(scaler.spread[i]),
            example=float(column[-1]),
            scaled=float(scaled[i]),
        )
        for i, (name, column) in enumerate(zip(scaler.columns, train_values.T, strict=True))
    )


def too_large(column: str) -> PreparationError:
    """The refusal for values no scaling can bring to float32."""
    return PreparationError(
        f"The values of column '{column}' are too large to scale",
        expected=f"scaled values below {LARGEST_SCALED:g}",
        advice="Divide the column by a constant, for example report millions instead of units.",
        field="scaling",
    )
