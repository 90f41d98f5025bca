"""The split on the series, and one window up close."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from lstm_core.figures.series import plot_split, plot_window
from lstm_core.figures.theme import DARK, LIGHT
from lstm_core.preparation.split import PARTS, SplitSpec, split
from lstm_core.series.record import Series


def dated(n_rows: int = 100) -> Series:
    index = pd.date_range("2020-01-01", periods=n_rows, freq="D")
    return Series(values=np.arange(float(n_rows))[:, None], index=index, columns=("y",), name="y", unit="m")


def numbered(n_rows: int = 100) -> Series:
    return Series(
        values=np.arange(float(n_rows))[:, None], index=pd.RangeIndex(n_rows), columns=("y",), name="y"
    )


def bands(figure) -> list[tuple[str, str, str]]:
    return [(str(s.x0), str(s.x1), s.fillcolor) for s in figure.layout.shapes if s.type == "rect"]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_f26_each_part_is_a_band_in_its_colour_with_its_name(theme):
    series = numbered()
    figure = plot_split(series, "y", split(series, SplitSpec()), theme=theme)
    assert bands(figure) == [
        ("0", "70", theme.train),
        ("70", "80", theme.validation),
        ("80", "99", theme.test),
    ]
    assert [note.text for note in figure.layout.annotations] == [f"<b>{part}</b>" for part in PARTS]


def test_f26_a_gap_stays_white():
    series = numbered()
    figure = plot_split(series, "y", split(series, SplitSpec(gap=5)), theme=LIGHT)
    assert [(first, last) for first, last, _ in bands(figure)] == [("0", "59"), ("65", "74"), ("80", "99")]


def test_f26_bands_stand_on_dates():
    series = dated()
    parts = split(series, SplitSpec(validation_start=date(2020, 3, 1), test_start=date(2020, 4, 1)))
    starts = [first[:10] for first, _, _ in bands(plot_split(series, "y", parts, theme=LIGHT))]
    assert starts == ["2020-01-01", "2020-03-01", "2020-04-01"]


def test_the_window_is_marked_on_the_series():
    series = numbered()
    parts = split(series, SplitSpec())
    figure = plot_split(series, "y", parts, theme=LIGHT, window=(range(10, 20), range(20, 22)))
    np.testing.assert_array_equal(figure.data[1].x, np.arange(10, 22))


def test_f25_a_window_shows_what_is_read_and_what_is_asked():
    figure = plot_window(dated(), "y", range(40, 50), range(50, 52), theme=LIGHT)
    context, read, asked = figure.data
    np.testing.assert_array_equal(read.y, np.arange(40.0, 50))
    np.testing.assert_array_equal(asked.y, [50, 51])
    np.testing.assert_array_equal(context.y, np.arange(35.0, 57))
    assert (read.name, asked.name) == ("read: 10 rows", "to forecast: 2 rows")
    assert asked.marker.symbol == "diamond"
    assert "m" in read.hovertemplate


@pytest.mark.parametrize(("inputs", "targets"), [(range(1), range(1, 2)), (range(98, 99), range(99, 100))])
def test_f25_a_window_at_either_end(inputs, targets):
    figure = plot_window(numbered(), "y", inputs, targets, theme=DARK)
    assert figure.data[1].name == "read: 1 row"
    assert min(figure.data[0].x) >= 0
    assert max(figure.data[0].x) <= 99


def test_a_split_of_a_million_rows_travels_in_less_than_100_kb():
    series = numbered(1_000_000)
    figure = plot_split(
        series, "y", split(series, SplitSpec()), theme=LIGHT, window=(range(2_000), range(2_000, 2_001))
    )
    assert len(figure.to_json()) < 100_000
