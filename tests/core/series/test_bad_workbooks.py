"""Rows B87 to B99 of BAD_INPUTS.md: Excel. One test per row, named by its number."""

import datetime as dt

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import to_series
from lstm_core.series.detect import detect_roles
from lstm_core.series.reading.kinds import identify
from lstm_core.series.reading.workbook import list_sheets, read_workbook
from lstm_core.series.table import ReadOptions, Table
from tests.core.series.workbooks import handmade, saved, written, zipped

DAYS = [day.to_pydatetime() for day in pd.date_range("2020-01-01", periods=24)]
ROWS = [["date", "y", "z"], *([day, place + 0.1, place * place] for place, day in enumerate(DAYS))]


def read(source: bytes, **options) -> Table:
    return read_workbook(source, "book.xlsx", ReadOptions(**options))


def step(table: Table, name: str):
    found = [step for step in table.steps if step.name == name]
    assert len(found) == 1, f"{name} not exactly once in {table.steps}"
    return found[0]


def test_a_plain_sheet_is_read_value_by_value():
    table = read(written(ROWS))
    assert table.columns == ("date", "y", "z")
    assert table.frame["y"].tolist() == [place + 0.1 for place in range(24)]
    assert table.frame["z"].tolist() == [place * place for place in range(24)]
    assert (table.kind, table.sheets, table.options.sheet, table.steps) == ("Excel", ("Sheet",), "Sheet", ())
    series = to_series(table, detect_roles(table))
    assert list(series.index) == DAYS


def test_times_of_day_and_blank_cells_survive():
    moments = [
        moment.to_pydatetime() for moment in pd.date_range("2020-01-01 06:00", periods=24, freq="90min")
    ]
    rows = [["time", "y"], *([moment, None if place == 5 else place] for place, moment in enumerate(moments))]
    table = read(written(rows))
    assert to_series(table, detect_roles(table).model_copy(update={"gaps": "drop"})).n_rows == 23
    assert np.isnan(table.frame["y"][5])
    filled = detect_roles(table).model_copy(update={"gaps": "interpolate"})
    assert list(to_series(table, filled).index) == moments


def test_text_numbers_with_decimal_comma_stand_beside_true_numbers():
    rows = [["y", "z"], *([f"{place},5", place + 0.25] for place in range(24))]
    table = read(written(rows))
    assert table.options.decimal == ","
    assert table.frame["y"].tolist() == [place + 0.5 for place in range(24)]
    assert table.frame["z"].tolist() == [place + 0.25 for place in range(24)]


def test_yes_and_no_are_1_and_0_and_durations_are_days():
    rows = [["y", "open", "length"], *([place, place > 3, dt.timedelta(hours=6)] for place in range(24))]
    table = read(written(rows))
    assert table.frame["open"].tolist() == [0] * 4 + [1] * 20
    assert table.frame["length"].tolist() == [0.25] * 24
    assert step(table, "yes or no").count == 24
    assert "first in C2" in step(table, "durations").detail


def two_sheets() -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Notes"
    book.worksheets[0].append(["Measured by hand"])
    for name, shift in (("North", 0), ("South", 100)):
        sheet = book.create_sheet(name)
        for row in ROWS:
            sheet.append([row[0], row[1] + shift if row is not ROWS[0] else "y"])
    return saved(book)


def test_b87_the_first_sheet_with_numbers_is_read_and_another_can_be_chosen():
    table = read(two_sheets())
    assert table.sheets == list_sheets(two_sheets()) == ("Notes", "North", "South")
    assert table.options.sheet == "North"
    assert "3 sheets; 'North'" in step(table, "sheet").detail
    south = read(two_sheets(), sheet="South")
    assert south.frame["y"].tolist() == [place + 100.1 for place in range(24)]
    assert south.steps == ()


def test_b87_a_sheet_that_does_not_exist_is_named_with_those_that_do():
    with pytest.raises(SeriesError, match=r"no sheet 'East'.*one of Notes, North, South") as refused:
        read(two_sheets(), sheet="East")
    assert refused.value.field == "sheet"


def test_b88_formulas_without_values_are_refused():
    with pytest.raises(SeriesError, match="Column 'z' holds formulas without values") as refused:
        read(written(ROWS, lambda sheet: sheet.__setitem__("C5", "=B5*2")))
    assert "1 formula never calculated, first in cell C5" in refused.value.message
    assert "save it there" in refused.value.message


def numbers(cell: str, n_rows: int = 24) -> str:
    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><v>{row}</v></c>{cell.format(row=row)}</row>'
        for row in range(2, n_rows + 2)
    )
    names = '<c r="A1" t="inlineStr"><is><t>x</t></is></c><c r="B1" t="inlineStr"><is><t>y</t></is></c>'
    return f'<row r="1">{names}</row>{rows}'


def test_b88_formulas_that_were_calculated_are_values_and_empty_text_is_missing():
    table = read(handmade(numbers('<c r="B{row}"><f>A{row}/2</f><v>{row}.5</v></c>')))
    assert table.frame["y"].tolist() == [row + 0.5 for row in range(2, 26)]
    blank = '<c r="B3" t="str"><f>IF(A3,"","")</f><v></v></c>'
    source = numbers('<c r="B{row}"><v>{row}</v></c>').replace('<c r="B3"><v>3</v></c>', blank)
    assert np.isnan(read(handmade(source)).frame["y"][1])


def test_b89_errors_of_excel_are_missing_values_and_counted():
    def spoil(sheet):
        sheet["B4"], sheet["B7"] = "#REF!", "#DIV/0!"

    table = read(written(ROWS, spoil))
    assert np.isnan(table.frame["y"][[2, 5]]).all()
    assert table.frame["y"].notna().sum() == 22
    found = step(table, "error cells")
    assert found.count == 2
    assert "first #REF! in B4" in found.detail


def test_b90_blank_rows_and_a_merged_title_above_the_table():
    def merge(sheet):
        sheet.insert_rows(1, 4)
        sheet["A2"] = "Energy report"
        sheet.merge_cells("A2:C2")

    table = read(written(ROWS, merge))
    assert table.columns == ("date", "y", "z")
    assert table.n_rows == 24
    assert table.options.skip_lines == 4


def test_b90_merged_names_of_groups_stand_above_the_names():
    rows = [[None, "Germany", None, "France", None], ["day", "temp", "rain", "temp", "rain"]]
    rows += [[day, 1, 2, 3, place] for place, day in enumerate(DAYS)]
    table = read(written(rows, lambda sheet: sheet.merge_cells("B1:C1")))
    assert table.columns == ("day", "temp", "rain", "temp (2)", "rain (2)")
    assert step(table, "skip lines").count == 1


def test_b90_the_row_of_the_names_can_be_chosen():
    table = read(written([["old", "names"], *ROWS]), skip_lines=1)
    assert table.columns == ("date", "y", "z")


def test_b90_a_blank_first_name_is_no_title():
    rows = [[None, "y"], *([day, place] for place, day in enumerate(DAYS))]
    table = read(written(rows))
    assert table.columns == ("column 1", "y")
    assert table.n_rows == 24


def test_b90_a_table_that_starts_further_right_and_has_blank_rows():
    rows = [[None, None, *row] for row in ROWS]
    rows.insert(10, [None])
    table = read(written(rows))
    assert table.columns == ("date", "y", "z")
    assert table.n_rows == 24
    assert step(table, "blank rows").count == 1


def test_b91_dates_as_text_and_the_calendar_that_starts_in_1904():
    table = read(written([["date", "y"], *([f"{day:%d.%m.%Y}", place] for place, day in enumerate(DAYS))]))
    assert list(to_series(table, detect_roles(table)).index) == DAYS
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in ROWS:
        book.worksheets[0].append(row)
    table = read(saved(book))
    assert list(to_series(table, detect_roles(table)).index) == DAYS


@pytest.mark.parametrize("rows", [[], [[None, None]]], ids=["nothing", "blank cells"])
def test_b92_an_empty_workbook(rows):
    with pytest.raises(SeriesError, match="The workbook is empty"):
        read(written(rows))


def test_b92_an_empty_sheet_is_named():
    book = openpyxl.Workbook()
    book.create_sheet("Blank")
    with pytest.raises(SeriesError, match="Sheet 'Blank' is empty"):
        read(saved(book), sheet="Blank")


def test_b93_a_text_table_called_xlsx_is_told_apart():
    with pytest.raises(
        SeriesError, match="says that this is an Excel workbook, but the file holds plain text"
    ):
        identify(b"date,y\n2020-01-01,1\n", "table.XLSX")


def test_b93_a_zip_that_is_no_workbook_names_what_is_in_it():
    with pytest.raises(SeriesError, match=r"This is a zip archive \(in it: data/table.csv\)"):
        read(zipped({"data/table.csv": "date,y\n"}))


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ({"xl/workbook.bin": b"\0"}, "a binary Excel workbook"),
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, "an OpenDocument file"),
        ({"word/document.xml": "<w/>"}, "a Word document"),
    ],
    ids=["xlsb", "ods", "docx"],
)
def test_b94_other_workbooks_are_named_with_the_cure(parts, what):
    with pytest.raises(SeriesError, match=f"This is {what}.*as CSV"):
        read(zipped(parts))


def test_b94_old_workbooks_and_b95_encrypted_ones_are_told_apart():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
    with pytest.raises(SeriesError, match=r"an old Excel workbook.*save it as .xlsx"):
        identify(ole, "old.xls")
    with pytest.raises(SeriesError, match=r"Excel workbook is encrypted.*without the password"):
        identify(ole + "EncryptedPackage".encode("utf-16-le"), "secret.xlsx")


def test_b96_one_cell_far_outside_is_named_at_once():
    with pytest.raises(SeriesError, match="cell XFD1048576 holds a value") as refused:
        read(written(ROWS, lambda sheet: sheet.cell(1_048_576, 16_384, 1)))
    assert "16,384 columns" in refused.value.message


def test_b97_what_unpacks_to_more_than_the_limit_is_not_unpacked(monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_READER_MEMORY_MB", "64")
    source = handmade(numbers("") + " " * 70_000_000)
    assert len(source) < 100_000
    with pytest.raises(SeriesError, match=r"unpacks to more than the memory limit.*70 MB unpacked"):
        read(source)


BOMB = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("prolog", [BOMB, f"<!--{'x' * 70_000}-->{BOMB}"], ids=["plain", "behind a comment"])
def test_b98_entities_are_refused(prolog):
    with pytest.raises(SeriesError, match="declares XML entities"):
        read(handmade(numbers('<c r="B{row}"><v>1</v></c>'), prolog=prolog))


def test_b98_a_file_from_the_disk_is_never_read_in():
    prolog = '<!DOCTYPE w [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    with pytest.raises(SeriesError, match="declares XML entities"):
        read(handmade('<row r="1"><c r="A1" t="inlineStr"><is><t>&f;</t></is></c></row>', prolog=prolog))


@pytest.mark.parametrize(
    "more",
    [
        {"xl/vbaProject.bin": b"\0"},
        {"[Content_Types].xml": "<Types>vnd.ms-excel.sheet.macroEnabled.main</Types>"},
    ],
    ids=["with macros", "by its type"],
)
def test_b99_workbooks_with_macros_are_refused(more):
    with pytest.raises(SeriesError, match="with macros"):
        read(handmade(numbers(""), more=more))


@pytest.mark.parametrize("damage", ["cut", "flipped", "no sheet", "no xml"])
def test_a_damaged_workbook_is_told_in_words(damage):
    source = written(ROWS)
    if damage == "cut":
        source = source[: len(source) // 2]
    elif damage == "flipped":
        middle = source.index(b"sheet1.xml") + 60
        source = source[:middle] + bytes([source[middle] ^ 255]) + source[middle + 1 :]
    elif damage == "no sheet":
        source = handmade("", more={"xl/_rels/workbook.xml.rels": "<Relationships/>"})
    else:
        source = handmade("<row><c")
    with pytest.raises(SeriesError, match=r"damaged|empty"):
        read(source)


def test_a_sheet_says_what_was_detected_and_why():
    rows = [["Energy report", None], ["day", "load"], ["", "kWh"], *([day, 1.5] for day in DAYS)]
    table = read(written(rows))
    told = {finding.field: finding.sentence for finding in table.findings}
    assert "delimiter" not in told
    assert "such as 'Energy report', is left out" in told["skip_lines"]
    assert "'day' stands above '2020-01-01'" in told["header"]
    assert "'kWh'" in told["units_row"]
    assert table.unit("load") == "kWh"
    assert table.frame["load"].tolist() == [1.5] * 24


def test_signs_and_thousands_in_text_cells_are_read_as_in_a_text_file():
    rows = [["day", "price"], *([day, f"$1,{place:03d}.50"] for place, day in enumerate(DAYS))]
    table = read(written(rows), signs=True, thousands=",")
    assert table.frame["price"].tolist() == [1000 + place + 0.5 for place in range(24)]
