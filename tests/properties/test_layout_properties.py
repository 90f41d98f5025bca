"""Any table can be looked at in any layout and joined with any other: a table comes out, or words."""

from contextlib import contextmanager

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.errors import SeriesError
from lstm_core.series.detect import detect_roles
from lstm_core.series.health import examine
from lstm_core.series.layout.alignment import JoinSpec
from lstm_core.series.layout.combine import FileChoice, combine
from lstm_core.series.layout.reshape import reshape, series_names
from lstm_core.series.layout.spec import LayoutSpec
from lstm_core.series.profile import profile
from lstm_core.series.table import ReadOptions, Table

NAMES = st.sampled_from(
    [
        *(
            "date",
            "ds",
            "time",
            "unique_id",
            "y",
            "value",
            "year",
            "month",
            "quarter",
            "day",
            "hour",
            "name",
            "Total",
        ),
        *(
            "Jan",
            "Feb",
            "2019",
            "2020",
            "2021",
            "2022",
            "2023",
            "2020-01-01",
            "1/1/20",
            "Q1",
            "Q2",
            "Q3",
            "Q4",
            "1",
            "2",
        ),
    ]
)
CELLS = st.one_of(
    st.sampled_from(
        ["", "A", "B", "n/a", "2020-01-01", "01/02/2020", "12:00", "1,5", "1.5", "x9", "Q1", "M01", "24"]
    ),
    st.dates().map(str),
    st.integers(-5, 30).map(str),
)
NUMBERS = st.one_of(st.integers(0, 30), st.integers(1990, 2030), st.just(float("nan")))
COLUMNS = st.one_of(
    st.tuples(st.just("str"), st.lists(CELLS, min_size=1, max_size=12)),
    st.tuples(st.just("float64"), st.lists(NUMBERS, min_size=1, max_size=12)),
)
SHEETS = st.dictionaries(NAMES, COLUMNS, min_size=1, max_size=8)


def as_table(sheet: dict[str, tuple[str, list]], name: str = "a.csv") -> Table:
    """Columns of unlike length, the short ones repeated from their start: so that dates and names repeat."""
    n_rows = max(len(cells) for _, cells in sheet.values())
    columns = {
        title: pd.Series((cells * n_rows)[:n_rows], dtype=kind) for title, (kind, cells) in sheet.items()
    }
    return Table(frame=pd.DataFrame(columns), name=name, options=ReadOptions(decimal="."))


LAYOUTS = st.builds(
    LayoutSpec,
    kind=st.sampled_from(["detect", "wide", "long", "calendar", "dates across"]),
    date_parts=st.lists(NAMES, max_size=3).map(tuple),
    time=st.none() | NAMES,
    series=st.lists(NAMES, max_size=2).map(tuple),
    values=st.lists(NAMES, max_size=2).map(tuple),
    chosen=st.lists(st.sampled_from(["A", "B", "1"]), max_size=2).map(tuple),
    repeated=st.sampled_from(["refuse", "mean", "sum", "last"]),
)
JOINS = st.builds(
    JoinSpec,
    how=st.sampled_from([None, "inner", "outer", "nearest before", "stack"]),
    tolerance=st.none() | st.integers(0, 400),
    repeated=st.sampled_from(["refuse", "mean", "last"]),
)


@contextmanager
def in_words():
    """Let an error for people pass, if it says something and names the control that cures it."""
    try:
        yield
    except SeriesError as refused:
        if not (refused.message and refused.field):
            raise AssertionError("an error without words or cure") from refused


def usable(table: Table) -> None:
    """What every reader of a table relies on, and what the page shows of any."""
    assert table.frame.columns.is_unique
    assert table.frame.index.equals(pd.RangeIndex(table.n_rows))
    for name in table.columns:
        assert table.frame[name].dtype in ("str", "float64", "int64")
    assert [one.name for one in profile(table)] == list(table.columns)
    with in_words():
        examine(table, detect_roles(table))


@given(SHEETS, st.just(LayoutSpec()) | LAYOUTS)
@settings(max_examples=60)
def test_any_table_in_any_layout_gives_a_table_or_words(sheet, wanted):
    table = as_table(sheet)
    with in_words():
        usable(reshape(table, wanted))
    with in_words():
        series_names(table, wanted)


@given(st.lists(SHEETS, min_size=2, max_size=3), JOINS)
@settings(max_examples=40)
def test_any_tables_joined_in_any_way_give_a_table_or_words(sheets, spec):
    several = [as_table(sheet, f"{place}.csv") for place, sheet in enumerate(sheets)]
    files = [FileChoice(sha256="0" * 64, file_name=table.name) for table in several]
    with in_words():
        joined = combine(several, files, spec)
        usable(joined)
        assert len(joined.files) == len(several)
        assert sum(len(fit.columns) for fit in joined.files) >= len(joined.columns) - 1
