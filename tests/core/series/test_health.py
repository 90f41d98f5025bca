"""The health card counts what a person must decide (F8), and changes nothing."""

import pandas as pd
import pytest

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import to_series
from lstm_core.series.detect import detect_roles, number_columns
from lstm_core.series.health import examine
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.samples import sample_roles, sample_table
from lstm_core.series.source import SeriesSource, load_source
from lstm_core.series.table import ReadOptions


def read(source: str):
    return read_table(source.encode(), "file.csv", ReadOptions())


def test_counts_of_a_clean_sample():
    card = examine(sample_table("sunspots"), sample_roles("sunspots"))
    assert (card.n_rows, card.n_columns, card.step) == (309, 2, "1 year")
    assert (card.first, card.last) == (pd.Timestamp(1700, 1, 1), pd.Timestamp(2008, 1, 1))
    assert card.needs_repair == ()


def test_counts_of_a_sick_table():
    rows = [f"2020-01-{day:02d},{day},3" for day in range(1, 31)]
    rows[4] = "2020-01-05,,3"
    rows[9:11] = ["2020-01-10,1,3", "2020-01-10,2,3"]
    del rows[20:22]
    rows[0], rows[1] = rows[1], rows[0]
    card = examine(
        read("date,y,same\n" + "\n".join(rows) + "\n"),
        ColumnRoles(time="date", target="y", features=("same",)),
    )
    assert (card.n_missing, card.n_duplicates, card.n_unsorted) == (1, 1, 2)
    assert card.n_absent == 3  # 11, 21 and 22 January
    assert card.constant == ("same",)
    assert card.needs_repair == ("duplicates", "gaps")


def test_roles_are_guessed():
    head = "id,when,const,sales\n"
    table = read(head + "".join(f"{n},2020-01-{n:02d},5,{n * n}\n" for n in range(1, 25)))
    assert detect_roles(table) == ColumnRoles(time="when", target="sales")
    assert number_columns(table) == ["id", "const", "sales"]


def test_a_year_column_of_numbers_is_the_time():
    table = read("year,value\n" + "".join(f"{year},{year % 7}\n" for year in range(1700, 1730)))
    series = to_series(table, detect_roles(table))
    assert series.step == "1 year"
    assert series.index[0] == pd.Timestamp(1700, 1, 1)


def test_a_counter_is_neither_time_nor_target():
    table = read("t,v\n" + "".join(f"{n},{n % 5}\n" for n in range(30)))
    assert detect_roles(table) == ColumnRoles(time=None, target="v")


def test_a_column_with_two_roles_is_refused():
    with pytest.raises(SeriesError, match="Column 'sunspots' has two roles"):
        examine(sample_table("sunspots"), ColumnRoles(time="year", target="sunspots", features=("sunspots",)))
    with pytest.raises(SeriesError, match="no column 'moon'"):
        examine(sample_table("sunspots"), ColumnRoles(target="moon"))


def test_a_source_survives_json_and_loads_the_same_series():
    source = SeriesSource(kind="sample", sample="sine", parameters={"n_rows": 99})
    again = SeriesSource.model_validate_json(source.model_dump_json())
    assert again == source
    assert load_source(again, lambda sha256: b"").n_rows == 99


def test_an_uploaded_source_reads_its_bytes_by_their_hash():
    stored = {"a" * 64: b"date,y\n" + b"".join(b"2020-01-%02d,%d\n" % (day, day) for day in range(1, 25))}
    source = SeriesSource(kind="upload", sha256="a" * 64, file_name="mine.csv")
    series = load_source(source, stored.__getitem__)
    assert (series.name, series.n_rows, series.step) == ("mine.csv", 24, "1 day")
