"""The transform of the target: power and differences, learned from train rows, with an exact way back."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from lstm_core.arrays import TimeValues
from lstm_core.errors import PreparationError
from lstm_core.recipe import transform as recipe


class TransformSpec(BaseModel):
    """What is done to the target before it is scaled, in this order: power, seasonal difference, plain difference."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    power: Literal["none", "log", "box-cox"] = Field(
        default="none",
        title="Power",
        description="Logarithm or Box-Cox: swings that grow with the level become equally large. Values must lie "
        "above 0. The Box-Cox exponent is found on the train rows only.",
    )
    difference: Literal[0, 1] = Field(
        default=0,
        title="Plain difference",
        description="The network reads and forecasts the steps from row to row instead of the rows. That takes a "
        "trend out.",
    )
    seasonal_lag: int | None = Field(
        default=None,
        ge=2,
        le=10_000,
        title="Seasonal difference",
        description="The network reads and forecasts the change since this many rows ago, one season. That takes out "
        "the season and a straight trend with it. Empty: it does not.",
    )

    @property
    def is_active(self) -> bool:
        """Whether anything is done at all."""
        return self.power != "none" or self.n_lost > 0

    @property
    def lags(self) -> tuple[int, ...]:
        """How far back each difference looks, in the order in which they are taken."""
        return tuple(recipe.difference_lags(self.model_dump()))

    @property
    def n_lost(self) -> int:
        """First rows that have no difference, so that no window can hold them."""
        return sum(self.lags)

    @property
    def brief(self) -> str:
        """What is done, in a few words: `log, difference of 12 rows, difference`; empty when nothing is."""
        power = {"none": "", "log": "log", "box-cox": "Box-Cox"}[self.power]
        seasonal = f"difference of {self.seasonal_lag} rows" if self.seasonal_lag else ""
        return ", ".join(filter(None, (power, seasonal, "difference" if self.difference else "")))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FittedTransform:
    """A transform with the numbers it has learned, and what its inverse has to know.

    Attributes
    ----------
    spec : the choice it came from
    exponent : of the power; 0 is the logarithm, None no power
    size : what values are divided by before the power, original units; 1 unless Box-Cox
    stages : one (time,) per difference, what it was taken of; the inverse adds to values of it before the forecast
    """

    spec: TransformSpec
    exponent: float | None
    size: float
    stages: tuple[TimeValues, ...]

    @property
    def numbers(self) -> dict[str, Any]:
        """All of it as the dict that the functions of the recipe take."""
        return {
            "exponent": self.exponent,
            "size": self.size,
            "lags": list(self.spec.lags),
            "stages": list(self.stages),
        }


def check_target(values: TimeValues, spec: TransformSpec, column: str) -> None:
    """Refuse a power of values that have none.

    Raises
    ------
    PreparationError
        If a value is 0 or below; says how many and the first one.
    """
    if spec.power == "none":
        return
    below = np.flatnonzero(values <= 0)
    if len(below):
        name = {"log": "logarithm", "box-cox": "Box-Cox transform"}[spec.power]
        first = int(below[0])
        raise PreparationError(
            f"The {name} of column '{column}' does not exist everywhere: "
            f"{len(below)} of its {len(values)} values {'is' if len(below) == 1 else 'are'} 0 or below",
            received=f"{values[first]:g} in row {first + 1}",
            expected="values above 0",
            advice="Choose the power none; differences alone need no positive values.",
            field="transform_power",
        )
