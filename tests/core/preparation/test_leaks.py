"""F28: what knows the future is red, what is honest is not."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lstm_core.preparation.defaults import default_preparation
from lstm_core.preparation.leaks import check_leaks, find_leaks
from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.recipe.transform import fit_power
from lstm_core.series.cleaning.spec import CalendarStep, Cleaning, DifferenceStep, LagStep, MovingAverageStep
from lstm_core.series.record import Series, Step
from lstm_core.series.samples import SAMPLES, load_sample
from lstm_core.series.source import SeriesSource, load_source

N = 300


def noise(seed: int = 0, n_rows: int = N) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=n_rows)


def series_of(*columns: np.ndarray, filled: np.ndarray | None = None, steps: tuple[str, ...] = ()) -> Series:
    return Series(
        values=np.column_stack(columns),
        index=pd.RangeIndex(len(columns[0])),
        columns=tuple(f"c{i}" for i in range(len(columns))),
        name="test",
        filled=np.zeros((len(columns[0]), len(columns)), dtype=bool) if filled is None else filled,
        steps=tuple(Step(name=name, count=1, detail="") for name in steps),
    )


def checks(*columns: np.ndarray, cleaning=None, horizon: int = 1, **how) -> dict:
    series = series_of(*columns, **how)
    spec = PreparationSpec(
        target="c0", features=series.columns[1:], window=WindowSpec(length=12, horizon=horizon)
    )
    return {check.key: check for check in check_leaks(series, prepare(series, spec), cleaning=cleaning)}


def tones(*columns: np.ndarray, **how) -> dict[str, str]:
    return {key: check.tone for key, check in checks(*columns, **how).items()}


def test_an_honest_series_is_green_everywhere():
    assert set(tones(noise(), noise(1)).values()) == {"good"}


@pytest.mark.parametrize("name", SAMPLES)
def test_no_sample_leaks(name):
    series = load_sample(name)
    assert not find_leaks(check_leaks(series, prepare(series, default_preparation(series))))


@pytest.mark.parametrize("copy", [lambda y: y, lambda y: -3 * y + 1e6, lambda y: y / 1000])
def test_b79_the_target_under_another_name(copy):
    found = checks(noise(), copy(noise()))["copies"]
    assert found.tone == "bad"
    assert "'c1' is the target 'c0' itself" in found.seen
    assert "Remove 'c1'" in found.honest
    assert found.columns == ("c1",)


@pytest.mark.parametrize("ahead", [1, 2, 7])
def test_b80_a_column_made_from_the_future(ahead):
    target = noise()
    future = np.r_[2 * target[ahead:] + 5, np.zeros(ahead)]
    found = checks(target, future)["ahead"]
    assert found.tone == "bad"
    assert f"'c1' is the target {ahead} row{'s' if ahead > 1 else ''} ahead of its time" in found.seen
    assert "Remove 'c1'" in found.honest


def test_b80_two_columns_from_the_future_are_both_named():
    target = noise()
    later = [np.r_[target[ahead:], np.zeros(ahead)] for ahead in (1, 3)]
    found = checks(target, *later)["ahead"]
    assert "So does 'c2'." in found.seen
    assert "'c1' and 'c2'" in found.honest


def test_b80_a_centred_average_is_made_from_the_future():
    target = noise()
    centred = np.convolve(target, np.ones(3) / 3, mode="same")
    found = checks(target, noise(4), centred)["ahead"]
    assert found.tone == "bad"
    assert "'c2' and of the target" in found.seen
    assert "'c1'" not in found.seen
    assert found.columns == ("c2",)


def test_b80_the_future_split_over_two_columns():
    target, share = noise(), noise(1)
    later = np.r_[target[1:], 0.0]
    assert tones(target, later - share, 2 * share)["ahead"] == "bad"


def test_a_trailing_average_and_a_lag_are_honest():
    target = noise()
    lag = np.r_[0.0, target[:-1]]
    trailing = np.convolve(target, np.ones(4) / 4)[:N]
    assert tones(target, lag, trailing)["ahead"] == "good"


def test_the_parts_of_a_sum_are_told_and_are_no_leak():
    first, second = noise(1), noise(2)
    found = checks(first + 2 * second, first, second)
    assert found["copies"].tone == "note"
    assert "'c1' and 'c2' add up to the target" in found["copies"].seen
    assert found["ahead"].tone == "good"


def test_a_column_that_is_almost_the_future_is_amber():
    target = noise()
    found = checks(target, np.r_[target[1:], 0.0] + 0.03 * noise(1))["ahead"]
    assert found.tone == "caution"
    assert "99.9%" in found.seen


@pytest.mark.parametrize(
    "target", [np.arange(N, dtype=float), np.sin(np.arange(N)), np.tile([0.0, 1, 5, 2], N // 4)]
)
@pytest.mark.parametrize("column", [np.arange(N) * 2.0, noise(2), np.cos(np.arange(N))])
def test_b80_honest_columns_are_not_accused(target, column):
    """A straight line, a pure sine and a pure season hold no surprise: nothing can know of it in advance."""
    assert not {"bad", "caution"} & set(tones(target, column).values())


@pytest.mark.parametrize("back", [1, 20, 49])
def test_an_old_row_of_a_pure_season_that_nobody_named_is_honest(back):
    season = np.tile(noise(9, 50), N // 50)
    assert tones(season, np.roll(season, back))["ahead"] == "good"


def test_a_trend_beside_a_trend_is_no_leak():
    rows = np.arange(N)
    assert tones(rows + 0.01 * noise(), 2 * rows + 0.01 * noise(1))["ahead"] == "good"


def test_a_constant_input_is_no_leak():
    assert set(tones(noise(), np.full(N, 3.0)).values()) == {"good"}


@pytest.mark.parametrize("size", [1e-30, 1e30])
def test_any_unit_will_do(size):
    target = size * noise()
    assert tones(target, np.r_[target[1:], 0.0])["ahead"] == "bad"
    assert tones(target, noise(1))["ahead"] == "good"


def test_a_leak_is_seen_beside_filled_values():
    target = noise()
    future, filled = np.r_[target[1:], 0.0], np.zeros((N, 2), dtype=bool)
    filled[20:25, 1] = True
    future[20:25] = 9.0
    assert tones(target, future, filled=filled, steps=("forward fill",))["ahead"] == "bad"


def test_a_scaling_that_saw_later_rows_is_red():
    series = series_of(noise().cumsum())
    prepared = prepare(series, PreparationSpec(target="c0"))
    leaking = replace(prepared, scaler=replace(prepared.scaler, centre=prepared.values.mean(axis=0)))
    assert [check.key for check in find_leaks(check_leaks(series, leaking))] == ["scaling"]


def test_rows_without_a_difference_are_not_counted_as_fitted_on():
    series = series_of(noise().cumsum())
    prepared = prepare(series, PreparationSpec(target="c0", transform=TransformSpec(difference=1)))
    (scaling,) = (check for check in check_leaks(series, prepared) if check.key == "scaling")
    assert f"Yes, on {prepared.split.train.stop - 1} rows" in scaling.seen.replace("\u202f", "")


@pytest.mark.parametrize("kind", ["none", "standard"])
def test_a_box_cox_that_saw_later_rows_is_red(kind):
    series = series_of(np.exp(noise()))
    transform = TransformSpec(power="box-cox", difference=1)
    spec = PreparationSpec(target="c0", transform=transform, scaling=ScalingSpec(kind=kind))
    prepared = prepare(series, spec)
    assert not find_leaks(check_leaks(series, prepared))
    exponent, size = fit_power(series.values[:, 0], "box-cox")
    leaking = replace(prepared, transform=replace(prepared.transform, exponent=exponent, size=size))
    (leak,) = find_leaks(check_leaks(series, leaking))
    assert leak.asks == "Were scaling and Box-Cox fitted on the train rows alone?"


@pytest.mark.parametrize("part", ["train", "validation", "test"])
def test_a_window_outside_its_part_is_red(part):
    series = series_of(noise())
    prepared = prepare(series, PreparationSpec(target="c0"))
    windows = prepared.part(part)
    moved = replace(windows, origins=windows.origins + 1)
    found = find_leaks(check_leaks(series, replace(prepared, **{part: moved})))
    assert [check.key for check in found] == ["windows"]
    assert f"1 {part} window of" in found[0].seen


def test_b59_test_windows_that_end_in_a_gap_drawn_towards_the_target_are_red():
    filled = np.zeros((N, 1), dtype=bool)
    filled[280:284] = True
    found = checks(noise(), filled=filled, steps=("interpolate",))["filled"]
    assert found.tone == "bad"
    assert "4 windows of validation and test" in found.seen
    assert "4 of them test windows" in found.seen


def test_b59_the_same_gap_filled_with_the_value_before_is_green():
    filled = np.zeros((N, 1), dtype=bool)
    filled[280:284] = True
    assert tones(noise(), filled=filled, steps=("forward fill",))["filled"] == "good"


def test_b59_a_gap_in_the_train_rows_is_told():
    filled = np.zeros((N, 1), dtype=bool)
    filled[50:53] = True
    found = checks(noise(), filled=filled, steps=("interpolate",))["filled"]
    assert found.tone == "note"
    assert "the scores are honest. 3 train windows end inside a gap" in found.seen


def test_b59_a_gap_carried_forward_is_green_whatever_the_repair_is_called():
    """Behind the rows that repairs learn from, a line carries the value before on."""
    values, filled = noise(), np.zeros((N, 1), dtype=bool)
    filled[280:284] = True
    values[280:284] = values[279]
    found = checks(values, filled=filled, steps=("interpolate",))["filled"]
    assert (found.tone, found.seen) == ("good", "4 rows filled by carrying the value before on.")


@pytest.mark.parametrize(("share", "tone"), [(0.7, "good"), (0.71, "bad"), (0.98, "bad")])
@pytest.mark.parametrize(
    ("steps", "done"), [((LagStep(column="c0"),), ()), ((), ("seasonal",)), ((), ("mean",))]
)
def test_cleaning_may_learn_from_train_rows_only(share, tone, steps, done):
    cleaning = Cleaning(steps=steps, known_share=share)
    found = checks(noise(), cleaning=cleaning, steps=done)["cleaning"]  # 300 rows, 210 of them train
    assert found.tone == tone
    if tone == "bad":
        assert found.honest == "Let the cleaning learn from at most 70% of the rows."


def test_columns_that_cleaning_makes_of_earlier_rows_are_honest():
    steps = (
        LagStep(column="sst", rows=3),
        MovingAverageStep(column="sst", rows=12),
        DifferenceStep(column="sst", rows=1),
        CalendarStep(cycle="month of year", pairs=3),
    )
    source = SeriesSource(kind="sample", sample="elnino", cleaning=Cleaning(steps=steps))
    series = load_source(source, lambda sha256: b"")
    assert len(series.columns) == 10
    checks = check_leaks(series, prepare(series, default_preparation(series)), cleaning=source.cleaning)
    assert {check.tone for check in checks} <= {"good", "note"}


def test_cleaning_without_steps_learned_nothing():
    assert tones(noise(), cleaning=Cleaning(known_share=0.98))["cleaning"] == "good"


def test_an_honest_input_is_told_with_its_comma():
    series = series_of(noise().cumsum(), noise(seed=7))
    checks = check_leaks(series, prepare(series, PreparationSpec(target="c0", features=("c1",))))
    (ahead,) = (check for check in checks if check.key == "ahead")
    assert "is not the target of a later row, up to " in ahead.seen
