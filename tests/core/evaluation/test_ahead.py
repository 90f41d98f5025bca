"""Closed loop: powers of the companion matrix, a loop by hand, and the plain forecast up to the horizon."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.errors import PreparationError, RunError
from lstm_core.evaluation.ahead.recursion import beside_truth, count_needed, forecast_ahead, origins_in
from lstm_core.evaluation.baselines import fit_linear
from lstm_core.evaluation.forecast import forecast
from lstm_core.preparation.histories import histories
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, Prepared, prepare
from lstm_core.series.record import Series

RNG = np.random.default_rng(4)
COEFFICIENTS = np.array([0.1, -0.3, 0.2, 0.9])  # oldest step first


def ready(*, horizon: int = 1, transform: TransformSpec | None = None, others: int = 0) -> Prepared:
    values = np.exp(np.random.default_rng(1).normal(size=(160, 1 + others)).cumsum(axis=0) / 12) + 1
    columns = ("target", *(f"x{number}" for number in range(others)))
    series = Series(values=values, index=pd.RangeIndex(160), columns=columns, name="walk")
    chosen = {
        "target": "target",
        "features": columns[1:],
        "transform": transform or TransformSpec(),
        "window": {"length": 6, "horizon": horizon},
    }
    return prepare(series, PreparationSpec.model_validate(chosen))


def companion(coefficients: np.ndarray) -> np.ndarray:
    """One step of an autoregression on its window, newest value first."""
    order = len(coefficients)
    matrix = np.eye(order, k=-1)
    matrix[0] = coefficients[::-1]
    return matrix


def test_a_linear_loop_is_a_power_of_the_companion_matrix(make_prepared):
    prepared = make_prepared(RNG.normal(size=90), length=4, kind="none")
    known = histories(prepared, np.array([40, 90]))
    told = forecast_ahead(lambda inputs: inputs[:, :, 0] @ COEFFICIENTS[:, None], prepared, known, 25)
    for sample, window in enumerate(known[:, :, 0]):
        state = window[::-1]
        for step in range(25):
            closed = np.linalg.matrix_power(companion(COEFFICIENTS), step + 1) @ state
            assert told[sample, step] == pytest.approx(closed[0], rel=1e-4, abs=1e-6)


def test_blocks_of_a_horizon_are_powers_too(make_prepared):
    """A network with two steps, each exact for the autoregression, goes the same way whatever is fed back."""
    prepared = make_prepared(RNG.normal(size=90), length=4, horizon=2, kind="none")
    one = companion(COEFFICIENTS)
    rows = np.stack([one[0, ::-1], (one @ one)[0, ::-1]], axis=1)
    known = histories(prepared, np.array([50]))
    by_blocks, by_steps = (
        forecast_ahead(lambda inputs: inputs[:, :, 0] @ rows, prepared, known, 11, fed_back=fed_back)
        for fed_back in (None, 1)
    )
    np.testing.assert_allclose(by_blocks, by_steps, rtol=1e-4, atol=1e-6)
    closed = np.linalg.matrix_power(one, 11) @ known[0, ::-1, 0]
    assert by_blocks[0, -1] == pytest.approx(closed[0], rel=1e-4, abs=1e-6)


TRANSFORMS = st.builds(
    TransformSpec,
    power=st.sampled_from(["none", "log", "box-cox"]),
    difference=st.sampled_from([0, 1]),
    seasonal_lag=st.sampled_from([None, 5]),
)


@settings(max_examples=20)
@given(TRANSFORMS, st.integers(1, 4))
def test_up_to_the_horizon_it_is_the_plain_forecast_to_the_last_bit(transform, horizon):
    prepared = ready(horizon=horizon, transform=transform, others=1)
    predict = fit_linear(prepared)
    plain = forecast(predict, prepared, part="test", label="AR")
    told = forecast_ahead(predict, prepared, histories(prepared, prepared.test.origins), horizon)
    np.testing.assert_array_equal(told, plain.predicted)


@settings(max_examples=20)
@given(TRANSFORMS, st.integers(1, 3), st.booleans())
def test_further_on_it_is_a_loop_by_hand(transform, horizon, step_by_step):
    """Append to the series what was forecast, prepare nothing anew, and forecast again."""
    prepared = ready(horizon=horizon, transform=transform, others=1)
    predict, reach, steps = fit_linear(prepared), prepared.spec.reach, 8
    fed_back = 1 if step_by_step else None
    coming = prepared.values[130 : 130 + steps, 1:]
    told = forecast_ahead(
        predict, prepared, histories(prepared, np.array([130])), steps, further=coming, fed_back=fed_back
    )
    rows, block = prepared.values[:130], fed_back or horizon
    while len(rows) < 130 + steps:
        alone = forecast_ahead(predict, prepared, rows[None, -reach:], horizon)[0, :block]
        inputs = np.resize(coming[len(rows) - 130 : len(rows) - 130 + block, 0], block)
        rows = np.vstack([rows, np.column_stack([alone, inputs])])
    np.testing.assert_allclose(told[0], rows[130 : 130 + steps, 0], rtol=1e-6)


def test_one_future_for_all_or_one_for_each():
    prepared = ready(others=2)
    predict, known = fit_linear(prepared), histories(prepared, np.array([100, 120]))
    coming = RNG.normal(size=(2, 7, 2))
    each = forecast_ahead(predict, prepared, known, 8, further=coming)
    for sample in range(2):
        same = forecast_ahead(predict, prepared, known[sample : sample + 1], 8, further=coming[sample])
        np.testing.assert_allclose(each[sample], same[0], rtol=1e-6)
    assert not np.allclose(each, forecast_ahead(predict, prepared, known, 8, further=coming[0])[1])


@pytest.mark.parametrize(
    ("horizon", "fed_back", "steps", "needed"),
    [(1, None, 1, 0), (3, None, 3, 0), (3, None, 4, 3), (3, 1, 3, 2)],
)
def test_how_many_rows_of_further_inputs_are_read(horizon, fed_back, steps, needed):
    prepared = ready(horizon=horizon, others=1)
    assert count_needed(prepared, steps, fed_back=fed_back) == needed
    known = histories(prepared, np.array([100]))
    if needed:
        with pytest.raises(PreparationError, match="not known"):
            forecast_ahead(fit_linear(prepared), prepared, known, steps, fed_back=fed_back)
        wrong = np.full((needed, 1), np.nan)
        with pytest.raises(PreparationError, match="without a number"):
            forecast_ahead(fit_linear(prepared), prepared, known, steps, further=wrong, fed_back=fed_back)
    given_rows = np.zeros((needed, 1))
    told = forecast_ahead(fit_linear(prepared), prepared, known, steps, further=given_rows, fed_back=fed_back)
    assert told.shape == (1, steps)


def test_more_than_the_horizon_cannot_be_fed_back():
    prepared = ready(horizon=2)
    with pytest.raises(PreparationError, match="fed back"):
        count_needed(prepared, 5, fed_back=3)
    with pytest.raises(PreparationError, match="at least one step"):
        count_needed(prepared, 0)


def test_a_loop_that_explodes_says_so(make_prepared):
    prepared = make_prepared(RNG.normal(size=60), kind="none")
    with pytest.raises(RunError, match="beyond any number"):
        forecast_ahead(
            lambda inputs: inputs[:, -1:, 0] * np.float32(1e12),
            prepared,
            histories(prepared, np.array([50])),
            40,
        )


def test_a_loop_that_falls_to_zero_says_so_where_it_has_no_power():
    prepared = ready(transform=TransformSpec(power="box-cox"))
    low = -1e6 * np.ones((1, 1), np.float32)
    with pytest.raises(RunError, match="falls to 0 after 0 steps"):
        forecast_ahead(lambda inputs: low, prepared, histories(prepared, np.array([150])), 2)


def test_origins_keep_every_step_inside_the_part(make_prepared):
    prepared = make_prepared(RNG.normal(size=200), length=5)
    rows = prepared.split.test
    starts = origins_in(prepared, "test", 7, most=1000)
    assert starts.every == 1
    assert (starts.rows[0], starts.rows[-1] + 7) == (rows.start, rows.stop)
    fewer = origins_in(prepared, "test", 7, most=9)
    assert len(fewer.rows) <= 9
    assert set(np.diff(fewer.rows)) == {fewer.every}
    with pytest.raises(PreparationError, match="does not fit"):
        origins_in(prepared, "test", len(rows) + 1, most=9)


def test_truth_of_the_same_rows_stands_beside(make_prepared):
    prepared = make_prepared(np.arange(100.0), length=5)
    made = beside_truth(prepared, "test", np.array([85, 90]), np.zeros((2, 3)), "none")
    assert made.actual.tolist() == [[85, 86, 87], [90, 91, 92]]
