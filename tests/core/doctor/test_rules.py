"""Every rule on a case that must make it fire, on ones that must not, and close to its thresholds."""

import math

import numpy as np
import pytest

from lstm_core.diagnostics.learnable import ALPHA
from lstm_core.doctor import bias, curves, forecasts, inputs, steps, units
from lstm_core.doctor.case import Room
from lstm_core.doctor.rules import RULES
from lstm_core.series.generators import echo
from tests.core.doctor.cases import (
    ACTUAL,
    CLUSTERED,
    GROWING,
    HEALTHY_CURVE,
    HEART,
    MISSES,
    NOISE,
    REMEMBERING,
    SIZE,
    STILL,
    STRAIGHT,
    board,
    copying,
    curve,
    gates,
    healthy,
    lazy,
    past,
    size,
    spec,
    swinging,
    told,
)

FIRES = {
    "diverged: the run failed": (steps.diverged, healthy(state=curve([1, 50, 1e9], failed=True))),
    "diverged: before the first epoch": (steps.diverged, healthy(state=curve([], failed=True))),
    "diverged: a loss is NaN": (steps.diverged, healthy(state=curve([1, math.nan], [1, 2]))),
    "rate too high: swings": (
        steps.rate_too_high,
        healthy(state=curve(swinging(steps.SWING + 0.01)), spec=spec(learning_rate=0.1)),
    ),
    "rate too high: jumps": (
        steps.rate_too_high,
        healthy(state=curve([1, 1, 3, 1, 1, 3, 1, 1, 3, 1, 1, 1]), spec=spec(learning_rate=1.0)),
    ),
    "exploding gradient": (
        steps.exploding_gradient,
        healthy(state=curve([1] * 5, norms=[1, 1, 1, 1, 10.1]), spec=spec(clipnorm=None)),
    ),
    "exploding gradient: not a number": (
        steps.exploding_gradient,
        healthy(state=curve([1] * 5, norms=[1, 1, 1, math.nan, math.inf]), spec=spec(clipnorm=None)),
    ),
    "exploding gradient: no longer told": (
        steps.exploding_gradient,
        healthy(state=curve([1] * 3, norms=[14, 1e9, None]), spec=spec(clipnorm=None)),
    ),
    "vanishing gradient": (
        steps.vanishing_gradient,
        healthy(
            state=curve([1, 0.99, 0.98], norms=[0.99e-4] * 3),
            room=Room(n_windows=300, n_parameters=10_000, n_train_rows=324),
        ),
    ),
    "rate too low": (
        steps.rate_too_low,
        healthy(state=curve(STRAIGHT), spec=spec(epochs=20, learning_rate=1e-6)),
    ),
    "overfitting": (
        curves.overfitting,
        healthy(state=curve([1, 0.5, 0.3, 0.2, *HEART], [1, 0.6, 0.5, 0.4, 0.5, 0.6, 0.6, 0.7, 0.7])),
    ),
    "too few epochs": (curves.too_few_epochs, healthy(state=curve([1, 0.7, 0.5]), spec=spec(epochs=3))),
    "stopped too early": (
        curves.stopped_too_early,
        healthy(state=curve([1, 0.5, 0.48, 0.47], [1, 0.5, 0.51, 0.52]), spec=spec(epochs=50, patience=2)),
    ),
    "dead units": (units.dead_units, healthy(units=lazy(10))),
    "dead units: hardly move": (units.dead_units, healthy(units=lazy(20, dead=0.0039))),
    "dead units: a whole layer": (units.dead_units, healthy(units=lazy(50))),
    "saturated gates": (units.saturated_gates, healthy(gates=gates(0.51))),
    "unscaled input": (
        inputs.unscaled_input,
        healthy(inputs=(SIZE, size(column="x", outside=0.12, largest=1e6)), spec=spec(scaling="none")),
    ),
    "unscaled input: a whisper": (
        inputs.unscaled_input,
        healthy(inputs=(size(spread=0.049),), spec=spec(scaling="minmax")),
    ),
    "nothing to learn: noise": (
        inputs.nothing_to_learn,
        healthy(past=past(NOISE, something=False, p_values=0.4, season=1), boards={"test": board(r2=0.0)}),
    ),
    "nothing to learn: a walk": (
        inputs.nothing_to_learn,
        healthy(
            past=past(np.cumsum(NOISE), something=False, p_steps=0.3, season=1),
            boards={"test": board(lstm=0.97)},
        ),
    ),
    "nothing to learn: what a simple forecast saves on one part may be luck": (
        inputs.nothing_to_learn,
        healthy(
            past=past(np.cumsum(NOISE), something=False, p_steps=0.3, season=1),
            boards={"validation": board(lstm=1.2, linear=0.96, seasonal=1.1), "test": board(lstm=1.2)},
        ),
    ),
    "nothing to learn: before any training": (
        inputs.nothing_to_learn,
        healthy(past=past(NOISE, something=False, p_values=ALPHA, season=1), boards={}),
    ),
    "window of one": (inputs.window_of_one, healthy(spec=spec(length=1))),
    "window too short: the season": (inputs.window_too_short, healthy(spec=spec(length=11))),
    "window too short: the memory": (
        inputs.window_too_short,
        healthy(spec=spec(length=2), past=past(echo(n_rows=600, delay=4), season=1)),
    ),
    "too few windows": (
        inputs.too_few_windows,
        healthy(room=Room(n_windows=29, n_parameters=10, n_train_rows=60)),
    ),
    "too few windows: crowded": (
        inputs.too_few_windows,
        healthy(room=Room(n_windows=100, n_parameters=10_000, n_train_rows=124)),
    ),
    "unseen range": (inputs.unseen_range, healthy(past=past(unseen=0.101))),
    "constant forecast": (forecasts.constant_forecast, healthy(**told(STILL))),
    "copy-cat": (forecasts.copy_cat, healthy(**copying(1.0))),
    "underfitting: the naive is better": (forecasts.underfitting, healthy(boards={"train": board(lstm=1.1)})),
    "underfitting: the linear is better": (
        forecasts.underfitting,
        healthy(boards={"train": board(lstm=0.64)}),
    ),
    "beaten": (forecasts.beaten, healthy(boards={"test": board(lstm=0.64)})),
    "pattern left over": (forecasts.pattern_left, healthy(**told(ACTUAL + REMEMBERING))),
    "uneven misses: with the forecast": (forecasts.uneven_misses, healthy(**told(ACTUAL + GROWING))),
    "uneven misses: in clusters": (forecasts.uneven_misses, healthy(**told(ACTUAL + CLUSTERED))),
    "bias: too low": (bias.bias, healthy(**told(ACTUAL + MISSES - 0.05))),
    "bias: the same miss everywhere but for noise, too high": (
        bias.bias,
        healthy(**told(ACTUAL + MISSES + 9)),
    ),
}

QUIET = {
    "diverged: cancelled": (steps.diverged, healthy(state=curve(HEALTHY_CURVE, final=False))),
    "rate too high: swings a little": (
        steps.rate_too_high,
        healthy(state=curve(swinging(steps.SWING - 0.01))),
    ),
    "rate too high: falls fast": (steps.rate_too_high, healthy(state=curve([0.8**n for n in range(20)]))),
    "rate too high: one jump": (steps.rate_too_high, healthy(state=curve([1, 1, 3, *[1.0] * 15]))),
    "rate too high: too short to tell": (steps.rate_too_high, healthy(state=curve(swinging(0.5, n=7)))),
    "exploding gradient: not that long": (
        steps.exploding_gradient,
        healthy(state=curve([1] * 5, norms=[1, 1, 1, 1, 9.9]), spec=spec(clipnorm=None)),
    ),
    "exploding gradient: never told": (
        steps.exploding_gradient,
        healthy(state=curve([1] * 5, norms=[None, None, None, 1, 1]), spec=spec(clipnorm=None)),
    ),
    "exploding gradient: clipped": (
        steps.exploding_gradient,
        healthy(state=curve([1] * 5, norms=[1, 1, 1, 1, 50]), spec=spec(clipnorm=1.0)),
    ),
    "exploding gradient: shrinks as it should": (
        steps.exploding_gradient,
        healthy(state=curve([1] * 5, norms=[100, 10, 1, 0.1, 0.01]), spec=spec(clipnorm=None)),
    ),
    "vanishing gradient: a little is left": (
        steps.vanishing_gradient,
        healthy(
            state=curve([1, 0.99], norms=[1.01e-4] * 2),
            room=Room(n_windows=300, n_parameters=10_000, n_train_rows=324),
        ),
    ),
    "vanishing gradient: everything is learned": (
        steps.vanishing_gradient,
        healthy(state=curve([1, 1e-9], norms=[1e-9] * 2)),
    ),
    "rate too low: flattens": (
        steps.rate_too_low,
        healthy(state=curve([1 - 0.05 * (1 - 0.7**n) for n in range(20)])),
    ),
    "rate too low: has learned most": (
        steps.rate_too_low,
        healthy(state=curve(list(np.linspace(1, 0.49, 20)))),
    ),
    "overfitting: stands still": (curves.overfitting, healthy()),
    "too few epochs: the last is not the best": (
        curves.too_few_epochs,
        healthy(state=curve([1, 0.5, 0.6]), spec=spec(epochs=3)),
    ),
    "too few epochs: hardly falls": (
        curves.too_few_epochs,
        healthy(state=curve([1, 0.5, 0.496]), spec=spec(epochs=3)),
    ),
    "too few epochs: still trains": (
        curves.too_few_epochs,
        healthy(state=curve([1, 0.7, 0.5], final=False), spec=spec(epochs=3)),
    ),
    "stopped too early: waited long": (
        curves.stopped_too_early,
        healthy(
            state=curve([1, *[0.5 * 0.9**n for n in range(12)]], [1, 0.5, *[0.51] * 11]),
            spec=spec(patience=11),
        ),
    ),
    "stopped too early: had ended by itself": (
        curves.stopped_too_early,
        healthy(state=curve([1, 0.5, 0.49, 0.48], [1, 0.5, 0.51, 0.52]), spec=spec(patience=2)),
    ),
    "dead units: some": (units.dead_units, healthy(units=lazy(9))),
    "dead units: they move": (units.dead_units, healthy(units=lazy(20, dead=0.0043))),
    "saturated gates: half": (units.saturated_gates, healthy(gates=gates(0.5))),
    "unscaled input: small numbers need no scaling": (
        inputs.unscaled_input,
        healthy(inputs=(size(outside=0.11),), spec=spec(scaling="none")),
    ),
    "unscaled input: a column that never changes": (
        inputs.unscaled_input,
        healthy(inputs=(SIZE, size(spread=0.0))),
    ),
    "nothing to learn: the network proves otherwise": (
        inputs.nothing_to_learn,
        healthy(
            past=past(np.cumsum(NOISE), something=False, p_steps=0.3, season=1),
            boards={"test": board(lstm=0.94)},
        ),
    ),
    "nothing to learn: a simple forecast proves otherwise, twice": (
        inputs.nothing_to_learn,
        healthy(
            past=past(np.cumsum(NOISE), something=False, p_steps=0.3, season=1),
            boards={"validation": board(lstm=1.2, linear=0.94), "test": board(lstm=1.2, linear=0.94)},
        ),
    ),
    "window of one: two": (inputs.window_of_one, healthy(spec=spec(length=2))),
    "window too short: reads a whole season": (inputs.window_too_short, healthy(spec=spec(length=12))),
    "too few windows: enough": (
        inputs.too_few_windows,
        healthy(room=Room(n_windows=101, n_parameters=10_000, n_train_rows=125)),
    ),
    "unseen range: a tenth": (inputs.unseen_range, healthy(past=past(unseen=0.1))),
    "constant forecast: it moves": (forecasts.constant_forecast, healthy(**told(STILL + 0.02 * ACTUAL))),
    "constant forecast: so does nothing else": (
        forecasts.constant_forecast,
        healthy(**told(0 * STILL, actual=0 * STILL)),
    ),
    "copy-cat: half of it": (forecasts.copy_cat, healthy(**copying(0.5))),
    "underfitting: about as good": (forecasts.underfitting, healthy(boards={"train": board(lstm=0.62)})),
    "underfitting: the linear knows too few windows by heart": (
        forecasts.underfitting,
        healthy(
            boards={"train": board(lstm=0.64)}, room=Room(n_windows=124, n_parameters=100, n_train_rows=150)
        ),
    ),
    "underfitting: nothing to learn": (
        forecasts.underfitting,
        healthy(boards={"train": board(lstm=1.1)}, past=past(something=False)),
    ),
    "beaten: about as good": (forecasts.beaten, healthy(boards={"test": board(lstm=0.62)})),
    "pattern left over: noise": (forecasts.pattern_left, healthy()),
    "uneven misses: noise": (forecasts.uneven_misses, healthy()),
    "bias: noise": (bias.bias, healthy()),
}


@pytest.mark.parametrize(("rule", "case"), FIRES.values(), ids=FIRES)
def test_it_fires(rule, case):
    finding = rule(case)
    assert finding is not None
    assert finding.rule is rule
    assert finding.sign.seen.endswith(".")
    assert any(digit in finding.sign.seen for digit in "0123456789")
    assert finding.sentence.startswith(f"{rule.name}: ")


@pytest.mark.parametrize(("rule", "case"), QUIET.values(), ids=QUIET)
def test_it_does_not_fire(rule, case):
    assert rule(case) is None


def test_every_rule_is_tested_both_ways():
    both = {rule.key for rule, _ in FIRES.values()}, {rule.key for rule, _ in QUIET.values()}
    assert both == ({rule.key for rule in RULES},) * 2
