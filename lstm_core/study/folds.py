"""Folds: how a rolling-origin backtest cuts the time axis, and the series that one fold may see."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from lstm_core.errors import PreparationError
from lstm_core.evaluation.table import row_labels
from lstm_core.preparation.split import Split, SplitSpec, count_rows
from lstm_core.preparation.windows import PreparationSpec
from lstm_core.recipe.prepare import split_points
from lstm_core.series.record import Series, Step

MIN_FOLDS, MAX_FOLDS, DEFAULT_FOLDS = 2, 12, 5
CUT = "cut"
"""Name of the step that leaves out what a fold may not see."""
LEAST_ONE_IN = 50
MOST_TESTED, MOST_VALIDATED = 0.6, 0.5
"""A fold tests and validates on at least one in 50 of its rows and at most these shares: what `SplitSpec` allows."""


class FoldSpec(BaseModel):
    """How a rolling-origin backtest moves through time.

    The test blocks are neighbours, all of the same size, and the newest ends at the last row.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    n_folds: int = Field(
        default=DEFAULT_FOLDS,
        ge=MIN_FOLDS,
        le=MAX_FOLDS,
        title="Folds",
        description="How many blocks of rows are forecast, one after the other, each by a network of its own.",
    )
    rows: int = Field(
        ge=1,
        title="Rows in a test block",
        description="How many rows each fold forecasts. The blocks stand side by side and end at the last row.",
    )
    train: Literal["expanding", "sliding"] = Field(
        default="expanding",
        title="Train part",
        description="Expanding: every fold trains on all rows before it, so later folds know more. Sliding: every fold "
        "trains on as many rows as the first one, so old rows are forgotten and folds differ in nothing but time.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Rows of one fold, counted in the whole series.

    Attributes
    ----------
    number : 1 is the oldest
    rows : everything the fold may see; ends where its test block ends
    parts : its train, validation and test rows
    """

    number: int
    rows: range
    parts: Split


def default_rows(series: Series, preparation: PreparationSpec, n_folds: int) -> int:
    """Size of a test block with which the folds fill the test part, as far as `fold_limits` allow."""
    least, most = fold_limits(series, preparation, n_folds)
    return max(min(count_rows(series, preparation.split)[1] // n_folds, most), least)


def fold_limits(series: Series, preparation: PreparationSpec, n_folds: int) -> tuple[int, int]:
    """Smallest and largest test block that a split can say and a window can be tested in.

    A block is at least one horizon and 2% of all rows; all blocks together leave the first fold half of the rows.
    """
    n = series.n_rows
    least = max(preparation.window.horizon, -(-n // LEAST_ONE_IN))
    return least, max(n // (2 * n_folds), least)


def lay_out(series: Series, preparation: PreparationSpec, spec: FoldSpec) -> tuple[Fold, ...]:
    """Cut the time axis into folds, oldest first.

    Fold k of K tests the rows `n - (K - k + 1) f` to `n - (K - k) f`, with f rows in a block; before them lie the gap,
    as many validation rows as the preparation has, the gap, and the train rows. So every test row is forecast once, and
    by a network that was trained and chosen on older rows only (Tashman 2000, Int. J. Forecasting 16, 437-450;
    Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., section 5.10).

    Raises
    ------
    PreparationError
        If the first fold has no row to train on, or a block is too small or too large for a split.
    """
    n, gap = series.n_rows, preparation.split.gap
    n_validation = max(count_rows(series, preparation.split)[0], -(-n // LEAST_ONE_IN))
    first_end = n - (spec.n_folds - 1) * spec.rows
    n_train = first_end - spec.rows - n_validation - 2 * gap
    least, _ = fold_limits(series, preparation, spec.n_folds)
    too_many = spec.rows > MOST_TESTED * first_end or n_validation > MOST_VALIDATED * first_end
    if spec.rows < least or n_train < 1 or too_many:
        raise PreparationError(
            f"{spec.n_folds} folds of {spec.rows} rows do not fit this series",
            received=f"{n} rows, {n_validation} for validation, {max(n_train, 0)} left to train the first fold",
            expected=f"blocks of at least {least} rows (one horizon, and 2% of all rows), and rows to train on",
            advice="Use fewer folds, another block size, or a smaller validation share.",
            field="backtest_rows",
        )
    folds = []
    for number in range(1, spec.n_folds + 1):
        end = n - (spec.n_folds - number) * spec.rows
        start = end - first_end if spec.train == "sliding" else 0
        points = split_points(end - start, n_validation, spec.rows, gap)
        parts = {part: range(start + first, start + last) for part, (first, last) in points.items()}
        folds.append(Fold(number=number, rows=range(start, end), parts=Split(**parts)))
    return tuple(folds)


def cut(series: Series, fold: Fold) -> Series:
    """The rows that a fold may see as a series of their own; the whole series when it may see all.

    What was done to the series before (repairs, cleaning) is not done again; `steps` keeps it, and says what was cut.
    """
    rows = slice(fold.rows.start, fold.rows.stop)
    if len(fold.rows) == series.n_rows:
        return series
    first, last = row_labels(series, np.array([fold.rows.start, fold.rows.stop - 1]))
    step = Step(
        name=CUT,
        count=series.n_rows - len(fold.rows),
        detail=f"Kept rows {fold.rows.start + 1} to {fold.rows.stop} ({first} to {last}) of {series.n_rows} for fold "
        f"{fold.number} of a backtest.",
    )
    return replace(
        series,
        values=series.values[rows],
        index=series.index[rows],
        name=f"{series.name}, {first} to {last}" if fold.rows.start else f"{series.name} to {last}",
        steps=(*series.steps, step),
        filled=series.filled[rows],
        merged=series.merged[rows],
    )


def is_cut(series: Series) -> bool:
    """Whether a series holds only the rows that a fold may see."""
    return CUT in {step.name for step in series.steps}


def preparation_of(preparation: PreparationSpec, fold: Fold) -> PreparationSpec:
    """The preparation of a fold's own series: its split by shares of its rows, all else as chosen."""
    n = len(fold.rows)
    shares = SplitSpec(
        validation_fraction=len(fold.parts.validation) / n,
        test_fraction=len(fold.parts.test) / n,
        gap=preparation.split.gap,
    )
    return preparation.model_copy(update={"split": shares})
