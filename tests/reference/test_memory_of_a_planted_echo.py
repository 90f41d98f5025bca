"""A planted task: only the value five rows back matters. Memory and the best window length must both say five."""

from functools import cache, partial

import numpy as np
import pandas as pd

from lstm_core.evaluation.baselines import fit_linear
from lstm_core.evaluation.explanation.reach import memory_verdict, reach
from lstm_core.evaluation.explanation.sensitivity import step_effects, train_spread
from lstm_core.evaluation.scores import scoreboard
from lstm_core.network.forward import forward
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.windows import PreparationSpec, Prepared, WindowSpec, prepare
from lstm_core.series.generators import echo
from lstm_core.series.record import Series
from lstm_core.study.length_scores import LengthScores, length_verdict
from lstm_core.training.control import Unsteered
from lstm_core.training.loop import train
from lstm_core.training.plan import RunSpec, TrainingPlan

DELAY = 5


@cache
def series(n_rows: int = 900) -> Series:
    values = echo(n_rows=n_rows, delay=DELAY, strength=0.95, noise=0.5)
    return Series(values=values[:, None], index=pd.RangeIndex(n_rows), columns=("y",), name="echo")


def preparation(length: int) -> PreparationSpec:
    return PreparationSpec(target="y", window=WindowSpec(length=length))


def memory_of(predict, prepared: Prepared):
    return reach(step_effects(predict, prepared.test, sizes=train_spread(prepared), prepared=prepared))


def test_the_pull_of_a_fitted_line_stands_at_the_planted_lag():
    prepared = prepare(series(), preparation(16))
    found = memory_of(fit_linear(prepared), prepared)
    assert int(found.of().argmax()) + 1 == DELAY
    assert found.of()[DELAY - 1] > 0.6 * found.of().sum()  # what is left is noise of 16 fitted weights


def test_the_knee_is_the_shortest_window_that_holds_the_planted_lag():
    lengths, validation, tested, naive = (1, 2, 4, 5, 7, 10, 20), [], [], None
    for length in lengths:
        prepared = prepare(series(3000), preparation(length))
        predict = fit_linear(prepared)
        validation.append(scoreboard(prepared, predict, period=1, part="validation")["lstm"].mae)
        board = scoreboard(prepared, predict, period=1)
        tested.append(board["lstm"].mae)
        naive = board["naive"].mae
    scores = LengthScores(lengths=lengths, validation=tuple(validation), tested=tuple(tested), naive=naive)
    assert scores.knee == DELAY
    assert "With a window of 5" in length_verdict(scores, "").sentence


def test_a_trained_network_looks_where_the_echo_is():
    length = 12
    spec = RunSpec(
        series_fingerprint=series().fingerprint,
        preparation=preparation(length),
        network=NetworkSpec(layers=(LayerSpec(units=16),)),
        plan=TrainingPlan(epochs=20, learning_rate=0.01, patience=None),
    )
    trained = train(spec, series(), emit=lambda _: None, control=Unsteered())
    found = memory_of(partial(forward, spec.network, trained.weights), trained.prepared)
    assert int(found.of().argmax()) + 1 == DELAY
    assert DELAY <= found.memory() <= length
    assert np.isfinite(found.pull).all()
    assert "memory" in memory_verdict(found, length).sentence
