"""A rolling-origin backtest: the same settings trained anew for every fold, each an ordinary run of one study."""

from dataclasses import dataclass

from lstm_core.preparation.split import Split, split
from lstm_core.runs.store import first_name
from lstm_core.series.record import Series
from lstm_core.study.folds import FoldSpec, cut, lay_out, preparation_of
from lstm_core.study.trials import Trial
from lstm_core.training.plan import RunSpec


def fold_trials(spec: RunSpec, series: Series, folds: FoldSpec) -> tuple[Trial, ...]:
    """One run per fold, oldest first: same settings and seed, on a series that ends where the fold ends.

    So nothing a run is given (values, transform, scaling, early stopping, scores) can know a later row. The record of
    the cleaning stays with the whole series: it would make all of it again.

    Raises
    ------
    PreparationError
        If the folds do not fit (`lay_out`).
    """
    trials = []
    for fold in lay_out(series, spec.preparation, folds):
        seen = cut(series, fold)
        own = {
            "series_fingerprint": seen.fingerprint,
            "preparation": preparation_of(spec.preparation, fold),
            "cleaning": None,
        }
        name = f"{first_name(spec, series)}, fold {fold.number} of {folds.n_folds}"
        trials.append(Trial(spec=spec.model_copy(update=own), series=seen, name=name))
    return tuple(trials)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FoldSpan:
    """Where a fold lies in time.

    Attributes
    ----------
    starts, stops : by part, index of its first and last row (a date, or a number counted from 0)
    n_rows : by part
    """

    starts: dict[str, object]
    stops: dict[str, object]
    n_rows: dict[str, int]


def span_of(series: Series, spec: RunSpec) -> FoldSpan:
    """Where the fold of a run lies in time, from the series it was trained on."""
    parts: Split = split(series, spec.preparation.split)
    told = {part: parts.part(part) for part in ("train", "validation", "test")}
    return FoldSpan(
        starts={part: series.index[rows.start] for part, rows in told.items()},
        stops={part: series.index[rows.stop - 1] for part, rows in told.items()},
        n_rows={part: len(rows) for part, rows in told.items()},
    )
