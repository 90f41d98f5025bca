"""A rolling-origin backtest: the same settings trained anew for every fold, each an ordinary run of one study."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lstm_core.evaluation.table import row_labels
from lstm_core.preparation.split import PARTS, Split
from lstm_core.runs.names import first_name
from lstm_core.series.cleaning.spec import Cleaning
from lstm_core.series.record import Series
from lstm_core.study.fold_cleaning import CleanAgain, clean_for
from lstm_core.study.folds import FoldSpec, cut, is_cut, lay_out, preparation_of
from lstm_core.study.trials import Study, Trial
from lstm_core.training.plan import RunSpec


def fold_trials(
    spec: RunSpec, series: Series, folds: FoldSpec, *, again: CleanAgain | None = None
) -> tuple[Trial, ...]:
    """One run per fold, oldest first: same settings and seed, on a series that ends where the fold ends.

    So nothing a run is given (values, transform, scaling, early stopping, scores) can know a later row. The record of
    the cleaning stays with the whole series: it would make all of it again.

    Parameters
    ----------
    again : cleans the table behind the series anew, so that no fold has a value that was learned from later rows; None
        where there is no table, or nothing was cleaned

    Raises
    ------
    PreparationError
        If the folds do not fit (`lay_out`), or one cannot be cleaned on its own rows (`clean_for`).
    SeriesError
        If a cleaning step has nothing to learn from in the train rows of a fold.
    """
    trials, cleaning = [], spec.cleaning.source.cleaning if spec.cleaning else Cleaning()
    for fold in lay_out(series, spec.preparation, folds):
        clean = series if again is None else clean_for(series, fold, cleaning, again)
        seen = cut(clean, fold)
        own = {
            "series_fingerprint": seen.fingerprint,
            "preparation": preparation_of(spec.preparation, fold),
            "cleaning": None,
        }
        name = f"{first_name(spec, series)}, fold {fold.number} of {folds.n_folds}"
        trials.append(Trial(spec=spec.model_copy(update=own), series=seen, name=name))
    return tuple(trials)


def backtest_name(study: Study) -> str:
    """Name of the first fold's run, without the fold."""
    name = study.runs[0].name
    return name.rpartition(", fold ")[0] or name


def rows_of_fold(series: Series, number: int, n_folds: int) -> str:
    """That a series was cut for a fold, and where; empty for one that holds all rows."""
    if not is_cut(series):
        return ""
    first, last = row_labels(series, np.array([0, series.n_rows - 1]))
    return (
        f"The pages Series to Training hold the rows that fold {number} of {n_folds} of a backtest may see: {first} to "
        f"{last}."
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FoldSpan:
    """Where a fold lies in time.

    Attributes
    ----------
    starts, stops : by part, where its first row stands on the time axis (a date without its zone, or a number), and
        where the row behind its last would
    n_rows : by part
    first, last : times of the test rows, in words
    """

    starts: dict[str, Any]
    stops: dict[str, Any]
    n_rows: dict[str, int]
    first: str
    last: str


def span_of(series: Series, parts: Split) -> FoldSpan:
    """Where the parts of a fold lie in time, in the series they were cut from."""
    told = {part: parts.part(part) for part in PARTS}
    index = series.index.tz_localize(None) if isinstance(series.index, pd.DatetimeIndex) else series.index
    behind = index[-1] + (index[-1] - index[-2])
    first, last = row_labels(series, np.array([parts.test.start, parts.test.stop - 1]))
    return FoldSpan(
        starts={part: index[rows.start] for part, rows in told.items()},
        stops={part: index[rows.stop] if rows.stop < len(index) else behind for part, rows in told.items()},
        n_rows={part: len(rows) for part, rows in told.items()},
        first=first,
        last=last,
    )
