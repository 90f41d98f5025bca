"""What a fold of a backtest may know of the cleaning: repairs and steps that learned from no row behind its train part.

Repairs and steps learn from the first rows of a series and look back from there on (decision 0018). A fold whose train
part ends behind these rows knows nothing later already. For an earlier fold the table is cleaned again, learning from
the fold's own train rows; later rows are then cleaned looking back, so that those behind the fold change nothing in it.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from lstm_core.errors import PreparationError
from lstm_core.series.assemble import Assembled
from lstm_core.series.cleaning.spec import Cleaning
from lstm_core.series.record import Series
from lstm_core.study.folds import Fold

CleanAgain = Callable[[Cleaning], Assembled]
"""Repairs and cleans the table behind a series with this cleaning."""
TRIES = 8


def clean_for(series: Series, fold: Fold, cleaning: Cleaning, again: CleanAgain) -> Series:
    """The series with nothing learned from rows behind the train part of a fold; itself where nothing was.

    Parameters
    ----------
    series : what the table gives with `cleaning`

    Raises
    ------
    SeriesError
        If a step has nothing to learn from in so few rows.
    PreparationError
        If other rows are left than in the series.
    """
    end, made = fold.parts.train.stop, again(cleaning)
    for _ in range(TRIES):
        if (known := _known(made)) <= end:
            break
        # Repairs that drop rows let a share reach further than it says, so it may take more than one step.
        share = min(cleaning.known_share, end / series.n_rows) * min(1.0, end / known)
        cleaning = cleaning.model_copy(update={"known_share": share})
        made = again(cleaning)
    else:
        raise _refusal(
            fold, f"its train rows end with row {end}, what repairs learned with row {_known(made)}"
        )
    return series if made.series.fingerprint == series.fingerprint else _like(made.series, series, fold)


def _known(made: Assembled) -> int:
    """How many first rows of a series something was learned from."""
    if made.last_known is None:
        return 0
    return int(np.asarray(made.series.index <= made.last_known).sum())


def _like(made: Series, series: Series, fold: Fold) -> Series:
    """The columns of a series, as they were chosen; a text that a fold has never met is 0 everywhere in it."""
    if not made.index.equals(series.index):
        raise _refusal(fold, f"{made.n_rows} rows instead of {series.n_rows}")
    places = [made.columns.index(name) if name in made.columns else None for name in series.columns]
    values, filled = np.zeros_like(series.values), np.zeros_like(series.filled)
    for column, place in enumerate(places):
        if place is not None:
            values[:, column], filled[:, column] = made.values[:, place], made.filled[:, place]
    return replace(series, values=values, steps=made.steps, filled=filled, merged=made.merged)


def _refusal(fold: Fold, received: str) -> PreparationError:
    return PreparationError(
        f"Fold {fold.number} cannot be cleaned on its own train rows",
        received=received,
        expected="the rows of the series, and nothing learned behind the train part",
        advice="Use fewer folds, or take the repair that leaves rows out off the Series page.",
        field="backtest_folds",
    )
