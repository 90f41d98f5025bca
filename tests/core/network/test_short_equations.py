"""Equations in one line: the numbers of the trace, which agree with each other."""

import re

import numpy as np
import pytest

from lstm_core.network.short_equations import SKIPPED, short_equations
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.trace import trace_gates
from lstm_core.preparation.padding import PAD_VALUE
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.series.samples import load_sample
from tests.pages.networks import random_weights

SQUASH = {"σ": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, "relu": lambda z: max(z, 0.0)}


def traced(cell, activation="tanh", *, masking=False):
    network = NetworkSpec(layers=(LayerSpec(cell=cell, units=3, activation=activation),), masking=masking)
    prepared = prepare(load_sample("nile"), PreparationSpec(target="volume", window=WindowSpec(length=6)))
    window = prepared.test.inputs[0].copy()
    if masking:
        window[:2] = PAD_VALUE
    return trace_gates(network, random_weights(network, prepared), window, layer=0)


def computed(line):
    """What the numbers of a line come to, and what it says they come to."""
    *_, formula, said = line.replace("−", "-").split(" = ")
    formula = re.sub(r"(σ|tanh|relu)\(", r"SQUASH['\1'](", formula).replace("·", "*")
    return eval(formula, {"SQUASH": SQUASH}), float(said)  # our own text, made above  # noqa: S307


@pytest.mark.parametrize(
    ("cell", "activation"), [("lstm", "tanh"), ("lstm", "relu"), ("gru", "tanh"), ("rnn", "tanh")]
)
def test_every_line_computes_to_what_it_says_and_to_the_trace(cell, activation):
    trace = traced(cell, activation)
    told = short_equations(trace, 1, activation=activation)
    assert set(told) == set(trace.parts)
    for name, lines in told.items():
        assert len(lines) == 6
        for step, line in enumerate(lines):
            value, said = computed(line)
            assert value == pytest.approx(said, abs=0.02, rel=0.02), line
            assert said == pytest.approx(trace.parts[name][step, 1], rel=5e-3)


def test_a_gate_is_never_written_as_one_and_minus_is_a_minus():
    trace = traced("lstm")
    trace.parts["forget"].flags.writeable = True
    trace.parts["forget"][:, 0] = 0.99999
    told = short_equations(trace, 0)
    assert all(line.endswith(" = 0.99999") for line in told["forget"])
    assert not any("-" in line for lines in told.values() for line in lines)


def test_a_skipped_step_says_so():
    told = short_equations(traced("lstm", masking=True), 0)
    assert told["forget"][:2] == (f"step 1, {SKIPPED}", f"step 2, {SKIPPED}")
    assert told["forget"][2].startswith("step 3, chosen unit 1: f = σ(")


def test_some_steps_know_the_step_before_them():
    trace = traced("lstm")
    whole, some = short_equations(trace, 2), short_equations(trace, 2, steps=slice(3, 5))
    assert all(some[name] == lines[3:5] for name, lines in whole.items())
