"""`lstm-explorer run` for real: a fresh process, a slot, TensorFlow."""

import csv
import json
import subprocess
import sys

import pytest

from lstm_core.cli.choices import read_choices
from tests.core.cli.commands import call, choose

RUN = """
import sys
from lstm_core.cli import main
try:
    main(sys.argv[1:])
finally:
    strangers = {"tensorflow", "keras", "streamlit", "plotly"} & set(sys.modules)
    assert not strangers, strangers
"""
KEYS = [
    *(
        "run_id",
        "series",
        "windows",
        "network",
        "n_parameters",
        "epochs",
        "best_epoch",
        "scores",
        "skill_vs_naive",
    ),
    *("copies_last_value", "best_shift", "parity", "seconds", "windows_per_second", "diverged"),
]
SMALL = ("--set", "network.layers.0.units=8", "--set", "plan.epochs=3", "--set", "plan.learning_rate=0.01")


def run_for_real(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", RUN, "run", *arguments],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_run_prints_one_object_and_writes_the_folder(tmp_path):
    done = run_for_real("sample:sine", "--json", "--out", str(tmp_path), *SMALL)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert list(said) == KEYS
    assert said["series"]["rows"] == 200
    assert said["windows"] == {"train": 116, "validation": 20, "test": 40}
    assert (said["n_parameters"], said["epochs"], said["diverged"]) == (8 * 4 * (8 + 1 + 1) + 9, 3, False)
    assert list(said["scores"]) == ["lstm", "naive", "seasonal_naive", "linear_ar", "ets", "theta"]
    assert set(said["scores"]["lstm"]) == {"mae", "rmse", "mse", "r2", "smape", "mase"}
    lstm, naive = (said["scores"][key]["mae"] for key in ("lstm", "naive"))
    assert said["skill_vs_naive"] == pytest.approx(1 - lstm / naive)
    assert 0 <= said["parity"] < 1e-5
    assert "Epoch" in done.stderr

    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"predictions.csv", "history.csv", "spec.json", "script.py", "series.csv"}
    with (tmp_path / "history.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 3
    with (tmp_path / "predictions.csv").open() as file:
        test = [row for row in csv.DictReader(file) if row["part"] == "test"]
    errors = [abs(float(row["actual"]) - float(row["lstm"])) for row in test]
    assert sum(errors) / len(errors) == pytest.approx(lstm, rel=1e-9)
    again = read_choices(choose(spec=tmp_path / "spec.json"))[1]
    assert again.network.layers[0].units == 8


def test_run_with_seeds_tells_the_spread_and_writes_a_folder_each(tmp_path):
    done = run_for_real("sample:sine", "--seeds", "2", "--json", "--out", str(tmp_path), *SMALL)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert [run["seed"] for run in said["runs"]] == [42, 43]
    maes = [run["scores"]["lstm"]["mae"] for run in said["runs"]]
    assert maes[0] != maes[1]
    spread = said["spread"]["mae"]
    assert (spread["n"], spread["mean"]) == (2, pytest.approx(sum(maes) / 2))
    assert spread["deviation"] == pytest.approx(abs(maes[0] - maes[1]) / 2**0.5)
    assert said["baselines"]["naive"] == said["runs"][0]["scores"]["naive"]
    assert "2 of 2 done" in done.stderr
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {"seed-42", "seed-43"}
    with (tmp_path / "seeds.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [float(row["mae"]) for row in rows] == maes
    seeds = [read_choices(choose(spec=tmp_path / f"seed-{n}" / "spec.json"))[1].plan.seed for n in (42, 43)]
    assert seeds == [42, 43]


@pytest.mark.parametrize("n_seeds", ["0", "21", "many"])
def test_so_many_seeds_are_refused(n_seeds):
    done = call("run", "sample:sine", "--seeds", n_seeds)
    assert done.exit_code == 2
    assert "--seeds" in done.output


def test_a_run_that_diverges_ends_with_1_and_says_so():
    explode = [
        *("--set", "network.layers.0.activation=relu", "--set", "plan.optimizer=sgd"),
        *("--set", "plan.learning_rate=1", "--set", "plan.clipnorm=null", "--json"),
    ]
    done = run_for_real("sample:sine", *explode)
    assert done.returncode == 1, done.stderr
    said = json.loads(done.stdout)
    assert said["diverged"] is True
    assert said["scores"] is None
    assert "diverged" in done.stderr
    assert "Traceback" not in done.stderr
