"""Rows B1 to B31 of BAD_INPUTS.md: bytes and dialect. One test per row, named by its number."""

import gzip
import struct
import zlib

import numpy as np
import pytest

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import to_series
from lstm_core.series.detect import detect_roles
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.record import Series
from lstm_core.series.table import ReadOptions, Table


def read(source: str | bytes, **options) -> Table:
    return read_table(
        source.encode() if isinstance(source, str) else source, "file.csv", ReadOptions(**options)
    )


def series_of(source: str | bytes, **options) -> Series:
    table = read(source, **options)
    return to_series(table, detect_roles(table))


def days(n_rows: int = 24, form: str = "2020-01-{:02d}", separator: str = ",", tail: str = "") -> str:
    return "".join(f"{form.format(day)}{separator}{day}{tail}\n" for day in range(1, n_rows + 1))


def step(thing: Table | Series, name: str):
    found = [step for step in thing.steps if step.name == name]
    assert len(found) == 1, f"{name} not exactly once in {thing.steps}"
    return found[0]


def test_b01_empty_file():
    with pytest.raises(SeriesError, match="The file is empty"):
        read(b"")


def test_b02_only_blank_lines():
    with pytest.raises(SeriesError, match="The file is empty"):
        read("\n\r\n  \n")


def test_b03_header_without_rows():
    with pytest.raises(SeriesError, match=r"no data rows.*at least 20 rows"):
        read("date,y\n")


def test_b04_one_row():
    with pytest.raises(SeriesError, match=r"only 1 row\. Expected: at least 20 rows"):
        series_of("date,y\n2020-01-01,5\n")


def test_b05_utf8_with_byte_order_mark():
    table = read(b"\xef\xbb\xbfdate,y\n" + days().encode())
    assert table.columns == ("date", "y")
    assert table.steps == ()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_b06_utf16_is_decoded_and_told(encoding):
    bom = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}[encoding]
    table = read(bom + ("Größe,y\n" + days()).encode(encoding))
    assert table.columns == ("Größe", "y")
    assert "UTF-16" in step(table, "decode").detail


def test_b07_windows_1252_is_decoded_and_its_header_shown():
    table = read(("größe €,y\n" + days()).encode("cp1252"))
    assert table.columns == ("größe €", "y")
    assert table.options.encoding == "cp1252"
    assert "größe €" in step(table, "decode").detail


@pytest.mark.parametrize(
    ("source", "what"),
    [
        (("date,y\n" + days()).encode("utf-32"), "UTF-32"),
        (("date,y\n" + days()).encode("cp500"), "encoding of the file is unknown"),
        ("dä,y\n1,2\n".encode() + "dä,3\n".encode("cp1252"), "mixed: line 3"),
    ],
    ids=["utf-32", "ebcdic", "mixed"],
)
def test_b08_foreign_encodings_are_refused_with_the_cure(source, what):
    with pytest.raises(SeriesError, match=what) as refused:
        read(source)
    assert "UTF-8" in refused.value.message


def test_b09_nul_bytes_name_the_line():
    with pytest.raises(SeriesError, match="binary bytes at line 3"):
        read(b"date,y\n2020-01-01,1\n2020-01-02,\x00\n")


def _png() -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (_png(), "a PNG image"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"PK\x03\x04rest", "a zip archive or an Excel workbook"),
    ],
    ids=["png", "pdf", "zip"],
)
def test_b10_other_kinds_of_files_are_named(source, kind):
    with pytest.raises(SeriesError, match=f"This is {kind}, not a table"):
        read(source)


def test_b11_compressed_files_are_not_inflated():
    with pytest.raises(SeriesError, match=r"compressed file.*Unzip it first"):
        read(gzip.compress(b"date,y\n" + days().encode()))


def test_b12_a_web_page_is_recognised():
    with pytest.raises(SeriesError, match="looks like a web page"):
        read("\n <!DOCTYPE html><html><body>404, not found</body></html>")


def test_b13_semicolon_with_decimal_comma():
    table = read("date;y\n" + "".join(f"2020-01-{day:02d};{day},5\n" for day in range(1, 25)))
    assert table.columns == ("date", "y")
    assert table.frame["y"].tolist() == [day + 0.5 for day in range(1, 25)]
    assert "semicolon" in step(table, "separator").detail
    assert "3,14 is read as 3.14" in step(table, "decimal mark").detail


@pytest.mark.parametrize(("separator", "name"), [("\t", "tab"), ("|", "pipe"), (" ", "space")])
def test_b14_other_separators_are_found_and_told(separator, name):
    table = read(f"date{separator}y\n" + days(separator=separator))
    assert table.columns == ("date", "y")
    assert name in step(table, "separator").detail


@pytest.mark.parametrize("ends", ["\r", "\r\n", "mixed"])
def test_b15_line_ends_of_every_kind(ends):
    text = "date,y\n" + days()
    source = text.replace("\n", "\r\n", 3) if ends == "mixed" else text.replace("\n", ends)
    assert read(source).frame["y"].tolist() == list(range(1, 25))


def test_b16_unclosed_quote_names_the_line():
    with pytest.raises(SeriesError, match="quote that opens at line 3 never closes"):
        read('date,y\n2020-01-01,1\n2020-01-02,"2\n2020-01-03,3\n')


def test_b16_counts_the_lines_above_the_table():
    with pytest.raises(SeriesError, match="quote that opens at line 4 never closes"):
        read('# made by X\ndate,y\n2020-01-01,1\n2020-01-02,"2\n')


def test_b17_a_long_row_names_the_line_and_its_text():
    with pytest.raises(SeriesError, match=r"Line 3 has 3 cells.*has 2: '2020-01-02,2,9'"):
        read("date,y\n2020-01-01,1\n2020-01-02,2,9\n")


def test_b18_every_row_longer_than_the_header():
    with pytest.raises(SeriesError, match="Line 2 has 3 cells, but the first row of the table has 2"):
        read("date,y\n" + days(tail=",7"))


def test_b19_short_rows_are_missing_values_and_counted():
    table = read("date,y,z\n2020-01-01,1,2\n2020-01-02,3\n2020-01-03\n2020-01-04,5,6\n")
    assert step(table, "short rows").count == 2
    np.testing.assert_array_equal(table.frame["z"], [2, np.nan, np.nan, 6])


def test_b19_short_rows_beside_quotes_are_counted_too():
    table = read('date,y,z\n"2020-01-01",1,2\n2020-01-02,3\n')
    assert step(table, "short rows").count == 1


def test_b20_duplicate_names_are_numbered():
    table = read("date,y,y,y (2)\n2020-01-01,1,2,3\n")
    assert table.columns == ("date", "y", "y (3)", "y (2)")
    assert step(table, "number repeats").count == 1


def test_b21_a_blank_name_becomes_its_place():
    table = read("date,,z\n2020-01-01,1,2\n")
    assert table.columns == ("date", "column 2", "z")
    assert "column 2" in step(table, "name blanks").detail


def test_b22_without_a_header_the_first_row_is_data():
    table = read(days())
    assert table.columns == ("column 1", "column 2")
    assert table.n_rows == 24
    assert step(table, "no header").count == 1
    assert read(days(), header=True).n_rows == 23


def test_b23_comment_lines_are_skipped_and_counted():
    table = read("# made by X\n# on 1 May\ndate,y\n" + days())
    assert table.columns == ("date", "y")
    assert step(table, "skip lines").count == 2


def test_b23_a_title_above_the_table_is_skipped():
    table = read("Station Hamburg\ndate,y\n" + days())
    assert table.columns == ("date", "y")
    assert table.options.skip_lines == 1


def test_b24_a_row_of_units_is_taken_as_units_and_can_be_kept():
    table = read("date,temp,rain\n,[°C],mm\n" + days(tail=",3"))
    assert table.unit("temp") == "°C"
    assert table.unit("rain") == "mm"
    assert table.n_rows == 24
    assert step(table, "units row").count == 1
    assert read("date,temp\n,°C\n" + days(), units_row=False).n_rows == 25


def test_b25_a_total_at_the_end_is_dropped_and_listed():
    series = series_of("date,y\n" + days() + "Total,78\n")
    assert series.n_rows == 24
    assert "row 25 ('Total')" in step(series, "drop end rows").detail


def test_b26_too_many_columns_are_refused_by_the_first_line():
    n_columns = 100_000
    with pytest.raises(SeriesError, match=r"more columns than the limit. Received: 100,000 columns"):
        read(",".join(f"c{place}" for place in range(n_columns)) + "\n")


def test_b27_a_very_long_cell_names_its_place():
    with pytest.raises(SeriesError, match="Row 2 of column 'note' holds a very long text"):
        read("date,note\n2020-01-01,a\n2020-01-02," + "x" * 1_000_000 + "\n")


def test_b28_markup_in_a_header_stays_text():
    table = read("date,<img src=x onerror=alert(1)>\n" + days())
    assert table.columns[1] == "<img src=x onerror=alert(1)>"


def test_b29_strange_names_become_visible_short_and_unique():
    long = "x" * 10_000
    source = f'date,"two\nlines\tand tab",temp 🌡,\u202eevil\u200b,{long},{long}\n2020-01-01,1,2,3,4,5\n'
    table = read(source)
    assert table.columns[1:4] == ("two lines and tab", "temp 🌡", "evil")
    assert max(map(len, table.columns)) == 80
    assert len(set(table.columns)) == 6
    assert step(table, "clean names").count == 4


def test_b30_names_equal_to_our_own_words_are_only_names():
    rows = "".join(f"2020-01-{day:02d},{day},{day * 2},3\n" for day in range(1, 25))
    table = read("date,__index__,prediction,index\n" + rows)
    roles = detect_roles(table).model_copy(update={"target": "__index__", "features": ("prediction",)})
    series = to_series(table, roles)
    assert series.columns == ("__index__", "prediction")
    assert series.column("prediction")[-1] == 48


@pytest.mark.parametrize("quotes", ["''", "“”"])
def test_b31_other_quotes_make_no_numbers(quotes):
    left, right = quotes
    rows = "".join(f"2020-01-{day:02d},{left}{day}{right}\n" for day in range(1, 25))
    with pytest.raises(SeriesError, match="No column of the table holds numbers"):
        series_of("date,y\n" + rows)


def test_b32_spaces_around_names_and_numbers_are_trimmed():
    table = read(
        "  date ,\ty , note \n" + "".join(f" 2020-01-{day:02d} ,  {day}.5  , a b \n" for day in range(1, 25))
    )
    assert table.columns == ("date", "y", "note")
    assert table.frame["y"].tolist() == [day + 0.5 for day in range(1, 25)]
    assert set(table.frame["note"]) == {"a b"}
    assert table.steps == ()


def test_b14_a_comma_in_every_number_is_no_separator_beside_clocks():
    """A damaged row must not make the comma the more even mark: one row is named instead."""
    rows = [f"06.06.2020 {hour:02d}:00:00;{hour},5\n" for hour in range(22)]
    rows[1] = rows[1].replace(":00;", ";00;", 1)
    with pytest.raises(SeriesError, match="Line 2 has 3 cells"):
        read("".join(rows))
