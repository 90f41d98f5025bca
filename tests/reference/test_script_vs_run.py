"""The exported script, run in a process of its own on the downloaded CSV, gives the run's predictions.

Bit by bit: same source, same seed, and as many threads on both sides, so sums are added in the same order. With other
threads, or on a machine whose XLA or Eigen chooses other kernels, expect differences around 1e-6 of the scaled range
that grow with the number of epochs. One thread also is where a graph that waits for itself would wait for ever.
"""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lstm_core.delivery.script import render_script
from lstm_core.delivery.tables import series_csv
from lstm_core.network.spec import DenseSpec, LayerSpec, NetworkSpec
from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.runs.artifacts import series_from_bytes, series_to_bytes
from lstm_core.runs.slots import environment
from lstm_core.series.record import Series
from lstm_core.training import plan
from lstm_core.training.control import Unsteered
from lstm_core.training.loop import train
from lstm_core.training.plan import RunSpec, TrainingPlan

NASTY = '=sum("a", b)\n'
"""A column name with everything that breaks a CSV."""


SURE = (LayerSpec(units=5, normalization="layer"), LayerSpec(cell="gru", units=4, l2=0.001))
"""Layers without chance: what can be trained in halves."""


@pytest.fixture
def series() -> Series:
    rng = np.random.default_rng(8)
    values = np.column_stack([np.sin(np.arange(140) / 4) * 1e3 + 1e5, rng.normal(size=140)])
    dates = pd.date_range("1999-12-31 23:00", periods=140, freq="h", tz="UTC")
    return Series(values=values, index=dates, columns=(NASTY, "x"), name="pair", step="1 hour")


@pytest.fixture
def spec(series: Series) -> RunSpec:
    layers = (
        LayerSpec(units=5, dropout=0.1, normalization="layer"),
        LayerSpec(cell="gru", units=4, recurrent_dropout=0.1, l2=0.001),
    )
    network = NetworkSpec(layers=layers, attention="additive", dense=(DenseSpec(units=3),))
    return RunSpec(
        series_fingerprint=series.fingerprint,
        preparation=PreparationSpec(
            target=NASTY,
            features=("x",),
            scaling=ScalingSpec(kind="minmax", lower=-1),
            window=WindowSpec(length=7, horizon=2),
        ),
        network=network,
        plan=TrainingPlan(
            epochs=4,
            batch_size=16,
            loss="huber",
            optimizer="rmsprop",
            learning_rate=0.01,
            schedule="exponential",
            decay_epochs=3,
        ),
    )


def compile_anyway(with_xla: bool) -> None:
    if with_xla:
        plan.WORTH_COMPILING_EPOCH = plan.WORTH_COMPILING = plan.WORTH_HALVING = 0


def train_as_a_slot_does(folder: Path, with_xla: bool) -> None:
    """Runs in the process that stands for the slot."""
    compile_anyway(with_xla)
    series = series_from_bytes((folder / "series.safetensors").read_bytes())
    spec = RunSpec.model_validate_json((folder / "spec.json").read_text())
    trained = train(spec, series, emit=lambda _: None, control=Unsteered())
    prepared = trained.prepared
    forecast = prepared.to_original(trained.keras_test_predictions, prepared.test.origins)
    (folder / "run.json").write_text(json.dumps(forecast.tolist()))


def start(*command: str, cwd: Path, threads: int) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        env={**os.environ, **environment(threads)},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


@pytest.mark.parametrize(
    ("with_xla", "halved", "transform", "masked", "loss"),
    [
        (False, False, TransformSpec(), False, "huber"),
        (True, False, TransformSpec(), True, "huber"),
        (True, True, TransformSpec(), True, "huber"),
        (False, False, TransformSpec(power="box-cox", difference=1, seasonal_lag=5), True, "pinball"),
    ],
    ids=["plain", "XLA and masked", "in halves and masked", "transformed, masked, a quantile"],
)
def test_the_script_gives_the_predictions_of_the_run(
    series, spec, with_xla, halved, transform, masked, loss, tmp_path, monkeypatch
):
    window = spec.preparation.window.model_copy(update={"padding": masked})
    preparation = spec.preparation.model_copy(update={"transform": transform, "window": window})
    network = spec.network.model_copy(update={"masking": masked} | ({"layers": SURE} if halved else {}))
    planned = spec.plan.model_copy(update={"loss": loss, "quantile": 0.2})
    spec = spec.model_copy(update={"preparation": preparation, "network": network, "plan": planned})
    monkeypatch.setattr(plan, "WORTH_COMPILING_EPOCH", plan.WORTH_COMPILING_EPOCH)
    monkeypatch.setattr(plan, "WORTH_COMPILING", plan.WORTH_COMPILING)
    monkeypatch.setattr(plan, "WORTH_HALVING", plan.WORTH_HALVING)
    compile_anyway(with_xla)
    script = render_script(spec, series, csv_name="my series.csv")
    assert f"'jit_compile': {with_xla}" in script
    assert f"'in_halves': {halved}" in script
    for name in ("pad_value", "mask_value"):
        assert f"'{name}': {-10.0 if masked else None}" in script
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    (tmp_path / "my series.csv").write_bytes(series_csv(series, spec.preparation.columns))
    (tmp_path / "series.safetensors").write_bytes(series_to_bytes(series))
    (tmp_path / "spec.json").write_text(spec.model_dump_json())

    root = Path(__file__).parents[2]
    here = f"from pathlib import Path; from {__name__} import *; train_as_a_slot_does(Path(r'{tmp_path}'), {with_xla})"
    threads = 2 if halved else 1
    start("-c", here, cwd=root, threads=threads)
    # -I: neither the checkout nor this test's folder can lend the script anything.
    said = start("-I", str(tmp_path / "script.py"), cwd=tmp_path.parent, threads=threads)

    run = np.array(json.loads((tmp_path / "run.json").read_text()))
    with (tmp_path / "predictions.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    predicted = np.array([float(row["predicted"]) for row in rows]).reshape(run.shape)
    np.testing.assert_array_equal(predicted, run)
    assert [row["steps_ahead"] for row in rows[:4]] == ["1", "2", "1", "2"]
    assert rows[-1]["time"] == "2000-01-06T18:00:00+0000"
    assert float(rows[-1]["actual"]) == series.values[-1, 0]
    assert "epoch 4:" in said
    assert "repeating the last value" in said
