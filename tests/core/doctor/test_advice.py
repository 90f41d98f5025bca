"""What findings advise, beside each other: causes first, nothing twice, nothing against another."""

from dataclasses import replace

import pytest

from lstm_core.doctor import bias, forecasts, inputs, steps, units
from lstm_core.doctor.rules import RULES, diagnose
from lstm_core.preparation.transform import TransformSpec
from tests.core.doctor.cases import (
    ACTUAL,
    GROWING,
    MISSES,
    REMEMBERING,
    STILL,
    STRAIGHT,
    board,
    copying,
    curve,
    gates,
    healthy,
    past,
    size,
    spec,
    swinging,
    told,
)


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


def test_a_forecast_that_never_moves_is_not_said_to_stay_within_nothing():
    found = forecasts.constant_forecast(healthy(**told(STILL)))
    assert found is not None
    assert "within" not in found.sign.seen


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


def test_where_nothing_can_be_learned_no_experiment_pretends_otherwise():
    ill = healthy(past=past(something=False, p_values=0.5), boards={"test": board(r2=-0.1)}, gates=gates(0.9))
    found = {finding.rule.key: finding for finding in diagnose(ill).findings}
    assert found["saturated_gates"].waits_for is inputs.nothing_to_learn


def test_where_nothing_can_be_learned_advice_without_an_experiment_waits_as_well():
    """Longer windows and more epochs would find nothing in noise either."""
    few = replace(healthy().room, n_windows=20)  # another finding asks for fewer units: no experiment is left
    noise = {"past": past(something=False, p_values=0.5), "boards": {"test": board(r2=-0.1)}}
    ill = replace(healthy(**noise, **told(ACTUAL + REMEMBERING)), room=few)
    found = {finding.rule.key: finding for finding in diagnose(ill).findings}
    assert found["pattern_left"].sign.experiment is None
    assert found["pattern_left"].waits_for is inputs.nothing_to_learn
    assert found["nothing_to_learn"].waits_for is None


def test_a_bias_waits_while_the_network_has_hardly_left_its_start():
    beside = told(ACTUAL + MISSES + 9)
    slow = {
        finding.rule.key: finding for finding in diagnose(healthy(state=curve(STRAIGHT), **beside)).findings
    }
    assert slow["bias"].waits_for is steps.rate_too_low
    assert slow["rate_too_low"].waits_for is None
    learned = {finding.rule.key: finding for finding in diagnose(healthy(**beside)).findings}
    assert learned["bias"].waits_for is None
