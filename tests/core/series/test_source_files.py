"""A source of several files: loaded as one table, kept in an address, and an old address opens as before."""

import hashlib

import pytest
from pydantic import ValidationError

from lstm_core.errors import SeriesError
from lstm_core.series.layout.alignment import JoinSpec
from lstm_core.series.layout.combine import MOST_FILES, FileChoice
from lstm_core.series.layout.spec import LayoutSpec
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.source import SeriesSource, load_file, load_source, load_table
from lstm_core.series.table import ReadOptions
from pages._shell.state import Journey, from_address, to_address

SALES = "date,y\n" + "".join(f"2020-01-{day:02d},{day}\n" for day in range(1, 31))
RAIN = "date;rain\n" + "".join(f"2020-01-{day:02d};{day},5\n" for day in range(1, 31))
LONG = "date,who,y\n" + "".join(f"2020-01-{day:02d},{who},{day}\n" for day in range(1, 31) for who in "ab")
CONTENTS = {hashlib.sha256(text.encode()).hexdigest(): text.encode() for text in (SALES, RAIN, LONG)}
SALES_ID, RAIN_ID, LONG_ID = CONTENTS


def two_files(**choices) -> SeriesSource:
    more = (FileChoice(sha256=RAIN_ID, file_name="rain.csv", options=ReadOptions(delimiter=";")),)
    return SeriesSource(kind="upload", sha256=SALES_ID, file_name="sales.csv", more=more, **choices)


def test_two_files_become_one_series():
    series = load_source(
        two_files(roles=ColumnRoles(time="date", target="y", features=("rain",))), CONTENTS.__getitem__
    )
    assert series.values[-1].tolist() == [30, 30.5]
    assert series.columns == ("y", "rain")


def test_an_address_holds_every_choice_of_every_file():
    source = two_files(
        layout=LayoutSpec(kind="long", chosen=("a",)), join=JoinSpec(how="outer", date_format="day first")
    )
    opened = from_address(to_address(Journey(source=source)))
    assert opened is not None
    assert opened.source == source
    assert source.files[0].date_format == "day first"
    assert source.files[1].options.delimiter == ";"


def test_an_old_address_takes_a_long_file_as_it_stands():
    """Before layouts were known, a file was always a row per moment; its roles name the columns of the file."""
    old = (
        '{"source":{"kind":"upload","sha256":"'
        + LONG_ID
        + '","roles":{"time":"date","target":"y","duplicates":"mean"}}}'
    )
    source = Journey.model_validate_json(old).source
    assert source is not None
    assert load_source(source, CONTENTS.__getitem__).n_rows == 30
    detected = source.model_copy(update={"layout": LayoutSpec(), "roles": None})
    assert load_table(detected, CONTENTS.__getitem__).columns == ("date", "a", "b")


def test_the_table_depends_on_files_layout_and_join_but_not_on_roles():
    source = two_files(join=JoinSpec(how="outer"), roles=ColumnRoles(target="y"))
    assert source.unread.roles is None
    assert (source.unread.more, source.unread.join) == (source.more, source.join)


def test_the_file_that_cannot_be_read_is_named():
    broken = two_files().model_copy(update={"more": (FileChoice(sha256=LONG_ID, file_name="long.csv"),)})
    with pytest.raises(SeriesError, match=r"long\.csv: 30 rows with the date of another row"):
        load_table(broken, CONTENTS.__getitem__)
    wrong = FileChoice(sha256=RAIN_ID, file_name="rain.csv", layout=LayoutSpec(kind="calendar"))
    with pytest.raises(SeriesError, match=r"rain\.csv: The table is not laid out as 'calendar'"):
        load_table(two_files().model_copy(update={"more": (wrong,)}), CONTENTS.__getitem__)
    empty = FileChoice(sha256=SALES_ID, file_name="empty.csv")
    with pytest.raises(SeriesError, match=r"empty\.csv: The file is empty"):
        load_table(
            two_files().model_copy(update={"more": (empty,), "sha256": RAIN_ID}),
            lambda sha256: b"" if sha256 == SALES_ID else CONTENTS[sha256],
        )


def test_there_is_a_most_number_of_files():
    more = (FileChoice(sha256=RAIN_ID),) * MOST_FILES
    with pytest.raises(ValidationError):
        SeriesSource(kind="upload", sha256=SALES_ID, more=more)


def test_a_file_can_be_read_in_another_way_or_taken_away_wherever_it_stands():
    source = two_files(layout=LayoutSpec(), join=JoinSpec(time="date", how="outer"))
    first, second = source.files
    assert source.with_file(0, first) == source.with_file(1, second) == source
    other = second.model_copy(update={"time": "date", "layout": LayoutSpec(kind="wide")})
    assert source.with_file(1, other).files == (first, other)
    assert source.with_file(0, other).files == (other, second)
    assert source.without_file(1).files == (first,)
    left = source.without_file(0)
    assert left.files == (second,)
    assert (left.join.how, left.join.time, left.layout) == ("outer", None, None)


def test_a_file_is_read_again_only_when_its_own_reading_changes():
    """The key that a page remembers a table under knows neither layout nor dates."""
    first = two_files(layout=LayoutSpec(), join=JoinSpec(time="date")).files[0]
    assert first.as_it_stands == two_files().files[0]
    read = []

    def remember(file):
        read.append(file.file_name)
        return load_file(file, CONTENTS.__getitem__)

    assert load_table(two_files(), CONTENTS.__getitem__, remember).columns == ("date", "y", "rain")
    assert read == ["sales.csv", "rain.csv"]
