"""Pictures of a series taken apart: its parts, its cycles, its spread, its gaps, and who leads whom."""

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lstm_core.diagnostics.crosscorrelation import CrossCorrelation
from lstm_core.diagnostics.decomposition import Decomposition
from lstm_core.diagnostics.distribution import Distribution
from lstm_core.diagnostics.missingness import Missingness
from lstm_core.diagnostics.spectrum import Spectrum
from lstm_core.figures.diagnostics import PANEL, stems
from lstm_core.figures.series import hover, thin, time_axis, time_title
from lstm_core.figures.theme import MAGNITUDES, MAX_POINTS, Theme, axis_label, frame, plain, upright
from lstm_core.series.record import Series

PART_HEIGHT = 120
ROW_HEIGHT = 34
CYCLES = [digit * 10**power for power in range(7) for digit in (1, 2, 5)]
"""Ticks of an axis of cycle lengths, in rows. Plotly's own would write the 2 and the 5 without their zeros."""


def plot_decomposition(parts: Decomposition, series: Series, column: str, *, theme: Theme) -> go.Figure:
    """Observed, trend, seasons and remainder under each other, on one time axis and in one unit."""
    panels = [
        ("Observed", parts.observed, theme.actual),
        ("Trend", parts.trend, theme.forecast),
        *(
            (f"Season {period}", seasonal, theme.train)
            for period, seasonal in zip(parts.periods, parts.seasonal, strict=True)
        ),
        ("Remainder", parts.remainder, theme.muted),
    ]
    unit = plain(series.unit) if column == series.columns[0] else ""
    figure = make_subplots(rows=len(panels), shared_xaxes=True, vertical_spacing=0.03)
    frame(figure, theme=theme, x_title="", y_title="", height=max(PANEL, PART_HEIGHT * len(panels)))
    for row, (name, values, colour) in enumerate(panels, start=1):
        rows = thin(values, n_points=MAX_POINTS // 2)
        figure.add_scatter(
            x=time_axis(series, rows + parts.first),
            y=values[rows],
            name=name,
            mode="lines",
            line={"color": colour, "width": 1.4},
            hovertemplate=hover(series, column),
            row=row,
            col=1,
        )
        figure.update_yaxes(title_text=f"{name}<br>[{unit}]" if unit else name, row=row)
    figure.update_xaxes(title_text=time_title(series), row=len(panels))
    return figure.update_layout(showlegend=False, hoversubplots="axis")


def plot_periodogram(spectrum: Spectrum, *, theme: Theme, season: int = 1) -> go.Figure:
    """Share of the variance by the length of the cycle; `season` above 1 is marked."""
    # The share of one frequency shrinks with the rows: of what is thinned, the highest must stay.
    rows = thin(spectrum.shares)
    figure = go.Figure(
        go.Scatter(
            x=spectrum.lengths[rows],
            y=spectrum.shares[rows],
            mode="lines",
            fill="tozeroy",
            line={"color": theme.forecast, "width": 1.4},
            hovertemplate="%{y:.3~p}",
            name="share of the variance",
        )
    )
    frame(
        figure,
        theme=theme,
        x_title="Length of the cycle [rows]",
        y_title="Share of the variance",
        height=PANEL,
    )
    figure.update_xaxes(type="log", hoverformat=".4~g", tickvals=CYCLES, tickformat=",d")
    # Significant digits: of noise in many rows, every frequency has less than 1%.
    figure.update_yaxes(tickformat=".3~p", rangemode="tozero")
    if 1 < season <= spectrum.lengths[0]:
        figure.update_layout(
            shapes=[upright(season, row=1, line={"color": theme.validation, "width": 2, "dash": "dash"})],
            annotations=[
                {
                    "x": float(np.log10(season)),  # plotly places notes on a log axis by the logarithm
                    "y": 1.0,
                    "yref": "paper",
                    "yanchor": "bottom",
                    "showarrow": False,
                    "text": f"season {season}",
                    "font": {"color": theme.text},
                }
            ],
        )
    return figure.update_layout(showlegend=False)


def plot_distribution(spread: Distribution, *, name: str, unit: str, theme: Theme) -> go.Figure:
    """Histogram with its mean and median."""
    figure = go.Figure(
        go.Bar(
            x=(spread.edges[:-1] + spread.edges[1:]) / 2,
            y=spread.counts,
            width=np.diff(spread.edges),
            marker={"color": theme.forecast, "line": {"width": 0}},
            opacity=0.7,
            name="values",
            hovertemplate="%{y} values<extra></extra>",
        )
    )
    highest = int(spread.counts.max())
    for label, place, dash in (("mean", spread.mean, "dash"), ("median", spread.median, "dot")):
        figure.add_scatter(
            x=[place, place],
            y=[0, highest],
            mode="lines",
            name=label,
            line={"color": theme.actual, "width": 2, "dash": dash},
            hoverinfo="skip",
        )
    frame(figure, theme=theme, x_title=axis_label(name, unit), y_title="Number of values", height=PANEL)
    return figure.update_layout(bargap=0, hovermode="closest")


def plot_missingness(gaps: Missingness, series: Series, *, theme: Theme) -> go.Figure:
    """Share of missing values by column and time: the brighter, the more was missing."""
    figure = go.Figure(
        go.Heatmap(
            x=time_axis(series, gaps.starts),
            y=[plain(name) for name in gaps.columns],
            z=gaps.shares,
            zmin=0,
            zmax=1,
            colorscale=MAGNITUDES,
            colorbar={"title": {"text": "Missing"}, "tickformat": ".0%", "thickness": 12},
            hovertemplate="%{y}, from %{x}: %{z:.0%} missing<extra></extra>",
        )
    )
    frame(
        figure,
        theme=theme,
        x_title=time_title(series),
        y_title="",
        height=max(180, 120 + ROW_HEIGHT * len(gaps.columns)),
    )
    figure.update_yaxes(autorange="reversed", type="category")
    return figure.update_layout(hovermode="closest")


def plot_crosscorrelation(found: CrossCorrelation, column: str, *, theme: Theme) -> go.Figure:
    """Correlation of the target with a column some rows earlier (right) or later (left)."""
    figure = stems(found.lags, found.values, np.full(len(found.lags), found.band), theme=theme)
    frame(
        figure,
        theme=theme,
        x_title=f"Rows by which {plain(column)} is earlier than the target",
        y_title="Correlation",
        height=PANEL,
    )
    highest = max(float(np.abs(found.values).max()), found.band) * 1.1
    figure.update_yaxes(range=[-highest, highest], zeroline=True, zerolinecolor=theme.muted)
    figure.update_xaxes(zeroline=True, zerolinecolor=theme.muted)
    return figure
