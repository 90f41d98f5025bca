"""Padded windows: which there are, what they hold, and that nothing else changes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.errors import PreparationError
from lstm_core.evaluation.baselines import fit_linear, linear_ar, naive, seasonal_naive
from lstm_core.network.spec import NetworkSpec
from lstm_core.preparation.cautions import find_cautions, read_as_padding
from lstm_core.preparation.framing import WindowSpec, count_padded, count_windows
from lstm_core.preparation.leaks import check_leaks
from lstm_core.preparation.padding import PAD_VALUE, count_rows_read_as_padding
from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.split import PARTS, split
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, count_train_windows, prepare
from lstm_core.recipe.prepare import frame_windows
from lstm_core.series.record import Series
from lstm_core.training.plan import RunSpec

P = PAD_VALUE
BEFORE_PADDING = "eef6f6fb4cb8b0878096f72b2e28641f457ba386b192c7d52f1ffb97a12a79a4"
"""Digest of the default run, taken before windows could be padded and networks could mask."""


def table(values: np.ndarray) -> Series:
    values = values[:, None] if values.ndim == 1 else values
    names = tuple("abc"[: values.shape[1]])
    return Series(values=values, index=pd.RangeIndex(len(values)), columns=names, name="t")


def walk(n_rows: int = 80) -> Series:
    return table(np.random.default_rng(3).normal(size=(n_rows, 2)).cumsum(axis=0) + 50)


def spec(
    length: int, horizon: int = 1, stride: int = 1, *, padding: bool = True, **others
) -> PreparationSpec:
    window = WindowSpec(length=length, horizon=horizon, stride=stride, padding=padding)
    return PreparationSpec(**({"target": "a", "features": ("b",), "window": window} | others))


def test_a10_the_table_of_the_docstring():
    rows = np.arange(6.0)[:, None]
    windows, targets, origins = frame_windows(rows, rows[:, 0], 0, 6, 3, 1, pad_value=P)
    expected = [[P, P, 0], [P, 0, 1], [0, 1, 2], [1, 2, 3], [2, 3, 4]]
    np.testing.assert_array_equal(windows[:, :, 0], expected)
    np.testing.assert_array_equal(targets[:, 0], origins)
    np.testing.assert_array_equal(origins, [1, 2, 3, 4, 5])


@given(st.integers(1, 60), st.integers(1, 20), st.integers(1, 10), st.integers(1, 8))
def test_a10_the_count_and_every_window_of_every_length_horizon_and_stride(n_rows, length, horizon, stride):
    window = WindowSpec(length=length, horizon=horizon, stride=stride, padding=True)
    # By hand: from the first whole window on as without padding, and back from it while a row is left to read.
    whole = list(range(length, n_rows - horizon + 1, stride))
    early = list(range(length - stride, 0, -stride))[::-1] if whole else []
    assert count_windows(n_rows, window, reach_back=False) == len(early) + len(whole)
    assert count_windows(n_rows, window, reach_back=True) == max((n_rows - horizon) // stride + 1, 0)
    if not whole:
        return
    assert count_padded(window) == len(early)
    rows = np.arange(float(n_rows))[:, None]
    windows, targets, origins = frame_windows(
        rows, rows[:, 0], 0, n_rows, length, horizon, stride, pad_value=P
    )
    assert origins.tolist() == early + whole
    read = origins[:, None] - length + np.arange(length)
    np.testing.assert_array_equal(windows[:, :, 0], np.where(read < 0, P, read))
    assert (windows[:, -1, 0] >= 0).all()
    np.testing.assert_array_equal(targets, origins[:, None] + np.arange(horizon))


@pytest.mark.parametrize(
    "transform", [TransformSpec(), TransformSpec(power="log", difference=1, seasonal_lag=4)]
)
@pytest.mark.parametrize("stride", [1, 3])
def test_only_the_train_part_is_padded_and_its_whole_windows_are_those_without_padding(transform, stride):
    series = walk()
    plain = prepare(series, spec(8, 2, stride, padding=False, transform=transform))
    padded = prepare(series, spec(8, 2, stride, transform=transform))
    n_padded = count_padded(padded.spec.window)
    assert n_padded == 7 // stride
    for part in ("validation", "test"):
        for name in ("inputs", "targets", "origins"):
            assert getattr(plain.part(part), name).tobytes() == getattr(padded.part(part), name).tobytes()
    for name in ("inputs", "targets", "origins"):
        assert getattr(plain.train, name).tobytes() == getattr(padded.full_train, name).tobytes()
    early = padded.train.inputs[:n_padded]
    assert np.isfinite(padded.train.inputs).all()
    missing = (early == P).all(axis=2)
    lost = transform.n_lost
    for flags, origin in zip(missing, padded.train.origins, strict=False):
        n_read = origin - lost  # rows that have a difference, up to the one before the origin
        assert 1 <= n_read < 8
        assert flags.tolist() == [True] * (8 - n_read) + [False] * n_read
    assert (early[~missing] != P).all()
    assert len(padded.train) == count_train_windows(split(series, padded.spec.split), padded.spec)
    back = padded.to_original(padded.train.targets, padded.train.origins)
    rows = padded.train.origins[:, None] + np.arange(2)
    np.testing.assert_allclose(back, series.values[rows, 0], rtol=1e-5)


def test_without_padding_windows_are_views_and_with_it_they_share_one_copy():
    rows = np.arange(400.0)[:, None]
    plain = frame_windows(rows, rows[:, 0], 0, 400, 50, 1)[0]
    assert np.shares_memory(plain, rows)
    padded = frame_windows(rows, rows[:, 0], 0, 400, 50, 1, pad_value=P)[0]
    assert padded.strides[:2] == plain.strides[:2]
    assert np.shares_memory(padded[0], padded[1])


def test_b106_a_window_longer_than_the_train_rows_is_refused_with_padding_too():
    for padding in (False, True):
        with pytest.raises(PreparationError, match="do not fit the 56 rows left for training") as refusal:
            prepare(walk(), spec(56, padding=padding))
        assert refusal.value.field == "window_length"
        assert "at most 55 steps" in refusal.value.message


def test_a_run_without_padding_and_masking_keeps_its_digest():
    run = RunSpec(series_fingerprint="0" * 64, preparation=PreparationSpec(target="y"))
    assert run.digest == BEFORE_PADDING
    padded = PreparationSpec(target="y", window=WindowSpec(padding=True))
    others = [{"preparation": padded}, {"network": NetworkSpec(masking=True)}]
    digests = {run.model_copy(update=other).digest for other in others}
    assert len(digests | {BEFORE_PADDING}) == 3


def test_baselines_answer_for_padded_windows_and_do_not_learn_from_them():
    series = walk()
    plain, padded = prepare(series, spec(8, 2, padding=False)), prepare(series, spec(8, 2))
    inputs = plain.test.inputs
    np.testing.assert_array_equal(fit_linear(padded)(inputs), fit_linear(plain)(inputs))
    for part in PARTS:
        told, last = linear_ar(padded, part), naive(padded, part)
        assert len(told) == len(padded.part(part))
        n_padded = 7 if part == "train" else 0
        np.testing.assert_array_equal(told.predicted[:n_padded], last.predicted[:n_padded])
        np.testing.assert_array_equal(told.predicted[n_padded:], linear_ar(plain, part).predicted)
        assert np.isfinite(seasonal_naive(padded, part, 12).predicted).all()
    np.testing.assert_array_equal(naive(padded, "train").predicted[0], [series.values[0, 0]] * 2)


def test_padding_is_no_leak():
    series = walk(200)
    (check,) = (
        one for one in check_leaks(series, prepare(series, spec(8))) if "keep to its part" in one.asks
    )
    assert check.tone == "good"
    assert "139 train windows" in check.seen


def whats(values: np.ndarray, scaling: str, *, padding: bool = True, masking: bool = False) -> list[str]:
    series = table(values)
    chosen = spec(5, padding=padding, features=series.columns[1:], scaling=ScalingSpec(kind=scaling))
    cautions = find_cautions(prepare(series, chosen), masking=masking)
    return [caution.what for caution in cautions if caution.field == "padding"]


def test_f34_padding_without_masking_is_taken_for_data():
    values = np.random.default_rng(0).normal(size=300)
    (told,) = whats(values, "minmax")
    assert "takes the −10 in 4 padded windows for data" in told
    assert whats(values, "minmax", masking=True) == []
    assert whats(values, "minmax", padding=False) == []


def test_f34_rows_of_data_that_hold_the_mask_value_are_counted():
    degrees = np.random.default_rng(0).normal(size=(300, 2))
    degrees[[20, 30, 280]] = P
    degrees[[40, 50], 0] = P  # the other column says that this is data
    assert "3 rows of data are −10 in every input" in whats(degrees, "none", masking=True)[0]
    assert (
        "1 row of data is −10"
        in whats(np.r_[degrees[:19, 0], P, degrees[60:270, 1]], "none", masking=True)[0]
    )
    assert whats(degrees, "standard", masking=True) == []
    assert whats(degrees, "none", padding=False) == []
    lost = prepare(
        table(degrees), spec(5, scaling=ScalingSpec(kind="none"), transform=TransformSpec(difference=1))
    )
    assert read_as_padding(lost, field="padding") is None
    assert count_rows_read_as_padding(lost.table[1:], lost.scaler) == 0


@pytest.mark.parametrize("transform", [TransformSpec(), TransformSpec(power="box-cox", difference=1)])
def test_b113_no_value_after_the_split_changes_a_padded_window(transform):
    series = walk()
    before = prepare(series, spec(8, 2, transform=transform))
    changed = series.values.copy()
    changed[before.split.train.stop :] *= 7.5
    after = prepare(table(changed), spec(8, 2, transform=transform))
    for name in ("inputs", "targets", "origins"):
        assert getattr(before.train, name).tobytes() == getattr(after.train, name).tobytes()
