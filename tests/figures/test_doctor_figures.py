"""Evidence in, traces out: every finding of the doctor has a picture."""

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from lstm_core.doctor.evidence import Amounts, GateShares, InputSizes, LossCurves, Traces, UnitRanges
from lstm_core.figures.doctor import PANEL, plot_before_after, plot_evidence, plot_squashing
from lstm_core.figures.theme import DARK, LIGHT
from lstm_core.preparation.saturation import squash
from tests.core.doctor.cases import GATES, SIZE, curve, healthy, told, wave
from tests.core.doctor.test_rules import FIRES, size


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("rule", "case"), FIRES.values(), ids=FIRES)
def test_every_finding_can_be_drawn(rule, case, theme):
    figure = plot_evidence(rule(case).sign.evidence, theme=theme)
    go.Figure(figure.to_dict())
    assert figure.layout.height == PANEL
    assert figure.layout.xaxis.title.text
    assert figure.data
    assert "<" not in json.dumps([trace.name for trace in figure.data])


def test_the_epoch_of_the_finding_is_marked():
    state = curve([1, 0.5, 0.4], [1, 0.6, 0.7])
    figure = plot_evidence(
        LossCurves(epochs=state.epochs, loss_name="mse", mark=2, mark_name="best epoch"), theme=LIGHT
    )
    train, validation = figure.data
    assert (list(train.y), list(validation.y)) == ([1, 0.5, 0.4], [1, 0.6, 0.7])
    assert figure.layout.annotations[0].text == "best epoch: 2"
    assert figure.layout.shapes[0].x0 == 2
    assert figure.layout.yaxis.type != "log"


def test_a_loss_that_explodes_gets_a_logarithmic_axis():
    figure = plot_evidence(LossCurves(epochs=curve([1, 50, 1e9]).epochs, loss_name="mse"), theme=LIGHT)
    assert figure.layout.yaxis.type == "log"


def test_text_from_the_data_is_inert():
    hostile = "<a href='http://x'>y</a> %{x}"
    figure = plot_evidence(InputSizes(columns=(size(column=hostile),), limits=(-3, 3)), theme=LIGHT)
    assert "<" not in figure.data[0].y[0]
    assert "%{" not in figure.data[0].y[0]
    assert (
        "<"
        not in plot_evidence(
            Amounts(names=("a",), values=(1.0,), title=hostile), theme=LIGHT
        ).layout.xaxis.title.text
    )


def test_a_column_beyond_the_limits_has_the_colour_of_warnings():
    columns = (SIZE, size(column="x", largest=1e6, outside=0.9))
    bars = plot_evidence(InputSizes(columns=columns, limits=(-4.0, 4.0)), theme=LIGHT).data[0]
    assert list(bars.marker.color) == [LIGHT.forecast, LIGHT.warning]
    assert bars.text[1] == "90% outside −4 to 4"


def test_both_ends_of_every_gate_are_stacked():
    shut, opened = plot_evidence(GateShares(gates=GATES, limit=0.5), theme=LIGHT).data
    assert (
        list(shut.y) == list(opened.y) == [f"{name} gate, layer 1" for name in ("input", "forget", "output")]
    )
    np.testing.assert_allclose([*shut.x, *opened.x], [5, 5, 5, 10, 10, 10])
    assert shut.marker.pattern.shape != opened.marker.pattern.shape


def test_dead_units_are_told_apart_by_colour_and_marker():
    (layer,) = healthy().units
    alive, dead = plot_evidence(UnitRanges(layers=(layer,), limits=(1.0,)), theme=LIGHT).data
    assert len(alive.x) + len(dead.x) == 50
    assert min(alive.y) >= 1.0 > max(dead.y)
    assert alive.marker.symbol != dead.marker.symbol


def test_copying_is_shown_beside_the_truth_one_row_late():
    made = told(wave(60))
    plain = plot_evidence(Traces(forecast=made["forecasts"]["test"]), theme=LIGHT)
    late = plot_evidence(Traces(forecast=made["forecasts"]["test"], lag=made["lag"]), theme=LIGHT)
    assert [trace.name for trace in plain.data] == ["actual", "forecast"]
    assert late.data[2].x[0] == late.data[0].x[0] + 1
    np.testing.assert_array_equal(late.data[2].y, late.data[0].y)


def test_large_numbers_leave_nothing_of_a_sigmoid():
    small, large = squash(1.0), squash(1e6)
    figure = plot_squashing(small, large, theme=LIGHT)
    named = {trace.name: trace.y for trace in figure.data}
    assert list(named) == [
        "sigmoid of 0..1",
        "tanh of 0..1",
        "sigmoid of 0..1\u202f000\u202f000",
        "tanh of 0..1\u202f000\u202f000",
    ]
    assert named["sigmoid of 0..1"][-1] == pytest.approx(1 / (1 + np.exp(-1)))
    assert all(value == 1 for value in named["sigmoid of 0..1\u202f000\u202f000"][1:])
    assert small.slope > 80 * large.slope


def test_two_runs_compare_as_shares_of_their_first_loss():
    figure = plot_before_after(curve([100, 50]).epochs, curve([1, 0.25]).epochs, theme=LIGHT)
    before, after = figure.data
    assert (list(before.y), list(after.y)) == ([100, 50], [100, 25])
    assert before.line.dash != after.line.dash
    assert plot_before_after((), curve([1]).epochs, theme=LIGHT).data[0].mode == "markers"
