"""What is allowed and still said."""

import numpy as np
import pandas as pd

from lstm_core.preparation.cautions import find_cautions
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.series.record import Series


def cautions(*columns: np.ndarray, length: int = 5) -> list[str]:
    names = tuple(f"c{i}" for i in range(len(columns)))
    values = np.column_stack(columns)
    series = Series(values=values, index=pd.RangeIndex(len(values)), columns=names, name="test")
    spec = PreparationSpec(target="c0", features=names[1:], window=WindowSpec(length=length))
    return [caution.what for caution in find_cautions(prepare(series, spec))]


def noise(seed: int = 0, n_rows: int = 300) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=n_rows)


def test_an_ordinary_series_has_none():
    assert cautions(noise(), noise(1)) == []


def test_b65_a_constant_series_has_nothing_to_learn():
    assert cautions(np.full(300, 3.0)) == ["Column 'c0' never changes: nothing to learn from it."]


def test_b66_constant_in_train_and_changing_later():
    late = np.r_[np.zeros(250), np.ones(50)]
    assert any(
        "never changes in the train rows but does so later" in what for what in cautions(noise(), late)
    )


def test_values_the_train_rows_have_never_seen():
    assert any("100% of the test values" in what for what in cautions(np.arange(300.0)))


def test_few_windows():
    assert any("Only 5 train windows" in what for what in cautions(noise(n_rows=40), length=23))


def test_b78_values_far_out_are_counted_and_robust_scaling_offered():
    values = noise()
    values[[20, 40]] = 60, -60
    far = [what for what in cautions(noise(1), values) if "20 times as far from the median" in what]
    assert len(far) == 1
    assert far[0].startswith("Column 'c1' has 2 values in the train rows")
    assert "Robust scaling lets them count less" in far[0]


def test_b78_ordinary_noise_and_a_column_of_mostly_zeros_are_not_far_out():
    sparse = np.where(np.arange(300) % 7 == 0, 5.0, 0.0)
    assert not any("from the median" in what for what in cautions(noise(), sparse))
