"""Scenarios on screen: every number arrives, light enough to travel, inert."""

import numpy as np
import pytest

from lstm_core.evaluation.what_if.gate_change import GateChange
from lstm_core.evaluation.what_if.outcome import Outcome
from lstm_core.evaluation.what_if.scenario import Scenario
from lstm_core.evaluation.what_if.scenario_table import scenario_table
from lstm_core.figures.theme import DARK, LIGHT
from lstm_core.figures.what_if import MOST_SCENARIOS, plot_change, plot_gate_change, plot_scenarios
from lstm_core.network.trace import GateTrace

LARGEST_FIGURE = 300_000
EVIL = "<a href='x'>%{y}</a>"
INERT = "‹a href='x'›% {y}‹/a›"


def outcome(name="made", *, reach=5, horizon=3, seed=0):
    rng = np.random.default_rng(seed)
    read, said = rng.normal(size=(2, reach, 2)), rng.normal(size=(2, horizon))
    return Outcome(
        scenario=Scenario(name=name),
        read_before=read[0],
        read_after=read[1],
        future_before=np.array([[1.0], [2.0]]),
        future_after=np.array([[1.0], [5.0]]),
        before=said[0],
        after=said[1],
        marks=(),
        n_edited=11,
    )


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("horizon", [1, 3, 200])
def test_the_change_has_both_forecasts_the_truth_and_their_difference(theme, horizon):
    one = outcome(horizon=horizon)
    truth = np.arange(float(horizon))
    labels = [EVIL] * horizon
    figure = plot_change(one, truth, labels=labels, name=EVIL, unit="m", theme=theme)
    lines = {trace.name: np.asarray(trace.y) for trace in figure.data}
    np.testing.assert_array_equal(lines["before"], one.before)
    np.testing.assert_array_equal(lines["after"], one.after)
    np.testing.assert_array_equal(lines["came true"], truth)
    np.testing.assert_array_equal(lines["after − before"], one.after - one.before)
    assert figure.layout.yaxis.title.text == f"{INERT} [m]"
    assert figure.layout.yaxis2.title.text == "Difference [m]"
    assert EVIL not in figure.to_json()
    assert len(figure.to_json()) < LARGEST_FIGURE


def test_without_a_truth_none_is_drawn():
    figure = plot_change(outcome(), None, labels=["a", "b", "c"], name="y", unit="", theme=LIGHT)
    assert [trace.name for trace in figure.data] == ["before", "after", "after − before"]


def test_scenarios_stand_together_with_their_differences():
    made = [outcome(f"{EVIL}{number}", seed=number) for number in range(MOST_SCENARIOS)]
    figure = plot_scenarios(made, np.arange(3.0), name="y", unit="m", theme=LIGHT)
    bars = [trace for trace in figure.data if trace.type == "bar"]
    for one, bar in zip(made, bars, strict=True):
        np.testing.assert_array_equal(bar.y, one.change)
        line = next(trace for trace in figure.data if trace.type == "scatter" and trace.name == bar.name)
        np.testing.assert_array_equal(line.y, [*one.read_after[:, 0], *one.after])
        np.testing.assert_array_equal(line.x, [-5, -4, -3, -2, -1, 1, 2, 3])
    styles = {
        (trace.line.color, trace.line.dash, trace.marker.symbol)
        for trace in figure.data
        if trace.type == "scatter"
    }
    assert len(styles) == MOST_SCENARIOS + 2
    assert EVIL not in figure.to_json()


@pytest.mark.parametrize("n_units", [1, 40])
def test_the_gate_map_holds_after_minus_before(n_units):
    rng = np.random.default_rng(0)
    both = rng.uniform(size=(2, 6, n_units))
    traces = [GateTrace(cell="lstm", parts={"forget": one}, sums={}, layer=0) for one in both]
    change = GateChange(before=traces[0], after=traces[1])
    units = change.most_changed("forget")[:24]
    read = (np.arange(6.0), np.arange(6.0) + 1)
    figure = plot_gate_change(change, "forget", units=units, read=read, name=INERT, theme=DARK)
    drawn = next(trace for trace in figure.data if trace.type == "heatmap")
    np.testing.assert_allclose(drawn.z, (both[1] - both[0])[:, units].T, rtol=1e-6)
    assert list(drawn.y) == [str(unit + 1) for unit in units]
    limits = figure.layout.coloraxis
    assert -limits.cmin == limits.cmax == pytest.approx(float(np.abs(drawn.z).max()))
    assert len(figure.to_json()) < LARGEST_FIGURE


def test_the_table_has_every_value_before_and_after():
    one = outcome(reach=2, horizon=3)
    table = scenario_table(
        [one, outcome("other", reach=2)], ["y", "x"], ["mon", "tue"], ["wed", "thu", "fri"]
    )
    first = table[table["scenario"] == "made"]
    assert list(first["part"]) == ["read"] * 4 + ["known ahead"] * 2 + ["forecast"] * 3
    assert list(first["step"]) == [-2, -1, -2, -1, 1, 2, 1, 2, 3]
    assert list(first["time"]) == ["mon", "tue", "mon", "tue", "wed", "thu", "wed", "thu", "fri"]
    assert list(first["column"]) == ["y", "y", "x", "x", "x", "x", "y", "y", "y"]
    np.testing.assert_array_equal(first["after"][-3:], one.after)
    np.testing.assert_array_equal(first["difference"], first["after"] - first["before"])
