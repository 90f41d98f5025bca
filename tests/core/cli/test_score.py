"""`lstm-explorer score`: the numbers of the page, from the command line."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from lstm_core.cli import main
from lstm_core.cli.files import Wanted, read_series
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.runs.sql import SqlStore
from tests.pages.finished import finish_run
from tests.pages.test_score import DAYS, csv, old_series


@pytest.fixture
def run_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    address = f"sqlite:///{tmp_path / 'runs.sqlite3'}"
    monkeypatch.setenv("LSTM_EXPLORER_STORE", address)
    series, kept = old_series()
    chosen = PreparationSpec(target="heat", features=("heat 7 back",), window=WindowSpec(length=6, horizon=2))
    return finish_run(SqlStore(address), series, chosen, cleaning=kept).run_id


def test_a_new_file_is_scored_and_written(run_id, tmp_path):
    file, out = tmp_path / "new.csv", tmp_path / "told.csv"
    file.write_text(csv(DAYS, 40))
    done = CliRunner().invoke(main, ["score", run_id, str(file), "--json", "--out", str(out)])
    assert done.exit_code == 0, done.output
    told, table = json.loads(done.output), pd.read_csv(out)
    assert (told["windows"], told["newest_row"], told["rows_trained_on"]) == (26, "2024-07-18", 0)
    scored = table.dropna(subset="actual")
    assert len(scored) == 52
    mae = np.abs(scored["actual"] - scored["lstm"]).mean()
    assert mae == pytest.approx(told["scores"]["lstm"]["mae"], rel=1e-12)
    assert table["lstm"].tolist()[-2:] == told["ahead"]


def test_it_tells_a_person_what_to_make_of_it(run_id, tmp_path):
    file = tmp_path / "new.csv"
    file.write_text(csv(50, 60, scale=3))
    done = CliRunner().invoke(main, ["score", run_id, str(file)])
    assert done.exit_code == 0, done.output
    assert "were train rows" in done.output
    assert "outside the range" in done.output
    assert "Behind 2024-04-19:" in done.output


@pytest.mark.parametrize(
    ("text", "said"), [("day,rain\n2024-01-01,1\n2024-01-02,2\n", "heat"), (None, "No such file")]
)
def test_a_file_that_does_not_fit_ends_with_2(run_id, tmp_path, text, said):
    file = tmp_path / "new.csv"
    if text:
        file.write_text(text)
    done = CliRunner().invoke(main, ["score", run_id, str(file)])
    assert done.exit_code == 2
    assert said.lower() in done.output.lower()


def test_a_run_that_is_not_there_ends_with_2(run_id, tmp_path):
    done = CliRunner().invoke(main, ["score", "0" * 32, str(tmp_path / "new.csv")])
    assert done.exit_code == 2
    assert "does not exist" in done.output


def test_a_run_on_several_files_is_scored_on_as_many(tmp_path, monkeypatch):
    address = f"sqlite:///{tmp_path / 'runs.sqlite3'}"
    monkeypatch.setenv("LSTM_EXPLORER_STORE", address)

    def write(folder: str, start: str) -> list[str]:
        (tmp_path / folder).mkdir()
        days = pd.date_range(start, periods=80)
        paths = []
        for name, step in (("heat", 7), ("rain", 5)):
            values = np.arange(80) % step + 1.5
            path = tmp_path / folder / f"{name}.csv"
            pd.DataFrame({"day": days, name: values}).to_csv(path, index=False)
            paths.append(str(path))
        return paths

    old, new = write("old", "2024-01-01"), write("new", "2024-06-01")
    series, kept = read_series(Wanted(names=old, target="heat", features=["rain"], join={"how": "outer"}))
    chosen = PreparationSpec(target="heat", features=("rain",), window=WindowSpec(length=6, horizon=2))
    run = finish_run(SqlStore(address), series, chosen, cleaning=kept).run_id
    done = CliRunner().invoke(main, ["score", run, *new, "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert (told["newest_row"], told["rows_trained_on"]) == ("2024-08-19", 0)
    alone = CliRunner().invoke(main, ["score", run, new[0]])
    assert alone.exit_code == 2
    assert "made from 2 files joined on time, and here is one" in alone.output
