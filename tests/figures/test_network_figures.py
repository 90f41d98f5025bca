"""The network, the cell and the gates on screen: noun in, shapes and traces out."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from lstm_core.figures.attention import plot_attention
from lstm_core.figures.cell import plot_cell
from lstm_core.figures.gates import STYLES, plot_gates, plot_unit
from lstm_core.figures.network import plot_network
from lstm_core.figures.theme import DARK, LIGHT, MAGNITUDES, SIGNED
from lstm_core.figures.weights import plot_weights
from lstm_core.network.counts import layer_table
from lstm_core.network.focus import measure_focus
from lstm_core.network.memory import RnnStep, cell_step
from lstm_core.network.short_equations import short_equations
from lstm_core.network.spec import DenseSpec, LayerSpec, NetworkSpec
from lstm_core.network.starts import weight_blocks
from lstm_core.network.trace import GateTrace
from lstm_core.network.weights import CellWeights

LARGEST_FIGURE = 450_000  # bytes; 64 units over 120 steps in six maps and their lines, the most there is


def random_trace(n_steps: int, n_units: int) -> GateTrace:
    random = np.random.default_rng(3)
    gates = {name: random.uniform(0.01, 0.99, (n_steps, n_units)) for name in ("input", "forget", "output")}
    signed = {name: random.uniform(-0.9, 0.9, (n_steps, n_units)) for name in ("candidate", "hidden")}
    states = {"cell": random.normal(0, 3, (n_steps, n_units))}
    sums = {name: np.zeros((n_steps, n_units)) for name in ("input", "forget", "candidate", "output")}
    return GateTrace(cell="lstm", parts=gates | signed | states, sums=sums, layer=0)


def said(trace: GateTrace) -> dict[str, list[str]]:
    return {name: [f"{name} {step}" for step in range(len(values))] for name, values in trace.parts.items()}


def window(n_steps: int) -> pd.Series:
    index = pd.date_range("2000-01-01", periods=n_steps, freq="D", name="Date")
    return pd.Series(np.arange(n_steps, dtype=float), index=index, name="<b>level</b> [m]")


def texts(figure) -> str:
    return " ".join(str(note.text) for note in figure.layout.annotations)


def written(number: float) -> str:
    """A number as figures write it: two decimals, a true minus sign."""
    return f"{number:.2f}".replace("-", "−")


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
    assert told.count("12 steps of 20 values") == n_layers - 1  # dropout touches the layer before it
    assert "20 values, last step only" in told
    boxes = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    loops = [shape for shape in figure.layout.shapes if shape.type == "path"]
    assert (len(boxes), len(loops)) == (len(table), n_layers)


def everything() -> NetworkSpec:
    both = LayerSpec(cell="gru", units=8, bidirectional=True, normalization="layer", dropout=0.1)
    return NetworkSpec(
        layers=(
            both,
            LayerSpec(cell="rnn", units=4, normalization="batch"),
            LayerSpec(units=5),
            LayerSpec(units=6),
        ),
        attention="additive",
        dense=(DenseSpec(units=7), DenseSpec(units=3, activation="linear"), DenseSpec(units=2)),
    )


def test_the_largest_network_shows_both_directions_norms_attention_and_dense_layers():
    spec = everything()
    table = layer_table(spec, n_features=2, window_length=12, horizon=3)
    figure = plot_network(spec, table, theme=LIGHT)
    told = texts(figure)
    for words in (
        "<b>Bidirectional GRU 1</b><br>2 × 8 units, tanh",
        "forwards →",
        "← backwards",
        "Layer norm 1",
        "16 parameters, 8 trained",  # batch normalisation of four units
        "Dropout 1: 10%",
        "12 steps of 16 values",
        "12 steps of 6 values; the last one asks",
        "Attention: additive",
        "6 values, weighted over the steps",
        "Dense 2: 3 units, linear",
        "Dense: the forecast, linear",
    ):
        assert words in told
    rows = [shape for shape in figure.layout.shapes if shape.type == "rect" and shape.x0 == 0.1]
    assert len(rows) == len(table)
    for above, below in pairwise(rows):
        assert above.y1 < below.y0  # nothing overlaps
    loops = [shape for shape in figure.layout.shapes if shape.type == "path"]
    assert len(loops) == 5  # two for the layer with two directions
    low, high = figure.layout.yaxis.range
    assert rows[-1].y1 < low
    assert rows[0].y0 > high
    assert figure.layout.height < 1400


def test_a_last_layer_with_two_directions_hands_on_the_end_of_both():
    spec = NetworkSpec(layers=(LayerSpec(units=5, bidirectional=True),))
    table = layer_table(spec, n_features=1, window_length=12, horizon=1)
    assert "10 values, the end of both directions" in texts(plot_network(spec, table, theme=DARK))


def test_c2_all_four_blocks_read_the_same_line_and_only_the_cell_line_carries_c():
    figure = plot_cell("lstm", theme=LIGHT)
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
    figure = plot_cell("lstm", theme=DARK, activation="relu", numbers=cell_step(trace, step=2, unit=1))
    told = texts(figure)
    assert written(trace.parts["forget"][2, 1]) in told
    assert written(trace.parts["cell"][1, 1]) in told
    assert "relu" in told


def test_gates_share_one_fixed_scale_and_signed_values_are_centred():
    trace = random_trace(24, 10)
    order = np.arange(10)[::-1]
    figure = plot_gates(trace, window(24), units=order, step=5, said=said(trace), theme=LIGHT)
    maps = {trace.name.split()[0]: trace for trace in figure.data[1:7]}
    assert [maps[name].coloraxis for name in ("Input", "Forget", "Output")] == ["coloraxis"] * 3
    assert (figure.layout.coloraxis.cmin, figure.layout.coloraxis.cmax) == (0, 1)
    for axis in (figure.layout.coloraxis2, figure.layout.coloraxis3):
        assert axis.cmin == -axis.cmax
    cividis = plot_gates(
        trace, window(24), units=order, step=5, said=said(trace), theme=DARK
    ).layout.coloraxis.colorscale
    assert cividis == figure.layout.coloraxis.colorscale
    assert (MAGNITUDES, SIGNED) == ("Cividis", "PuOr")
    np.testing.assert_allclose(maps["Forget"].z[0], trace.parts["forget"][:, 9], atol=1e-6)
    assert maps["Forget"].y[0] == "10"
    assert "<b>" not in texts(figure)


def test_a_point_over_every_step_of_every_map_carries_its_line_and_is_not_seen():
    trace = random_trace(12, 5)
    figure = plot_gates(trace, window(12), units=np.arange(5), step=3, said=said(trace), theme=LIGHT)
    points = figure.data[7:]
    assert [len(one.x) for one in points] == [12] * 6
    low, high = trace.parts["forget"][4].min(), trace.parts["forget"][4].max()
    assert points[1].text[4] == f"forget 4<br>all units: {low:.2f} to {high:.2f}"
    assert figure.data[2].hovertemplate == "unit %{y}: Forget gate f = %{z:.3~g}<extra></extra>"
    assert {one.marker.opacity for one in points} == {0}
    assert {one.unselected.marker.opacity for one in points} == {0}
    assert {one.yaxis for one in points} == {one.yaxis for one in figure.data[1:7]}
    assert figure.layout.hovermode == "x"


def test_a_large_trace_still_travels():
    trace = random_trace(120, 64)
    lines = short_equations(trace, 0)
    figure = plot_gates(trace, window(120), units=np.arange(64), step=0, said=lines, theme=LIGHT)
    assert len(figure.to_json()) < LARGEST_FIGURE


def test_a_window_of_one_step_and_a_layer_of_one_unit_can_be_drawn():
    trace = random_trace(1, 1)
    assert plot_gates(trace, window(1), units=np.array([0]), step=0, said=said(trace), theme=LIGHT).data
    assert plot_unit(trace, window(1).index, unit=0, step=0, theme=LIGHT).data[0].mode == "lines+markers"


def test_a_unit_shows_six_lines_that_differ_in_more_than_colour():
    figure = plot_unit(random_trace(24, 10), window(24).index, unit=4, step=3, theme=DARK)
    assert len(figure.data) == 6
    for panel in ("y", "y2"):
        dashes = [line.line.dash for line in figure.data if (line.yaxis or "y") == panel]
        assert len(set(dashes)) == 3


PARTS = {"lstm": 6, "gru": 4, "rnn": 1}


def trace_of(cell: str, n_steps: int = 12, n_units: int = 5) -> GateTrace:
    random = np.random.default_rng(4)
    parts = {
        name: random.uniform(0.01, 0.99, (n_steps, n_units))
        if style.gate
        else random.normal(0, 2, (n_steps, n_units))
        for name, style in STYLES[cell].items()
    }
    names = (
        "update",
        "reset",
        "candidate",
        "candidate_input",
        "candidate_state",
        "hidden",
        "input",
        "forget",
        "output",
    )
    sums = {name: np.full((n_steps, n_units), 0.25) for name in names}
    return GateTrace(cell=cell, parts=parts, sums=sums, layer=0)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("cell", PARTS)
def test_every_cell_shows_its_own_parts_in_drawing_order(cell, theme):
    trace = trace_of(cell)
    figure = plot_gates(trace, window(12), units=np.arange(5), step=3, said=said(trace), theme=theme)
    kinds = ["scatter"] + ["heatmap"] * PARTS[cell] + ["scatter"] * PARTS[cell]
    assert [data.type for data in figure.data] == kinds
    for data, (name, style) in zip(figure.data[1 : 1 + PARTS[cell]], STYLES[cell].items(), strict=True):
        assert data.coloraxis == (
            "coloraxis" if style.gate else "coloraxis3" if name == "cell" else "coloraxis2"
        )
        np.testing.assert_allclose(data.z, trace.parts[name].T, atol=1e-6)
        assert style.says in texts(figure)
    assert len([shape for shape in figure.layout.shapes if shape.type == "line"]) == 1 + PARTS[cell]
    drawn = figure.layout.to_plotly_json()
    bars = [
        drawn[axis]["colorbar"]["ticktext"]
        for axis in ("coloraxis", "coloraxis2", "coloraxis3")
        if axis in drawn
    ]
    names = [bar[1].split("<br>")[1] for bar in bars]
    assert (
        names == {"lstm": ["gates", "C̃ and h", "cell state"], "gru": ["gates", "h̃ and h"], "rnn": ["h"]}[cell]
    )
    unit = plot_unit(trace, window(12).index, unit=2, step=3, theme=theme)
    assert [line.name for line in unit.data] == [style.name for style in STYLES[cell].values()]
    for panel in ("y", "y2"):
        dashes = [line.line.dash for line in unit.data if (line.yaxis or "y") == panel]
        assert len(set(dashes)) == len(dashes)


def lines_of(figure, colour: str) -> set[tuple[float, float, float, float]]:
    return {
        (line.x0, line.y0, line.x1, line.y1)
        for line in figure.layout.shapes
        if line.type == "line" and line.line.color == colour
    }


def test_the_candidate_of_a_gru_reads_the_past_through_the_reset_gate_only():
    figure = plot_cell("gru", theme=LIGHT)
    told = texts(figure)
    assert all(word in told for word in ("update", "reset", "candidate", "1−", "tanh"))
    blocks = [shape for shape in figure.layout.shapes if shape.type == "rect"]
    update, reset, candidate = blocks
    hidden = lines_of(figure, LIGHT.hidden)

    def into(block) -> list:
        return [line for line in hidden if block.x0 < line[2] < block.x1 and line[3] == block.y0]

    assert len(into(update)) == len(into(reset)) == 1
    assert into(candidate) == []  # what it recalls comes in from the side, behind the sign
    from_reset = lines_of(figure, LIGHT.input_gate)
    assert max(line[2] for line in from_reset) < candidate.x0
    assert (0.9, 5.2, 9.2, 5.2) in hidden  # the hidden state is the line on top


def test_a_simple_rnn_is_one_block_without_gates():
    figure = plot_cell("rnn", theme=DARK, activation="relu")
    assert len([shape for shape in figure.layout.shapes if shape.type == "rect"]) == 1
    assert "relu" in texts(figure)
    assert "σ" not in texts(figure)


@pytest.mark.parametrize("cell", PARTS)
def test_every_cell_writes_the_numbers_of_its_step(cell):
    trace = trace_of(cell)
    told = texts(plot_cell(cell, theme=LIGHT, numbers=cell_step(trace, step=4, unit=1)))
    assert written(trace.parts["hidden"][4, 1]) in told
    assert written(trace.parts["hidden"][3, 1]) in told or cell == "lstm"
    for name, style in STYLES[cell].items():
        if style.gate:
            assert written(trace.parts[name][4, 1]) in told


def test_a_number_below_zero_has_a_true_minus_sign_and_nothing_has_no_sign():
    step = RnnStep(sum_h=-0.004, h_before=-0.5, h=-0.25)
    told = texts(plot_cell("rnn", theme=LIGHT, numbers=step))
    assert "−0.50" in told
    assert "−0.25" in told
    assert "-" not in told
    assert "−0.00" not in texts(plot_cell("rnn", theme=LIGHT, numbers=replace(step, h=-0.004)))


@pytest.mark.parametrize(("n_blocks", "cell"), [(4, "lstm"), (3, "gru"), (1, "rnn")])
def test_weights_stand_beside_where_they_started(n_blocks, cell):
    bias = np.arange(5 * n_blocks, dtype=float)
    weights = CellWeights(
        kernel=np.zeros((1, 5 * n_blocks)),
        recurrent=np.zeros((5, 5 * n_blocks)),
        bias=np.stack([bias, bias]) if cell == "gru" else bias,
    )
    figure = plot_weights(cell, weight_blocks(weights, "bias"), "bias", theme=LIGHT)
    assert len(figure.data) == n_blocks
    starts = [shape.x0 for shape in figure.layout.shapes]
    if cell == "lstm":
        assert starts == [0, 1, 0, 0]
        assert "forget gate f: started at 1" in texts(figure)
    else:
        assert set(starts) == {0}
    kernel = plot_weights(cell, weight_blocks(weights, "kernel"), "kernel", theme=DARK)
    assert "started between −" in texts(kernel)
    assert len(kernel.layout.shapes) == 2 * n_blocks  # both ends of the range
    outlines = [line for line in kernel.data if line.name == "at the start"]
    assert len(outlines) == n_blocks
    assert outlines[0].y.sum() == pytest.approx(2 * weight_blocks(weights, "kernel")[0].values.size)
    assert kernel.layout[f"xaxis{n_blocks if n_blocks > 1 else ''}"].title.text == "weight of an input"


@pytest.mark.parametrize("n_steps", [1, 12])
def test_attention_stands_under_the_steps_it_weighs(n_steps):
    given = np.random.default_rng(0).dirichlet(np.ones(n_steps), size=7).astype(np.float32)
    focus = measure_focus(given, sample=2)
    figure = plot_attention(focus, window(n_steps), step=0, theme=LIGHT)
    target, bars, low, high, mean, even = figure.data
    assert list(target.x) == list(bars.x) == list(mean.x)
    np.testing.assert_allclose(bars.y, given[2], atol=1e-7)
    np.testing.assert_allclose(mean.y, given.mean(axis=0), atol=1e-7)
    assert (low.fill, high.fill) == (None, "tonexty")
    np.testing.assert_allclose(even.y, 1 / n_steps)
    assert figure.layout.yaxis2.tickformat == ".0%"
    assert "<b>" not in str(figure.layout.yaxis.title.text)
