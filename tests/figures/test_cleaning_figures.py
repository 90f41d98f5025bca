"""The picture of a step: what was before lies under what is behind, touched values are marked, size stays small."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.figures.cleaning import plot_stage, shown_columns
from lstm_core.figures.theme import DARK, LIGHT
from lstm_core.series.cleaning.spec import LagStep, OutlierStep
from lstm_core.series.cleaning.workpiece import Stage
from lstm_core.series.record import Step
from tests.core.series.cleaned import cleaned, wave


def traces(stage: Stage) -> dict:
    return {(trace.name, trace.yaxis): trace for trace in plot_stage(stage, theme=LIGHT, unit="m").data}


def test_only_judged_and_new_columns_get_a_panel():
    values = wave()
    values[40] += 30
    made = cleaned(
        {"y": values, "x": wave(seed=2)}, OutlierStep(column="x"), OutlierStep(column="y", action="mark")
    )
    assert shown_columns(made.stages[0]) == ("y", "x")  # nothing was found: everything is shown
    assert shown_columns(made.stages[1]) == ("y", "y outlier")


def test_before_is_dotted_and_the_marks_stand_on_the_new_values():
    values = wave()
    values[40] += 30
    made = cleaned({"y": values}, OutlierStep(column="y", action="replace"))
    drawn = traces(made.stages[0])
    before, after, marks = drawn["before", "y"], drawn["after", "y"], drawn["outlier (1)", "y"]
    assert before.line.dash == "dot"
    assert (before.y[40], after.y[40]) == (values[40], made.series.values[40, 0])
    assert marks.y.tolist() == [made.series.values[40, 0]]


def test_a_gap_breaks_the_line_before_and_is_filled_behind():
    values = wave()
    values[30:33] = np.nan
    stage = cleaned({"y": values}, gaps="linear").stages[0]
    drawn = traces(stage)
    assert np.isnan(drawn["before", "y"].y[30:33]).all()
    assert not np.isnan(drawn["after", "y"].y).any()
    assert len(drawn["filled (3)", "y"].x) == 3


def test_inserted_rows_without_a_value_are_marked_at_the_foot():
    index = pd.date_range("2021-01-01", periods=4, freq="D")
    after = pd.DataFrame({"y": [1.0, np.nan, 3.0, 4.0]}, index=index)
    stage = Stage(
        key="missing_dates",
        before=after.dropna(),
        after=after,
        touched=np.array([[False], [True], [False], [False]]),
        steps=(Step(name="insert dates", count=1, detail=""),),
    )
    assert traces(stage)["inserted (1)", "y"].y.tolist() == [1.0]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_million_rows_are_thinned(theme):
    n_rows = 1_000_000
    index = pd.date_range("2000-01-01", periods=n_rows, freq="min")
    before = pd.DataFrame({"y": np.sin(np.arange(n_rows) / 500)}, index=index)
    touched = np.zeros((n_rows, 1), dtype=bool)
    touched[::7] = True
    stage = Stage(key="step 0", before=before, after=before + 1, touched=touched, steps=())
    assert len(plot_stage(stage, theme=theme).to_json()) < 400_000


def test_a_new_column_has_no_line_before():
    stage = cleaned({"y": wave()}, LagStep(column="y", rows=2)).stages[0]
    assert set(traces(stage)) == {("after", "y")}
