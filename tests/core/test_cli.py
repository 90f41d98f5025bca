"""The command line: what it says, what it writes, and how it ends."""

import csv
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lstm_core.cli import app as app_command
from lstm_core.cli import main
from lstm_core.cli.choices import Choices, read_choices
from lstm_core.errors import RunError, UserError
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.defaults import default_preparation
from lstm_core.series.cleaning.spec import Cleaning, LagStep
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.source import SeriesSource, load_source
from lstm_core.training.plan import TrainingPlan


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments])


def choose(source: str = "sample:sine", **options) -> Choices:
    given = {"target": None, "features": None, "spec": None, "changes": (), "seed": None, **options}
    return Choices(sources=(source,), **given)


TWO_COLUMNS = "day,heat,rain\n" + "\n".join(f"2024-01-{day:02},{day % 7},{day % 3}" for day in range(1, 31))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "weather.csv"
    path.write_text(TWO_COLUMNS)
    return path


# what the options mean


def test_defaults_are_those_of_the_pages():
    series, spec = read_choices(choose("sample:macrodata"))
    same = load_source(SeriesSource(sample="macrodata"), lambda _: b"")
    assert series.fingerprint == same.fingerprint == spec.series_fingerprint
    assert spec.preparation == default_preparation(same, features=same.columns[1:])
    assert (spec.network, spec.plan) == (NetworkSpec(), TrainingPlan())


def test_target_and_features_are_taken_from_the_options(table):
    series, spec = read_choices(choose(str(table), target="rain", features="heat"))
    assert series.columns == ("rain", "heat")
    assert spec.preparation.columns == ("rain", "heat")
    _, alone = read_choices(choose(str(table), target="rain"))
    assert alone.preparation.columns == ("rain",)


def test_a_long_file_is_turned_as_on_the_page(tmp_path):
    path = tmp_path / "long.csv"
    rows = [
        f"{name},2020-01-{day:02d},{day + 100 * place}"
        for place, name in enumerate("AB")
        for day in range(1, 31)
    ]
    path.write_text("\n".join(["unique_id,ds,y", *rows]))
    series, spec = read_choices(choose(str(path), target="B", features="A"))
    assert series.columns == ("B", "A")
    assert series.values[0].tolist() == [101, 1]
    assert spec.preparation.columns == ("B", "A")


def test_set_changes_single_places_and_adds_a_layer():
    changes = ("network.layers.0.units=64", "network.layers.1.units=8", "plan.loss=mae", "plan.patience=null")
    _, spec = read_choices(choose(changes=changes, seed=7))
    assert spec.network.layers == (LayerSpec(units=64), LayerSpec(units=8))
    assert (spec.plan.loss, spec.plan.patience, spec.plan.seed) == ("mae", None, 7)


def test_a_spec_may_be_partial_and_options_win_over_it(tmp_path):
    path = tmp_path / "spec.json"
    path.write_text('{"plan": {"epochs": 3, "seed": 5}, "preparation": {"window": {"length": 9}}}')
    _, spec = read_choices(choose(spec=path, seed=6))
    assert (spec.plan.epochs, spec.plan.seed, spec.preparation.window.length) == (3, 6, 9)
    assert spec.preparation.window.horizon == 1


def test_a_whole_spec_comes_back_equal(tmp_path, table):
    changes = ("preparation.window.length=5", "network.layers.0.dropout=0.2")
    _, spec = read_choices(choose(str(table), target="rain", features="heat", changes=changes))
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(spec.model_dump(mode="json")))
    assert read_choices(choose(str(table), spec=path))[1] == spec


def test_a_spec_cleans_another_file_in_the_same_way(tmp_path, table):
    _, plain = read_choices(choose(str(table), target="rain"))
    roles = ColumnRoles(time="day", target="rain", features=("heat",))
    steps = Cleaning(steps=(LagStep(column="heat", rows=2),))
    kept = plain.cleaning.source.model_copy(update={"roles": roles, "cleaning": steps})
    path = tmp_path / "spec.json"
    path.write_text(json.dumps({"cleaning": {"source": kept.model_dump(mode="json")}}))
    later = tmp_path / "later.csv"
    later.write_text(TWO_COLUMNS.replace("2024-01", "2024-03"))
    series, spec = read_choices(choose(str(later), spec=path))
    assert series.columns == ("rain", "heat", "heat 2 back")
    assert series.column("heat 2 back")[2:5].tolist() == series.column("heat")[:3].tolist()
    assert spec.cleaning.source.cleaning == steps
    assert spec.cleaning.source.file_name == "later.csv"
    assert spec.preparation.features == ("heat", "heat 2 back")


def test_a_spec_keeps_the_inputs_it_chose_of_a_cleaned_series(tmp_path, table):
    _, whole = read_choices(choose(str(table), target="rain", features="heat"))
    given = whole.model_dump(mode="json")
    given["preparation"]["features"] = []
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(given))
    series, spec = read_choices(choose(str(table), spec=path))
    assert series.columns == ("rain", "heat")
    assert spec.preparation.features == ()


def test_a_spec_of_several_files_says_that_one_is_not_enough(tmp_path, table):
    _, whole = read_choices(choose(str(table), target="rain"))
    given = whole.model_dump(mode="json")
    given["cleaning"]["source"]["more"] = [{"sha256": "b" * 64, "file_name": "b.csv"}]
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(given))
    with pytest.raises(UserError, match="2 files joined on time, and here is one"):
        read_choices(choose(str(table), spec=path))


SALES = "date,sales\n" + "".join(f"2020-01-{day:02d},{day}\n" for day in range(1, 31))
RAIN = "date;rain\n" + "".join(f"2020-01-{day:02d};{day},5\n" for day in range(6, 32))


@pytest.fixture
def two(tmp_path: Path) -> tuple[str, ...]:
    paths = tmp_path / "sales.csv", tmp_path / "rain.csv"
    for path, text in zip(paths, (SALES, RAIN), strict=True):
        path.write_text(text)
    return tuple(map(str, paths))


def join(names: tuple[str, ...], **options) -> Choices:
    given = {"target": None, "features": None, "spec": None, "changes": (), "seed": None, **options}
    return Choices(sources=names, **given)


@pytest.mark.parametrize(
    ("how", "columns", "n_rows"),
    [(None, ("sales", "rain"), 25), ("inner", ("rain", "sales"), 25), ("nearest-before", ("sales",), 30)],
)
def test_several_files_are_joined_on_time(two, how, columns, n_rows):
    series, spec = read_choices(join(two, how=how, target=columns[0], features=",".join(columns[1:])))
    assert (series.columns, series.n_rows) == (columns, n_rows)
    assert spec.cleaning is not None
    assert [file.file_name for file in spec.cleaning.source.files] == ["sales.csv", "rain.csv"]


def test_files_are_put_one_under_the_other(tmp_path, two):
    later = tmp_path / "later.csv"
    later.write_text(SALES.replace("2020-01", "2020-03"))
    series, _ = read_choices(join((two[0], str(later)), how="stack"))
    assert (series.n_rows, str(series.index[-1].date())) == (60, "2020-03-30")


def test_the_age_of_values_and_repeated_dates_are_taken_from_the_options(tmp_path, two):
    twice = tmp_path / "twice.csv"
    twice.write_text(SALES + "2020-01-30,50\n")
    with pytest.raises(UserError, match="2020-01-30"):
        read_choices(join((str(twice), two[1]), how="inner"))
    series, _ = read_choices(join((str(twice), two[1]), how="inner", repeated="mean", target="sales"))
    assert series.values[-1, 0] == 40
    options = {"how": "nearest-before", "target": "sales"}
    _, spec = read_choices(join(two, **options, oldest="2 days"))
    assert spec.cleaning is not None
    assert (spec.cleaning.source.join.tolerance, spec.cleaning.source.join.tolerance_unit) == (2, "days")


@pytest.mark.parametrize(
    ("names", "options", "said"),
    [
        ((0, "sample:sine"), {}, "cannot be joined with other series"),
        ((0,), {"how": "inner"}, "nothing to join it with"),
        ((0, 1), {"oldest": "3 days"}, "needs --join nearest-before"),
        ((0, 1), {"how": "nearest-before", "oldest": "soon"}, "is no age"),
    ],
)
def test_a_join_that_cannot_be_is_refused(two, names, options, said):
    given = tuple(two[name] if isinstance(name, int) else name for name in names)
    with pytest.raises(UserError, match=said):
        read_choices(join(given, **options))


def test_a_spec_of_several_files_reads_as_many_again_in_its_own_way(tmp_path, two):
    first, whole = read_choices(join(two, how="nearest-before", target="sales"))
    path = tmp_path / "spec.json"
    path.write_text(json.dumps(whole.model_dump(mode="json")))
    again, spec = read_choices(join(two, spec=path))
    assert again.fingerprint == first.fingerprint
    assert spec == whole
    assert "--join" in call("run", "--help").output


@pytest.mark.parametrize(
    "change",
    ["", "foo", "=3", "foo.bar=1", "network.layers.7.units=2", "network.layers.x.units=2", "plan.epochs.x=1"],
)
def test_a_set_without_a_place_is_refused(change):
    with pytest.raises(RunError, match="names no place"):
        read_choices(choose(changes=(change,)))


# how it ends when the input cannot work

BAD = [
    (("run", "sample:nope"), "no sample called 'nope'"),
    (("run", "/no/such.csv"), "cannot be read: no such file"),
    (("run", "/"), "cannot be read"),
    (("run", "sample:sine", "--target", "zz"), "no column 'zz'"),
    (("run", "sample:sine", "--features", "zz"), "no column 'zz'"),
    (("run", "sample:sine", "--set", "network.layers.0.units=0"), "network.layers.0.units"),
    (("run", "sample:sine", "--set", "plan.epoch=3"), "plan.epoch"),
    (("run", "sample:sine", "--set", "preparation=5"), "preparation"),
    (("run", "sample:sine", "--set", "preparation.window.length=500"), "do not fit"),
    (("run", "sample:sine", "--set", "plan.batch_size=many"), "plan.batch_size"),
    (("run", "sample:sine", "--seed", "-1"), "plan.seed"),
    (("run", "sample:sine", "--spec", "/no/spec.json"), "cannot be read"),
    (("run", "sample:sine", "--out", "/proc/nowhere"), "cannot be written"),
    (("script", "sample:sine", "--out", "/proc/nowhere"), "cannot be written"),
]


@pytest.mark.parametrize(("arguments", "said"), BAD)
def test_bad_input_is_told_on_stderr_with_code_2(arguments, said):
    result = call(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "text", ["{", "[]", "3", '{"plan": 3}', '{"what": 3}', '{"preparation": {"target": 3}}']
)
def test_a_damaged_spec_is_refused_in_words(text, tmp_path):
    path = tmp_path / "spec.json"
    path.write_text(text)
    result = call("run", "sample:sine", "--spec", str(path))
    assert result.exit_code == 2
    assert result.stderr


def test_an_error_that_nobody_foresaw_is_not_dressed_up(monkeypatch):
    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("lstm_core.cli.choices._read_spec", fail)
    assert isinstance(call("run", "sample:sine").exception, ZeroDivisionError)
    assert not issubclass(ZeroDivisionError, UserError)


# script


def test_script_writes_both_files(tmp_path):
    result = call("script", "sample:nile", "--out", str(tmp_path / "new"), "--seed", "3")
    assert result.exit_code == 0
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"script.py", "series.csv"}
    assert "'seed': 3" in (tmp_path / "new" / "script.py").read_text()


def test_a_transform_is_chosen_like_every_other_place_in_the_spec(tmp_path):
    transform = ("--set", "preparation.transform.power=log", "--set", "preparation.transform.seasonal_lag=4")
    assert call("script", "sample:nile", "--out", str(tmp_path), *transform).exit_code == 0
    script = (tmp_path / "script.py").read_text()
    assert "'power': 'log'" in script
    assert "'seasonal_lag': 4" in script
    assert "def undo_transform(" in script
    refused = call(
        "script", "sample:nile", "--out", str(tmp_path), "--set", "preparation.transform.power=root"
    )
    assert refused.exit_code == 2


# run, for real: a fresh process, a slot, TensorFlow

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
        timeout=240,
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


# the app and the ways in


def test_a_port_in_use_is_told_with_the_cure():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = call("app", "--port", str(port))
    assert result.exit_code == 2
    assert f"port {port}" in result.stderr
    assert "--port" in result.stderr


def test_the_app_of_this_checkout_is_found():
    assert app_command.find_app() == Path(__file__).parents[2] / "app.py"


def test_without_a_command_the_app_starts(monkeypatch):
    started, popen = [], subprocess.Popen

    def start_nothing(command: list[str], **_) -> subprocess.Popen:
        started.append(command)
        return popen([sys.executable, "-c", ""])

    monkeypatch.setattr(subprocess, "Popen", start_nothing)
    monkeypatch.setattr(app_command, "why_not_free", lambda *_: None)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setenv("LSTM_EXPLORER_MAX_UPLOAD_MB", "150")
    assert call().exit_code == 0
    assert "--server.maxUploadSize=150" in started[0]
    assert "--server.port=8501" in started[0]
    assert "--server.address=127.0.0.1" in started[0]


@pytest.mark.parametrize("display", ["", ":0"])
def test_a_browser_needs_a_screen(monkeypatch, display):
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setattr(app_command.webbrowser, "get", lambda: object())
    assert app_command.has_browser() is (bool(display) or sys.platform in ("darwin", "win32"))


def test_help_is_light():
    """`--help` answers within half a second because nothing heavy is imported for it."""
    code = (
        "import sys; from lstm_core.cli import main; main(['--help'], standalone_mode=False); "
        "print({'numpy', 'pandas', 'pydantic', 'sqlalchemy', 'streamlit', 'keras'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert done.stdout.splitlines()[-1] == "set()"
    for command in ("app", "run", "script", "doctor"):
        assert f"\n  {command} " in done.stdout
