"""A layer over many windows says the same as its traces one by one."""

import numpy as np
import pytest

from lstm_core.network import survey as room
from lstm_core.network.memory import GATES, KEEPS
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.survey import OPEN, SHUT, survey
from lstm_core.network.trace import trace_gates
from lstm_core.preparation.padding import PAD_VALUE
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.series.samples import load_sample
from tests.pages.networks import random_weights

NETWORKS = {
    "lstm": (NetworkSpec(layers=(LayerSpec(units=4, normalization="layer"), LayerSpec(units=3))), 1, False),
    "gru": (NetworkSpec(layers=(LayerSpec(cell="gru", units=4, bidirectional=True),)), 0, True),
    "rnn": (NetworkSpec(layers=(LayerSpec(cell="rnn", units=4),)), 0, False),
    "masked": (NetworkSpec(layers=(LayerSpec(units=4),), masking=True), 0, False),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_it_says_what_the_traces_say(name, monkeypatch):
    monkeypatch.setattr(room, "CHUNK", 7)
    network, layer, backward = NETWORKS[name]
    prepared = prepare(load_sample("nile"), PreparationSpec(target="volume", window=WindowSpec(length=6)))
    weights = random_weights(network, prepared)
    inputs = prepared.test.inputs.copy()
    if name == "masked":
        inputs[:, :2] = PAD_VALUE
    told = survey(network, weights, inputs, layer=layer, backward=backward)
    traces = [trace_gates(network, weights, one, layer=layer, backward=backward) for one in inputs]
    kind = network.layers[layer].cell
    assert set(told.shut) == set(told.open) == set(GATES[kind])
    for gate in GATES[kind]:
        values = np.concatenate([trace.read(gate) for trace in traces])
        np.testing.assert_allclose(told.shut[gate], (values < SHUT).mean(axis=0))
        np.testing.assert_allclose(told.open[gate], (values > OPEN).mean(axis=0))
    for state, ends in told.states.items():
        last = [trace.parts[state][0 if backward else -1] for trace in traces]
        np.testing.assert_allclose(ends, last, atol=1e-5)
    assert set(told.states) == ({"cell", "hidden"} if kind == "lstm" else {"hidden"})
    if keeps := KEEPS[kind]:
        logs = np.concatenate([np.log(trace.read(keeps)) for trace in traces]).mean(axis=0)
        np.testing.assert_allclose(told.half_lives, np.log(0.5) / logs, rtol=1e-4)
    else:
        assert told.half_lives is None


def test_a_direction_that_is_not_there_is_refused():
    network, layer, _ = NETWORKS["rnn"]
    prepared = prepare(load_sample("nile"), PreparationSpec(target="volume", window=WindowSpec(length=6)))
    weights = random_weights(network, prepared)
    with pytest.raises(ValueError, match="one direction"):
        survey(network, weights, prepared.test.inputs, layer=layer, backward=True)
