"""Every rule on a case that must make it fire, on ones that must not, and close to its thresholds."""

import math
from dataclasses import replace

import numpy as np
import pytest

from lstm_core.diagnostics.learnable import ALPHA
from lstm_core.doctor import bias, curves, forecasts, inputs, steps, units
from lstm_core.doctor.case import GateUse, InputSize, Room, UnitMoves
from lstm_core.doctor.rules import RULES, diagnose
from lstm_core.preparation.transform import TransformSpec
from lstm_core.series.generators import echo
from tests.core.doctor.cases import (
    HEALTHY_CURVE,
    N_TEST,
    SIZE,
    board,
    curve,
    healthy,
    past,
    spec,
    told,
    wave,
)


def swinging(swing, n=20):
    """Losses that go up and down by a share, without ever jumping to twice their lowest."""
    return [1.0 if number % 2 else 1.0 + swing for number in range(n)]


def size(**changes):
    return InputSize(**{name: getattr(SIZE, name) for name in InputSize.__slots__} | changes)


def lazy(n_dead, n=50, dead=0.0):
    return (UnitMoves(layer=1, moves=np.r_[np.full(n_dead, dead), np.linspace(0.2, 1.5, n - n_dead)]),)


def gates(share):
    return tuple(
        GateUse(layer=1, cell="lstm", gate=gate, shut=share / 2, open=share / 2)
        for gate in ("input", "forget", "output")
    )


def copying(weight):
    """A forecast between the last value (1) and the truth (0)."""
    values = wave(100 + N_TEST)
    return told(weight * values[99:-1] + (1 - weight) * values[100:])


ACTUAL = wave(100 + N_TEST)[100:]
STILL = ACTUAL.mean() + 0.0 * ACTUAL
REMEMBERING = np.convolve(np.random.default_rng(1).normal(size=N_TEST + 9), np.ones(10), "valid") / 5
GROWING = np.random.default_rng(2).normal(size=N_TEST) * np.where(ACTUAL.mean() < ACTUAL, 0.5, 0.05)
CLUSTERED = np.random.default_rng(4).normal(size=N_TEST) * np.repeat([0.02, 0.5, 0.02], N_TEST // 3)
NOISE = np.random.default_rng(0).normal(size=200)
MISSES = 0.1 * np.random.default_rng(5).normal(size=N_TEST)
STRAIGHT = list(np.linspace(1.0, 0.95, 20))
HEART = [0.15, 0.12, 0.1, 0.08, 0.05]

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


def test_a_healthy_run_has_nothing():
    found = diagnose(healthy())
    assert found.findings == ()
    assert {rule.key for rule in found.blind} == {"exploding_gradient", "vanishing_gradient"}
    assert {rule.key for rule in (*found.quiet, *found.blind)} == {rule.key for rule in RULES}


def test_the_cause_comes_first():
    ill = healthy(
        spec=spec(scaling="none", epochs=20),
        inputs=(size(outside=0.99, largest=1e6),),
        gates=gates(0.9),
        state=curve(STRAIGHT),
        boards={"train": board(lstm=2.0), "test": board(lstm=2.0)},
        **told(STILL),
    )
    keys = [finding.rule.key for finding in diagnose(ill).findings]
    assert keys[:2] == ["unscaled_input", "constant_forecast"]
    assert {"saturated_gates", "rate_too_low", "underfitting", "beaten"} < set(keys)


def test_without_weights_the_curve_still_speaks():
    failed = healthy(
        state=curve([1, 5, 1e6], failed=True),
        boards={},
        forecasts={},
        lag=None,
        bias=None,
        leftover=None,
        remembers=None,
        uneven=(),
        spread=None,
        gates=(),
        units=(),
    )
    found = diagnose(failed)
    assert [finding.rule.key for finding in found.findings] == ["diverged"]
    assert {rule.family for rule in found.blind} == {"forecast", "units", "curves"}


def test_two_findings_never_ask_for_a_higher_and_a_lower_rate():
    weak = {"train": board(lstm=2.0)}
    calm = forecasts.underfitting(healthy(boards=weak))
    wild = forecasts.underfitting(healthy(boards=weak, state=curve(swinging(0.5, n=20))))
    assert calm is not None
    assert wild is not None
    assert "raise the rate" in calm.sign.advice
    assert "raise the rate" not in wild.sign.advice
    assert "Lower the rate first" in wild.sign.advice


def test_while_the_input_is_unscaled_no_other_experiment_is_offered():
    """A swinging loss may come from numbers that are too large: a lower rate would be the wrong lesson."""
    ill = healthy(
        **(BARE | {"spec": spec(scaling="none", epochs=20)}), state=curve(swinging(0.5, n=20)), **copying(1.0)
    )
    found = {finding.rule.key: finding for finding in diagnose(ill).findings}
    assert {"unscaled_input", "rate_too_high", "copy_cat"} <= set(found)
    assert found["unscaled_input"].waits_for is None
    assert found["rate_too_high"].waits_for is inputs.unscaled_input
    assert found["copy_cat"].waits_for is None  # it tries the scaling itself
    assert found["copy_cat"].sign.experiment.label == "Try standard scaling"
    assert found["copy_cat"].sign.advice.startswith("Scale the input first")


def test_a_forecast_that_never_moves_is_not_said_to_stay_within_nothing():
    found = forecasts.constant_forecast(healthy(**told(STILL)))
    assert found is not None
    assert "within" not in found.sign.seen


def test_where_nothing_can_be_learned_no_experiment_pretends_otherwise():
    ill = healthy(past=past(something=False, p_values=0.5), boards={"test": board(r2=-0.1)}, gates=gates(0.9))
    found = {finding.rule.key: finding for finding in diagnose(ill).findings}
    assert found["saturated_gates"].waits_for is inputs.nothing_to_learn


def test_more_units_are_not_tried_where_another_finding_asks_for_fewer():
    weak = {"boards": {"train": board(lstm=2.0)}}
    crowded = replace(healthy(**weak), room=replace(healthy().room, n_windows=20))
    assert "units" in forecasts.underfitting(healthy(**weak)).sign.experiment.label
    assert inputs.too_few_windows(crowded)
    assert forecasts.underfitting(crowded).sign.experiment is None


def test_a_forecast_that_underfits_and_loses_is_not_told_two_ways():
    weak = healthy(
        boards={"train": board(lstm=2.0), "test": board(lstm=2.0)},
        spec=spec(length=60),
    )
    tried = {rule(weak).sign.experiment.label for rule in (forecasts.underfitting, forecasts.beaten)}
    assert tried == {"Try 100 units"}


def test_a_vanishing_gradient_is_not_told_to_do_what_is_done():
    def advice(**choices):
        norms = [1e-9] * 12
        case = healthy(
            spec=spec(**choices), state=curve([1.0] * 12, norms=norms), room=replace(healthy().room)
        )
        return steps.vanishing_gradient(case).sign.advice

    assert advice(scaling="none").startswith("Bring the input")
    assert advice(activation="relu").startswith("The input is scaled already: use tanh")
    assert advice().startswith("The input is scaled and the activation is tanh")


def test_a_training_that_diverged_is_told_only_what_is_not_done():
    failed = {"state": curve([1, 5, 1e6], failed=True)}
    bare = steps.diverged(healthy(spec=spec(scaling="none", clipnorm=None), **failed)).sign.advice
    done = steps.diverged(healthy(spec=spec(clipnorm=1.0), **failed)).sign.advice
    assert bare.endswith("scale the series, clip the gradient, lower the rate.")
    assert done.endswith("smaller: lower the rate.")


def test_a_quantile_is_not_judged_as_a_forecast_of_the_middle():
    """What fires on a forecast of the middle says nothing of a quantile; of the median it does."""
    ill = healthy(boards={"train": board(lstm=2.0), "test": board(lstm=2.0)}, **copying(1.0))
    middle = {finding.rule.key for finding in diagnose(ill).findings}
    assert {"copy_cat", "underfitting", "beaten"} <= middle
    upper, median = (
        diagnose(replace(ill, spec=spec(loss="pinball", quantile=quantile))) for quantile in (0.9, 0.5)
    )
    judged = {"copy_cat", "underfitting", "beaten", "pattern_left", "uneven_misses", "bias"}
    assert not judged & {finding.rule.key for finding in upper.findings}
    assert judged <= {rule.key for rule in upper.blind}
    assert middle == {finding.rule.key for finding in median.findings}


def test_values_out_of_range_are_answered_by_a_difference_once():
    sick = healthy(past=past(unseen=0.5))
    found = inputs.unseen_range(sick)
    assert found is not None
    assert found.sign.experiment is not None
    assert found.sign.experiment.spec.preparation.transform == TransformSpec(difference=1)
    again = inputs.unseen_range(replace(sick, spec=found.sign.experiment.spec))
    assert again is not None
    assert again.sign.experiment is None
    assert "trend" not in again.sign.advice


BARE = {"inputs": (size(outside=0.99, largest=1e6),), "spec": spec(scaling="none", epochs=3)}


@pytest.mark.parametrize(
    ("rule", "board_of"), [(forecasts.underfitting, "train"), (forecasts.beaten, "test")]
)
def test_input_that_is_too_large_is_scaled_before_anything_else_is_tried(rule, board_of):
    """The last epoch is the best: with scaled input the experiment would be more epochs."""
    weak = {"boards": {board_of: board(lstm=2.0)}, "state": curve([3, 2, 1])}
    scaled = rule(healthy(spec=spec(epochs=3), **weak))
    bare = rule(healthy(**BARE, **weak))
    assert scaled is not None
    assert bare is not None
    assert "epochs" in scaled.sign.experiment.label
    assert bare.sign.experiment.label == "Try standard scaling"
    assert bare.sign.advice.startswith("Scale the input first")
    assert "Scale" not in scaled.sign.advice


def test_saturated_gates_of_a_scaled_input_are_not_told_to_scale_it():
    bare = units.saturated_gates(healthy(gates=gates(0.9), spec=spec(scaling="none")))
    scaled = units.saturated_gates(healthy(gates=gates(0.9)))
    quick = units.saturated_gates(healthy(gates=gates(0.9), spec=spec(learning_rate=0.01)))
    assert bare is not None
    assert scaled is not None
    assert quick is not None
    assert bare.sign.advice.startswith("Scale the input")
    assert scaled.sign.advice.startswith("The input is scaled already: keep the weights small")
    assert quick.sign.advice.startswith("The input is scaled already: take shorter steps")


def test_the_doctor_says_of_the_residuals_what_the_residuals_page_says():
    case = healthy(**told(ACTUAL + REMEMBERING))
    sign = forecasts.pattern_left(case).sign
    assert case.leftover.verdict.sentence == f"{sign.seen} {sign.means} {sign.advice}"
    case = healthy(**told(ACTUAL + GROWING))
    sign = forecasts.uneven_misses(case).sign
    said = {test.verdict.sentence for test in case.uneven}
    assert f"{sign.seen} {sign.means} {sign.advice}" in said


def test_a_logarithm_is_tried_once_and_only_where_there_is_one():
    grown = healthy(**told(ACTUAL + GROWING))
    lifted = ACTUAL + 100
    above = healthy(**told(lifted + GROWING, actual=lifted))
    assert (ACTUAL <= 0).any()
    assert forecasts.uneven_misses(grown).sign.experiment is None
    experiment = forecasts.uneven_misses(above).sign.experiment
    assert experiment.spec.preparation.transform.power == "log"
    again = replace(above, spec=experiment.spec)
    assert forecasts.uneven_misses(again).sign.experiment is None


def test_a_bias_shows_the_mean_miss_in_original_units():
    """Forecasts that lie 9 too high on average, and what chance adds."""
    sign = bias.bias(healthy(**told(ACTUAL + MISSES + 9))).sign
    assert sign.evidence.names == ("test part",)
    assert sign.evidence.values == pytest.approx([-9 - MISSES.mean()])
    assert sign.experiment.spec.preparation.transform.difference == 1
