"""Pictures of the series itself: all of it, the way it is split, and one window on it."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from jaxtyping import Int
from plotly.subplots import make_subplots
from tsdownsample import MinMaxLTTBDownsampler

from lstm_core.arrays import TimeValues
from lstm_core.figures.theme import HEIGHT, MAX_POINTS, Theme, axis_label, frame, plain
from lstm_core.preparation.split import PARTS, Part, Split
from lstm_core.series.record import Series
from lstm_core.series.unrepaired import Unrepaired

MAX_COLUMNS = 8
"""Panels one picture may have; more cannot be read."""
MAX_FIGURE_POINTS = 6000
"""Points of all lines together, so that several panels still travel in under 300 KB."""
PANEL_HEIGHT = 150
BAND_OPACITY = 0.08
SYMBOLS = {
    "filled": "diamond-open",
    "merged dates": "square-open",
    "missing": "x-thin-open",
    "same date": "square-open",
}
"""Marker of each kind of repaired or waiting value."""
Rows = Series | Unrepaired
_DASHES: dict[Part, str] = {"train": "solid", "validation": "dash", "test": "dot"}


def plot_series(series: Series, *, theme: Theme, columns: tuple[str, ...] | None = None) -> go.Figure:
    """Columns over time, one panel each, sharing the time axis.

    Lines longer than `MAX_POINTS` are thinned (MinMaxLTTB keeps the peaks and troughs that the eye looks for).
    Values that a repair made are marked (B59), and thinned apart from the line so that none of their gaps is lost.

    Parameters
    ----------
    columns : names, optional
        Which columns to draw; the first `MAX_COLUMNS` otherwise.
    """
    shown = (columns or series.columns)[:MAX_COLUMNS]
    figure = make_subplots(rows=len(shown), shared_xaxes=True, vertical_spacing=0.12 / len(shown))
    for row, name in enumerate(shown, start=1):
        figure.add_trace(series_line(series, name, theme=theme, n_lines=len(shown)), row=row, col=1)
        figure.add_traces(
            repair_marks(series, name, theme=theme, shown=shown, is_first=row == 1), rows=row, cols=1
        )
    height = max(HEIGHT, PANEL_HEIGHT * len(shown))
    frame(figure, theme=theme, x_title="", y_title="", height=height)
    figure.update_xaxes(title_text=time_title(series), row=len(shown))
    for row, name in enumerate(shown, start=1):
        figure.update_yaxes(title_text=column_label(series, name), row=row)
    # A line needs no key, its axis names it; marks do.
    marked = bool(series.filled.any() or series.merged.any())
    return figure.update_layout(showlegend=marked, hoversubplots="axis")


def plot_split(
    series: Series, column: str, split: Split, *, theme: Theme, window: tuple[range, range] | None = None
) -> go.Figure:
    """One column with its train, validation and test rows as named bands; a gap stays white.

    Parameters
    ----------
    window : (input rows, target rows), optional
        One window to mark on the series.
    """
    figure = go.Figure(series_line(series, column, theme=theme))
    for part in PARTS:
        add_part_band(figure, series, split, part, theme=theme, label=True)
    if window is not None:
        rows = range(window[0].start, window[1].stop)
        marked = np.arange(rows.start, rows.stop)[thin(series.column(column)[rows.start : rows.stop])]
        figure.add_scatter(
            x=time_axis(series, marked),
            y=series.column(column)[marked],
            mode="lines",
            name="window",
            line={"color": theme.forecast, "width": 4},
            hoverinfo="skip",
        )
    frame(figure, theme=theme, x_title=time_title(series), y_title=column_label(series, column), height=300)
    return figure.update_layout(showlegend=False)


def plot_window(series: Series, column: str, inputs: range, targets: range, *, theme: Theme) -> go.Figure:
    """One window up close: the rows the network reads, the rows it is asked for, and their neighbours.

    Parameters
    ----------
    inputs, targets : rows on the time axis; targets follow inputs
    """
    values = series.column(column)
    around = max(len(inputs) // 2, 5)
    context = range(max(inputs.start - around, 0), min(targets.stop + around, series.n_rows))
    figure = go.Figure()
    pieces = (
        (
            "not part of this window",
            context,
            {"mode": "lines", "line": {"color": theme.baseline, "dash": "dot"}},
        ),
        (
            f"read: {_rows(inputs)}",
            inputs,
            {"mode": "lines+markers", "line": {"color": theme.actual, "width": 2.4}},
        ),
        (
            f"to forecast: {_rows(targets)}",
            targets,
            {"mode": "markers", "marker": {"color": theme.forecast, "symbol": "diamond", "size": 11}},
        ),
    )
    for name, rows, style in pieces:
        kept = np.arange(rows.start, rows.stop)[thin(values[rows.start : rows.stop])]
        figure.add_scatter(
            x=time_axis(series, kept), y=values[kept], name=name, hovertemplate=hover(series, column), **style
        )
    figure.update_traces(marker_size=5, selector={"mode": "lines+markers"})
    return frame(
        figure, theme=theme, x_title=time_title(series), y_title=column_label(series, column), height=300
    )


def add_part_band(
    figure: go.Figure, series: Series, split: Split, part: Part, *, theme: Theme, label: bool = False
) -> None:
    """Tint the rows of a part, in place; `label` writes its name above, so that colour does not speak alone."""
    rows = split.part(part)
    # The band reaches the next part's first row, unless a gap lies between.
    adjoins = any(split.part(other).start == rows.stop for other in PARTS)
    start, last, end = time_axis(series, np.array([rows.start, rows.stop - 1, rows.stop - (not adjoins)]))
    colour = {"train": theme.train, "validation": theme.validation, "test": theme.test}[part]
    figure.add_vrect(
        x0=start,
        x1=end,
        fillcolor=colour,
        opacity=BAND_OPACITY,
        line_width=0,
        layer="below",
    )
    if label:
        # The last part's name stands at its far end: the parts before it may be narrower than their names.
        at_end = part == PARTS[-1]
        figure.add_annotation(
            x=last if at_end else start,
            y=1.0,
            xref="x",
            yref="paper",
            text=f"<b>{part}</b>",
            showarrow=False,
            xanchor="right" if at_end else "left",
            yanchor="bottom",
            font={"color": theme.text, "size": 12},
        )
        figure.add_vline(x=start, line={"color": colour, "width": 2, "dash": _DASHES[part]})


def series_line(series: Series, column: str, *, theme: Theme, n_lines: int = 1) -> go.Scatter:
    """One column as a line in the colour of what really happened, thinned to its share of the figure."""
    values = series.column(column)
    rows = thin(values, n_points=min(MAX_POINTS, MAX_FIGURE_POINTS // n_lines))
    return go.Scatter(
        x=time_axis(series, rows),
        y=values[rows],
        mode="lines" if len(rows) > 1 else "markers",
        name=plain(column),
        line={"color": theme.actual, "width": 1.4},
        hovertemplate=hover(series, column),
        showlegend=False,
    )


def repair_marks(
    series: Series, column: str, *, theme: Theme, shown: tuple[str, ...], is_first: bool
) -> list[go.Scatter]:
    """Marks on the values of a column that were filled or merged; the key counts those of all `shown` columns.

    Parameters
    ----------
    is_first : whether these marks stand in the key for all panels
    """
    at, places = series.columns.index(column), [series.columns.index(name) for name in shown]
    kinds = (
        ("filled", series.filled[:, at], int(series.filled[:, places].sum()), "filled in, not measured"),
        ("merged dates", series.merged, int(series.merged.sum()), "merged from rows of the same date"),
    )
    marks = []
    for name, flags, count, words in kinds:
        rows = pick(np.flatnonzero(flags), MAX_POINTS // len(shown))
        if count and (len(rows) or is_first):
            mark = place_marks(series, rows, series.values[rows, at], kind=name, theme=theme)
            mark.update(
                name=f"{name} ({count:,})", showlegend=is_first, hovertemplate=f"{words}<extra></extra>"
            )
            marks.append(mark)
    return marks


def place_marks(
    rows_of: Rows, rows: np.ndarray, heights: np.ndarray, *, kind: str, theme: Theme
) -> go.Scatter:
    """Markers of one kind of repair in the colour of warnings, each kind with its own symbol."""
    return go.Scatter(
        x=time_axis(rows_of, rows),
        y=heights,
        mode="markers",
        legendgroup=kind,
        marker={"color": theme.warning, "symbol": SYMBOLS[kind], "size": 8, "line": {"width": 1.5}},
    )


def pick(rows: Int[np.ndarray, " marked"], most: int) -> Int[np.ndarray, " kept"]:
    """At most `most` of some ascending rows: the first of every run of neighbours, then evenly spread ones."""
    if len(rows) <= most:
        return rows
    starts = rows[np.diff(rows, prepend=-2) > 1]
    n_free = most - len(starts)
    if n_free <= 0:
        return starts[np.linspace(0, len(starts) - 1, most).astype(np.int64)]
    return np.union1d(starts, rows[np.linspace(0, len(rows) - 1, n_free).astype(np.int64)])


def thin(values: TimeValues, *, n_points: int = MAX_POINTS) -> Int[np.ndarray, " kept"]:
    """Rows worth drawing, ascending, at most `n_points`: the shape, every peak and trough, both ends.

    For drawing only; nothing is computed from thinned values.
    """
    if len(values) <= n_points:
        return np.arange(len(values))
    contiguous = np.ascontiguousarray(values)
    return MinMaxLTTBDownsampler().downsample(contiguous, n_out=n_points).astype(np.int64)


def time_axis(series: Rows, rows: np.ndarray | None = None) -> np.ndarray:
    """What stands on the time axis at some rows, or at all: dates in the series' own zone, or row numbers.

    Dates come in the coarsest unit that loses nothing: plotly writes them as text, and text is most of a figure.
    """
    index = series.index if rows is None else series.index[rows]
    if not isinstance(index, pd.DatetimeIndex):
        return index.to_numpy()
    dates = index.tz_localize(None).to_numpy()
    for unit in ("D", "m", "s", "ms"):
        coarse = dates.astype(f"datetime64[{unit}]")
        if (coarse == dates).all():
            return coarse
    return dates


def time_title(series: Rows) -> str:
    """Title of the time axis."""
    if not isinstance(series.index, pd.DatetimeIndex):
        return plain(str(series.index.name or "Row"))
    zone = f" [{series.index.tz}]" if series.index.tz is not None else ""
    return ("Year" if "year" in series.step else "Date") + zone


def column_label(series: Rows, column: str) -> str:
    """Axis title of a column; only the first column's unit is known."""
    return axis_label(column, series.unit if column == series.columns[0] else "")


def hover(series: Rows, column: str) -> str:
    """Hover text of a value: four digits and the unit, when it is known."""
    unit = plain(f" {series.unit}") if series.unit and column == series.columns[0] else ""
    return f"%{{y:.4~g}}{unit}"


def _rows(rows: range) -> str:
    return "1 row" if len(rows) == 1 else f"{len(rows)} rows"
