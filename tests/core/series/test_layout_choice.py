"""What has a row per moment is left alone, and detection can be overruled."""

import pytest

from lstm_core.errors import SeriesError
from lstm_core.series.layout.reshape import reshape
from lstm_core.series.layout.spec import LayoutSpec, find_layout
from lstm_core.series.samples import SAMPLES, sample_table
from tests.core.series.layouts import DAYS, DETECT, long_frame, read, turned


def test_a_time_beside_a_day_that_never_repeats_is_left_alone():
    rows = "".join(f"2020-01-{day:02d},07:{day:02d},{day}\n" for day in DAYS)
    assert turned("date,measured,y\n" + rows).columns == ("date", "measured", "y")


@pytest.mark.parametrize(
    "text",
    [
        "date,y,weather\n" + "".join(f"2020-01-{day:02d},{day},{'sun' if day % 3 else 'rain'}\n" for day in DAYS),
        "date,a,b\n" + "".join(f"2020-01-{day:02d},{day},{2 * day}\n" for day in range(1, 31)) + "2020-01-30,1,1\n",
        "date,y,note\n" + "".join(f"2020-01-{day:02d},{day},n{day}\n" for day in range(1, 31)) + "2020-01-30,9,again\n",
        "year,month,y\n" + "".join(f"{year},1,{year}\n" for year in range(1990, 2020)),
        "y\n" + "".join(f"{row}\n" for row in range(30)),
        "date,1,2,3\n" + "".join(f"2020-01-{day:02d},1,2,3\n" for day in range(1, 31)),
        "day,1979,1980,1981,1982,1983\n" + "".join(f"{day},1,2,3,4,5\n" for day in range(1, 31)),
    ],
    ids=["text column", "duplicates", "one date twice", "constant month", "one column", "numbers", "season sheet"],
)  # fmt: skip
def test_a_table_that_has_a_row_per_moment_is_left_alone(text):
    table = read(text)
    assert find_layout(table, DETECT) == LayoutSpec(kind="wide")
    assert reshape(table, DETECT).frame.equals(table.frame)


@pytest.mark.parametrize("name", SAMPLES)
def test_no_sample_is_turned(name):
    assert find_layout(sample_table(name), DETECT).kind == "wide"


def test_detection_can_be_overruled_both_ways():
    text = long_frame().to_csv(index=False)
    assert turned(text, kind="wide").columns == ("unique_id", "ds", "y")
    odd = "when,who,much\n" + "".join(
        f"2020-01-{day:02d},{who},{day}\n" for day in range(1, 31) for who in "ab"
    )
    assert turned(odd, kind="long", time="when", series=("who",), values=("much",)).columns == (
        "when",
        "a",
        "b",
    )
    with pytest.raises(SeriesError, match="not laid out as 'calendar'") as refused:
        turned(text, kind="calendar")
    assert refused.value.field == "layout"
    with pytest.raises(SeriesError, match="no column 'gone'"):
        turned(text, kind="long", time="gone")
    with pytest.raises(SeriesError, match="needs a column for the name of the series"):
        turned("date,y\n" + "".join(f"2020-01-{day:02d},{day}\n" for day in range(1, 31)), kind="long")
