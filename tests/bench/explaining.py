"""Explanations without Keras: of one window, and of a thousand, beside `model.predict` in a loop and Captum."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

from lstm_core.evaluation.explanation.comparison import compare_explanations, most_players, quick_credits
from lstm_core.evaluation.explanation.credit import Credits, shapley_credits
from lstm_core.evaluation.explanation.game import Game
from lstm_core.evaluation.explanation.importance import importance
from lstm_core.evaluation.explanation.integrated import (
    baseline_of,
    gradient_times_input,
    integrated_gradients,
)
from lstm_core.evaluation.explanation.occlusion import cut_blocks, occlusion
from lstm_core.evaluation.explanation.replacement import KINDS, Removal
from lstm_core.evaluation.explanation.sensitivity import StepEffects, step_effects, train_spread
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.trained import TrainedNetwork
from lstm_core.network.weights import Weights
from lstm_core.preparation.histories import histories
from lstm_core.preparation.split import SplitSpec
from lstm_core.preparation.windows import PreparationSpec, Prepared, WindowSpec, prepare
from lstm_core.series.record import Series
from tests.bench.measure import Measurement
from tests.bench.rivals import NO_GPU, ROOT, foreign_python

N, LENGTH, FEATURES, UNITS = 1_000, 48, 3, 50
N_FORECASTS = N * LENGTH * FEATURES * 2
LARGE = (500, 256)
ONE_WINDOW, SHAPLEY, ALL_WINDOWS, MEMORY = 0.5, 5.0, 3.0, 500.0
TRUTH_BLOCK = 4
"""Steps that the truth test takes away together, as its page does."""


def measure(rounds: int) -> Iterator[Measurement]:
    prepared, network = _prepared(), _network()
    for name, explain in _explanations(prepared, network):
        seconds = min(_timed(explain) for _ in range(rounds))
        target = SHAPLEY if name == "Shapley values" else ONE_WINDOW
        yield Measurement(name=f"One window: {name}", value=seconds, target=target, unit="s")
    yield from _all_windows(prepared, network, rounds)
    yield from _large(rounds)


def _prepared(n: int = N, length: int = LENGTH) -> Prepared:
    """Three random walks with exactly `n` test windows of `length` steps."""
    n_rows = 5 * n
    walks = np.random.default_rng(3).normal(size=(n_rows, FEATURES)).cumsum(axis=0)
    series = Series(values=walks, index=pd.RangeIndex(n_rows), columns=("level", "a", "b"), name="bench")
    split = SplitSpec(validation_fraction=0.1, test_fraction=0.2)
    window = WindowSpec(length=length)
    prepared = prepare(
        series, PreparationSpec(target="level", features=("a", "b"), split=split, window=window)
    )
    if len(prepared.test) != n:
        raise ValueError(f"{len(prepared.test)} test windows instead of {n}")
    return prepared


def _network(units: int = UNITS) -> TrainedNetwork:
    """One layer and a head as Keras starts them: orthogonal recurrent weights, forget gates open."""
    rng, spec = np.random.default_rng(3), NetworkSpec(layers=(LayerSpec(units=units),))
    kernel = rng.uniform(-1, 1, (FEATURES, 4 * units)) * np.sqrt(6 / (FEATURES + 4 * units))
    recurrent = np.linalg.qr(rng.normal(size=(4 * units, units)))[0].T
    bias = np.repeat([0.0, 1.0, 0.0, 0.0], units)
    head = rng.uniform(-1, 1, (units, 1)) * np.sqrt(6 / (units + 1))
    arrays = [one.astype(np.float32) for one in (kernel, recurrent, bias, head, np.zeros(1))]
    return TrainedNetwork(spec, Weights.from_keras(spec, arrays))


def _large(rounds: int) -> Iterator[Measurement]:
    """A long window of a wide layer: nudges, and the truth test with the blocks that its page takes."""
    length, units = LARGE
    prepared, network = _prepared(1_200, length), _network(units)
    work = float(length * sum(held.forward.recurrent.size for held in network.weights.layers))
    block = -(-length // most_players(per_forecast=work))
    game = partial(Game, Removal(network, prepared, prepared.test.origins), cut_blocks(length, block))
    ways = {
        "nudges up and down": lambda: _nudge(prepared, network, slice(0, 1)),
        f"truth test, blocks of {block}": lambda: compare_explanations(
            game(), np.array([0]), network.gradient
        ),
    }
    for name, explain in ways.items():
        seconds = min(_timed(explain) for _ in range(rounds))
        title = f"One window, {length} steps x {units} units: {name}"
        yield Measurement(name=title, value=seconds, target=ONE_WINDOW, unit="s")


def _explanations(prepared: Prepared, network: TrainedNetwork) -> Iterator[tuple[str, Callable[[], object]]]:
    """Every explanation of the first test window, as the pages ask for it."""
    one, windows = np.array([0]), prepared.test
    known = histories(prepared, windows.origins[:1])
    start = baseline_of(prepared, known, "mean")
    ways = {"predict": network, "gradient": network.gradient, "prepared": prepared, "known": known}
    yield "nudges up and down", lambda: _nudge(prepared, network, slice(0, 1))
    for kind in KINDS:
        removal = Removal(network, prepared, windows.origins, kind=kind)
        yield f"replacement by {kind}, step by step", partial(occlusion, removal, one)
    removal = Removal(network, prepared, windows.origins)
    yield "occlusion of blocks", partial(occlusion, removal, one, block=TRUTH_BLOCK)
    yield "gradient x input", partial(gradient_times_input, **ways, start=start, step=1)
    yield "integrated gradients", partial(integrated_gradients, **ways, start=start, step=1)
    game = Game(removal, cut_blocks(LENGTH, TRUTH_BLOCK))
    yield (
        "nudge, occlusion and both gradients side by side",
        partial(quick_credits, game, one, network.gradient),
    )
    yield "truth test of all five", partial(compare_explanations, game, one, network.gradient)
    yield "Shapley values", partial(_shapley, Game(removal, cut_blocks(LENGTH, 1)), one)


def _shapley(game: Game, one: np.ndarray) -> Credits:
    return shapley_credits(game, one)


def _nudge(prepared: Prepared, network: TrainedNetwork, part: slice) -> StepEffects:
    windows = prepared.test
    some = type(windows)(
        inputs=windows.inputs[part], targets=windows.targets[part], origins=windows.origins[part]
    )
    return step_effects(network, some, sizes=0.1 * train_spread(prepared), prepared=prepared)


def _all_windows(prepared: Prepared, network: TrainedNetwork, rounds: int) -> Iterator[Measurement]:
    name = f"{N} windows x {LENGTH} steps x {FEATURES} columns, up and down, {UNITS} units"
    everything = partial(_nudge, prepared, network, slice(0, N))
    with _more_memory() as more:
        effects = everything()
    seconds = min(_timed(everything) for _ in range(rounds))
    yield Measurement(
        name=name,
        value=seconds,
        target=ALL_WINDOWS,
        unit="s",
        detail=f"{N_FORECASTS:,} forecasts, {os.cpu_count()} processors",
    )
    yield Measurement(name="Memory that it takes", value=more[0] / 1e6, target=MEMORY, unit="MB")
    loop = _seconds_of_one_predict() * N_FORECASTS
    yield Measurement(
        name="The same against a predict loop",
        value=loop / seconds,
        target=1_000,
        unit="times",
        more_is_better=True,
        detail=f"the loop would take {loop:,.0f} s, one call per nudged window (30 calls timed)",
    )
    yield from _beside_captum(prepared, network, effects, seconds)
    share = partial(importance, network, prepared)
    yield Measurement(
        name=f"Permutation importance, {N} windows, 5 repeats", value=_timed(share), target=10, unit="s"
    )


def _beside_captum(
    prepared: Prepared, network: TrainedNetwork, effects: StepEffects, seconds: float
) -> Iterator[Measurement]:
    """The same ablation through Captum, with the same weights; left out with a message where there is no Captum."""
    python = foreign_python()
    if python is None:
        print("Captum is left out.", file=sys.stderr)
        return
    cell, head = network.weights.layers[0].forward, network.weights.head
    spread = prepared.scaler.spread
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "task.npz"
        np.savez(
            file,
            kernel=cell.kernel,
            recurrent=cell.recurrent,
            bias=cell.bias,
            head_kernel=head.kernel,
            head_bias=head.bias,
            inputs=prepared.test.inputs,
            sizes=(effects.sizes / spread).astype(np.float32),
        )
        told = _answer([python, "-m", "tests.bench.plain_captum", str(file)])
        theirs = np.load(f"{file}.effects.npy") * spread[0]
    ours = np.stack([effects.up, effects.down]).transpose(0, 3, 1, 2)
    fastest = min(told["seconds"].values())
    yield Measurement(
        name="The same against Captum on PyTorch, same weights",
        value=fastest / seconds,
        target=1,
        unit="times",
        more_is_better=True,
        detail=f"Captum: {fastest:.2f} s on {told['threads']} threads; largest difference "
        f"{np.abs(ours - theirs).max() / np.abs(theirs).max():.1e} of the largest effect",
    )


@contextmanager
def _more_memory() -> Iterator[list[float]]:
    """Bytes that the process grew by at most, looked at every 5 ms."""
    process, over = psutil.Process(), threading.Event()
    before, most = process.memory_info().rss, [0.0]

    def watch() -> None:
        while not over.wait(0.005):
            most[0] = max(most[0], process.memory_info().rss - before)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    yield most
    over.set()
    watcher.join()


def _timed(explain: Callable[[], object]) -> float:
    began = time.perf_counter()
    explain()
    return time.perf_counter() - began


def _seconds_of_one_predict() -> float:
    numbers = [str(number) for number in (LENGTH, UNITS, FEATURES)]
    told = _answer([sys.executable, "-m", "tests.bench.plain_keras", "predict", *numbers])
    return told["seconds_per_window"]


def _answer(command: list[str]) -> dict:
    """What a process of its own prints last."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **NO_GPU},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])
