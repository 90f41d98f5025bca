"""A run on several files, scored on as many new ones: the page makes of them what the command makes."""

import json

import pandas as pd
import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from lstm_core.cli import main
from lstm_core.cli.files import Wanted, read_series
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.runs.sql import SqlStore
from pages._shell import present
from pages._shell.state import Journey, from_address, to_address
from tests.pages.finished import finish_run
from tests.pages.series_page import checked, words
from tests.pages.test_files import take_off

HEAT, RAIN = "heat", "value (rain)"
"""Both files call their values `value`: the second of the two is named after its file."""


def text(start: str, *, step: int) -> str:
    days = pd.date_range(start, periods=80)
    return "day,value\n" + "".join(f"{day:%Y-%m-%d},{row % step + 1.5}\n" for row, day in enumerate(days))


NEW = {"heat in June": text("2024-06-01", step=7), "rain in June": text("2024-06-01", step=5)}


@pytest.fixture
def opened(app: AppTest, store_url: str, tmp_path) -> AppTest:
    for name, step in (("heat", 7), ("rain", 5)):
        (tmp_path / f"{name}.csv").write_text(text("2024-01-01", step=step))
    names = [str(tmp_path / "heat.csv"), str(tmp_path / "rain.csv")]
    series, kept = read_series(Wanted(names=names, target="value", features=[RAIN], join={"how": "outer"}))
    chosen = PreparationSpec(target="value", features=(RAIN,), window=WindowSpec(length=6, horizon=2))
    run = finish_run(SqlStore(store_url), series, chosen, cleaning=kept)
    app.session_state["_journey"] = Journey(selected_run=run.run_id)
    return checked(app.run().switch_page("pages/score.py").run())


def give(page: AppTest, *names: str) -> AppTest:
    files = [(f"{name}.csv", NEW[name].encode(), "text/csv") for name in names]
    return page.file_uploader(key="score_uploads").set_value(files).run()


def told(page: AppTest) -> str:
    return " ".join(box.value for box in page.error).replace("\\", "")


def test_the_page_says_which_files_it_waits_for(opened):
    assert "Give it 2 files in the place of heat.csv, rain.csv" in words(opened)


def test_the_page_makes_of_the_files_what_the_command_makes(opened, tmp_path):
    checked(give(opened, *NEW))
    paths = []
    for name, content in NEW.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(content)
        paths.append(str(path))
    run = opened.session_state["_journey"].selected_run
    done = CliRunner().invoke(main, ["score", run, *paths, "--json"])
    assert done.exit_code == 0, done.output
    printed = json.loads(done.output)
    table = opened.dataframe[0].value.set_index("Forecast")
    assert present.number(printed["scores"]["lstm"]["mae"]) in set(table.loc["LSTM"])
    assert f"{printed['windows']} windows of the new" in words(opened)


def test_one_file_is_too_few_and_three_are_too_many(opened):
    give(opened, "heat in June")
    assert "made from 2 files joined on time, and here is one" in told(opened)
    assert "Expected: one file in the place of each of heat.csv, rain.csv" in told(opened)
    files = [(f"{n}.csv", text("2024-06-01", step=n).encode(), "text/csv") for n in (3, 4, 5)]
    opened.file_uploader(key="score_uploads").set_value(files).run()
    assert "here are 3" in told(opened)
    assert not opened.exception


def test_files_in_the_wrong_places_change_places(opened):
    checked(give(opened, *reversed(NEW)))
    wrong = [file.file_name for file in opened.session_state["_journey"].new_files]
    assert wrong == ["rain in June.csv", "heat in June.csv"]
    box = opened.selectbox(key="score_place_0")
    assert box.options == [
        "heat in June.csv",
        "rain in June.csv",
    ]  # a file is called the same wherever it stands
    checked(box.select_index(0).run())
    files = opened.session_state["_journey"].new_files
    assert [file.file_name for file in files] == ["heat in June.csv", "rain in June.csv"]
    shown = [opened.selectbox(key=f"score_place_{place}").value for place in (0, 1)]
    assert shown == [file.sha256 for file in files]
    assert opened.selectbox(key="score_place_0").options == box.options


def test_the_files_stand_in_the_address(opened):
    checked(give(opened, *NEW))
    choices = opened.session_state["_journey"]
    restored = from_address(to_address(choices))
    assert restored is not None
    assert restored.new_files == choices.new_files


def test_a_file_taken_off_the_list_is_no_longer_scored(opened):
    checked(give(opened, *NEW))
    take_off(opened, 0, key="score_uploads")
    assert [file.file_name for file in opened.session_state["_journey"].new_files] == ["rain in June.csv"]
    assert "here is one" in told(opened)


def test_a_new_list_starts_afresh(opened):
    checked(give(opened, *NEW))
    give(opened, "rain in June")
    assert [file.file_name for file in opened.session_state["_journey"].new_files] == ["rain in June.csv"]
