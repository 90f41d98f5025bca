"""Windows: counts, contents, and refusals in words."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from lstm_core.errors import PreparationError, SeriesError
from lstm_core.preparation.cautions import find_cautions
from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.split import SplitSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, count_windows, prepare
from lstm_core.recipe.prepare import frame_windows
from lstm_core.series.record import Series
from lstm_core.series.samples import load_sample

DOCUMENT_SPLIT = SplitSpec(validation_fraction=0.08, test_fraction=0.2)


def table(n_rows: int, n_columns: int = 1) -> Series:
    rng = np.random.default_rng(0)
    return Series(
        values=rng.normal(size=(n_rows, n_columns)).cumsum(axis=0),
        index=pd.RangeIndex(n_rows),
        columns=tuple("abcdefgh"[:n_columns]),
        name="walk",
    )


def spec(length: int, horizon: int = 1, stride: int = 1, **others) -> PreparationSpec:
    window = WindowSpec(length=length, horizon=horizon, stride=stride)
    return PreparationSpec(**({"target": "a", "window": window} | others))


def test_c17_the_sine_of_the_document():
    sine = load_sample("sine")
    assert sine.n_rows == 200
    clean = np.sin(np.linspace(0, 10 * np.pi, 200))
    assert (sine.values[:, 0] - clean).std() == pytest.approx(0.1, rel=0.15)


def test_c18_w1_windows_of_ten_over_200_points_are_190_not_189():
    sine = load_sample("sine").values
    windows, targets, origins = frame_windows(sine, sine[:, 0], 0, 200, 10, 1)
    assert windows.shape == (190, 10, 1)
    assert targets.shape == (190, 1)
    assert origins[-1] == 199
    assert targets[-1, 0] == sine[-1, 0]  # the document loses this one


def test_c20_w2_the_document_split_by_time_gives_134_16_and_40():
    prepared = prepare(load_sample("sine"), spec(10, target="value", split=DOCUMENT_SPLIT))
    assert [len(prepared.part(part)) for part in ("train", "validation", "test")] == [134, 16, 40]
    assert 134 + 16 + 40 == 190
    assert prepared.train.inputs.shape == (134, 10, 1)


def test_c19_thirty_days_of_price_and_volume():
    prepared = prepare(table(400, 2), spec(30, features=("b",)))
    assert prepared.train.inputs.shape[1:] == (30, 2)
    assert prepared.train.origins[0] == 30  # day 31 is the first target


def test_the_table_of_the_docstring():
    rows = np.arange(6.0)[:, None]
    windows, targets, origins = frame_windows(rows, rows[:, 0], 0, 6, 3, 1)
    np.testing.assert_array_equal(windows[:, :, 0], [[0, 1, 2], [1, 2, 3], [2, 3, 4]])
    np.testing.assert_array_equal(targets, [[3], [4], [5]])
    np.testing.assert_array_equal(origins, [3, 4, 5])


def test_a_part_without_room_gives_no_window():
    rows = np.arange(20.0)[:, None]
    windows, targets, origins = frame_windows(rows, rows[:, 0], 0, 5, 8, 2)
    assert windows.shape == (0, 8, 1)
    assert targets.shape == (0, 2)
    assert len(origins) == 0


def test_columns_come_target_first():
    series = table(100, 3)
    prepared = prepare(series, spec(5, target="c", features=("a",), scaling=ScalingSpec(kind="none")))
    np.testing.assert_allclose(prepared.train.inputs[0], series.values[:5, [2, 0]], rtol=1e-6)
    np.testing.assert_allclose(prepared.train.targets[0], series.values[5, 2], rtol=1e-6)


def test_windows_of_a_long_series_share_their_rows():
    prepared = prepare(table(200_000), spec(96))
    inputs = prepared.train.inputs
    assert (
        inputs.strides[0] == inputs.strides[1]
    )  # a view: the next window starts one row later in the same memory
    assert not inputs.flags.writeable


def test_b106_a_window_longer_than_the_train_rows_says_the_largest_possible():
    with pytest.raises(PreparationError) as caught:
        prepare(table(150), spec(200))
    message = caught.value.message
    assert "window of 200 steps and a horizon of 1 do not fit the 105 rows left for training" in message
    assert "at most 104 steps" in message
    assert caught.value.field == "window_length"
    prepare(table(150), spec(104))


def test_b106_a_horizon_longer_than_every_part_is_what_must_be_shortened():
    with pytest.raises(PreparationError) as caught:
        prepare(table(100), spec(17, horizon=60))
    assert "Shorten the horizon: validation and test rows allow at most 10." in caught.value.message
    assert caught.value.field == "horizon"
    prepare(table(100), spec(17, horizon=10))


def test_b107_a_horizon_longer_than_the_test_part_says_the_smallest_share():
    split = SplitSpec(validation_fraction=0.3, test_fraction=0.1)
    with pytest.raises(PreparationError) as caught:
        prepare(table(200), spec(5, horizon=25, split=split))
    assert "horizon of 25 does not fit the 20 test rows" in caught.value.message
    assert "test share to at least 0.125" in caught.value.message
    assert caught.value.field == "horizon"
    prepare(table(200), spec(5, horizon=25, split=split.model_copy(update={"test_fraction": 0.125})))


def test_b109_a_validation_part_shorter_than_one_window_says_the_smallest_share():
    split = SplitSpec(validation_fraction=0.02, test_fraction=0.2)
    with pytest.raises(PreparationError) as caught:
        prepare(table(200), spec(5, horizon=7, split=split))
    assert "horizon of 7 does not fit the 4 validation rows" in caught.value.message
    assert "validation share to at least 0.035" in caught.value.message
    prepare(table(200), spec(5, horizon=7, split=split.model_copy(update={"validation_fraction": 0.035})))


def test_b110_a_window_of_one_and_a_horizon_of_one_work():
    prepared = prepare(table(50), spec(1))
    assert prepared.train.inputs.shape == (34, 1, 1)
    np.testing.assert_array_equal(prepared.train.inputs[1:, 0, 0], prepared.train.targets[:-1, 0])


def test_b111_a_stride_longer_than_the_window_works_and_is_said():
    cautions = find_cautions(prepare(table(600), spec(4, stride=5)))
    assert [caution.field for caution in cautions if "stride" in caution.what] == ["stride"]


@pytest.mark.parametrize("choice", [{"stride": 0}, {"length": 0}, {"horizon": 0}, {"length": 2001}])
def test_b111_impossible_windows_are_refused(choice):
    with pytest.raises(ValidationError):
        WindowSpec(**choice)


def test_b79_the_target_cannot_be_a_further_input():
    with pytest.raises(PreparationError, match="named twice") as caught:
        prepare(table(100, 2), spec(5, features=("b", "a")))
    assert caught.value.field == "features"


def test_an_unknown_column_is_refused():
    with pytest.raises(SeriesError, match="no column 'z'"):
        prepare(table(100), spec(5, features=("z",)))


@pytest.mark.parametrize(
    ("n_rows", "reach_back", "stride", "expected"),
    [(144, False, 1, 134), (40, True, 1, 40), (144, False, 10, 14), (5, False, 1, 0), (0, True, 1, 0)],
)
def test_f24_the_count_formula(n_rows, reach_back, stride, expected):
    assert count_windows(n_rows, WindowSpec(length=10, stride=stride), reach_back=reach_back) == expected
