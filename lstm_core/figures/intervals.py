"""Pictures of intervals: bands on the time axis, what they held over time, how wide they are further ahead."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from lstm_core.evaluation.intervals.bands import METHODS, Bands, Method
from lstm_core.evaluation.intervals.coverage import Rolling
from lstm_core.figures.seeds import faint
from lstm_core.figures.series import column_label, thin, time_axis, time_title
from lstm_core.figures.theme import HEIGHT, MAX_POINTS, Theme, axis_label, frame, plain
from lstm_core.series.record import Series

ROOM = 0.05
"""How far the axis goes beyond all that has an end; bands without a limit reach its edge."""
MOST_TICKS = 24
"""Steps ahead that each get a number of their own on the axis."""
LOOKS: dict[Method, tuple[str, str, str]] = {
    "split": ("forecast", "solid", "circle"),
    "adaptive": ("train", "dash", "diamond"),
    "dropout": ("warning", "dot", "square"),
    "quantiles": ("validation", "dashdot", "triangle-up"),
}
"""Colour, dash and marker of a method; the same in every picture of this page."""


def plot_bands(series: Series, column: str, bands: Bands, level: float, *, theme: Theme) -> go.Figure:
    """Truth and forecast over time with the band of one level; truths outside it are marked."""
    at = bands.levels.index(level)
    missed = np.flatnonzero(~bands.held[at])[:MAX_POINTS]
    kept = np.union1d(thin(bands.actual, n_points=MAX_POINTS), missed)
    axis, ends = time_axis(series, bands.rows), _ends(bands, at)
    hover = f"%{{y:.4~g}} {plain(bands.unit)}".rstrip()
    figure = go.Figure(_band(axis, bands, at, kept, ends))
    figure.update_traces(
        selector={"fill": "tonexty"}, name=f"{level:.0%} band", fillcolor=faint(theme.forecast)
    )
    for name, values, colour, width in (
        ("Actual", bands.actual, theme.actual, 1.4),
        ("Forecast", bands.predicted, theme.forecast, 1.8),
    ):
        line = {"color": colour, "width": width}
        figure.add_scatter(x=axis[kept], y=values[kept], name=name, mode="lines", line=line)
    figure.add_scatter(
        x=axis[missed],
        y=bands.actual[missed],
        name="Outside the band",
        mode="markers",
        marker={"color": theme.warning, "symbol": "x", "size": 8},
    )
    figure.update_traces(hovertemplate=hover)
    x_title, y_title = time_title(series), column_label(series, column)
    frame(figure, theme=theme, x_title=x_title, y_title=y_title, height=HEIGHT + 40)
    # Where areas are filled up to others, plotly turns the key round.
    return figure.update_yaxes(range=ends).update_layout(legend_traceorder="normal")


def _band(
    axis: np.ndarray, bands: Bands, at: int, kept: np.ndarray, ends: tuple[float, float]
) -> tuple[go.Scatter, go.Scatter]:
    """Both edges; where a band has no limit they lie on the ends of the axis."""
    edges = {
        "Lower edge": np.maximum(bands.lower[at][kept], ends[0]),
        "Upper edge": np.minimum(bands.upper[at][kept], ends[1]),
    }
    low, high = (
        go.Scatter(x=axis[kept], y=values, name=name, mode="lines", line={"width": 0})
        for name, values in edges.items()
    )
    return low.update(showlegend=False), high.update(fill="tonexty")


def plot_rolling(series: Series, made: Sequence[Rolling], *, theme: Theme) -> go.Figure:
    """Share of the newest windows whose bands held, over time, for every method; the range of chance is tinted.

    Parameters
    ----------
    made : at least one, all of the same level and size
    """
    first = made[0]
    low, high = 100 * first.low, 100 * first.high
    figure = go.Figure()
    figure.add_hrect(y0=low, y1=high, fillcolor=theme.muted, opacity=0.15, line_width=0, layer="below")
    figure.add_hline(y=100 * first.level, line={"color": theme.muted, "width": 1.5, "dash": "dash"})
    for one in made:
        kept = thin(one.shares, n_points=MAX_POINTS // 2)
        colour, dash, _ = LOOKS[one.method]
        figure.add_scatter(
            x=time_axis(series, one.rows[kept]),
            y=100 * one.shares[kept],
            name=METHODS[one.method],
            mode="lines" if len(kept) > 1 else "markers",
            line={"color": getattr(theme, colour), "dash": dash, "width": 1.8},
            hovertemplate="%{y:.0f}%",
        )
    y_title = f"Truths held, last {first.size} windows [%]"
    frame(figure, theme=theme, x_title=time_title(series), y_title=y_title, height=300)
    lowest = min(low, *(100 * one.shares.min() for one in made))
    return figure.update_yaxes(range=[lowest - 3, 103]).update_layout(showlegend=True)


def plot_half_widths(widths: Mapping[Method, np.ndarray], *, unit: str, theme: Theme) -> go.Figure:
    """Mean half width at every step of the horizon, for every method.

    Parameters
    ----------
    widths : (horizon,) original units; NaN where no band has a limit
    """
    figure = go.Figure()
    for method, halves in widths.items():
        colour, dash, symbol = LOOKS[method]
        figure.add_scatter(
            x=np.arange(1, len(halves) + 1),
            y=halves,
            name=METHODS[method],
            mode="lines+markers",
            line={"color": getattr(theme, colour), "dash": dash},
            marker={"size": 7, "symbol": symbol},
            hovertemplate=f"%{{y:.4~g}} {plain(unit)}".rstrip(),
        )
    y_title = axis_label("Mean half width", unit)
    frame(figure, theme=theme, x_title="Steps ahead [rows]", y_title=y_title, height=300)
    if max(map(len, widths.values()), default=0) <= MOST_TICKS:
        figure.update_xaxes(dtick=1)
    return figure.update_yaxes(rangemode="tozero").update_layout(showlegend=True)


def _ends(bands: Bands, at: int) -> tuple[float, float]:
    """Ends of the value axis: around everything that has an end."""
    limited = ~bands.unbounded[at]
    inside = [bands.actual, bands.predicted, bands.lower[at][limited], bands.upper[at][limited]]
    low, high = (
        min(one.min(initial=np.inf) for one in inside),
        max(one.max(initial=-np.inf) for one in inside),
    )
    room = ROOM * (high - low) or 0.5 * abs(high) or 1.0
    return low - room, high + room
