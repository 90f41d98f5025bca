"""What holds for every preparation: nothing later than a part's rows ever reaches that part."""

import numpy as np
import pandas as pd
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lstm_core.errors import PreparationError
from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.split import PARTS, SplitSpec
from lstm_core.preparation.windows import (
    PreparationSpec,
    Prepared,
    WindowSpec,
    count_windows,
    prepare,
)
from lstm_core.recipe.prepare import fit_scaling, frame_windows, scale, unscale
from lstm_core.series.record import Series

KINDS = st.sampled_from(["none", "minmax", "standard", "robust"])
SPECS = st.builds(
    PreparationSpec,
    target=st.just("a"),
    features=st.sampled_from([(), ("b",)]),
    split=st.builds(
        SplitSpec,
        validation_fraction=st.floats(0.05, 0.4),
        test_fraction=st.floats(0.05, 0.4),
        gap=st.integers(0, 6),
    ),
    scaling=st.builds(ScalingSpec, kind=KINDS, lower=st.sampled_from([0, -1])),
    window=st.builds(
        WindowSpec, length=st.integers(1, 25), horizon=st.integers(1, 6), stride=st.integers(1, 5)
    ),
)


def table(values: np.ndarray, first_row: int = 0) -> Series:
    index = pd.RangeIndex(first_row, first_row + len(values))
    return Series(values=values, index=index, columns=("a", "b"), name="t")


def random_values(n_rows: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n_rows, 2)).cumsum(axis=0)


def prepared_or_skip(series: Series, spec: PreparationSpec) -> Prepared:
    try:
        return prepare(series, spec)
    except PreparationError:
        assume(False)
        raise


@given(st.integers(1, 60), st.integers(1, 20), st.integers(1, 10), st.integers(1, 8))
def test_the_count_formula_holds_for_every_length_horizon_and_stride(n_rows, length, horizon, stride):
    # By hand: slide a window over the rows and count the places where it fits.
    fits = [start for start in range(0, n_rows, stride) if start + length + horizon <= n_rows]
    window = WindowSpec(length=length, horizon=horizon, stride=stride)
    assert count_windows(n_rows, window, reach_back=False) == len(fits)
    if length <= n_rows and horizon <= n_rows:
        rows = np.arange(float(n_rows))[:, None]
        windows, targets, origins = frame_windows(rows, rows[:, 0], 0, n_rows, length, horizon, stride)
        assert windows.shape == (len(fits), length, 1)
        assert targets.shape == (len(fits), horizon)
        np.testing.assert_array_equal(origins, np.array(fits, dtype=int) + length)


@given(SPECS, st.integers(40, 160), st.integers(0, 5))
def test_every_part_has_the_promised_number_of_windows(spec, n_rows, seed):
    prepared = prepared_or_skip(table(random_values(n_rows, seed)), spec)
    for part in PARTS:
        rows = len(prepared.split.part(part))
        expected = count_windows(rows, spec.window, reach_back=part != "train")
        assert len(prepared.part(part)) == expected > 0


@given(SPECS, st.integers(40, 160))
def test_every_target_lies_strictly_after_its_inputs_and_inside_its_part(spec, n_rows):
    # The values are the row numbers, unscaled: a window tells which rows it holds.
    rows = np.arange(n_rows, dtype=float)
    still = spec.model_copy(update={"scaling": ScalingSpec(kind="none")})
    prepared = prepared_or_skip(table(np.column_stack([rows, rows])), still)
    for part in PARTS:
        windows, inside = prepared.part(part), prepared.split.part(part)
        inputs, targets = windows.inputs[:, :, 0].astype(int), windows.targets.astype(int)
        assert (np.diff(inputs, axis=1) == 1).all()
        assert (inputs[:, -1] + 1 == targets[:, 0]).all()
        assert (np.diff(targets, axis=1) == 1).all()
        assert (targets[:, 0] == windows.origins).all()
        assert targets.min() >= inside.start
        assert targets.max() < inside.stop
        assert (windows.inputs == windows.inputs[:, :, :1]).all()


@given(SPECS, st.integers(40, 160))
def test_w2_no_train_window_holds_a_row_of_another_part(spec, n_rows):
    rows = np.arange(n_rows, dtype=float)
    still = spec.model_copy(update={"scaling": ScalingSpec(kind="none")})
    prepared = prepared_or_skip(table(np.column_stack([rows, rows])), still)
    seen = {int(row) for row in np.r_[prepared.train.inputs.ravel(), prepared.train.targets.ravel()]}
    later = set(prepared.split.validation) | set(prepared.split.test)
    assert not seen & later
    assert prepared.split.validation.start - max(seen) > spec.split.gap


@given(SPECS, st.integers(40, 160), st.integers(0, 5), st.randoms(use_true_random=False))
def test_b113_no_value_after_the_split_changes_the_scaler_or_a_train_window(spec, n_rows, seed, random):
    values = random_values(n_rows, seed)
    before = prepared_or_skip(table(values), spec)
    end = before.split.train.stop
    changed = values.copy()
    for _ in range(random.randint(1, 5)):
        changed[random.randrange(end, n_rows), random.randrange(2)] = random.uniform(-1e6, 1e6)
    after = prepare(table(changed), spec)
    for name in ("centre", "spread"):
        assert getattr(before.scaler, name).tobytes() == getattr(after.scaler, name).tobytes()
    for name in ("inputs", "targets", "origins"):
        assert getattr(before.train, name).tobytes() == getattr(after.train, name).tobytes()


@given(SPECS, st.integers(40, 160), st.integers(0, 5))
def test_b113_no_test_value_changes_a_validation_window(spec, n_rows, seed):
    values = random_values(n_rows, seed)
    before = prepared_or_skip(table(values), spec)
    changed = values.copy()
    changed[before.split.test.start :] = 1e3
    after = prepare(table(changed), spec)
    assert before.validation.inputs.tobytes() == after.validation.inputs.tobytes()
    assert before.validation.targets.tobytes() == after.validation.targets.tobytes()


@given(SPECS, st.integers(40, 160), st.integers(1, 10_000))
def test_shifting_the_index_changes_nothing(spec, n_rows, shift):
    values = random_values(n_rows, 1)
    here = prepared_or_skip(table(values), spec)
    there = prepare(table(values, first_row=shift), spec)
    assert here.scaler.centre.tobytes() == there.scaler.centre.tobytes()
    for part in PARTS:
        for name in ("inputs", "targets", "origins"):
            assert getattr(here.part(part), name).tobytes() == getattr(there.part(part), name).tobytes()


@given(
    # No smaller steps: a value 1e300 spreads away is refused before it is scaled.
    arrays(
        float,
        st.tuples(st.integers(2, 40), st.integers(1, 3)),
        elements=st.floats(-1e12, 1e12).map(lambda value: round(value, 9)),
    ),
    KINDS,
    st.sampled_from([0, -1]),
)
def test_unscale_undoes_scale_within_float32(values, kind, lower):
    centre, spread = fit_scaling(values, kind, lower)
    back = unscale(scale(values, centre, spread), centre, spread)
    # float32 keeps 24 bits of the scaled size; original size is that times the spread, plus float64 rounding.
    scaled_size = np.abs((values - centre) / spread)
    allowed = (
        2.0**-23 * scaled_size * spread + 1e-15 * np.abs(values) + 1e-15 * np.abs(centre) + 1e-37 * spread
    )
    assert (np.abs(back - values) <= allowed).all()


@given(
    arrays(float, st.tuples(st.integers(2, 40), st.integers(1, 3)), elements=st.floats(-1e12, 1e12)),
    st.sampled_from([0, -1]),
)
def test_min_max_keeps_train_rows_inside_its_range(values, lower):
    scaled = scale(values, *fit_scaling(values, "minmax", lower))
    assert scaled.min() >= lower - 1e-6
    assert scaled.max() <= 1 + 1e-6
