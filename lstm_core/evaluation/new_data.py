"""A trained network on rows it has never met: every window scored, and the forecast behind the newest row."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from jaxtyping import Float

from lstm_core.diagnostics.seasonality import baseline_season
from lstm_core.evaluation.baselines import naive, seasonal_naive
from lstm_core.evaluation.forecast import Forecast, Predictor, forecast
from lstm_core.evaluation.intervals.coverage import chance_range
from lstm_core.evaluation.measure import MIDDLE, Measure
from lstm_core.evaluation.scores import Scores, naive_error, score
from lstm_core.evaluation.table import forecast_table, row_labels
from lstm_core.evaluation.verdict import Verdict, amount
from lstm_core.preparation.carry_over import carry_over
from lstm_core.preparation.histories import from_outputs, histories, to_inputs
from lstm_core.preparation.windows import Prepared
from lstm_core.series.record import Series
from lstm_core.series.words import counted

WORSE = 1.25
"""An error this many times that of the test part is worth a warning."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NewData:
    """What a trained network is worth on new rows.

    Attributes
    ----------
    prepared : the new rows, prepared with what was learned from the train rows; all windows are test windows
    made : network, naive and seasonal naive forecast of every window, original units
    scores : of each; MASE divides by the same error as in the training
    measure : what the network is judged by; `error`, `reference` and `on_test` are means of it, original units
    error, reference : of the network and of the measure's rival on the new windows
    on_test : of the network on the test part of the training
    ahead : (horizon,) forecast of the rows behind the newest one, original units
    n_seen : rows that the network was trained on; they are no test
    n_outside : rows with a value that lies outside the range of the train rows
    """

    series: Series
    prepared: Prepared
    made: Mapping[str, Forecast]
    scores: Mapping[str, Scores]
    measure: Measure
    error: float
    reference: float
    on_test: float
    ahead: Float[np.ndarray, "horizon"]
    n_seen: int
    n_outside: int

    @property
    def newest(self) -> str:
        """Date or number of the newest row."""
        return row_labels(self.series, np.array([self.series.n_rows - 1]))[0]

    def table(self) -> pd.DataFrame:
        """Every window with date, actual and forecasts; below them the rows ahead, which have no actual value."""
        scored = forecast_table(self.series, {"test": dict(self.made)}).drop(columns="part")
        steps = np.arange(1, len(self.ahead) + 1)
        behind = pd.DataFrame(
            {
                "time": [f"{self.newest} + {step}" for step in steps],
                "steps_ahead": steps,
                "lstm": self.ahead,
            }
        )
        return pd.concat([scored, behind], ignore_index=True)


def score_new(
    predict: Predictor,
    trained: Prepared,
    learned_from: Series,
    series: Series,
    *,
    label: str,
    measure: Measure = MIDDLE,
) -> NewData:
    """Forecast and score every window of a new series; nothing is learned from it.

    Parameters
    ----------
    trained : windows of the training; `learned_from` is their series
    series : cleaned like `learned_from` (`series.cleaning.record.apply_again`)
    label : what the network is called
    measure : what it is judged by

    Raises
    ------
    SeriesError, PreparationError
        If the new series does not fit; see `carry_over`.
    """
    carried, train = carry_over(trained, series), trained.split.train
    season = baseline_season(trained.values[: train.stop, 0], learned_from.period).length
    made = {
        "lstm": forecast(predict, carried, part="test", label=label),
        "naive": naive(carried, "test"),
        "seasonal_naive": seasonal_naive(carried, "test", season),
    }
    unit = learned_from.unit if trained.spec.target == learned_from.columns[0] else ""
    made = {key: replace(one, unit=unit) for key, one in made.items()}
    error = naive_error(trained, period=learned_from.period)
    on_test = forecast(predict, trained, part="test", label=label)
    known = histories(carried, np.array([series.n_rows]))
    low, high = (limit(trained.values[: train.stop], axis=0) for limit in (np.min, np.max))
    return NewData(
        series=series,
        prepared=carried,
        made=made,
        scores={key: score(one, naive_error=error) for key, one in made.items()},
        measure=measure,
        error=measure.of(made["lstm"]),
        reference=measure.of(measure.rival_on(carried, "test", learned_from=trained)),
        on_test=measure.of(on_test),
        ahead=from_outputs(carried, np.asarray(predict(to_inputs(carried, known))), known)[0],
        n_seen=_count_seen(learned_from, train, series),
        n_outside=int(((carried.values < low) | (carried.values > high)).any(axis=1).sum()),
    )


def new_data_verdict(found: NewData, *, step: str, unit: str, name: str) -> Verdict:
    """Say whether the network holds on new rows.

    Parameters
    ----------
    step : usual step of the series of the training
    name : what the network is called
    """
    if found.measure.quantile is None:
        return _judge(found, step, _middle_in_numbers(found, unit, name))
    told, lies = _share_below(found, found.measure.quantile)
    numbers = (
        f"On {counted(len(found.made['lstm']), 'window')} of the new file the {found.measure.name} of the {name} is "
        f"{amount(found.error, unit)}; that of {found.measure.rival} is {amount(found.reference, unit)}; on the test "
        f"part of its training it was {amount(found.on_test, unit)}. {told}"
    )
    verdict = _judge(found, step, numbers)
    if verdict.tone == "good" and lies:
        return Verdict(tone="caution", sentence=f"{numbers} Here it lies too {lies} for its quantile.")
    return verdict


def _share_below(found: NewData, quantile: float) -> tuple[str, str]:
    """How many truths lie below the forecast, in words, and whether it lies too low or too high; "" within chance."""
    made = found.made["lstm"]
    below, (low, high) = float((made.actual <= made.predicted).mean()), chance_range(len(made), quantile)
    told = f"{below:.1%} of the truths lie below it, {100 * quantile:.4g}% should."
    return told, "" if low <= below <= high else "low" if below < low else "high"


def _middle_in_numbers(found: NewData, unit: str, name: str) -> str:
    return (
        f"On {counted(len(found.made['lstm']), 'window')} of the new file the {name} misses by "
        f"{amount(found.error, unit)} on average; repeating the last value by {amount(found.reference, unit)}; on the "
        f"test part of its training it was {amount(found.on_test, unit)}."
    )


def _judge(found: NewData, step: str, numbers: str) -> Verdict:
    if found.series.step != step:
        usual = found.series.step or "none"
        words = (
            f"The rows are not alike: the usual step is {usual}, the network was trained on {step or 'none'}."
        )
        return Verdict(tone="bad", sentence=f"{words} {numbers}")
    if found.error >= found.reference:
        return Verdict(tone="bad", sentence=f"{numbers} Here it is not worth its training.")
    if found.error > WORSE * found.on_test:
        return Verdict(
            tone="caution",
            sentence=f"{numbers} That is clearly worse than before: these rows differ from those it learned from.",
        )
    return Verdict(tone="good", sentence=f"{numbers} It holds.")


def _count_seen(learned_from: Series, train: range, series: Series) -> int:
    """Rows of a dated series that stand among the train rows, by their date; numbered rows cannot be told."""
    ours, theirs = series.index, learned_from.index[train.start : train.stop]
    if not (isinstance(ours, pd.DatetimeIndex) and isinstance(theirs, pd.DatetimeIndex)):
        return 0
    return int(ours.isin(theirs).sum()) if (ours.tz is None) == (theirs.tz is None) else 0
