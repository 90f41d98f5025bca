"""What cleaning learned is part of what a fold knows: change the future of a file, and earlier folds stay the same."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.errors import PreparationError
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.series.assemble import assemble
from lstm_core.series.cleaning.record import record
from lstm_core.series.cleaning.spec import Cleaning, OneHotStep, OutlierStep
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.source import SeriesSource
from lstm_core.series.table import ReadOptions, Table
from lstm_core.study.backtest import fold_trials
from lstm_core.study.folds import FoldSpec
from lstm_core.training.plan import RunSpec

N = 200
FOLDS = FoldSpec(n_folds=4, rows=20)
SOURCE = SeriesSource(kind="upload", sha256="0" * 64, file_name="made.csv")


def table_of(values, missing, texts):
    frame = pd.DataFrame({"date": pd.date_range("2021-01-04", periods=N).strftime("%Y-%m-%d")})
    frame["y"] = np.where(missing, np.nan, values)
    frame["sky"] = texts
    return Table(frame=frame, name="made", options=ReadOptions())


def trials_of(table, gaps, cleaning):
    roles = ColumnRoles(time="date", target="y", text=("sky",), gaps=gaps)

    def again(steps):
        return assemble(table, roles, cleaning=steps)

    made = again(cleaning)
    kept = record(SOURCE.model_copy(update={"cleaning": cleaning}), roles, made)
    preparation = PreparationSpec(
        target="y", features=tuple(made.series.columns[1:]), window=WindowSpec(length=5)
    )
    spec = RunSpec(series_fingerprint=made.series.fingerprint, preparation=preparation, cleaning=kept)
    return fold_trials(spec, made.series, FOLDS, again=again), fold_trials(spec, made.series, FOLDS)


@settings(max_examples=12)
@given(
    seed=st.integers(0, 1000),
    gaps=st.sampled_from(["mean", "seasonal", "interpolate", "linear", "forward fill"]),
    method=st.sampled_from(["rolling median", "season and trend"]),
    fold=st.integers(1, 3),
)
def test_a_later_value_changes_no_cleaned_value_of_an_earlier_fold(seed, gaps, method, fold):
    rng = np.random.default_rng(seed)
    values = 20 + 3 * np.sin(2 * np.pi * np.arange(N) / 7) + rng.normal(scale=0.5, size=N)
    values[rng.choice(N, 6)] += 15
    missing = np.isin(np.arange(N), rng.choice(np.arange(1, N - 1), 20))
    texts = rng.choice(["sun", "rain"], size=N)
    cleaning = Cleaning(
        steps=(
            OutlierStep(column="y", method=method, period=7, window=9, threshold=3, action="replace"),
            OneHotStep(column="sky"),
        ),
        known_share=0.9,
    )
    end = N - (FOLDS.n_folds - fold) * FOLDS.rows
    other = np.where(np.arange(N) < end, values, rng.normal(500, 200, size=N))
    one, two = (trials_of(table_of(each, missing, texts), gaps, cleaning)[0] for each in (values, other))
    for number in range(fold):
        np.testing.assert_array_equal(one[number].series.values, two[number].series.values)
        assert one[number].spec.preparation == two[number].spec.preparation


def test_cleaned_once_for_all_the_mean_of_later_rows_reaches_early_folds():
    """The test above can fail: this is what it guards against."""
    values = np.r_[np.zeros(100), np.full(100, 100.0)] + np.arange(N) % 3
    missing = np.arange(N) == 30
    cleaning = Cleaning(known_share=0.9)
    honest, once = trials_of(table_of(values, missing, ["sun"] * N), "mean", cleaning)
    assert once[0].series.values[30, 0] > 40
    assert honest[0].series.values[30, 0] < 40
    assert honest[0].series.n_rows == once[0].series.n_rows


def test_a_fold_that_trains_on_all_that_was_learned_from_keeps_the_series():
    values, missing = np.arange(N) % 7 + 1.0, np.arange(N) == 30
    honest, once = trials_of(table_of(values, missing, ["sun"] * N), "mean", Cleaning(known_share=0.3))
    for one, other in zip(honest, once, strict=True):
        assert one.series.fingerprint == other.series.fingerprint


def test_a_text_that_a_fold_has_never_met_is_zero_in_it():
    values, missing = np.arange(N) % 7 + 1.0, np.zeros(N, dtype=bool)
    texts = np.where(np.arange(N) < 150, "sun", "snow")
    cleaning = Cleaning(steps=(OneHotStep(column="sky"),), known_share=0.95)
    honest, once = trials_of(table_of(values, missing, texts), "refuse", cleaning)
    assert honest[0].series.columns == once[0].series.columns
    snow = honest[0].series.column("sky: snow")
    assert not snow.any()


def test_other_rows_than_those_of_the_series_are_refused():
    values, missing = np.arange(N) % 7 + 1.0, np.arange(N) == 30
    table = table_of(values, missing, ["sun"] * N)
    roles = ColumnRoles(time="date", target="y", gaps="mean")
    made = assemble(table, roles, cleaning=Cleaning(known_share=0.9))
    short = ColumnRoles(time="date", target="y", gaps="drop")
    preparation = PreparationSpec(target="y", window=WindowSpec(length=5))
    spec = RunSpec(series_fingerprint=made.series.fingerprint, preparation=preparation)
    with pytest.raises(PreparationError, match="cannot be cleaned on its own"):
        fold_trials(spec, made.series, FOLDS, again=lambda steps: assemble(table, short, cleaning=steps))
