"""What is measured when a run is opened, on networks whose weights are known."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.doctor.opening import input_sizes, look_back, look_inside, open_case
from lstm_core.doctor.rules import diagnose
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.weights import Weights
from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.series.record import Series
from lstm_core.training.events import RunState
from lstm_core.training.plan import RunSpec
from tests.core.doctor.cases import wave
from tests.pages.finished import fit_head


def series_of(values, unit="V"):
    return Series(
        values=np.asarray(values)[:, None],
        index=pd.RangeIndex(len(values)),
        columns=("y",),
        name="made",
        unit=unit,
    )


def prepared_of(values, *, kind="standard", length=24, **window):
    spec = PreparationSpec(
        target="y", scaling=ScalingSpec(kind=kind), window=WindowSpec(length=length, **window)
    )
    return prepare(series_of(values), spec)


def test_scaled_input_is_where_it_belongs():
    (size,) = input_sizes(prepared_of(wave(300)))
    assert size.spread == pytest.approx(1)
    assert (size.outside, size.gate_shut) == (0, 0)


def test_unscaled_input_is_measured_as_the_network_reads_it():
    (size,) = input_sizes(prepared_of(1e6 * (wave(300, noise=0) + 1) / 2, kind="none"))
    assert size.outside > 0.9
    assert size.gate_shut > 0.9
    assert size.largest == pytest.approx(1e6, rel=1e-3)


def test_the_past_is_that_of_the_train_rows():
    values = wave(300)
    before = look_back(prepared_of(values))
    values[-70:] += 100  # the test part and some of the validation part
    after = look_back(prepared_of(values))
    assert (before.season, before.window, before.learnable) == (after.season, after.window, after.learnable)
    assert (before.season.length, before.unseen) == (12, 0.0)
    assert after.unseen == 1.0


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_gates_and_units_of_every_cell_are_counted(cell, bidirectional):
    layer = LayerSpec(cell=cell, units=3, bidirectional=bidirectional)
    network = NetworkSpec(layers=(layer, layer))
    prepared = prepared_of(wave(120), length=6)
    gates, units = look_inside(network, weights_of(network), prepared)
    names = {"lstm": ["input", "forget", "output"], "gru": ["update", "reset"], "rnn": []}[cell]
    assert [(gate.layer, gate.gate) for gate in gates] == [
        (number, name) for number in (1, 2) for name in names
    ]
    assert all(0 <= gate.shut + gate.open <= 1 for gate in gates)
    assert [len(layer.moves) for layer in units] == [6 if bidirectional else 3] * 2
    assert all((layer.moves > 0).all() for layer in units)


def test_a_unit_that_reads_nothing_does_not_move():
    network, prepared = NetworkSpec(layers=(LayerSpec(units=3),)), prepared_of(wave(120), length=6)
    arrays = {name: np.array(array) for name, array in weights_of(network).to_arrays().items()}
    arrays["layers.0.kernel"][:, 1::3] = 0
    arrays["layers.0.recurrent"][:, 1::3] = 0
    _, (layer,) = look_inside(network, Weights.from_arrays(arrays), prepared)
    assert [move == 0 for move in layer.moves] == [False, True, False]


def test_a_gate_that_is_pushed_open_counts_as_open():
    network, prepared = NetworkSpec(layers=(LayerSpec(units=3),)), prepared_of(wave(120), length=6)
    arrays = {name: np.array(array) for name, array in weights_of(network).to_arrays().items()}
    arrays["layers.0.bias"][:3], arrays["layers.0.bias"][3:6] = 50, -50
    gates, _ = look_inside(network, Weights.from_arrays(arrays), prepared)
    seen = {gate.gate: (gate.shut, gate.open) for gate in gates}
    assert (seen["input"], seen["forget"]) == ((0, 1), (1, 0))


def test_a_run_without_weights_can_be_opened():
    series, prepared = series_of(wave(200)), prepared_of(wave(200))
    spec = RunSpec(series_fingerprint=series.fingerprint, preparation=prepared.spec)
    case = open_case(spec, RunState(), series, prepared, None)
    assert (case.boards, case.forecasts, case.gates, case.lag) == ({}, {}, (), None)
    assert case.unit == "V"
    assert diagnose(case).blind


def test_a_run_with_weights_is_scored_on_every_part():
    series, prepared = series_of(wave(200)), prepared_of(wave(200))
    network, weights = fit_head(prepared)
    spec = RunSpec(series_fingerprint=series.fingerprint, preparation=prepared.spec, network=network)
    case = open_case(spec, RunState(), series, prepared, weights)
    assert set(case.boards) == set(case.forecasts) == {"train", "validation", "test"}
    assert case.boards["train"]["lstm"].mae < case.boards["train"]["naive"].mae
    assert case.room.n_windows == len(prepared.train)
    assert case.lag is not None


def weights_of(network):
    """Weights that Keras could have begun with, for one column and one step ahead."""
    rng, width, arrays = np.random.default_rng(0), 1, []
    blocks = {"lstm": 4, "gru": 3, "rnn": 1}
    for layer in network.layers:
        n = blocks[layer.cell] * layer.units
        for _ in range(2 if layer.bidirectional else 1):
            bias = np.zeros((2, n) if layer.cell == "gru" else n)
            arrays += [rng.normal(size=(width, n)), 0.5 * rng.normal(size=(layer.units, n)), bias]
        width = layer.units * (2 if layer.bidirectional else 1)
    arrays += [rng.normal(size=(width, 1)), np.zeros(1)]
    return Weights.from_keras(network, arrays)
