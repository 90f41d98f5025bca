"""The main figure of page 1: the series with its repairs, or the rows that still wait for one."""

from functools import partial

from lstm_core.figures.series import plot_series
from lstm_core.figures.unrepaired import plot_unrepaired
from lstm_core.series.record import Series
from lstm_core.series.unrepaired import Unrepaired
from lstm_core.series.words import counted
from pages._shell import present
from pages._shell.data import series_words


def draw(series: Series | Unrepaired) -> None:
    """Draw a series with what repairs made, or rows as they came, so that the person sees what is decided about."""
    if isinstance(series, Unrepaired):
        _draw_waiting(series)
        return
    present.show(
        plot_series(series, theme=present.theme()),
        "series_chart",
        alt=f"{series.columns[0]}, {series.n_rows} rows {series_words.span(series)}."
        + series_words.repairs(series),
        table=partial(series_words.numbers, series),
    )


def _draw_waiting(waiting: Unrepaired) -> None:
    n_missing, n_repeated = int(waiting.missing.sum()), int(waiting.repeated.sum())
    present.show(
        plot_unrepaired(waiting, theme=present.theme()),
        "series_chart",
        alt=f"{waiting.columns[0]} before any repair: {counted(n_missing, 'value')} missing, "
        f"{counted(n_repeated, 'row')} with the date of another one.",
    )
