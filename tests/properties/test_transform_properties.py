"""What holds for every transform: the inverse is exact, and nothing later is needed or learned from."""

import numpy as np
import pandas as pd
from hypothesis import assume, given
from hypothesis import strategies as st

from lstm_core.errors import PreparationError
from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.split import PARTS, SplitSpec
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, Prepared, WindowSpec, count_train_windows, prepare
from lstm_core.recipe import prepare as recipe
from lstm_core.series.record import Series

TRANSFORMS = st.builds(
    TransformSpec,
    power=st.sampled_from(["none", "log", "box-cox"]),
    difference=st.sampled_from([0, 1]),
    seasonal_lag=st.sampled_from([None, 2, 5, 12]),
)
SPECS = st.builds(
    PreparationSpec,
    target=st.just("a"),
    features=st.sampled_from([(), ("b",)]),
    split=st.builds(SplitSpec, gap=st.integers(0, 4)),
    transform=TRANSFORMS,
    scaling=st.builds(ScalingSpec, kind=st.sampled_from(["none", "minmax", "standard", "robust"])),
    window=st.builds(
        WindowSpec, length=st.integers(1, 15), horizon=st.integers(1, 8), stride=st.integers(1, 3)
    ),
)


def table(values: np.ndarray) -> Series:
    return Series(values=values, index=pd.RangeIndex(len(values)), columns=("a", "b"), name="t")


def positive(n_rows: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    walk = np.exp(rng.normal(scale=0.2, size=(n_rows, 2)).cumsum(axis=0))
    return 10.0 ** rng.integers(-6, 7) * walk


def prepared_or_skip(values: np.ndarray, spec: PreparationSpec) -> Prepared:
    try:
        return prepare(table(values), spec)
    except PreparationError:
        assume(False)
        raise


@given(SPECS, st.integers(60, 160), st.integers(0, 500))
def test_the_inverse_of_the_true_targets_is_the_truth(spec, n_rows, seed):
    values = positive(n_rows, seed)
    prepared = prepared_or_skip(values, spec)
    numbers = {
        "centre": prepared.scaler.centre,
        "spread": prepared.scaler.spread,
        **prepared.transform.numbers,
    }
    exact = (prepared.table[:, 0] - prepared.scaler.centre[0]) / prepared.scaler.spread[0]
    for part in PARTS:
        windows = prepared.part(part)
        rows = windows.origins[:, None] + np.arange(spec.window.horizon)
        back = recipe.to_original(exact[rows], windows.origins, numbers)
        np.testing.assert_allclose(back, values[rows, 0], rtol=1e-9)
        np.testing.assert_allclose(windows.targets, exact[rows], rtol=1e-6, atol=1e-12)


@given(SPECS, st.integers(60, 160), st.integers(0, 500))
def test_no_window_holds_a_row_without_a_difference_and_all_others_are_there(spec, n_rows, seed):
    prepared = prepared_or_skip(positive(n_rows, seed), spec)
    for part in PARTS:
        assert np.isfinite(prepared.part(part).inputs).all()
        assert np.isfinite(prepared.part(part).targets).all()
        assert (prepared.part(part).origins >= spec.reach).all()
    assert prepared.train.origins[0] == spec.reach
    assert len(prepared.train) == count_train_windows(prepared.split, spec)


@given(SPECS, st.integers(60, 160), st.integers(0, 500), st.randoms(use_true_random=False))
def test_b113_no_value_after_the_split_changes_what_is_learned_or_a_train_window(spec, n_rows, seed, random):
    values = positive(n_rows, seed)
    before = prepared_or_skip(values, spec)
    changed = values.copy()
    for _ in range(random.randint(1, 5)):
        row = random.randrange(before.split.train.stop, n_rows)
        changed[row] *= random.uniform(0.1, 10)
    after = prepare(table(changed), spec)
    assert (before.transform.exponent, before.transform.size) == (
        after.transform.exponent,
        after.transform.size,
    )
    for name in ("centre", "spread"):
        assert getattr(before.scaler, name).tobytes() == getattr(after.scaler, name).tobytes()
    for name in ("inputs", "targets", "origins"):
        assert getattr(before.train, name).tobytes() == getattr(after.train, name).tobytes()


@given(SPECS, st.integers(60, 160), st.integers(0, 500), st.integers(0, 1000))
def test_a_forecast_needs_nothing_from_its_origin_on(spec, n_rows, seed, place):
    values = positive(n_rows, seed)
    before = prepared_or_skip(values, spec)
    sample = place % len(before.test)
    origin = int(before.test.origins[sample])
    changed = values.copy()
    changed[origin:] *= np.random.default_rng(seed).uniform(0.1, 10, size=changed[origin:].shape)
    after = prepare(table(changed), spec)
    assert before.test.inputs[sample].tobytes() == after.test.inputs[sample].tobytes()
    said = np.random.default_rng(place).normal(size=(1, spec.window.horizon))
    origins = before.test.origins[sample : sample + 1]
    assert before.to_original(said, origins).tobytes() == after.to_original(said, origins).tobytes()
