"""Rows B67 to B76 of BAD_INPUTS.md: numbers as people write them. One test per row, named by its number."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import to_series
from lstm_core.series.detect import detect_roles
from lstm_core.series.reading import numbers
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.reading.number_forms import Marks
from lstm_core.series.reading.numbers import read_text, read_values
from lstm_core.series.record import Series
from lstm_core.series.table import ReadOptions, Table


def table_of(cells, separator=";", extra=None, **options) -> Table:
    """A table `year; y` and, where given, a second column of values."""
    extra = [""] * len(cells) if extra is None else [f"{separator}{cell}" for cell in extra]
    names = f"year{separator}y" + (f"{separator}z" if any(extra) else "")
    rows = [
        f"{1900 + row}{separator}{cell}{more}\n"
        for row, (cell, more) in enumerate(zip(cells, extra, strict=True))
    ]
    return read_table((names + "\n" + "".join(rows)).encode(), "file.csv", ReadOptions(**options))


def series_of(cells, separator=";", extra=None, **options) -> Series:
    table = table_of(cells, separator, extra, **options)
    roles = detect_roles(table).model_copy(update={"target": "y"})
    return to_series(table, roles)


def values_of(cells, *arguments, **options) -> list[float]:
    return series_of(cells, *arguments, **options).values[:, 0].tolist()


def step(thing, name: str):
    found = [step for step in thing.steps if step.name == name]
    assert len(found) == 1, f"{name} not exactly once in {thing.steps}"
    return found[0]


def finding(table: Table, field: str) -> str:
    found = [finding.sentence for finding in table.findings if finding.field == field]
    assert len(found) == 1
    return found[0]


PLAIN = list(range(100, 125))


class TestB67LostDigits:
    def test_b67_whole_numbers_beyond_the_exact_ones_are_counted(self):
        series = series_of([2**53 + 1, 2**53 + 2, 2**60 + 1, *range(22)])
        assert step(series, "lost digits").count == 2
        assert "9,007,199,254,740,992" in step(series, "lost digits").detail
        assert f"'{2**53 + 1}'" in step(series, "lost digits").detail

    def test_b67_beyond_int64_is_still_a_number(self):
        series = series_of([10**25 + 7, *range(24)])
        assert series.values[0, 0] == float(10**25 + 7)
        assert step(series, "lost digits").count == 1

    def test_b67_numbers_with_decimals_or_exponents_lose_nothing_to_tell(self):
        series = series_of(["1e20", "12345678901234567890.5", *range(23)])
        assert not any(step.name == "lost digits" for step in series.steps)


class TestB68ThousandsMarks:
    @pytest.mark.parametrize(
        ("first", "value"),
        [
            ("1,234,567", 1234567),
            ("1,234.50", 1234.5),
            ("1 234,50", 1234.5),
            ("1\u00a0234", 1234),
            ("1\u202f234.5", 1234.5),
            ("1'234.50", 1234.5),
            ("1.234,50", 1234.5),
            ("1.234.567", 1234567),
            ("12,34,567.5", 1234567.5),
            ("-1,234.50", -1234.5),
        ],
    )
    def test_b68_grouped_digits_that_leave_no_doubt_are_read_and_told(self, first, value):
        cells = [first, *PLAIN]
        assert values_of(cells) == [value, *PLAIN]
        assert step(series_of(cells), "thousands mark").count == 1
        assert "groups digits" in finding(table_of(cells), "thousands")

    def test_b68_the_mark_of_another_column_decides(self):
        decimals = [f"{n}.5" for n in PLAIN]
        assert values_of(["1,234", *PLAIN[1:]], extra=decimals) == [1234, *PLAIN[1:]]
        german = [f"{n},5" for n in PLAIN]
        assert values_of(["1.234", *PLAIN[1:]], extra=german) == [1234, *PLAIN[1:]]

    @pytest.mark.parametrize("separator", [";", "\t"])
    def test_b68_one_comma_before_three_digits_is_asked_once(self, separator):
        cells = ["1,234", *PLAIN]
        with pytest.raises(
            SeriesError, match=r"Thousands or decimals\? '1,234' in row 1.*1234 or 1.234"
        ) as asked:
            values_of(cells, separator)
        assert asked.value.field == "decimal"
        assert values_of(cells, separator, decimal=".") == [1234, *PLAIN]
        assert values_of(cells, separator, decimal=",") == [1.234, *PLAIN]
        assert values_of(cells, separator, thousands=",") == [1234, *PLAIN]

    def test_b68_one_point_before_three_digits_is_asked_beside_whole_numbers_below_1000(self):
        cells = ["1.234", *PLAIN]
        with pytest.raises(SeriesError, match=r"Thousands or decimals\? '1.234'"):
            values_of(cells)
        assert values_of(cells, decimal=".") == [1.234, *PLAIN]
        assert values_of(cells, decimal=",") == [1234, *PLAIN]

    def test_b68_three_decimals_everywhere_are_decimals_and_told(self):
        cells = [f"{n}.125" for n in PLAIN]
        assert values_of(cells) == [n + 0.125 for n in PLAIN]
        assert step(series_of(cells), "three decimals").count == len(PLAIN)
        told = [finding.sentence for finding in table_of(cells).findings if finding.field == "decimal"]
        assert "'100.125' in row 1 of column 'y' is 100.125" in told[-1]
        assert values_of(cells, decimal=",") == [1000 * n + 125 for n in PLAIN]
        assert not any(step.name == "three decimals" for step in series_of([*cells, "0.125"]).steps)

    def test_b68_missing_words_do_not_hide_the_question(self):
        with pytest.raises(SeriesError, match=r"Thousands or decimals\? '1.234'"):
            values_of(["1.234", "n/a", *PLAIN])

    def test_b68_a_mark_that_comes_late_is_found(self):
        cells = [*range(100, 400), "1,234.5"]
        assert values_of(cells)[-1] == 1234.5

    def test_b68_the_mark_can_be_forbidden(self):
        with pytest.raises(SeriesError, match=r"row 1 is not a number: '1,234.50'") as refused:
            values_of(["1,234.50", *PLAIN], thousands="none")
        assert refused.value.field == "thousands"

    @pytest.mark.parametrize("cell", ["1,23,4", "12,34", "1,2345", "0,123.5", "1.234.56"])
    def test_b68_groups_of_another_size_are_no_thousands(self, cell):
        with pytest.raises(SeriesError, match="is not a number"):
            values_of([cell, *[f"{n}.5" for n in PLAIN]])


class TestB69Signs:
    @pytest.mark.parametrize(
        ("form", "sign"),
        [
            ("${}", "$"),
            ("€ {}", "€"),
            ("{} €", "€"),
            ("{}%", "%"),
            ("{} %", "%"),
            ("{} EUR", "EUR"),
            ("{} kWh", "kWh"),
        ],
    )
    def test_b69_a_sign_in_every_cell_is_taken_off_told_and_becomes_the_unit(self, form, sign):
        cells = [form.format(f"{n}.5") for n in PLAIN]
        series = series_of(cells)
        assert series.values[:, 0].tolist() == [n + 0.5 for n in PLAIN]
        assert series.unit == sign
        assert step(series, "signs").count == len(PLAIN)
        assert finding(table_of(cells), "signs").endswith(f"'{cells[0]}' in row 1 of column 'y' is 100.5.")

    def test_b69_missing_values_and_zeros_need_no_sign(self):
        cells = ["0", *[f"{n}%" for n in PLAIN]]
        assert values_of(cells)[:2] == [0, 100]

    def test_b69_percent_beside_bare_numbers_is_refused_with_the_row(self):
        with pytest.raises(SeriesError, match=r"some cells carry '%' and some do not: row 3 says '0.12'"):
            values_of(["12%", "13%", "0.12", *[f"{n}%" for n in PLAIN]])

    def test_b69_two_currencies_are_refused_with_the_row(self):
        with pytest.raises(SeriesError, match=r"row 2 says '€12'"):
            values_of(["$12", "€12", *[f"${n}" for n in PLAIN]])

    def test_b69_signs_can_be_refused(self):
        with pytest.raises(SeriesError) as refused:
            values_of([f"${n}" for n in PLAIN], signs=False)
        assert "holds no numbers" in refused.value.message or refused.value.field == "signs"

    def test_b69_the_minus_of_accountants(self):
        cells = ["(12.50)", "12.50-", "-$12.50", "$-12.50", *[f"${n}" for n in PLAIN]]
        with pytest.raises(SeriesError, match="some cells carry"):
            values_of(cells)
        cells = ["($12.50)", "$12.50-", "-$12.50", "$-12.50", *[f"${n}" for n in PLAIN]]
        assert values_of(cells)[:4] == [-12.5] * 4
        assert step(series_of(cells), "booked minus").count == 2


class TestB70OtherScripts:
    @pytest.mark.parametrize(
        ("cell", "value"),
        [
            ("\u221212", -12),
            ("\u201312.5", -12.5),
            ("\uff11\uff12", 12),
            ("٣٫٥", 3.5),
            ("-٣", -3),
            ("१२", 12),
        ],
    )
    def test_b70_minus_signs_and_digits_of_other_scripts_are_read_and_counted(self, cell, value):
        series = series_of([cell, *PLAIN])
        assert series.values[0, 0] == value
        assert step(series, "other digits").count == 1


class TestB72NoCountryIsLost:
    def test_b72_namibia_stays_a_text(self):
        table = read_table(
            (
                "year,country,y\n"
                + "".join(f"{1900 + n},{'NA' if n % 2 else 'DE'},{n * n}\n" for n in range(22))
            ).encode(),
            "file.csv",
            ReadOptions(),
        )
        assert table.frame["country"].tolist() == ["DE", "NA"] * 11


class TestB73Booleans:
    @pytest.mark.parametrize("words", [("True", "False"), ("yes", "no"), ("ON", "OFF")])
    def test_b73_both_words_become_1_and_0(self, words):
        cells = [words[n % 2] for n in range(24)]
        series = series_of(cells)
        assert series.values[:, 0].tolist() == [1, 0] * 12
        assert step(series, "true and false").count == 24

    def test_b73_one_word_alone_is_a_text(self):
        table = table_of(["NO"] * 24, extra=PLAIN[:24])
        assert table.frame["y"].tolist() == ["NO"] * 24

    def test_b73_a_switch_is_not_guessed_as_target(self):
        rows = "".join(f"{1900 + n},{n % 2 == 0},{n * n}\n" for n in range(24))
        table = read_table(f"year,promotion,revenue\n{rows}".encode(), "file.csv", ReadOptions())
        assert detect_roles(table).target == "revenue"


@pytest.mark.parametrize("cell", ["0x1F", "1_000", "1e", "12abc", "1/2"])
def test_b75_other_notations_are_refused_with_the_row(cell):
    with pytest.raises(SeriesError, match=f"row 4 is not a number: '{cell}'"):
        values_of([1, 2, 3, cell, *PLAIN])


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1:A9)", "+A1", "=CMD|' /C calc'!A0"])
def test_b76_formulas_are_never_evaluated(cell):
    with pytest.raises(SeriesError, match=r"row 4 is not a number: '[=@+]"):
        values_of([1, 2, 3, cell, *PLAIN])


def test_b78_far_outliers_are_kept_as_they_are():
    """Nothing is removed unasked; the Windows page counts them (see test_cautions)."""
    assert values_of([*PLAIN, 1_000_000])[-1] == 1_000_000


def test_a_column_of_codes_stays_text():
    table = table_of([f"A{n}" for n in PLAIN], extra=PLAIN)
    assert table.frame["y"].tolist() == [f"A{n}" for n in PLAIN]


def test_spaces_that_do_not_group_make_no_number():
    with pytest.raises(SeriesError, match="is not a number: '12 30'"):
        values_of(["12 30", *PLAIN])


def test_exact_values_survive_undressing():
    rng = np.random.default_rng(7)
    values = np.round(rng.normal(0, 1e5, 200), 2)
    cells = [f"{value:,.2f} €".replace(",", " ").replace(".", ",") for value in values]
    np.testing.assert_array_equal(values_of(cells), values)


@pytest.mark.parametrize("form", ["{} €", "€{}", "{}", "{}%"])
@pytest.mark.parametrize(("mark", "point"), [(",", "."), (".", ","), (" ", ","), ("'", ".")])
def test_long_columns_written_in_one_way_read_as_short_ones_do(form, mark, point, monkeypatch):
    rng = np.random.default_rng(8)
    values = np.round(rng.normal(0, 1e5, 300), 2)
    texts = [f"{value:,.2f}".replace(",", "\0").replace(".", point).replace("\0", mark) for value in values]
    column = pd.Series([form.format(text) for text in texts], name="y", dtype="str")
    one_by_one = read_text(column, Marks())
    monkeypatch.setattr(numbers, "FEW", 10)
    whole = read_text(column, Marks())
    np.testing.assert_array_equal(whole.numbers, values)
    np.testing.assert_array_equal(one_by_one.numbers, values)
    assert (whole.notes, whole.sign, whole.thousands) == (
        one_by_one.notes,
        one_by_one.sign,
        one_by_one.thousands,
    )


@pytest.mark.parametrize("odd", ["(12.50)", "oops", "12.5", "1,23", "€ 5", "--5", "1,234"])
def test_one_odd_cell_in_a_long_column_is_found_as_in_a_short_one(odd, monkeypatch):
    column = pd.Series([f"${n}.5" for n in range(40)] + [odd], name="y", dtype="str")
    short = read_text(column, Marks())
    monkeypatch.setattr(numbers, "FEW", 10)
    long = read_text(column, Marks())
    pd.testing.assert_series_equal(long.bad, short.bad)
    pd.testing.assert_series_equal(long.numbers, short.numbers)
    assert long.reason == short.reason


@pytest.mark.parametrize(
    ("cell", "why", "cure"),
    [
        ("1.2M", "stand for millions", "Write the number out"),
        ("3k", "stand for thousands", "Write the number out"),
        ("$4 bn", "stand for a large number", "Write the number out"),
        ("<1", "lies below a limit", "half of it, or an empty cell"),
        (">= 5", "lies above a limit", "half of it, or an empty cell"),
        ("5 kWh", "some cells carry 'kWh' and some do not", "Write the sign in every cell"),
    ],
)
def test_b69_values_as_people_write_them_are_refused_with_cause_place_and_cure(cell, why, cure):
    with pytest.raises(SeriesError) as refused:
        series_of([1, 2, cell, *range(25)])
    assert "row " in refused.value.what
    assert why in refused.value.what
    assert cure in refused.value.advice


@pytest.mark.parametrize("cell", ["1.2M", "<1"])
def test_b60_a_column_of_nothing_else_says_what_its_cells_seem_to_mean(cell):
    with pytest.raises(SeriesError, match=f"holds no numbers; of '{cell}', it"):
        read_values(pd.Series([cell] * 30, name="y", dtype="str"), Marks())
