"""Any bytes give a table or an error in words; a clean frame that was written comes back as it was."""

import string
from contextlib import contextmanager
from typing import get_args

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import to_series
from lstm_core.series.cleaning.gaps import fill_gaps
from lstm_core.series.dates.read import read_dates
from lstm_core.series.detect import detect_roles
from lstm_core.series.health import examine
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.roles import ColumnRoles, DateFormat
from lstm_core.series.table import ReadOptions

LIKE_A_TABLE = st.text(alphabet="0123456789.,;|\t \"\n\r#-:/abTQWZé'=\u202e", max_size=400)
CELLS = st.one_of(
    st.text(alphabet="0123456789-/.:TZQW +aJnuary", max_size=16),
    st.dates().map(str),
    st.datetimes().map(str),
    st.integers().map(str),
    st.floats().map(str),
)


def all_the_way(source: bytes, options: ReadOptions) -> None:
    """Read, guess, examine, build: only the errors meant for people may come out."""
    with in_words():
        table = read_table(source, "any.csv", options)
        roles = detect_roles(table)
        examine(table, roles)
        to_series(table, roles.model_copy(update={"gaps": "interpolate", "duplicates": "mean"}))


@contextmanager
def in_words():
    """Let an error for people pass, if it says something and names the control that cures it."""
    try:
        yield
    except SeriesError as refused:
        if not (refused.message and refused.field):
            raise AssertionError("an error without words or cure") from refused


@given(st.binary(max_size=400))
def test_any_bytes_give_a_table_or_words(source):
    all_the_way(source, ReadOptions())


@given(LIKE_A_TABLE, st.sampled_from(["utf-8", "utf-16", "cp1252", "utf-8-sig"]))
def test_anything_like_a_table_gives_a_table_or_words(text, encoding):
    all_the_way(text.encode(encoding, errors="replace"), ReadOptions())


@given(
    LIKE_A_TABLE,
    st.builds(
        ReadOptions,
        encoding=st.sampled_from([None, "utf-8", "utf-16", "latin-1", "nonsense"]),
        delimiter=st.sampled_from([None, ",", ";", "\t", "|", " "]),
        decimal=st.sampled_from([None, ".", ","]),
        header=st.sampled_from([None, True, False]),
        skip_lines=st.sampled_from([None, 0, 1, 5]),
        units_row=st.sampled_from([None, True, False]),
        last_rows=st.sampled_from([None, 1, 3]),
    ),
)
def test_any_options_give_a_table_or_words(text, options):
    all_the_way(text.encode(), options)


@given(st.lists(CELLS, min_size=1, max_size=30), st.sampled_from([None, *get_args(DateFormat)]))
def test_any_cells_give_dates_or_words(cells, wanted):
    column = pd.Series([cell.strip() for cell in cells], name="when", dtype="str")
    with in_words():
        reading = read_dates(column, wanted)
        assert len(reading.dates) == reading.n_kept <= len(cells)
        assert not reading.dates.hasnans


NAMES = st.lists(
    st.text(string.ascii_letters + "äöü _", min_size=1, max_size=12).map(lambda name: "n" + name.strip()),
    min_size=1, max_size=4, unique=True,
)  # fmt: skip


@given(
    names=NAMES,
    rows=st.integers(20, 60),
    data=st.data(),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_a_written_frame_comes_back(names, rows, data, delimiter, encoding, end):
    values = data.draw(
        arrays(np.float64, (rows, len(names)), elements=st.floats(-1e6, 1e6).map(lambda x: round(x, 3)))
    )
    decimal = "," if delimiter == ";" else "."
    frame = pd.DataFrame(values, columns=names)
    frame.insert(0, "date", pd.date_range("2020-01-01", periods=rows).strftime("%Y-%m-%d"))
    text = frame.to_csv(index=False, sep=delimiter, decimal=decimal, lineterminator=end)
    options = ReadOptions(delimiter=delimiter, decimal=decimal)
    table = read_table(text.encode(encoding), "written.csv", options)
    series = to_series(table, ColumnRoles(time="date", target=names[0], features=tuple(names[1:])))
    np.testing.assert_array_equal(series.values, values)
    assert series.columns == tuple(names)
    assert series.index.equals(pd.date_range("2020-01-01", periods=rows).as_unit("us"))


@given(
    values=st.lists(st.one_of(st.none(), st.floats(-1e3, 1e3)), min_size=2, max_size=40),
    how=st.sampled_from(["interpolate", "linear", "spline", "forward fill", "drop"]),
)
def test_filling_touches_only_gaps_and_counts_them(values, how):
    column = np.array([np.nan if value is None else value for value in values])
    frame = pd.DataFrame({"y": column})
    filling = fill_gaps(frame, ColumnRoles(target="y", gaps=how))
    repaired, steps = filling.frame, filling.steps
    assert not repaired["y"].isna().any()
    kept = repaired.index.intersection(frame.index[frame["y"].notna()])
    np.testing.assert_array_equal(repaired["y"].loc[kept], column[kept])
    assert len(kept) == np.isfinite(column).sum()
    n_dropped = sum(step.count for step in steps if "drop" in step.name)
    n_filled = sum(step.count for step in steps if "drop" not in step.name)
    assert n_dropped == len(frame) - len(repaired)
    assert n_dropped + n_filled == np.isnan(column).sum()
