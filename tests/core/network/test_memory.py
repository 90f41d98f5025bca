"""Half-lives in closed form, the order of units, and the numbers of one step."""

import numpy as np
import pytest

from lstm_core.network.memory import LONGEST, cell_step, measure_memory, rank_units
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.trace import trace_gates
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
        np.testing.assert_allclose([told.z_i, told.z_f, told.z_g, told.z_o], sums, atol=1e-12)
        assert told.f == pytest.approx(1 / (1 + np.exp(-told.z_f)))
        assert told.g == pytest.approx(np.tanh(told.z_g))
        assert told.c == pytest.approx(told.f * told.c_before + told.i * told.g)
        assert told.h == pytest.approx(told.o * np.tanh(told.c))
    assert cell_step(trace, step=0, unit=1).c_before == 0
