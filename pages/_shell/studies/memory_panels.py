"""What the Memory page is about: a series and its correlogram, the pull of the open run, a sweep of lengths."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lstm_core.diagnostics.correlogram import Correlogram, largest_lag, suggest_window
from lstm_core.diagnostics.seasonality import baseline_season
from lstm_core.evaluation.explanation.reach import Reach, reach
from lstm_core.evaluation.verdict import part_of
from lstm_core.preparation.defaults import default_preparation
from lstm_core.preparation.split import split
from lstm_core.preparation.windows import PreparationSpec
from lstm_core.runs.store import Run
from lstm_core.series.record import Series
from lstm_core.study.length_scores import LengthScores, length_table
from lstm_core.study.lengths import longest
from lstm_core.study.trials import Study
from lstm_core.training.events import Status
from pages._shell import cached, present, services, state, time_slider
from pages._shell.data import pattern_panels
from pages._shell.opened import OpenedRun

LARGEST_WORK = 4_000_000
"""Steps of the network that the pull over the test windows may cost, about three seconds at 50 units."""
FEWEST_LAGS, SUGGESTION_LAGS = 20, 60


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Subject:
    """What the page looks at: the selected run with its series, or else the series and settings that are chosen.

    Attributes
    ----------
    opened : the selected run when it is finished
    """

    series: Series
    preparation: PreparationSpec
    opened: OpenedRun | None = None

    @property
    def unit(self) -> str:
        """Unit of the target; only the first column's is known."""
        return self.series.unit if self.preparation.target == self.series.columns[0] else ""


def subject(runs: list[Run]) -> Subject:
    """What the page looks at; draws the empty state and stops when there is nothing."""
    selected = next((run for run in runs if run.run_id == state.journey().selected_run), None)
    if selected is None:
        series = present.require_series()
        with present.guard():
            return Subject(
                series=series, preparation=state.journey().preparation or default_preparation(series)
            )
    if selected.status is Status.FINISHED:
        run = time_slider.require("memory")
        return Subject(series=run.series, preparation=run.prepared.spec, opened=run)
    with present.guard():
        series = cached.run_series(services.owner(), selected.spec.series_fingerprint, services.store())
    return Subject(series=series, preparation=selected.spec.preparation)


def sweep_of(subject: Subject, sweeps: list[Study]) -> Study | None:
    """The sweep that the selected run belongs to, or else the newest of this series and target."""
    selected = state.journey().selected_run
    mine = [one for one in sweeps if selected in {run.run_id for run in one.runs}]
    same = [
        one
        for one in sweeps
        if one.spec.series_fingerprint == subject.series.fingerprint
        and one.spec.preparation.target == subject.preparation.target
    ]
    return next(iter([*mine, *same]), None)


def correlogram(subject: Subject, farthest: int) -> Correlogram | None:
    """ACF and PACF of the target as far as anything is drawn; None for a series that never changes."""
    series, column = subject.series, subject.preparation.target
    n_lags = min(largest_lag(series.n_rows), max(farthest, FEWEST_LAGS), pattern_panels.MOST_LAGS)
    found = cached.memory(series.fingerprint, column, n_lags, series.column(column))
    return found if found.is_defined else None


def marked_lengths(subject: Subject) -> tuple[int, int]:
    """One season, as the baselines know it, and the window that the Patterns page suggests."""
    series, column = subject.series, subject.preparation.target
    values = series.column(column)
    train = values[: split(series, subject.preparation.split).train.stop]

    def look() -> tuple[int, int]:
        far = cached.memory(
            series.fingerprint, column, min(largest_lag(series.n_rows), SUGGESTION_LAGS), values
        )
        season = baseline_season(train, series.period).length
        return season, suggest_window(far, season=season).length

    return cached.pattern(series.fingerprint, column, "marked lengths", (len(train), series.period), look)


def most_lengths(subject: Subject) -> int:
    """Longest window that may be tried."""
    return longest(subject.series, subject.preparation)


def pull_of(run: OpenedRun) -> Reach:
    """How far every step pulls the forecast, over the test windows or evenly spaced ones of them."""
    spec = run.prepared.spec
    steps = 2 * spec.reach * spec.window.length * len(spec.columns)
    n = len(run.prepared.test)
    every = max(-(-n * steps // LARGEST_WORK), 1)
    step = 1 if run.horizon == 1 else None
    with present.guard():
        return reach(run.step_effects(range(0, n, every), 1.0, step))


def draw_columns(found: Reach) -> None:
    """Draw the memory of every column, when there is more than one."""
    if len(found.columns) == 1:
        return
    shares = [found.share(feature) for feature in range(len(found.columns))]
    rows = [
        {
            "Column": column,
            "Memory": found.memory(feature),
            "Last step above 1%": found.last(feature),
            "Share of the pull": "" if share is None else part_of(share),
        }
        for feature, (column, share) in enumerate(zip(found.columns, shares, strict=True))
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="memory_columns")


def numbers(pull: Reach | None, scores: LengthScores | None) -> pd.DataFrame | None:
    """What the chart draws of a network and of a sweep; of both, by `rows` back or of a window. None of neither."""
    if scores is None or not scores.lengths:
        return pull.table() if pull else None
    by_length = length_table(scores)
    if pull is None:
        return by_length
    by_step, by_length = (one.rename(columns={one.columns[0]: "rows"}) for one in (pull.table(), by_length))
    return by_step.merge(by_length, how="outer", on="rows")
