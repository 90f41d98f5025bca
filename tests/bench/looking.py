"""Looking without Keras: sensitivity against `model.predict` in a loop, and a million points drawn."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd

from lstm_core.evaluation.sensitivity import step_effects
from lstm_core.figures.series import plot_series
from lstm_core.figures.theme import LIGHT
from lstm_core.network.forward import forward
from lstm_core.network.weights import Weights
from lstm_core.preparation.windows import WindowSet, prepare
from lstm_core.series.record import Series
from tests.bench.measure import Measurement
from tests.bench.rivals import ROOT
from tests.bench.training import experiment

N, LENGTH, UNITS = 1_000, 30, 50


def measure(rounds: int) -> Iterator[Measurement]:
    series, spec = experiment(N, LENGTH, UNITS, 32, 1)
    prepared = prepare(series, spec.preparation)
    windows = WindowSet(
        inputs=prepared.train.inputs[:N],
        targets=prepared.train.targets[:N],
        origins=prepared.train.origins[:N],
    )
    rng = np.random.default_rng(3)
    shapes = ((1, 4 * UNITS), (UNITS, 4 * UNITS), (4 * UNITS,), (UNITS, 1), (1,))
    weights = Weights.from_keras(
        spec.network, [rng.normal(scale=0.1, size=shape).astype(np.float32) for shape in shapes]
    )
    predict = partial(forward, spec.network, weights)
    seconds = min(_timed(predict, windows, prepared) for _ in range(rounds))
    loop = _seconds_of_one_predict() * N * LENGTH * 2
    name = f"Sensitivity, {N} windows x {LENGTH} steps x both signs, {UNITS} units"
    yield Measurement(name=name, value=seconds, target=2.0, unit="s")
    yield Measurement(
        name="The same against a predict loop",
        value=loop / seconds,
        target=1_000,
        unit="times",
        more_is_better=True,
        detail=f"the loop would take {loop:,.0f} s (30 calls timed)",
    )

    yield from _draw_a_million()


def _draw_a_million() -> Iterator[Measurement]:
    index = pd.date_range("2000-01-01", periods=1_000_000, freq="min")
    values = np.random.default_rng(5).normal(size=(len(index), 1)).cumsum(axis=0)
    series = Series(values=values, index=index, columns=("value",), name="walk")
    began = time.perf_counter()
    sent = len(plot_series(series, theme=LIGHT).to_json())
    seconds = time.perf_counter() - began
    yield Measurement(name="A million points drawn", value=seconds, target=1.0, unit="s")
    yield Measurement(name="The same, sent to the browser", value=sent / 1e3, target=300, unit="KB")


def _timed(predict, windows, prepared) -> float:
    began = time.perf_counter()
    step_effects(predict, windows, sizes=np.array([0.1]), prepared=prepared)
    return time.perf_counter() - began


def _seconds_of_one_predict() -> float:
    done = subprocess.run(
        [
            "nice",
            "-n",
            "19",
            sys.executable,
            "-m",
            "tests.bench.plain_keras",
            "predict",
            f"{LENGTH}",
            f"{UNITS}",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])["seconds_per_window"]
