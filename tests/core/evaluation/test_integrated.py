"""Integrated gradients: closed forms, sums that must hold in original units, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.errors import PreparationError
from lstm_core.evaluation.explanation import integrated
from lstm_core.evaluation.explanation.integrated import (
    baseline_of,
    gradient_times_input,
    integrated_gradients,
)
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.trained import TrainedNetwork
from lstm_core.network.weights import CellWeights, DenseWeights, LayerWeights, Weights
from lstm_core.preparation.histories import from_outputs, histories, to_inputs
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, Prepared, WindowSpec, prepare
from lstm_core.series.record import Series
from tests.core.network.drawn import draw_weights


def prepared_of(*, length: int = 6, horizon: int = 2, transform: TransformSpec | None = None) -> Prepared:
    rng = np.random.default_rng(3)
    values = np.abs(60 + rng.normal(size=(200, 2)).cumsum(axis=0) * [3, 0.2]) + 1
    series = Series(values=values, index=pd.RangeIndex(200), columns=("y", "x"), name="drawn")
    return prepare(
        series,
        PreparationSpec(
            target="y",
            features=("x",),
            window=WindowSpec(length=length, horizon=horizon),
            transform=transform or TransformSpec(),
        ),
    )


def one_unit(recurrent: float, bias: float) -> TrainedNetwork:
    """h = relu(0.5 y - 0.25 x + recurrent h + bias), forecast 2 h: a straight line as long as h stays above 0."""
    cell = CellWeights(
        kernel=np.array([[0.5], [-0.25]]), recurrent=np.array([[recurrent]]), bias=np.array([bias])
    )
    head = DenseWeights(kernel=np.array([[2.0]]), bias=np.array([-1.0]))
    spec = NetworkSpec(layers=(LayerSpec(cell="rnn", units=1, activation="relu"),))
    return TrainedNetwork(spec, Weights(layers=(LayerWeights(forward=cell),), head=head))


@pytest.mark.parametrize("kind", ["mean", "window", "zero"])
def test_a_straight_line_has_weight_times_distance(kind):
    prepared, network = prepared_of(horizon=1), one_unit(0.8, 100.0)
    known = histories(prepared, prepared.test.origins[:5])
    start = baseline_of(prepared, known, kind)
    spread = prepared.scaler.spread
    weight = 2 * 0.8 ** np.arange(5, -1, -1)[:, None] * np.array([0.5, -0.25]) * spread[0] / spread
    for explain in (gradient_times_input, integrated_gradients):
        found = explain(network, network.gradient, prepared, known, start=start, step=1)
        np.testing.assert_allclose(found.values, weight * (known - start), rtol=1e-4, atol=1e-4)
        assert found.is_complete.all()
    assert (found.n_points == integrated.FEWEST_POINTS).all()
    np.testing.assert_allclose(found.gap, 0, atol=2e-3)


def test_baselines_by_hand():
    prepared = prepared_of()
    known = histories(prepared, prepared.test.origins[:3])
    assert not baseline_of(prepared, known, "zero").any()
    np.testing.assert_allclose(
        baseline_of(prepared, known, "window")[1], np.tile(known[1].mean(axis=0), (6, 1))
    )
    train = prepared.values[: prepared.split.train.stop].mean(axis=0)
    np.testing.assert_allclose(baseline_of(prepared, known, "mean")[2], np.tile(train, (6, 1)))


@pytest.mark.parametrize(
    "transform",
    [
        TransformSpec(),
        TransformSpec(power="log"),
        TransformSpec(power="box-cox", difference=1),
        TransformSpec(difference=1, seasonal_lag=7),
        TransformSpec(power="log", difference=1, seasonal_lag=3),
    ],
    ids=lambda transform: transform.brief or "none",
)
@pytest.mark.parametrize("step", [1, 2, None])
def test_the_sum_is_the_distance_of_the_forecasts_in_original_units(transform, step):
    prepared = prepared_of(transform=transform)
    spec = NetworkSpec(layers=(LayerSpec(units=5), LayerSpec(cell="gru", units=4, bidirectional=True)))
    network = TrainedNetwork(spec, draw_weights(spec, n_features=2, horizon=2, scale=1.5))
    known = histories(prepared, prepared.test.origins[:12])
    start = baseline_of(prepared, known, "mean")
    found = integrated_gradients(network, network.gradient, prepared, known, start=start, step=step)

    def told(values: np.ndarray) -> np.ndarray:
        original = from_outputs(prepared, network(to_inputs(prepared, values)), values)
        return original.mean(axis=1) if step is None else original[:, step - 1]

    np.testing.assert_allclose(found.distance, told(known) - told(start), atol=1e-9)
    assert found.is_complete.all()
    assert np.abs(found.gap).max() <= 0.01 * np.abs(found.distance).max() + found.rounding
    assert np.abs(found.distance).max() > 1


def test_a_bend_on_the_way_needs_the_whole_way():
    """relu stands still at the window and grows at the baseline: one slope says nothing, the way says all."""
    prepared, network = prepared_of(length=1, horizon=1), one_unit(0.0, 0.0)
    known = histories(prepared, prepared.test.origins[:1])
    known[0, 0] = prepared.scaler.centre - [4 * prepared.scaler.spread[0], 0]
    start = known.copy()
    start[:, :, 0] = prepared.scaler.centre[0] + 3 * prepared.scaler.spread[0]
    once = gradient_times_input(network, network.gradient, prepared, known, start=start, step=1)
    assert not once.values.any()
    assert not once.is_complete.any()
    found = integrated_gradients(network, network.gradient, prepared, known, start=start, step=1)
    assert found.is_complete.all()
    np.testing.assert_allclose(found.values[0, 0, 0], found.distance[0], rtol=0.01)


def test_a_sum_that_does_not_hold_says_so_and_took_most_points(monkeypatch):
    monkeypatch.setattr(integrated, "FEWEST_POINTS", 1)
    monkeypatch.setattr(integrated, "MOST_POINTS", 2)
    prepared = prepared_of()
    spec = NetworkSpec(layers=(LayerSpec(units=8),))
    network = TrainedNetwork(spec, draw_weights(spec, n_features=2, horizon=2, scale=5))
    known = histories(prepared, prepared.test.origins[:20])
    found = integrated_gradients(
        network, network.gradient, prepared, known, start=baseline_of(prepared, known, "mean"), step=1
    )
    assert not found.is_complete.all()
    assert (found.n_points[~found.is_complete] == 2).all()


def test_what_the_network_does_not_read_has_no_share():
    prepared = prepared_of(horizon=1)
    spec = NetworkSpec(layers=(LayerSpec(units=3),))
    arrays = draw_weights(spec, n_features=2, horizon=1).to_arrays()
    arrays["layers.0.kernel"] = arrays["layers.0.kernel"] * np.array([[1], [0]])
    network = TrainedNetwork(spec, Weights.from_arrays(arrays))
    known = histories(prepared, prepared.test.origins[:3])
    start = baseline_of(prepared, known, "mean")
    found = integrated_gradients(network, network.gradient, prepared, known, start=start, step=1)
    assert not found.values[:, :, 1].any()
    assert found.values[:, :, 0].all()


def test_many_windows_are_explained_as_each_alone(monkeypatch):
    monkeypatch.setattr(integrated, "BATCH_WINDOWS", 50)
    prepared = prepared_of()
    spec = NetworkSpec(layers=(LayerSpec(units=5),))
    network = TrainedNetwork(spec, draw_weights(spec, n_features=2, horizon=2, scale=2))
    known = histories(prepared, prepared.test.origins)
    start = baseline_of(prepared, known, "window")
    for explain in (gradient_times_input, integrated_gradients):
        found = explain(network, network.gradient, prepared, known, start=start, step=2)
        for sample in (0, 7, len(known) - 1):
            one = slice(sample, sample + 1)
            alone = explain(network, network.gradient, prepared, known[one], start=start[one], step=2)
            np.testing.assert_allclose(found.values[one], alone.values, atol=1e-4)


def test_refusals():
    prepared, network = prepared_of(horizon=1), one_unit(0.1, 0.1)
    logs = prepared_of(transform=TransformSpec(power="log"))
    known = histories(logs, logs.test.origins[:2])
    with pytest.raises(PreparationError, match="which has no value at 0"):
        baseline_of(logs, known, "zero")
    for explain in (gradient_times_input, integrated_gradients):
        with pytest.raises(ValueError, match=r"step 2 is outside 1\.\.1"):
            explain(network, network.gradient, prepared, known, start=known, step=2)


def test_the_mean_of_a_window_leaves_out_the_rows_that_only_differences_need():
    prepared = prepared_of(transform=TransformSpec(difference=1, seasonal_lag=7))
    known = histories(prepared, prepared.test.origins[:3])
    assert known.shape[1] > 6
    np.testing.assert_allclose(
        baseline_of(prepared, known, "window")[1],
        np.tile(known[1, -6:].mean(axis=0), (known.shape[1], 1)),
    )
