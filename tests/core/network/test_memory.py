"""Half-lives in closed form, the order of units, and the numbers of one step."""

import numpy as np
import pytest

from lstm_core.network.memory import (
    LONGEST,
    GruStep,
    LstmStep,
    RnnStep,
    cell_step,
    measure_memory,
    orders,
    rank_units,
)
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.trace import GateTrace, trace_gates
from lstm_core.network.weights import CellWeights, DenseWeights, LayerWeights, Weights
from tests.core.network.traces import trace_with


def test_half_life_is_the_closed_form():
    memory = measure_memory(trace_with(forget=np.tile([0.5, 0.25, 0.5 ** (1 / 7)], (4, 1))))
    np.testing.assert_allclose(memory.half_lives, [1, 0.5, 7])
    assert (memory.median, memory.longest_unit) == (pytest.approx(1), 2)
    assert memory.longest == pytest.approx(7)


def test_half_life_uses_what_is_really_left_over_the_window():
    # 0.9 * 0.1 = 0.09 is left after two steps, as if every step kept 0.3
    memory = measure_memory(trace_with(forget=np.array([[0.9], [0.1]])))
    assert memory.half_lives[0] == pytest.approx(np.log(0.5) / np.log(0.3))


def test_a_gate_that_never_forgets_is_endless_and_not_a_division_by_zero():
    assert measure_memory(trace_with(forget=np.full((3, 1), np.nextafter(1, 0)))).longest == LONGEST


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("number", [0, 1, 2]),
        ("memory", [2, 0, 1]),
        ("forget", [2, 0, 1]),
        ("hidden", [1, 2, 0]),
        ("variation", [2, 0, 1]),
    ],
)
def test_units_are_ranked(order, expected):
    trace = trace_with(
        forget=np.array([[0.5, 0.1, 0.9]] * 2), hidden=np.array([[0.1, -0.9, 0.6], [0.2, -0.9, -0.6]])
    )
    assert rank_units(trace, order).tolist() == expected


def test_one_step_holds_the_numbers_of_the_six_equations():
    random = np.random.default_rng(0)
    weights = Weights(
        layers=(
            LayerWeights(
                forward=CellWeights(
                    kernel=random.normal(size=(2, 12)),
                    recurrent=random.normal(size=(3, 12)),
                    bias=random.normal(size=12),
                )
            ),
        ),
        head=DenseWeights(kernel=np.ones((3, 1)), bias=np.zeros(1)),
    )
    window = random.normal(size=(5, 2))
    trace = trace_gates(NetworkSpec(layers=(LayerSpec(units=3),)), weights, window, layer=0)
    held = weights.layers[0].forward
    for step in (0, 4):
        h_before = trace.parts["hidden"][step - 1] if step else np.zeros(3)
        sums = (window[step] @ held.kernel + h_before @ held.recurrent + held.bias).reshape(4, 3)[:, 1]
        told = cell_step(trace, step=step, unit=1)
        assert isinstance(told, LstmStep)
        np.testing.assert_allclose([told.z_i, told.z_f, told.z_g, told.z_o], sums, atol=1e-12)
        assert told.f == pytest.approx(1 / (1 + np.exp(-told.z_f)))
        assert told.g == pytest.approx(np.tanh(told.z_g))
        assert told.c == pytest.approx(told.f * told.c_before + told.i * told.g)
        assert told.h == pytest.approx(told.o * np.tanh(told.c))
        if step == 0:
            assert told.c_before == told.h_before == 0


def random_network(cell: str, n_blocks: int, **choices: object) -> tuple[NetworkSpec, Weights]:
    """One layer of three units on two columns, with a backward direction of its own weights if asked for."""
    random = np.random.default_rng(1)

    def cell_weights() -> CellWeights:
        bias = (2, 3 * n_blocks) if cell == "gru" else (3 * n_blocks,)
        return CellWeights(
            kernel=random.normal(size=(2, 3 * n_blocks)),
            recurrent=random.normal(size=(3, 3 * n_blocks)),
            bias=random.normal(size=bias),
        )

    layer = LayerSpec(cell=cell, units=3, **choices)
    held = LayerWeights(forward=cell_weights(), backward=cell_weights() if layer.bidirectional else None)
    head = DenseWeights(kernel=np.ones((held.width, 1)), bias=np.zeros(1))
    return NetworkSpec(layers=(layer,)), Weights(layers=(held,), head=head)


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize("backward", [False, True])
def test_one_step_of_a_gru_holds_the_numbers_of_its_four_equations(backward):
    spec, weights = random_network("gru", 3, bidirectional=True)
    window = np.random.default_rng(2).normal(size=(5, 2))
    trace = trace_gates(spec, weights, window, layer=0, backward=backward)
    held = weights.layers[0].backward if backward else weights.layers[0].forward
    h, order = np.zeros(3), range(4, -1, -1) if backward else range(5)
    for step in order:  # by hand, unit by unit of the page's equations
        read = (window[step] @ held.kernel + held.bias[0]).reshape(3, 3)
        recalled = (h @ held.recurrent + held.bias[1]).reshape(3, 3)
        z, r = sigmoid(read[0] + recalled[0]), sigmoid(read[1] + recalled[1])
        g = np.tanh(read[2] + r * recalled[2])
        for unit in range(3):
            told = cell_step(trace, step=step, unit=unit)
            assert isinstance(told, GruStep)
            expected = [read[2][unit], recalled[2][unit], z[unit], r[unit], g[unit], h[unit]]
            np.testing.assert_allclose(
                [told.read, told.recalled, told.z, told.r, told.g, told.h_before], expected, atol=1e-6
            )
            assert told.z == pytest.approx(sigmoid(told.sum_z))
            assert told.r == pytest.approx(sigmoid(told.sum_r))
            assert told.sum_g == pytest.approx(told.read + told.r * told.recalled)
            assert told.h == pytest.approx(told.z * told.h_before + (1 - told.z) * told.g)
        h = z * h + (1 - z) * g
    np.testing.assert_allclose(trace.parts["hidden"][order[-1]], h, atol=1e-6)


def test_one_step_of_a_simple_rnn_holds_its_one_number():
    spec, weights = random_network("rnn", 1)
    window = np.random.default_rng(2).normal(size=(4, 2))
    trace = trace_gates(spec, weights, window, layer=0)
    held = weights.layers[0].forward
    for step in range(4):
        before = trace.parts["hidden"][step - 1] if step else np.zeros(3)
        sums = window[step] @ held.kernel + before @ held.recurrent + held.bias
        told = cell_step(trace, step=step, unit=2)
        assert isinstance(told, RnnStep)
        np.testing.assert_allclose(
            [told.sum_h, told.h_before, told.h], [sums[2], before[2], np.tanh(sums[2])], atol=1e-6
        )


def test_backwards_the_state_before_is_the_one_of_the_next_row():
    spec, weights = random_network("lstm", 4, bidirectional=True)
    trace = trace_gates(spec, weights, np.ones((4, 2)), layer=0, backward=True)
    told = cell_step(trace, step=1, unit=0)
    assert isinstance(told, LstmStep)
    assert told.c_before == trace.parts["cell"][2, 0]
    assert told.c == pytest.approx(told.f * told.c_before + told.i * told.g)
    assert cell_step(trace, step=3, unit=0).h_before == 0


def test_a_gru_remembers_by_its_update_gate_and_a_simple_rnn_has_no_half_life():
    shape = (4, 3)
    update = np.tile([0.5, 0.25, 0.5 ** (1 / 7)], (4, 1))
    parts = {"update": update} | {name: np.full(shape, 0.5) for name in ("reset", "candidate", "hidden")}
    memory = measure_memory(GateTrace(cell="gru", parts=parts, sums={}, layer=0))
    assert memory is not None
    np.testing.assert_allclose(memory.half_lives, [1, 0.5, 7])
    bare = GateTrace(cell="rnn", parts={"hidden": np.full(shape, 0.5)}, sums={}, layer=0)
    assert measure_memory(bare) is None


def test_orders_fit_the_cell_and_each_ranks_every_unit_once():
    assert orders("lstm") == ("memory", "forget", "input", "output", "hidden", "variation", "number")
    assert orders("gru") == ("memory", "update", "reset", "hidden", "variation", "number")
    assert orders("rnn") == ("hidden", "variation", "number")
    for cell, n_blocks in (("lstm", 4), ("gru", 3), ("rnn", 1)):
        spec, weights = random_network(cell, n_blocks)
        trace = trace_gates(spec, weights, np.ones((4, 2)), layer=0)
        for order in orders(cell):
            assert sorted(rank_units(trace, order).tolist()) == [0, 1, 2]
