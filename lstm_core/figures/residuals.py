"""Pictures of the residuals: over time, as a histogram, as quantiles, against the forecast, as memory."""

import numpy as np
import plotly.graph_objects as go
from tsdownsample import MinMaxDownsampler

from lstm_core.diagnostics.correlogram import stands_out
from lstm_core.evaluation.residuals import (
    Histogram,
    NormalQuantiles,
    ResidualMemory,
    Residuals,
    RollingSpread,
)
from lstm_core.figures.series import thin, time_axis, time_title
from lstm_core.figures.theme import MAX_POINTS, Theme, axis_label, frame
from lstm_core.series.record import Series

HEIGHT = 300
NAME = "Residual"


def plot_residuals(residuals: Residuals, series: Series, *, theme: Theme) -> go.Figure:
    """Residuals over time around a zero line."""
    kept = _extremes(residuals.values)
    figure = go.Figure(
        go.Scatter(
            x=time_axis(series)[residuals.rows[kept]],
            y=residuals.values[kept],
            name=NAME,
            mode="lines+markers" if len(kept) <= 200 else "lines",
            line={"color": theme.forecast, "width": 1.2},
            marker={"size": 4},
            hovertemplate="%{y:.4~g}",
        )
    )
    _zero_line(figure, theme)
    y_title = axis_label(NAME, residuals.unit)
    return frame(
        figure, theme=theme, x_title=time_title(series), y_title=y_title, height=HEIGHT
    ).update_layout(showlegend=False)


def plot_histogram(counted: Histogram, *, unit: str, theme: Theme) -> go.Figure:
    """How often each size of residual occurs, under the normal curve with the same mean and spread."""
    figure = go.Figure(
        go.Bar(
            x=(counted.edges[:-1] + counted.edges[1:]) / 2,
            y=counted.counts,
            width=np.diff(counted.edges),
            name="Residuals",
            marker={"color": theme.forecast, "line": {"color": theme.surface, "width": 1}},
            hovertemplate="%{y} residuals",
        )
    )
    if counted.curve.size:
        figure.add_scatter(
            x=counted.curve_at,
            y=counted.curve,
            name="Normal",
            mode="lines",
            line={"color": theme.actual, "dash": "dash"},
            hoverinfo="skip",
        )
    figure.add_vline(x=0, line={"color": theme.muted, "width": 1})
    frame(figure, theme=theme, x_title=axis_label(NAME, unit), y_title="Residuals in the bin", height=HEIGHT)
    return figure.update_layout(bargap=0, hovermode="closest")


def plot_quantiles(points: NormalQuantiles, *, unit: str, theme: Theme) -> go.Figure:
    """Ordered residuals against normal quantiles; normal residuals lie on the line."""
    kept = thin(points.ordered)
    figure = go.Figure(_dots(points.theoretical[kept], points.ordered[kept], "Residuals", theme))
    ends = points.theoretical[[0, -1]]
    figure.add_scatter(
        x=ends,
        y=points.intercept + points.slope * ends,
        name="Normal",
        mode="lines",
        line={"color": theme.actual, "dash": "dash"},
        hoverinfo="skip",
    )
    frame(
        figure,
        theme=theme,
        x_title="Normal quantile [standard deviations]",
        y_title=axis_label(NAME, unit),
        height=HEIGHT,
    )
    return figure.update_layout(hovermode="closest")


def plot_against_predicted(residuals: Residuals, *, theme: Theme) -> go.Figure:
    """Residuals over the forecast they belong to; a funnel means that the size of a miss depends on the level."""
    kept = np.arange(len(residuals))
    if len(kept) > MAX_POINTS:
        # Half an even sample, which shows how dense the cloud is; half the extremes along the forecast.
        order = np.argsort(residuals.predicted, kind="stable")
        extremes = order[_extremes(residuals.values[order], n_points=MAX_POINTS // 2)]
        kept = np.union1d(kept[:: -(-len(kept) // (MAX_POINTS // 2))], extremes)
    figure = go.Figure(_dots(residuals.predicted[kept], residuals.values[kept], NAME, theme))
    _zero_line(figure, theme)
    frame(
        figure,
        theme=theme,
        x_title=axis_label("Forecast", residuals.unit),
        y_title=axis_label(NAME, residuals.unit),
        height=HEIGHT,
    )
    return figure.update_layout(showlegend=False, hovermode="closest")


def plot_memory(memory: ResidualMemory, *, theme: Theme) -> go.Figure:
    """Autocorrelation of the residuals with the band that holds 95 % of the bars of memoryless ones."""
    lags = np.arange(1, len(memory.acf) + 1)
    outside = stands_out(memory.acf, memory.band)
    figure = go.Figure()
    for name, chosen, colour, pattern in (
        ("Inside the band", ~outside, theme.baseline, ""),
        ("Outside the band", outside, theme.forecast, "/"),
    ):
        figure.add_bar(
            x=lags[chosen],
            y=memory.acf[chosen],
            name=name,
            width=0.5,
            marker={"color": colour, "pattern": {"shape": pattern}},
            hovertemplate="lag %{x}: %{y:.3f}",
        )
    figure.add_hrect(
        y0=-memory.band, y1=memory.band, fillcolor=theme.muted, opacity=0.15, line_width=0, layer="below"
    )
    _zero_line(figure, theme)
    frame(figure, theme=theme, x_title="Lag [rows]", y_title="Autocorrelation", height=HEIGHT)
    return figure.update_layout(barmode="overlay", hovermode="closest")


def plot_rolling_spread(rolling: RollingSpread, series: Series | None = None, *, theme: Theme) -> go.Figure:
    """Spread of the residuals over time, with the spread of all and the band of a steady one.

    Parameters
    ----------
    series : for the dates; without it rows are numbered
    """
    kept = _extremes(rolling.spread)
    at = rolling.rows[kept] if series is None else time_axis(series)[rolling.rows[kept]]
    figure = go.Figure(
        go.Scatter(
            x=at,
            y=rolling.spread[kept],
            name=f"spread of {rolling.n_in} residuals",
            mode="lines",
            line={"color": theme.forecast, "width": 1.6},
            hovertemplate="%{y:.4~g}",
        )
    )
    figure.add_hrect(
        y0=rolling.low, y1=rolling.high, fillcolor=theme.muted, opacity=0.15, line_width=0, layer="below"
    )
    figure.add_hline(y=rolling.overall, line={"color": theme.muted, "width": 1, "dash": "dash"})
    frame(
        figure,
        theme=theme,
        x_title="Row" if series is None else time_title(series),
        y_title=axis_label("Standard deviation", rolling.unit),
        height=HEIGHT,
    )
    figure.update_yaxes(rangemode="tozero")
    return figure.update_layout(showlegend=False)


def _extremes(values: np.ndarray, *, n_points: int = MAX_POINTS) -> np.ndarray:
    """Indices worth drawing: the largest and the smallest of each stretch, because misses are read by them."""
    if len(values) <= n_points:
        return np.arange(len(values))
    return MinMaxDownsampler().downsample(np.ascontiguousarray(values), n_out=n_points).astype(np.int64)


def _dots(x: np.ndarray, y: np.ndarray, name: str, theme: Theme) -> go.Scatter:
    return go.Scatter(
        x=x,
        y=y,
        name=name,
        mode="markers",
        marker={"color": theme.forecast, "size": 5, "opacity": 0.7},
        hovertemplate="%{x:.4~g}, %{y:.4~g}",
    )


def _zero_line(figure: go.Figure, theme: Theme) -> None:
    figure.add_hline(y=0, line={"color": theme.muted, "width": 1, "dash": "dash"})
