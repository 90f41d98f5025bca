"""Rows B81 and B100 to B105 of BAD_INPUTS.md: Parquet. One test per row, named by its number."""

import datetime as dt
import decimal
import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import feather, parquet

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import to_series
from lstm_core.series.detect import detect_roles
from lstm_core.series.reading.kinds import identify
from lstm_core.series.reading.parquet import read_parquet
from lstm_core.series.table import ReadOptions, Table

DAYS = pd.date_range("2020-01-01", periods=24, freq="D")
FRAME = pd.DataFrame({"date": DAYS, "y": np.arange(24) / 3, "z": np.arange(24)})


def saved(cells: pa.Table | pd.DataFrame, **settings) -> bytes:
    table = cells if isinstance(cells, pa.Table) else pa.Table.from_pandas(cells)
    sink = io.BytesIO()
    parquet.write_table(table, sink, **settings)
    return sink.getvalue()


def read(cells: bytes | pa.Table | pd.DataFrame, **options) -> Table:
    source = cells if isinstance(cells, bytes) else saved(cells)
    return read_parquet(source, "file.parquet", ReadOptions(**options))


def column(values, kind: pa.DataType) -> pa.Table:
    return pa.table({"n": pa.array(range(len(values))), "c": pa.array(values, type=kind)})


def step(table: Table, name: str):
    found = [step for step in table.steps if step.name == name]
    assert len(found) == 1, f"{name} not exactly once in {table.steps}"
    return found[0]


def test_a_plain_file_is_read_value_by_value():
    table = read(FRAME)
    assert (table.columns, table.kind, table.steps) == (("date", "y", "z"), "Parquet", ())
    assert table.frame["y"].tolist() == FRAME["y"].tolist()
    assert table.frame["z"].dtype == np.int64
    assert list(to_series(table, detect_roles(table)).index) == list(DAYS)


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([1, None, 3], pa.int16(), [1, np.nan, 3]),
        ([1, 2, 3], pa.uint64(), [1, 2, 3]),
        ([0.5, None, np.nan], pa.float32(), [0.5, np.nan, np.nan]),
        ([0.5, 1.5, 2.5], pa.float16(), [0.5, 1.5, 2.5]),
        ([True, None, False], pa.bool_(), [1, np.nan, 0]),
        (["1", "", "2.5"], pa.string(), [1, np.nan, 2.5]),
        ([None, None, None], pa.null(), [np.nan] * 3),
    ],
    ids=["int16", "uint64", "float32", "float16", "bool", "text", "null"],
)
def test_every_type_of_number_becomes_numbers(values, kind, expected):
    np.testing.assert_array_equal(read(column(values, kind)).frame["c"], expected)


def test_b73_true_and_false_are_told():
    assert step(read(column([True, False], pa.bool_())), "yes or no").detail.endswith("as 1 and 0: c.")


@pytest.mark.parametrize(
    ("kind", "values", "shown"),
    [
        (pa.date32(), [dt.date(2020, 1, 31)], "2020-01-31"),
        (pa.timestamp("ns"), [pd.Timestamp("2020-01-31 12:00")], "2020-01-31 12:00:00"),
        (pa.timestamp("us"), [pd.Timestamp("2020-01-31 12:00:00.0005")], "2020-01-31 12:00:00.000500"),
        (pa.string(), [" Jan 2020 "], "Jan 2020"),
        (pa.string(), [None], ""),
    ],
    ids=["date", "seconds", "microseconds", "text", "missing"],
)
def test_dates_and_text_become_text(kind, values, shown):
    assert read(column(values, kind)).frame["c"].tolist() == [shown]


def test_times_with_a_zone_keep_their_moment():
    moments = DAYS.tz_localize("UTC")
    table = read(pd.DataFrame({"date": moments, "y": range(24)}))
    assert list(to_series(table, detect_roles(table)).index) == list(DAYS)


@pytest.mark.parametrize(
    ("values", "kind", "words"),
    [
        ([decimal.Decimal("1.5")], pa.decimal128(5, 2), "decimal numbers of a fixed length"),
        ([b"\x01"], pa.binary(), "bytes"),
        ([dt.timedelta(1)], pa.duration("s"), "durations"),
    ],
    ids=["decimal", "bytes", "durations"],
)
def test_b81_other_values_are_refused_with_their_type(values, kind, words):
    with pytest.raises(SeriesError, match=f"Column 'c' holds {words}.*Received: the type"):
        read(column(values, kind))


def test_b100_the_number_of_rows_is_judged_before_any_is_read(monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_MAX_ROWS", "1000")
    source = bytearray(saved(pd.DataFrame({"y": np.zeros(5000)}), row_group_size=1000))
    source[4:60] = bytes(56)  # the first cells are unreadable, and nobody looks at them
    with pytest.raises(SeriesError, match=r"more rows than the limit. Received: 5,000 rows") as refused:
        read(bytes(source))
    assert refused.value.field == "last_rows"
    kept = read(bytes(source), last_rows=900)
    assert kept.n_rows == 900
    assert step(kept, "last rows").count > 0


def test_b100_the_memory_is_judged_by_the_metadata(monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_READER_MEMORY_MB", "64")
    monkeypatch.setenv("LSTM_EXPLORER_MAX_ROWS", "20000000")
    source = saved(pa.table({name: np.zeros(1_000_000, dtype=np.int8) for name in "abcdefghi"}))
    assert len(source) < 200_000
    with pytest.raises(SeriesError, match=r"unpacks to more than the memory limit.*72 MB for 1,000,000 rows"):
        read(source)


def test_b26_too_many_columns_in_a_parquet_file(monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_MAX_COLUMNS", "10")
    with pytest.raises(SeriesError, match=r"more columns than the limit. Received: 11 columns"):
        read(pa.table({f"c{place}": [1] for place in range(11)}))


def test_b3_a_parquet_file_without_rows():
    with pytest.raises(SeriesError, match="no data rows"):
        read(FRAME.head(0))


@pytest.mark.parametrize("damage", ["truncated", "footer", "flipped", "empty"])
def test_b101_damaged_files_are_told_in_our_words(damage):
    source = bytearray(saved(FRAME, write_page_checksum=True))
    if damage == "truncated":
        source = source[: len(source) // 2]
    elif damage == "footer":
        source[-8:-4] = b"\xff\xff\xff\x7f"
    elif damage == "flipped":
        source[60] ^= 255
    else:
        source = bytearray(b"PAR1PAR1")
    with pytest.raises(SeriesError, match="The Parquet file is damaged or cut off"):
        read(bytes(source))


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([[1, 2]], pa.list_(pa.int64())),
        ([{"a": 1}], pa.struct([("a", pa.int64())])),
        ([[("k", 1)]], pa.map_(pa.string(), pa.int64())),
    ],
    ids=["list", "struct", "map"],
)
def test_b102_nested_columns_are_refused_by_name(values, kind):
    with pytest.raises(SeriesError, match="Column 'c' holds lists, structures or maps"):
        read(column(values, kind))


def test_b102_dictionary_columns_are_decoded():
    table = read(pd.DataFrame({"n": range(4), "c": pd.Categorical(["b", "a", "b", None])}))
    assert table.frame["c"].tolist() == ["b", "a", "b", ""]


@pytest.mark.parametrize("end", [b"PARE", b"PAR1"], ids=["whole", "footer in the open"])
def test_b103_encrypted_files_are_refused(end, monkeypatch):
    source = saved(FRAME)
    if end == b"PARE":
        source = b"PARE" + source[4:-4] + end
    else:

        def refuse(*_, **__):
            raise OSError("Cannot decrypt ColumnMetadata. FileDecryption is not setup correctly")

        monkeypatch.setattr(parquet.ParquetFile, "read_row_groups", refuse)
    with pytest.raises(SeriesError, match="The Parquet file is encrypted"):
        read(source)


def test_b104_an_arrow_file_called_parquet_is_refused_by_its_first_bytes():
    sink = io.BytesIO()
    feather.write_feather(FRAME, sink)
    with pytest.raises(SeriesError, match="This is an Arrow or Feather file, not a table"):
        identify(sink.getvalue(), "table.parquet")


def test_b105_what_pandas_kept_as_the_index_comes_first():
    table = read(FRAME.set_index("date"))
    assert table.columns == ("date", "y", "z")
    assert list(to_series(table, detect_roles(table)).index) == list(DAYS)
    odd = FRAME.set_index(["z", "date"]).rename_axis([None, "date"])
    assert read(odd).columns == ("index", "date", "y")
    assert read(FRAME.iloc[3:]).columns == ("date", "y", "z")  # a range of rows is no column
