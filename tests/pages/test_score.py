"""A trained network on a new file: read and cleaned as the first one, scored, and never taken for a test it is not."""

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.evaluation.new_data import score_new
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.runs.sql import SqlStore
from lstm_core.series.assemble import assemble
from lstm_core.series.cleaning.record import CleaningRecord, record
from lstm_core.series.cleaning.spec import Cleaning, LagStep
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.source import SeriesSource
from lstm_core.series.table import ReadOptions
from pages._shell.state import Journey
from tests.pages.finished import finish_run
from tests.pages.series_page import checked, words

PAGE = "pages/score.py"
DAYS = 160


def csv(first_day: int, n_days: int, *, column: str = "heat", scale: float = 1.0) -> str:
    days = pd.date_range("2024-01-01", periods=first_day + n_days)[first_day:]
    values = scale * (10 + np.sin(np.arange(first_day, first_day + n_days)))
    return f"day,{column}\n" + "".join(
        f"{day:%Y-%m-%d},{value:.6f}\n" for day, value in zip(days, values, strict=True)
    )


def old_series():
    table = read_table(csv(0, DAYS).encode(), "heat.csv", ReadOptions())
    roles = ColumnRoles(time="day", target="heat", unit="°C")
    steps = Cleaning(steps=(LagStep(column="heat", rows=7),))
    made = assemble(table, roles, cleaning=steps)
    source = SeriesSource(kind="upload", sha256="a" * 64, file_name="heat.csv", cleaning=steps)
    return made.series, record(source, roles, made)


@pytest.fixture
def opened(app: AppTest, store_url: str) -> AppTest:
    series, kept = old_series()
    chosen = PreparationSpec(target="heat", features=("heat 7 back",), window=WindowSpec(length=6, horizon=2))
    run = finish_run(SqlStore(store_url), series, chosen, cleaning=kept)
    app.session_state["_journey"] = Journey(selected_run=run.run_id)
    return checked(app.run().switch_page(PAGE).run())


def charts(opened: AppTest) -> set[str]:
    return {chart.proto.id.rsplit("-", 1)[-1] for chart in opened.get("plotly_chart")}


def give(opened: AppTest, text: str, *, key: str = "score_upload") -> AppTest:
    return opened.file_uploader(key=key).upload("new.csv", text.encode(), "text/csv").run()


def test_without_a_file_it_says_what_it_waits_for(opened):
    assert "a file with the columns heat, heat 7 back:" in words(opened)
    assert "1 cleaning step of the run done again" in words(opened)
    assert not charts(opened)


def test_a_new_file_is_cleaned_and_every_window_scored(opened):
    checked(give(opened, csv(DAYS, 40)))
    assert "score_chart" in charts(opened)
    # 40 days, the first 7 without a lagged value, 6 to read, 2 to compare with: 26 windows.
    assert "26 windows of the new file" in words(opened)
    assert "train rows" not in words(opened)
    assert any("Behind its newest row, 2024-07-18" in one.value for one in opened.markdown)


def test_what_was_done_to_the_new_rows_is_told(opened):
    lines = csv(DAYS, 40).splitlines()
    checked(give(opened, "\n".join([lines[0], *reversed(lines[1:])])))
    done = next(table.value for table in opened.dataframe if "What happened" in table.value)
    assert {"sort", "lag"} <= set(done["Step"])


def test_rows_of_the_training_are_no_honest_test(opened):
    checked(give(opened, csv(50, 60)))
    assert "were train rows" in words(opened)


def test_values_never_met_are_counted(opened):
    checked(give(opened, csv(DAYS, 40, scale=2)))
    assert "outside the range of the train rows" in words(opened)


def test_the_file_outlives_a_reload(opened):
    checked(give(opened, csv(DAYS, 40)))
    kept = opened.session_state["_journey"].new_files
    assert [file.file_name for file in kept] == ["new.csv"]
    del opened.session_state["_taken_new_files"]
    checked(opened.run())
    assert "score_chart" in charts(opened)


def test_a_file_of_another_kind_says_which_column_is_missing(opened):
    give(opened, csv(DAYS, 40, column="rain"))
    assert not opened.exception
    told = " ".join(box.value for box in opened.error)
    assert "no column 'heat'" in told
    assert "Received: day, rain. Expected: heat, day." in told.replace("\\", "")


def test_too_few_rows_say_how_many_are_needed(opened):
    give(opened, csv(DAYS, 22))
    assert "only 15 rows" in " ".join(box.value for box in opened.error)
    checked(give(opened, csv(DAYS, 30)))


def test_scores_are_those_of_the_rows_themselves():
    """The naive error of a known series in closed form, and nothing learned from it."""
    series, _ = old_series()
    from lstm_core.preparation.windows import prepare

    chosen = PreparationSpec(target="heat", features=("heat 7 back",), window=WindowSpec(length=6, horizon=2))
    trained = prepare(series, chosen)
    found = score_new(
        lambda windows: np.zeros((len(windows), 2), np.float32), trained, series, series, label="LSTM"
    )
    values = series.column("heat")
    jumps = [
        abs(values[row + step] - values[row - 1]) for row in range(6, len(values) - 1) for step in (0, 1)
    ]
    assert found.scores["naive"].mae == pytest.approx(np.mean(jumps), rel=1e-12)
    assert found.n_seen == len(trained.split.train)
    # A network that says 0 in scaled units forecasts the scaler's centre.
    np.testing.assert_allclose(found.ahead, trained.scaler.centre[0], rtol=1e-12)
    table = found.table()
    assert table["actual"].isna().sum() == 2
    assert table["time"].iloc[-1] == "2024-06-08 + 2"


def test_a_record_is_not_needed(app, store_url):
    series, _ = old_series()
    plain = finish_run(
        SqlStore(store_url), series, PreparationSpec(target="heat", window=WindowSpec(length=6))
    )
    assert not isinstance(plain.spec.cleaning, CleaningRecord)
    app.session_state["_journey"] = Journey(selected_run=plain.run_id)
    opened = checked(app.run().switch_page(PAGE).run())
    assert "a file with the column heat:" in words(opened)
    checked(give(opened, csv(DAYS, 40), key="score_uploads"))
    assert "score_chart" in charts(opened)
