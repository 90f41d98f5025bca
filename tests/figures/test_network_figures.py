"""The network, the cell and the gates on screen: noun in, shapes and traces out."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.figures.cell import plot_cell
from lstm_core.figures.gates import plot_biases, plot_gates, plot_unit
from lstm_core.figures.network import plot_network
from lstm_core.figures.theme import DARK, LIGHT, MAGNITUDES, SIGNED
from lstm_core.network.memory import cell_step
from lstm_core.network.counts import layer_table
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.trace import GateTrace
from lstm_core.network.weights import CellWeights, LayerWeights

LARGEST_FIGURE = 350_000  # bytes; 64 units over 120 steps in six maps, the most a page asks for


def random_trace(n_steps: int, n_units: int) -> GateTrace:
    random = np.random.default_rng(3)
    gates = {name: random.uniform(0.01, 0.99, (n_steps, n_units)) for name in ("input", "forget", "output")}
    signed = {name: random.uniform(-0.9, 0.9, (n_steps, n_units)) for name in ("candidate", "hidden")}
    states = {"cell": random.normal(0, 3, (n_steps, n_units))}
    sums = {name: np.zeros((n_steps, n_units)) for name in ("input", "forget", "candidate", "output")}
    return GateTrace(cell="lstm", parts=gates | signed | states, sums=sums, layer=0)


def window(n_steps: int) -> pd.Series:
    index = pd.date_range("2000-01-01", periods=n_steps, freq="D", name="Date")
    return pd.Series(np.arange(n_steps, dtype=float), index=index, name="<b>level</b> [m]")


def texts(figure) -> str:
    return " ".join(str(note.text) for note in figure.layout.annotations)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("n_layers", [1, 2, 3])
def test_the_network_shows_every_layer_with_shape_and_count(theme, n_layers):
    spec = NetworkSpec(layers=(LayerSpec(units=20, dropout=0.1),) * n_layers)
    table = layer_table(spec, n_features=2, window_length=12, horizon=3)
    figure = plot_network(spec, table, theme=theme)
    told = texts(figure)
    for row in table:
        assert row.name in told
    assert "(None, 3)" in told
    assert told.count("12 steps of 20 values") == 2 * (n_layers - 1)
    assert "20 values, last step only" in told
    boxes = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    loops = [shape for shape in figure.layout.shapes if shape.type == "path"]
    assert (len(boxes), len(loops)) == (len(table), n_layers)
    assert figure.layout.height == 74 * len(table) + 24


def test_c2_all_four_blocks_read_the_same_line_and_only_the_cell_line_carries_c():
    figure = plot_cell(theme=LIGHT)
    blocks = [shape for shape in figure.layout.shapes if shape.type == "rect"][:4]
    lines = [shape for shape in figure.layout.shapes if shape.type == "line"]
    bottoms = {block.y0 for block in blocks}
    assert len(bottoms) == 1  # side by side
    for block in blocks:
        middle = (block.x0 + block.x1) / 2
        feeds = [
            line for line in lines if (line.x0, line.x1, line.y1) == pytest.approx((middle, middle, block.y0))
        ]
        assert len(feeds) == 1
        assert feeds[0].y0 == 0.9  # the bus of h and x
    cell_lines = [line for line in lines if line.line.color == LIGHT.cell]
    # the cell line itself and its branch to the output; none enters a gate
    assert len(cell_lines) == 2
    assert all(line.y0 == 5.2 for line in cell_lines)


def test_the_cell_writes_the_numbers_of_the_step():
    trace = random_trace(5, 3)
    figure = plot_cell(theme=DARK, activation="relu", numbers=cell_step(trace, step=2, unit=1))
    told = texts(figure)
    assert f"{trace.parts['forget'][2, 1]:.2f}" in told
    assert f"{trace.parts['cell'][1, 1]:.2f}" in told
    assert "relu" in told


def test_gates_share_one_fixed_scale_and_signed_values_are_centred():
    trace = random_trace(24, 10)
    order = np.arange(10)[::-1]
    figure = plot_gates(trace, window(24), units=order, step=5, theme=LIGHT)
    maps = {trace.name.split()[0]: trace for trace in figure.data[1:]}
    assert [maps[name].coloraxis for name in ("Input", "Forget", "Output")] == ["coloraxis"] * 3
    assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (0, 1)
    for axis in (figure.layout.coloraxis2, figure.layout.coloraxis3):
        assert axis.cmin == -axis.cmax
    cividis = plot_gates(trace, window(24), units=order, step=5, theme=DARK).layout.coloraxis.colorscale
    assert cividis == figure.layout.coloraxis.colorscale
    assert (MAGNITUDES, SIGNED) == ("Cividis", "PuOr")
    np.testing.assert_allclose(maps["Forget"].z[0], trace.parts["forget"][:, 9], atol=1e-6)
    assert maps["Forget"].y[0] == "10"
    assert "<b>" not in texts(figure)


def test_a_large_trace_still_travels():
    figure = plot_gates(random_trace(120, 64), window(120), units=np.arange(64), step=0, theme=LIGHT)
    assert len(figure.to_json()) < LARGEST_FIGURE


def test_a_window_of_one_step_and_a_layer_of_one_unit_can_be_drawn():
    trace = random_trace(1, 1)
    assert plot_gates(trace, window(1), units=np.array([0]), step=0, theme=LIGHT).data
    assert plot_unit(trace, window(1).index, unit=0, step=0, theme=LIGHT).data[0].mode == "lines+markers"


def test_a_unit_shows_six_lines_that_differ_in_more_than_colour():
    figure = plot_unit(random_trace(24, 10), window(24).index, unit=4, step=3, theme=DARK)
    assert len(figure.data) == 6
    for panel in ("y", "y2"):
        dashes = [line.line.dash for line in figure.data if (line.yaxis or "y") == panel]
        assert len(set(dashes)) == 3


def test_biases_name_where_they_started():
    layer = LayerWeights(
        forward=CellWeights(
            kernel=np.zeros((1, 20)), recurrent=np.zeros((5, 20)), bias=np.arange(20, dtype=float)
        )
    )
    figure = plot_biases(layer, theme=LIGHT)
    assert "forget gate f: biases started at 1" in texts(figure)
    np.testing.assert_array_equal(figure.data[1].x, [5, 6, 7, 8, 9])
    assert [shape.x0 for shape in figure.layout.shapes] == [0, 1, 0, 0]
