"""Codes for missing values: found where they are certain, told with count and row, marked only when asked to."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import assemble, observe
from lstm_core.series.cleaning.record import apply_again, record
from lstm_core.series.health import examine
from lstm_core.series.missing_codes import find_codes, mark_codes
from lstm_core.series.roles import ColumnRoles, MissingCode
from lstm_core.series.samples import SAMPLES, sample_roles, sample_table
from lstm_core.series.source import SeriesSource
from lstm_core.series.unrepaired import lay_out
from tests.core.series.cleaned import roles_of, table_of, wave

ROWS = 200


def coded(values: np.ndarray, code: float, places: tuple[int, ...] = (3, 50, 51)) -> pd.DataFrame:
    values = np.array(values, dtype=np.float64)
    values[list(places)] = code
    return pd.DataFrame({"y": values})


def values_of(low: float, high: float, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(low, high, ROWS).round(1)


@pytest.mark.parametrize(
    ("low", "high", "code"),
    [
        (280, 420, -999), (280, 420, -9999), (-20, 40, -99.9), (-40, 45, -99.9), (0, 360, 999), (0, 5, 99.99),
        (-20, 40, 999.9), (10, 35, 9999), (10, 35, 99999), (0, 20_000, -9999), (0.1, 12, -200), (600, 2000, -200),
        (0, 1, -32768), (250, 310, 9.969209968386869e36), (1, 5, -777), (10, 35, -99), (0, 40, -999.99),
    ],
)  # fmt: skip
def test_usual_codes_are_found_with_count_and_first_row(low, high, code):
    (found,) = find_codes(coded(values_of(low, high), code))
    assert (found.code, found.count, found.first_row) == (MissingCode(column="y", value=code), 3, 3)
    assert low <= found.low < found.high <= high


def test_a_code_is_told_as_a_sentence():
    values = np.r_[280.0, 420.0, values_of(300, 400)]
    (found,) = find_codes(coded(values, -999, (11, 30)))
    assert found.sentence == (
        "−999 stands 2 times in 'y', first in row 12, far below all other values (280 to 420)"
    )


def test_a_code_of_four_bytes_is_found_as_it_was_written():
    (found,) = find_codes(pd.DataFrame({"y": coded(values_of(0, 40), -999.9)["y"].astype("float32")}))
    assert "−999.9 stands 3 times" in found.sentence
    assert found.code.value == float(np.float32(-999.9))


def test_several_codes_of_one_column_are_found_whatever_their_sides():
    frame = coded(values_of(-500, -400), 9999)
    frame.loc[[8, 9], "y"], frame.loc[[1, 2], "y"] = -9999.0, 99999.0
    found = find_codes(frame)
    assert {one.code.value for one in found} == {-9999.0, 9999.0, 99999.0}
    assert {(one.low >= -500, one.high <= -400) for one in found} == {(True, True)}


@pytest.mark.parametrize(
    "values",
    [
        np.r_[values_of(280, 420), -999.0],  # once: an outlier
        np.r_[values_of(0, 900), 999.0, 999.0],  # the end of a scale
        np.r_[values_of(80, 98), 99.0, 99.0],
        np.r_[np.zeros(50), 999.0, 999.0],  # two levels
        np.r_[np.tile([0.0, 1.0], 50), 99.0, 99.0, 9.0],
        np.r_[np.tile([9.99, 12.99, 14.99], 30), 99.99, 99.99],  # prices
        np.r_[values_of(-300, 300), -200.0, -200.0],
        np.r_[values_of(1, 2), -1000.0, -1000.0],  # not how codes are written
        np.full(50, -999.0),
        np.full(50, np.nan),
        np.array([]),
    ],
)
def test_what_is_no_certain_code_is_left_alone(values):
    assert find_codes(pd.DataFrame({"y": np.asarray(values, dtype=np.float64)})) == ()


@pytest.mark.parametrize("name", SAMPLES)
def test_no_sample_raises_an_alarm(name):
    assert examine(sample_table(name), sample_roles(name)).codes == ()


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    kind=st.sampled_from(["cauchy", "pareto", "lognormal", "counts", "zeros", "walk", "levels"]),
    scale=st.sampled_from([0.1, 1.0, 10.0, 100.0]),
    decimals=st.sampled_from([0, 1, 2]),
)
def test_no_ordinary_series_raises_an_alarm(seed, kind, scale, decimals):
    rng = np.random.default_rng(seed)
    drawn = {
        "cauchy": lambda: rng.standard_cauchy(500),
        "pareto": lambda: rng.pareto(0.8, 500),
        "lognormal": lambda: rng.lognormal(0, 2, 500),
        "counts": lambda: rng.negative_binomial(1, 0.05, 500),
        "zeros": lambda: rng.poisson(30, 500) * (rng.random(500) < 0.05),
        "walk": lambda: np.cumsum(rng.standard_t(2, 500)),
        "levels": lambda: np.repeat(rng.integers(-100, 101, 25), 20),
    }[kind]()
    assert find_codes(pd.DataFrame({"y": np.round(drawn * scale, decimals)})) == ()


COLUMNS = {"y": coded(wave(), -999)["y"].to_numpy(), "x": wave(seed=1)}
CODE = MissingCode(column="y", value=-999)


def test_without_being_asked_nothing_is_marked_and_the_series_says_so():
    made = assemble(table_of(COLUMNS), roles_of(COLUMNS))
    assert made.series.values.min() == -999
    (note,) = [step for step in made.series.steps if step.name == "likely missing"]
    assert note.count == 3
    assert "first in row 4" in note.detail


def test_marked_codes_are_gaps_like_any_other():
    table, roles = table_of(COLUMNS), roles_of(COLUMNS, missing_codes=(CODE,))
    card = examine(table, roles)
    assert (card.n_missing, card.codes, card.needs_repair) == (3, (), ("gaps",))
    with pytest.raises(SeriesError, match="3 values missing"):
        assemble(table, roles)
    waiting = lay_out(observe(table, roles), roles, unit="")
    assert np.argwhere(waiting.missing).tolist() == [[3, 0], [50, 0], [51, 0]]
    made = assemble(table, roles.model_copy(update={"gaps": "forward fill"}))
    assert made.stages[0].key == "missing_codes"
    assert made.stages[0].steps[0].count == made.stages[0].touched.sum() == 3
    assert made.series.filled.sum() == 3
    np.testing.assert_array_equal(made.series.values[[3, 50, 51], 0], COLUMNS["y"][[2, 49, 49]])
    assert not [step for step in made.series.steps if step.name == "likely missing"]


def test_rows_of_one_step_are_averaged_without_their_codes():
    hours = {"y": coded(np.full(240, 7.0) + np.arange(240) % 3, -999)["y"].to_numpy()}
    roles = roles_of(hours, missing_codes=(CODE,), regular_step="day", gaps="interpolate")
    made = assemble(table_of({"y": np.tile(hours["y"], 4)}, freq="h"), roles)
    assert made.series.values.min() > 6


def test_a_mark_is_part_of_the_record_and_is_done_again_on_another_file():
    roles = roles_of(COLUMNS, missing_codes=(CODE,), gaps="forward fill")
    kept = record(SeriesSource(sample="sunspots"), roles, assemble(table_of(COLUMNS), roles))
    assert "-999" in repr(kept.literals["ROLES"])
    again = type(kept).model_validate_json(kept.model_dump_json())
    other = {"y": coded(wave(seed=5), -999, (60,))["y"].to_numpy(), "x": wave(seed=6)}
    series = apply_again(table_of(other), again).series
    assert series.values[60, 0] == other["y"][59]


def test_a_record_from_before_there_were_marks_is_read():
    old = {"target": "y", "time": "date"}
    assert ColumnRoles.model_validate(old).missing_codes == ()


def test_marks_of_columns_that_are_not_there_are_passed_over():
    frame = pd.DataFrame({"y": [1.0, 2.0]})
    assert mark_codes(frame, (MissingCode(column="z", value=-999), CODE)) == (frame, ())
