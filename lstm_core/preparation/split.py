"""The split: contiguous ranges of rows, oldest first, never shuffled."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from lstm_core.errors import PreparationError
from lstm_core.recipe import prepare as recipe
from lstm_core.series.record import Series

Part = Literal["train", "validation", "test"]
PARTS: tuple[Part, ...] = ("train", "validation", "test")


class SplitSpec(BaseModel):
    """How the time axis is cut. Dates, when given, win over fractions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    validation_fraction: float = Field(
        default=0.1,
        ge=0.02,
        le=0.5,
        title="Validation share",
        description="Share of all rows that choose the best epoch. They lie between train and test.",
    )
    test_fraction: float = Field(
        default=0.2,
        ge=0.02,
        le=0.6,
        title="Test share",
        description="Share of all rows kept for the honest score. They are the newest rows.",
    )
    gap: int = Field(
        default=0,
        ge=0,
        le=10_000,
        title="Gap",
        description="Rows left out between the parts, so that neighbours do not share what they saw.",
    )
    validation_start: date | None = Field(default=None, title="Validation starts")
    test_start: date | None = Field(default=None, title="Test starts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Rows of each part; the three ranges never overlap."""

    train: range
    validation: range
    test: range

    def part(self, name: Part) -> range:
        """Rows of the named part."""
        return getattr(self, name)


def count_rows(series: Series, spec: SplitSpec) -> tuple[int, int]:
    """Rows that validate and rows that test.

    Raises
    ------
    PreparationError
        If the dates or the shares leave a part without rows.
    """
    n = series.n_rows
    if spec.validation_start is None or spec.test_start is None:
        return round(n * spec.validation_fraction), round(n * spec.test_fraction)
    if not isinstance(series.index, pd.DatetimeIndex):
        raise PreparationError(
            "This series has row numbers and no dates, so it cannot be split by date",
            advice="Split by share instead.",
            field="split_by",
        )
    # A series with a time zone is cut at midnight of that zone.
    first_validation, first_test = (
        int(series.index.searchsorted(pd.Timestamp(day, tz=series.index.tz)))
        for day in (spec.validation_start, spec.test_start)
    )
    validation, test = first_test - spec.gap - first_validation, n - first_test
    if validation < 1 or test < 1:
        raise PreparationError(
            "The dates leave the validation or the test part without rows",
            received=f"validation from {spec.validation_start}, test from {spec.test_start}",
            expected=f"validation before test, both between {series.index[0].date()} and {series.index[-1].date()}",
            advice="Move the test start later than the validation start plus the gap, and before the last row.",
            field="test_start",
        )
    return validation, test


def split(series: Series, spec: SplitSpec) -> Split:
    """Cut the time axis of a series.

    Raises
    ------
    PreparationError
        If nothing is left to train on, or a part is empty.
    """
    validation_rows, test_rows = count_rows(series, spec)
    points = recipe.split_points(series.n_rows, validation_rows, test_rows, spec.gap)
    result = Split(**{part: range(*points[part]) for part in PARTS})
    for part in PARTS:
        if len(result.part(part)) < 1:
            raise PreparationError(
                f"The {part} part has no rows",
                received=f"{series.n_rows} rows, {validation_rows} for validation, {test_rows} for test, "
                f"gap {spec.gap}",
                advice="Use a longer series, a smaller gap, or other shares.",
                field=f"{part}_fraction" if part != "train" else "test_fraction",
            )
    return result
