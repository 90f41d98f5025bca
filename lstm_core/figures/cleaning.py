"""Picture of one repair or cleaning step: the rows before it and behind it, one over the other."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lstm_core.arrays import TimeFlags
from lstm_core.figures.series import (
    MAX_COLUMNS,
    MAX_FIGURE_POINTS,
    PANEL_HEIGHT,
    column_label,
    hover,
    pick,
    thin,
    time_axis,
    time_title,
)
from lstm_core.figures.theme import HEIGHT, MAX_POINTS, Theme, frame, plain
from lstm_core.series.cleaning.workpiece import Stage
from lstm_core.series.unrepaired import Unrepaired

_MARKS = {
    "missing_codes": "marked as missing",
    "gaps": "filled",
    "missing_dates": "inserted",
    "duplicates": "merged",
}


def plot_stage(stage: Stage, *, theme: Theme, unit: str = "") -> go.Figure:
    """Columns that a step changed, judged or made, one panel each: before dotted, behind solid, touched values marked.

    Parameters
    ----------
    unit : of the first column, "" when unknown
    """
    before, after = seen(stage.before, unit), seen(stage.after, unit)
    shown = shown_columns(stage)
    figure = make_subplots(rows=len(shown), shared_xaxes=True, vertical_spacing=0.12 / len(shown))
    n_points = min(MAX_POINTS, MAX_FIGURE_POINTS // (2 * len(shown)))
    for row, name in enumerate(shown, start=1):
        if name in before.columns:
            dotted = {"color": theme.baseline, "width": 2.4, "dash": "dot"}
            figure.add_trace(_line(before, name, n_points, "before", dotted, row == 1), row=row, col=1)
        solid = {"color": theme.actual, "width": 1.4}
        figure.add_trace(_line(after, name, n_points, "after", solid, row == 1), row=row, col=1)
        touched = stage.touched[:, after.columns.index(name)]
        if touched.any():
            figure.add_trace(_marks(stage, after, name, touched, theme), row=row, col=1)
    frame(figure, theme=theme, x_title="", y_title="", height=max(HEIGHT, PANEL_HEIGHT * len(shown)))
    figure.update_xaxes(title_text=time_title(after), row=len(shown))
    for row, name in enumerate(shown, start=1):
        figure.update_yaxes(title_text=column_label(after, name), row=row)
    return figure.update_layout(showlegend=True, hoversubplots="axis")


def shown_columns(stage: Stage) -> tuple[str, ...]:
    """Columns worth a panel: those with touched values and the new ones; all of them when whole rows changed."""
    names = tuple(map(str, stage.after.columns))
    looked_at = [name for place, name in enumerate(names) if stage.touched[:, place].any()]
    chosen = tuple(name for name in names if name in looked_at or name in stage.made)
    return (chosen or names)[:MAX_COLUMNS]


def seen(rows: pd.DataFrame, unit: str) -> Unrepaired:
    """Rows between two steps as something to draw."""
    return Unrepaired(
        values=rows.to_numpy(dtype=np.float64),
        index=rows.index,
        columns=tuple(map(str, rows.columns)),
        unit=unit,
        repeated=np.asarray(rows.index.duplicated(keep=False)),
    )


def _line(
    rows: Unrepaired, column: str, n_points: int, name: str, line: dict[str, object], in_key: bool
) -> go.Scatter:
    values = rows.column(column)
    missing = np.isnan(values)
    if missing.any():
        there, gaps = np.flatnonzero(~missing), pick(np.flatnonzero(missing), n_points // 2)
        kept = np.union1d(there[thin(values[there], n_points=max(n_points - len(gaps), 3))], gaps)
    else:
        kept = thin(values, n_points=n_points)
    return go.Scatter(
        x=time_axis(rows, kept),
        y=values[kept],
        mode="lines",
        connectgaps=False,
        name=name,
        legendgroup=name,
        line=line,
        showlegend=in_key,
        hovertemplate=f"{name} {hover(rows, column)}<extra></extra>",
    )


def _marks(stage: Stage, after: Unrepaired, column: str, touched: TimeFlags, theme: Theme) -> go.Scatter:
    word, rows = _MARKS.get(stage.key, "outlier"), pick(np.flatnonzero(touched), MAX_POINTS // 4)
    heights = after.column(column)[rows]
    return go.Scatter(
        x=time_axis(after, rows),
        y=np.where(np.isnan(heights), after.floor(column), heights),
        mode="markers",
        name=f"{word} ({int(touched.sum()):,})",
        marker={"color": theme.warning, "symbol": "diamond-open", "size": 8, "line": {"width": 1.5}},
        hovertemplate=f"{word}<extra>{plain(column)}</extra>",
    )
