"""What units track, on cells made by hand: one that copies, one that adds up, one that swings, one that compares."""

import numpy as np
import pytest

from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.survey import survey
from lstm_core.network.tracking import CLEAR, Signals, signals, track
from lstm_core.network.weights import CellWeights, DenseWeights, LayerWeights, Weights

SEASON, LENGTH = 12, 48
SMALL = 0.01  # so small that tanh is a straight line


def weights(kernel, recurrent, bias):
    cell = CellWeights(
        kernel=np.asarray(kernel, float), recurrent=np.asarray(recurrent, float), bias=np.asarray(bias, float)
    )
    head = DenseWeights(kernel=np.ones((cell.units, 1)), bias=np.zeros(1))
    return Weights(layers=(LayerWeights(forward=cell),), head=head)


def lstm(forget):
    """One LSTM unit that writes its input and keeps its state by a forget gate with this bias."""
    bias = [20.0, forget, 0.0, 20.0]  # input, forget, candidate, output: gates wide open
    return NetworkSpec(layers=(LayerSpec(units=1),)), weights([[0, 0, SMALL, 0]], np.zeros((1, 4)), bias)


def rnn(kernel, recurrent):
    units = len(recurrent)
    spec = NetworkSpec(layers=(LayerSpec(cell="rnn", units=units),))
    return spec, weights(kernel, recurrent, np.zeros(units))


def world(n=900, seed=0, *, swing=1.0, drift=0.3):
    """A drifting series with a season and noise, and its windows."""
    rng = np.random.default_rng(seed)
    at = np.arange(n)
    values = (
        swing * np.sin(2 * np.pi * at / SEASON) + drift * rng.normal(size=n).cumsum() + rng.normal(size=n)
    )
    inputs = np.lib.stride_tricks.sliding_window_view(values, LENGTH)[:, :, None].astype(np.float32)
    return values, inputs, np.arange(LENGTH - 1, n)


def found(network, *, name="hidden", span=SEASON, **made):
    values, inputs, rows = world(**made)
    spec, held = network
    return track(
        survey(spec, held, inputs, layer=0).states[name], signals(values, rows, season=SEASON, span=span)
    )


def test_a_cell_that_forgets_at_once_copies_the_input():
    told = found(lstm(forget=-20.0), name="cell")
    assert told.correlations[0, told.signals.index("input")] == pytest.approx(1, abs=1e-4)
    assert told.units_of("input").tolist() == [0]


def test_a_cell_that_forgets_nothing_adds_up_and_is_the_mean_of_its_window():
    told = found(lstm(forget=20.0), name="cell", span=LENGTH)
    assert told.correlations[0, told.signals.index("trend")] == pytest.approx(1, abs=1e-4)
    assert told.units_of("trend").tolist() == [0]


def test_a_cell_that_turns_by_a_twelfth_at_each_step_swings_with_the_season():
    turn = 2 * np.pi / SEASON
    rotation = 0.98 * np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    told = found(rnn([[SMALL, 0]], rotation))
    assert told.units_of("season").tolist() in ([0, 1], [1, 0])
    assert told.correlations[:, told.signals.index("season")].min() > 0.85


def test_a_cell_that_compares_with_the_step_before_tracks_the_change():
    told = found(rnn([[SMALL, SMALL]], [[0, -1], [0, 0]]))
    assert told.correlations[1, told.signals.index("change")] == pytest.approx(1, abs=1e-3)
    assert told.units_of("change").tolist() == [1]
    assert told.units_of("input").tolist() == [0]


def test_what_moves_on_its_own_tracks_nothing_clear():
    values, _, rows = world()
    states = np.random.default_rng(9).normal(size=(len(rows), 5))
    told = track(states, signals(values, rows, season=SEASON, span=SEASON))
    assert told.leading.tolist() == [-1] * 5
    assert sorted(told.units_of(None)) == [0, 1, 2, 3, 4]
    assert sorted(told.order) == [0, 1, 2, 3, 4]
    assert np.abs(told.correlations).max() < CLEAR / 2


def test_correlations_are_those_of_numpy_and_of_a_regression():
    values, _, rows = world()
    states = np.random.default_rng(2).normal(size=(len(rows), 3)) + values[rows, None]
    what = signals(values, rows, season=SEASON, span=5)
    told = track(states, what)
    trend = np.convolve(values, np.ones(5) / 5, mode="valid")[rows - 4]
    change = values[rows] - values[rows - 1]
    for unit in range(3):
        expected = [np.corrcoef(states[:, unit], one)[0, 1] for one in (values[rows], trend, change)]
        np.testing.assert_allclose(told.correlations[unit, [0, 1, 3]], expected, atol=1e-12)
        design = np.column_stack([np.ones(len(rows)), what.values["season"]])
        left = states[:, unit] - design @ np.linalg.lstsq(design, states[:, unit])[0]
        n, r2 = len(rows), 1 - left.var() / states[:, unit].var()
        adjusted = max(1 - (1 - r2) * (n - 1) / (n - 3), 0)
        assert told.correlations[unit, 2] == pytest.approx(np.sqrt(adjusted))


def test_a_unit_that_stands_still_and_a_series_that_stands_still_correlate_with_nothing():
    values, _, rows = world()
    still = track(np.full((len(rows), 1), 0.123), signals(values, rows, season=SEASON, span=SEASON))
    np.testing.assert_array_equal(still.correlations, 0)
    flat = signals(np.full(900, 5.0), rows, season=1, span=3)
    told = track(np.random.default_rng(0).normal(size=(len(rows), 1)), flat)
    np.testing.assert_array_equal(told.correlations, 0)


@pytest.mark.parametrize(
    ("season", "n", "there"), [(1, 100, False), (60, 100, False), (12, 100, True), (2, 100, True)]
)
def test_a_season_is_a_signal_only_when_two_of_it_are_seen(season, n, there):
    values, _, rows = world()
    what = signals(values, rows[:n], season=season, span=3)
    assert ("season" in what.values) == there
    assert track(np.random.default_rng(0).normal(size=(n, 2)), what) is not None


def test_rows_without_a_past_or_with_a_gap_are_left_out_and_too_few_are_nothing():
    values = np.arange(40.0)
    values[[0, 20]] = np.nan
    what = signals(values, np.arange(40), season=1, span=4)
    assert np.flatnonzero(what.known).tolist() == [*range(4, 20), *range(24, 40)]
    states = values[:, None] * 2.0
    told = track(states, what)
    assert told.n == 32
    assert told.correlations[0, 0] == pytest.approx(1)
    few = Signals(values={"input": np.arange(11.0)[:, None]}, known=np.ones(11, bool))
    assert track(np.arange(11.0)[:, None], few) is None


@pytest.mark.parametrize(("span", "first"), [(1, 1), (2, 1), (4, 3)])
def test_the_first_rows_have_no_trend_and_no_change(span, first):
    what = signals(np.arange(20.0), np.arange(20), season=1, span=span)
    assert np.flatnonzero(what.known).tolist() == list(range(first, 20))


def test_a_season_of_two_rows_is_a_plain_swing_and_nothing_that_grows():
    rows = np.arange(20, 400)
    swing = (-1.0) ** rows
    growing = swing * (rows - rows.mean())  # no part of a season: its size changes
    told = track(
        np.column_stack([swing, growing]),
        signals(np.sin(rows[-1] * np.arange(400.0)), rows, season=2, span=2),
    )
    at = told.signals.index("season")
    n, plain = len(rows), np.corrcoef(swing, growing)[0, 1]
    expected = np.sqrt(max(1 - (1 - plain**2) * (n - 1) / (n - 2), 0.0))
    np.testing.assert_allclose(told.correlations[:, at], [1.0, expected], atol=1e-9)
