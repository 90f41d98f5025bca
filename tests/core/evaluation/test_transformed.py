"""Every number in original units of a network that forecasts a transformed target, against long ways round."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.doctor.opening import input_sizes, look_back
from lstm_core.errors import PreparationError
from lstm_core.evaluation.baselines import linear_ar, naive
from lstm_core.evaluation.explanation.nudging import lags_that_count
from lstm_core.evaluation.explanation.sensitivity import Perturbation, sensitivity, step_effects, train_spread
from lstm_core.evaluation.forecast import forecast
from lstm_core.evaluation.replay import look_at, pull
from lstm_core.evaluation.scores import mae_by_step, naive_error, score
from lstm_core.preparation.saturation import gate_histogram
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, Prepared, WindowSpec, prepare
from lstm_core.recipe import transform as recipe
from lstm_core.series.record import Series
from lstm_core.training.example import example, in_original_units

LENGTH, HORIZON = 5, 3
WEIGHTS = np.random.default_rng(2).normal(scale=0.3, size=(LENGTH, 2, HORIZON))
TRANSFORMS = [
    TransformSpec(power="log"),
    TransformSpec(difference=1),
    TransformSpec(seasonal_lag=2),
    TransformSpec(seasonal_lag=7),
    TransformSpec(power="box-cox", difference=1, seasonal_lag=7),
]


def prepared_of(transform: TransformSpec, *, n_rows: int = 150) -> Prepared:
    rng = np.random.default_rng(3)
    rows = np.arange(n_rows)
    values = (40 + 0.2 * rows + 6 * np.sin(2 * np.pi * rows / 7)) * np.exp(
        rng.normal(scale=0.03, size=n_rows)
    )
    series = Series(
        values=np.column_stack([values, rng.normal(size=n_rows)]),
        index=pd.RangeIndex(n_rows),
        columns=("y", "x"),
        name="made",
    )
    spec = PreparationSpec(
        target="y",
        features=("x",),
        transform=transform,
        window=WindowSpec(length=LENGTH, horizon=HORIZON),
    )
    return prepare(series, spec)


def network(inputs):
    """Something that is not linear, so that nudges up and down differ."""
    return np.tanh(np.einsum("swf,wfh->sh", inputs.astype(np.float64), WEIGHTS))


def told_by_hand(prepared: Prepared, values: np.ndarray, origin: int) -> np.ndarray:
    """Forecast from one origin on a table of values, with plain loops over rows and all that was learned before."""
    spec, fitted, scaler = prepared.spec.transform, prepared.transform, prepared.scaler
    column = values[:origin, 0]
    if fitted.exponent is not None:
        scaled = column / fitted.size
        column = np.log(scaled) if fitted.exponent == 0 else (scaled**fitted.exponent - 1) / fitted.exponent
    stages = []
    for lag in spec.lags:
        stages.append(list(column))
        column = np.r_[[np.nan] * lag, column[lag:] - column[:-lag]]
    window = np.column_stack([column, values[:origin, 1]])[-LENGTH:]
    said = network(((window - scaler.centre) / scaler.spread)[None].astype(np.float32))[0]
    told = list(said * scaler.spread[0] + scaler.centre[0])
    for lag, stage in zip(spec.lags[::-1], stages[::-1], strict=True):
        for step in range(HORIZON):
            stage.append(stage[-lag] + told[step])
        told = stage[-HORIZON:]
    told = np.array(told)
    if fitted.exponent is None:
        return told
    if fitted.exponent == 0:
        return fitted.size * np.exp(told)
    return fitted.size * (1 + fitted.exponent * told) ** (1 / fitted.exponent)


@pytest.fixture(params=TRANSFORMS, ids=lambda spec: spec.brief)
def prepared(request) -> Prepared:
    return prepared_of(request.param)


def test_a_forecast_is_what_a_loop_over_rows_says(prepared):
    made = forecast(network, prepared, part="test", label="made")
    for sample in (0, 7, len(made) - 1):
        by_hand = told_by_hand(prepared, prepared.values, int(made.origins[sample]))
        np.testing.assert_allclose(made.predicted[sample], by_hand, rtol=1e-6)
    rows = made.origins[:, None] + np.arange(HORIZON)
    np.testing.assert_array_equal(made.actual, prepared.values[rows, 0])


@pytest.mark.parametrize("step", [1, 3, None])
def test_effects_are_those_of_nudging_the_series_itself(prepared, step):
    sizes = np.array([1.5, 0.8])
    found = step_effects(network, prepared.test, sizes=sizes, prepared=prepared, step=step)
    reach = prepared.spec.reach
    assert found.up.shape == (reach, 2, len(prepared.test))
    chosen = slice(None) if step is None else slice(step - 1, step)
    for sample in (0, 9):
        origin = int(prepared.test.origins[sample])
        before = told_by_hand(prepared, prepared.values, origin)[chosen].mean()
        for lag in range(1, reach + 1):
            for column in (0, 1):
                for sign, effects in ((1, found.up), (-1, found.down)):
                    nudged = prepared.values.copy()
                    nudged[origin - lag, column] += sign * sizes[column]
                    by_hand = told_by_hand(prepared, nudged, origin)[chosen].mean() - before
                    assert effects[reach - lag, column, sample] == pytest.approx(by_hand, abs=5e-5)


def test_further_inputs_before_the_window_move_nothing(prepared):
    found = step_effects(network, prepared.test, sizes=np.array([1.5, 0.8]), prepared=prepared)
    assert not found.up[: prepared.spec.transform.n_lost, 1].any()
    assert found.up[prepared.spec.transform.n_lost :, 1].any()


def test_steps_that_no_difference_needs_move_nothing():
    prepared = prepared_of(TransformSpec(seasonal_lag=12))
    assert lags_that_count(prepared.spec) == {*range(1, 6), *range(13, 18), 12, 11, 10}
    found = step_effects(network, prepared.test, sizes=np.array([1.5, 0.8]), prepared=prepared, step=2)
    moved = np.flatnonzero(np.abs(found.up[::-1, 0]).max(axis=1)) + 1
    assert set(moved) == {*range(1, 6), *range(13, 18), 11}  # step 2 is added to the value of 11 rows before
    assert lags_that_count(prepared_of(TransformSpec()).spec) == set(range(1, 6))


def test_the_naive_part_of_a_network_that_forecasts_steps_shows():
    prepared = prepared_of(TransformSpec(difference=1))
    found = step_effects(
        lambda inputs: np.zeros((len(inputs), HORIZON)),
        prepared.test,
        sizes=np.array([2.0, 1.0]),
        prepared=prepared,
    )
    np.testing.assert_allclose(found.up[-1, 0], 2.0, rtol=1e-12)
    assert not found.up[:-1].any()


@pytest.mark.parametrize("batch", [1, 7, 10_000])
def test_batches_of_nudged_values_change_nothing(prepared, monkeypatch, batch):
    sizes = np.array([1.5, 0.8])
    whole = step_effects(network, prepared.test, sizes=sizes, prepared=prepared)
    monkeypatch.setattr("lstm_core.evaluation.explanation.nudging.BATCH_WINDOWS", batch)
    parts = step_effects(network, prepared.test, sizes=sizes, prepared=prepared)
    np.testing.assert_allclose(parts.up, whole.up, atol=1e-6)


def test_a_nudge_is_as_large_as_the_changes_that_the_network_reads():
    rows = np.arange(100.0)
    walk = prepared_of(TransformSpec(power="log", difference=1, seasonal_lag=7))
    train = walk.values[: walk.split.train.stop]
    changes = np.diff(train[7:, 0] - train[:-7, 0])
    np.testing.assert_allclose(train_spread(walk), [changes.std(), train[:, 1].std()], rtol=1e-12)
    level = prepared_of(TransformSpec(power="log"))
    np.testing.assert_array_equal(train_spread(level), level.values[: level.split.train.stop].std(axis=0))
    series = Series(
        values=(0.1 * rows + 7)[:, None], index=pd.RangeIndex(len(rows)), columns=("y",), name="line"
    )
    line = prepare(series, PreparationSpec(target="y", transform=TransformSpec(difference=1)))
    assert train_spread(line)[0] == line.values[: line.split.train.stop, 0].std()


def test_a_nudge_below_zero_ends_at_the_lowest_train_value():
    prepared = prepared_of(TransformSpec(power="log"))
    lowest = prepared.values[: prepared.split.train.stop, 0].min()
    nudge = Perturbation(size=-1e3, feature=0, lags=(2,))
    found = sensitivity(network, prepared.test, [nudge], prepared=prepared)
    origin = int(prepared.test.origins[4])
    nudged = prepared.values.copy()
    nudged[origin - 2, 0] = lowest
    by_hand = told_by_hand(prepared, nudged, origin)[0] - told_by_hand(prepared, prepared.values, origin)[0]
    assert found.effect[0, 4] == pytest.approx(by_hand, abs=5e-5)


def test_b127_absurd_nudges_and_steps_are_refused(prepared):
    with pytest.raises(PreparationError, match="far larger"):
        sensitivity(network, prepared.test, [Perturbation(size=1e9, feature=0, lags=(1,))], prepared=prepared)
    beyond = Perturbation(size=1.0, feature=0, lags=(prepared.spec.reach + 1,))
    with pytest.raises(PreparationError, match="outside the window"):
        sensitivity(network, prepared.test, [beyond], prepared=prepared)


def test_the_time_machine_and_the_example_tell_the_forecast(prepared):
    made = forecast(network, prepared, part="validation", label="made")
    moment = look_at(network, prepared, "validation")
    assert moment.mae == pytest.approx(score(made, naive_error=1.0).mae, rel=1e-12)
    shown = example(prepared)
    told = in_original_units(prepared, shown, network(shown.inputs))
    places = np.searchsorted(made.origins, shown.origins)
    np.testing.assert_allclose(told, made.predicted[places].ravel(), rtol=1e-12)


def test_the_pull_of_the_time_machine_is_the_effect_of_the_sensitivity_page(prepared):
    sizes = train_spread(prepared)
    effects = step_effects(network, prepared.test, sizes=sizes, prepared=prepared, step=2)
    lags = tuple(range(prepared.spec.reach, 0, -1))
    np.testing.assert_allclose(
        pull(network, prepared, 3, lags, step=2), effects.up[:, 0, 3], rtol=1e-6, atol=1e-6
    )


def test_baselines_and_scores_stay_in_original_units(prepared):
    plain = prepared_of(TransformSpec())
    for part in ("validation", "test"):
        np.testing.assert_array_equal(naive(prepared, part).predicted, naive(plain, part).predicted)
    assert naive_error(prepared) == naive_error(plain)
    made = linear_ar(prepared, "test")
    assert (mae_by_step(made) < 30).all()
    assert made.predicted.shape == made.actual.shape


def test_the_doctor_and_the_gates_see_what_the_network_reads():
    prepared = prepared_of(TransformSpec(power="log", difference=1))
    (size, _) = input_sizes(prepared)
    assert size.spread == pytest.approx(1)
    steps = np.diff(np.log(prepared.values[:, 0]))
    train, test = steps[: prepared.split.train.stop - 1], steps[prepared.split.test.start - 1 :]
    assert look_back(prepared).unseen == ((test < train.min()) | (test > train.max())).mean()
    assert look_back(prepared).unseen < 0.1 < look_back(prepared_of(TransformSpec())).unseen
    gates = gate_histogram(prepared)
    assert gates.scaled.sum() == pytest.approx(1)
    assert gates.raw_saturated == 1.0
    assert gates.scaled_saturated < 0.1


def test_a_forecast_of_an_early_epoch_may_be_infinite_and_warns_nobody():
    prepared = prepared_of(TransformSpec(power="log", difference=1))
    told = prepared.to_original(np.full((2, HORIZON), 1e6), prepared.test.origins[:2])
    assert np.isinf(told).all()


def test_undoing_differences_needs_only_what_is_known():
    with pytest.raises(ValueError, match="zip"):
        recipe.undo_transform(np.zeros((1, 2)), [], None, 1.0, [1])
