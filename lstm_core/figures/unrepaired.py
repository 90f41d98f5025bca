"""Picture of rows that wait for a repair: where the line is broken, what is missing, which dates repeat."""

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Int
from plotly.subplots import make_subplots

from lstm_core.arrays import SeriesFlags, TimeValues
from lstm_core.figures.series import (
    MAX_COLUMNS,
    MAX_FIGURE_POINTS,
    PANEL_HEIGHT,
    column_label,
    hover,
    pick,
    place_marks,
    thin,
    time_axis,
    time_title,
)
from lstm_core.figures.theme import HEIGHT, MAX_POINTS, Theme, frame, plain
from lstm_core.series.unrepaired import Unrepaired


def plot_unrepaired(waiting: Unrepaired, *, theme: Theme) -> go.Figure:
    """Columns over time, one panel each: the line breaks at gaps, missing places are marked at its foot.

    Thinned like a series; every gap keeps a break and a mark as long as there are at most `MAX_POINTS` of them.
    """
    shown, missing = waiting.columns[:MAX_COLUMNS], waiting.missing[:, :MAX_COLUMNS]
    figure = make_subplots(rows=len(shown), shared_xaxes=True, vertical_spacing=0.12 / len(shown))
    frame(figure, theme=theme, x_title="", y_title="", height=max(HEIGHT, PANEL_HEIGHT * len(shown)))
    for row, name in enumerate(shown, start=1):
        figure.add_trace(_broken_line(waiting, name, theme=theme, n_lines=len(shown)), row=row, col=1)
        figure.add_traces(_marks(waiting, name, missing, theme=theme, is_first=row == 1), rows=row, cols=1)
        figure.update_yaxes(title_text=column_label(waiting, name), row=row)
    figure.update_xaxes(title_text=time_title(waiting), row=len(shown))
    return figure.update_layout(showlegend=True, hoversubplots="axis")


def _broken_line(waiting: Unrepaired, column: str, *, theme: Theme, n_lines: int) -> go.Scatter:
    values = waiting.column(column)
    rows = _rows_of_line(values, min(MAX_POINTS, MAX_FIGURE_POINTS // n_lines))
    return go.Scatter(
        x=time_axis(waiting, rows),
        y=values[rows],
        # A value between two gaps has no line to either side: without its point nobody would see it.
        mode="lines+markers",
        marker={"size": 2.5},
        connectgaps=False,
        name=plain(column),
        line={"color": theme.actual, "width": 1.4},
        hovertemplate=hover(waiting, column),
        showlegend=False,
    )


def _rows_of_line(values: TimeValues, n_points: int) -> Int[np.ndarray, " kept"]:
    """Rows worth drawing: the shape of what is there, and a missing row in every gap to break the line."""
    if len(values) <= n_points:
        return np.arange(len(values))
    missing = np.isnan(values)
    there, gaps = np.flatnonzero(~missing), pick(np.flatnonzero(missing), n_points // 2)
    return np.union1d(there[thin(values[there], n_points=n_points - len(gaps))], gaps)


def _marks(
    waiting: Unrepaired, column: str, missing: SeriesFlags, *, theme: Theme, is_first: bool
) -> list[go.Scatter]:
    at, shown = waiting.columns.index(column), missing.shape[1]
    kinds = (
        ("missing", missing[:, at], int(missing.sum())),
        ("same date", waiting.repeated, int(waiting.repeated.sum())),
    )
    marks = []
    for kind, flags, count in kinds:
        rows = pick(np.flatnonzero(flags), MAX_POINTS // shown)
        if count and (len(rows) or is_first):
            values = waiting.column(column)[rows]
            heights = np.full(len(rows), waiting.floor(column)) if kind == "missing" else values
            mark = place_marks(waiting, rows, heights, kind=kind, theme=theme)
            words = "no value here" if kind == "missing" else "several rows with this date"
            marks.append(
                mark.update(
                    name=f"{kind} ({count:,})", showlegend=is_first, hovertemplate=f"{words}<extra></extra>"
                )
            )
    return marks
