"""Pictures of forecasts far ahead: beyond the last row, free running over known rows, and how the error grows."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from lstm_core.arrays import TimeValues
from lstm_core.evaluation.ahead.closed_loop import FreeRun, Loops
from lstm_core.evaluation.ahead.outlook import Outlook
from lstm_core.figures.seeds import faint
from lstm_core.figures.series import column_label, hover, time_axis, time_title
from lstm_core.figures.theme import HEIGHT, MAX_POINTS, Theme, axis_label, frame
from lstm_core.series.record import Series

_LAST_RANK = 1000
"""Plotly's own rank of what has none."""
FEW_STEPS = 12
"""So many steps ahead get a tick each: there is no step one and a half."""
NAMES = {"closed": "closed loop", "stepwise": "closed loop, step by step"}
BASELINES = {
    "naive": ("Naive", "dot", "circle"),
    "seasonal_naive": ("Seasonal naive", "dashdot", "circle"),
    "linear_ar": ("Linear AR", "dash", "diamond"),
    "ets": ("ETS", "longdash", "square"),
    "theta": ("Theta", "longdashdot", "triangle-up"),
}
"""Name, dash and marker of every baseline that can stand beside a network."""


def plot_outlook(
    series: Series,
    column: str,
    outlook: Outlook,
    *,
    n_known: int,
    name: str,
    theme: Theme,
) -> go.Figure:
    """The newest rows and the forecast of those to come, in bands, with baselines beside.

    Parameters
    ----------
    n_known : rows of the series that are drawn
    name : what the network is called
    """
    rows = np.arange(max(series.n_rows - min(n_known, MAX_POINTS), 0), series.n_rows)
    values, coming = series.column(column)[rows], _coming_axis(outlook)
    dated = isinstance(outlook.index, pd.DatetimeIndex)
    axis = time_axis(series, rows)
    if series.is_dated and not dated:
        axis = rows  # irregular dates cannot be continued, so rows are counted on both sides
    numbers = hover(series, column)
    figure = go.Figure()
    for level in sorted(outlook.levels, reverse=True):
        if outlook.banded(level):
            _add_band(figure, coming, outlook, level, theme)
    figure.add_scatter(
        x=axis,
        y=values,
        name="Actual",
        mode="lines",
        line={"color": theme.actual, "width": 1.6},
        hovertemplate=numbers,
    )
    ranks = _ranks({**outlook.baselines, name: outlook.predicted})
    for key, told in outlook.baselines.items():
        look = _baseline(key, len(told), theme)
        figure.add_scatter(x=coming, y=told, **look, legendrank=ranks[key], hovertemplate=numbers)
    figure.add_scatter(
        x=coming,
        y=outlook.predicted,
        name=f"{name} forecast",
        **_style(theme.forecast, "solid", outlook.steps, width=2.4),
        legendrank=ranks[name],
        hovertemplate=numbers,
    )
    figure.add_vline(x=axis[-1], line={"color": theme.muted, "width": 1, "dash": "dash"})
    x_title = time_title(series) if dated or not series.is_dated else "Row"
    return frame(
        figure, theme=theme, x_title=x_title, y_title=column_label(series, column), height=HEIGHT + 40
    )


def plot_run(
    series: Series, column: str, run: FreeRun, *, n_before: int, name: str, theme: Theme
) -> go.Figure:
    """Open and closed loop from one origin, beside what came true.

    Parameters
    ----------
    n_before : rows before the origin that are drawn too
    """
    origin = int(run.rows[0])
    known = np.arange(max(origin - n_before, 0), int(run.rows[-1]) + 1)
    axis, numbers = time_axis(series, run.rows), hover(series, column)
    figure = go.Figure()
    figure.add_scatter(
        x=time_axis(series, known),
        y=series.column(column)[known],
        name="Actual",
        mode="lines",
        line={"color": theme.actual, "width": 1.6},
        hovertemplate=numbers,
    )
    lines = (
        ("Naive", run.naive, theme.baseline, "dot"),
        (f"{name}, one step ahead (open loop)", run.one_step, theme.train, "dash"),
        (f"{name}, its own forecasts fed back (closed loop)", run.closed, theme.forecast, "solid"),
    )
    for label, told, colour, dash in lines:
        figure.add_scatter(
            x=axis, y=told, name=label, **_style(colour, dash, len(told), width=2), hovertemplate=numbers
        )
    if origin:
        start = time_axis(series, np.array([origin - 1]))[0]
        figure.add_vline(x=start, line={"color": theme.muted, "width": 1, "dash": "dash"})
    return frame(
        figure, theme=theme, x_title=time_title(series), y_title=column_label(series, column), height=HEIGHT
    )


def plot_growth(
    loops: Loops,
    *,
    horizon: int,
    name: str,
    unit: str,
    theme: Theme,
    beside: Collection[str] = tuple(BASELINES),
) -> go.Figure:
    """Mean absolute error by steps ahead, of every way to get there and of the baselines `beside`."""
    errors = loops.errors
    steps = np.arange(1, loops.closed.horizon + 1)
    figure = go.Figure()
    looks = {
        **{key: _baseline(key, len(steps), theme) for key in BASELINES if key in beside},
        "stepwise": _network(name, "stepwise", _style(theme.warning, "longdash", len(steps), width=2)),
        "closed": _network(name, "closed", _style(theme.forecast, "solid", len(steps), width=2.4)),
    }
    level = np.full(len(steps), loops.open_error)
    ranks = _ranks({**{key: errors[key] for key in looks if key in errors}, "open": level})
    for key, look in looks.items():
        if key in errors:
            ranked = {**look, "legendrank": ranks[key]}
            figure.add_scatter(x=steps, y=errors[key], **ranked, hovertemplate="%{y:.4~g}")
    figure.add_scatter(
        x=steps,
        y=level,
        legendrank=ranks["open"],
        name=f"{name}, one step ahead (open loop)",
        **_style(theme.train, "dash", len(steps), width=2),
        hovertemplate="%{y:.4~g}",
    )
    if 1 < horizon < len(steps):
        figure.add_vline(
            x=horizon,
            line={"color": theme.muted, "width": 1, "dash": "dash"},
            annotation={"text": "fed back from here", "font": {"color": theme.muted, "size": 12}},
        )
    frame(
        figure,
        theme=theme,
        x_title="Steps ahead [rows]",
        y_title=axis_label("Mean absolute error", unit),
        height=340,
    )
    if len(steps) <= FEW_STEPS:
        figure.update_xaxes(dtick=1)
    return figure.update_yaxes(rangemode="tozero")


def _ranks(lines: Mapping[str, TimeValues]) -> dict[str, int]:
    """Places in the legend in the order in which lines end, the highest first: the eye need not search for them."""
    names = sorted(lines, key=lambda name: -lines[name][-1])
    return {name: _LAST_RANK + place for place, name in enumerate(names, start=1)}


def _coming_axis(outlook: Outlook) -> np.ndarray:
    """Dates or numbers of the rows to come, as `time_axis` spells those of a series."""
    index = outlook.index
    return index.tz_localize(None).to_numpy() if isinstance(index, pd.DatetimeIndex) else index.to_numpy()


def _add_band(figure: go.Figure, axis: np.ndarray, outlook: Outlook, level: float, theme: Theme) -> None:
    place = outlook.levels.index(level)
    lower, upper = outlook.lower[place], outlook.upper[place]
    line = {"color": theme.forecast, "width": 0.6}
    group = {"legendgroup": f"band {level}", "hoverinfo": "skip", "mode": "lines", "line": line}
    figure.add_scatter(x=axis, y=upper, showlegend=False, **group)
    figure.add_scatter(
        x=axis,
        y=lower,
        name=f"{level:.0%} band",
        fill="tonexty",
        fillcolor=faint(theme.forecast),
        **group,
    )


def _baseline(key: str, n: int, theme: Theme) -> dict[str, Any]:
    label, dash, symbol = BASELINES[key]
    style = _style(theme.baseline, dash, n, width=1.2)
    return {**style, "name": label, "marker": {**style["marker"], "symbol": symbol, "size": 4}}


def _network(name: str, key: str, style: dict[str, Any]) -> dict[str, Any]:
    return {**style, "name": f"{name}, {NAMES[key]}"}


def _style(colour: str, dash: str, n: int, *, width: float = 1.6) -> dict[str, Any]:
    """Line of a forecast; a single point needs a marker to be seen."""
    mode = "lines+markers" if n <= 40 else "lines"
    return {
        "mode": mode,
        "line": {"color": colour, "width": width, "dash": dash},
        "marker": {"color": colour, "size": 5},
    }
