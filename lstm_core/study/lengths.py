"""Window lengths: the same short training with several windows, all scored on the same rows."""

from collections.abc import Iterable, Sequence

import numpy as np

from lstm_core.errors import RunError
from lstm_core.preparation.split import Part, split
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.runs.names import first_name
from lstm_core.series.record import Series
from lstm_core.settings import Settings
from lstm_core.study.progress import seconds_of
from lstm_core.study.trials import Study, Trial
from lstm_core.training.plan import RunSpec

N_LENGTHS = 7
"""Lengths of a sweep, fewer where the rows or whole numbers allow no more."""
REACH = 4
"""The sweep goes from a quarter of the chosen length to four times as far."""
APART = 1.15
"""Two lengths of the sweep differ at least by this factor, unless both were asked for."""
MINUTE = 60.0
FEWEST_EPOCHS = 5
"""A shorter training says nothing about a window; a sweep that takes longer than a minute then says so."""


def lengths_around(chosen: int, *, most: int, marked: Iterable[int] = ()) -> tuple[int, ...]:
    """Window lengths to try, ascending: the chosen one, the marked ones, and others between them on a log scale.

    Parameters
    ----------
    most : longest window that may be tried
    marked : lengths to include where they fit, such as a season and the suggestion of the correlogram
    """
    lengths = {chosen, *(one for one in marked if 1 <= one <= most)}
    low = min(max(chosen // REACH, 1), *lengths, chosen)
    high = max(min(chosen * REACH, most), *lengths, chosen)
    others = {round(one) for one in np.geomspace(low, high, 4 * N_LENGTHS)} - lengths
    while others and len(lengths) < N_LENGTHS:
        # The next one is the one in the widest gap.
        room = {one: min(abs(np.log(one / had)) for had in lengths) for one in sorted(others)}
        best = max(room, key=lambda one: room[one])
        if room[best] < np.log(APART):
            break
        lengths.add(best)
        others.remove(best)
    return tuple(sorted(lengths))


def longest(series: Series, preparation: PreparationSpec) -> int:
    """Longest window of a sweep: as many windows as it has steps are left to train on, so half of the train rows."""
    rows = len(split(series, preparation.split).train) - preparation.transform.n_lost
    most = WindowSpec.model_json_schema()["properties"]["length"]["maximum"]
    return max(min((rows - preparation.window.horizon + 1) // 2, most), 1)


def length_trials(spec: RunSpec, series: Series, lengths: Sequence[int], *, epochs: int) -> tuple[Trial, ...]:
    """One run per window length, with the same seed and so many epochs at most.

    Raises
    ------
    RunError
        If a window is so long that it would not be validated and tested on the same rows as the others.
    """
    trials = []
    for length in lengths:
        window = spec.preparation.window.model_copy(update={"length": length})
        preparation = spec.preparation.model_copy(update={"window": window})
        own = spec.model_copy(
            update={
                "preparation": preparation,
                "plan": spec.plan.model_copy(update={"epochs": epochs}),
            }
        )
        trials.append(Trial(spec=own, series=series, name=first_name(own, series)))
    judged = {
        tuple(origins_judged(series, one.spec.preparation, part) for part in ("validation", "test"))
        for one in trials
    }
    if len(judged) > 1:
        raise RunError(
            "These windows would not be judged on the same rows",
            received=", ".join(map(str, lengths)),
            advice="Try shorter windows, or a smaller test share.",
            field="window_length",
        )
    return tuple(trials)


def sweep_name(study: Study) -> str:
    """`Sunspots, windows of 6 to 96 rows`."""
    lengths = [run.spec.preparation.window.length for run in study.runs]
    return f"{study.runs[0].series_name}, windows of {min(lengths)} to {max(lengths)} rows"


def origins_judged(series: Series, preparation: PreparationSpec, part: Part = "test") -> range:
    """Rows at which the windows of a later part begin to forecast, as `recipe.prepare.frame_windows` has them."""
    rows, window = split(series, preparation.split).part(part), preparation.window
    first = max(rows.start, preparation.transform.n_lost + window.length)
    return range(first, max(rows.stop - window.horizon + 1, first), window.stride)


def short_epochs(spec: RunSpec, series: Series, lengths: Sequence[int], limits: Settings) -> int:
    """Epochs with which a sweep takes about a minute by the estimate: at least 5, at most those of the plan.

    Raises
    ------
    UserError
        If one of the runs may not start.
    """

    def whole(epochs: int) -> float:
        return seconds_of(length_trials(spec, series, lengths, epochs=epochs), limits)

    planned = spec.plan.epochs
    fewest = min(FEWEST_EPOCHS, planned)
    if (all_of_them := whole(planned)) <= MINUTE or planned == fewest:
        return planned
    least = whole(fewest)
    each = (all_of_them - least) / (planned - fewest)  # the estimate is a straight line in the epochs
    return fewest + max(min(int((MINUTE - least) / each), planned - fewest), 0)
