"""Several seeds in one picture: their scores as dots, their losses and forecasts as bands."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lstm_core.evaluation.measure import MEASURES
from lstm_core.figures.series import MAX_FIGURE_POINTS, column_label, thin, time_axis, time_title
from lstm_core.figures.theme import HEIGHT, MAX_POINTS, Theme, axis_label, frame, plain
from lstm_core.figures.training import axis_title
from lstm_core.series.record import Series
from lstm_core.study.bands import Band, ForecastBand, LossBand
from lstm_core.study.spread import SeedSpread

ROW, MARGIN = 80, 180
"""Pixels of one row of dots, and of everything around them."""
OPACITY = 0.22
BASELINES = {
    "naive": ("Repeating the last value", "dot"),
    "seasonal_naive": ("Repeating the last season", "dashdot"),
    "linear_ar": ("Linear AR", "dash"),
}
SYMBOLS = ("circle", "square")
_PADDING = 0.06
"""Free share of the axis on either side: a line at the very edge looks like a frame."""
_JITTER = (0.0, 0.14, -0.14)
"""Rows of dots within a row, so that equal scores stay apart."""


def plot_scores(sides: Mapping[str, SeedSpread], *, unit: str, theme: Theme) -> go.Figure:
    """Test error of every seed as a dot, mean and standard deviation above, baselines as lines.

    Parameters
    ----------
    sides : one or two settings by name, top to bottom; each with at least one finished seed
    """
    figure = go.Figure()
    hover = f"%{{x:.4~g}} {plain(unit)}".rstrip()
    places = {name: -place for place, name in enumerate(sides)}
    for (name, place), symbol in zip(places.items(), SYMBOLS, strict=False):
        _add_dots(figure, sides[name], place, symbol, hover, theme)
    first = next(iter(sides.values()))
    found = {key: first.baseline(key, first.measure) for key in BASELINES}
    lines = {key: error for key, error in found.items() if error is not None}
    for key, (label, dash) in BASELINES.items():
        if (error := lines.get(key)) is not None:
            figure.add_scatter(
                x=[error, error],
                y=[0.45, 0.55 - len(sides)],
                mode="lines",
                name=label,
                line={"color": theme.baseline, "dash": dash, "width": 1.8},
                hovertemplate=hover,
            )
    frame(
        figure,
        theme=theme,
        x_title=axis_label(f"Test {MEASURES[first.measure]}", unit),
        y_title="",
        height=MARGIN + ROW * len(sides),
    )
    if reach := _reach([*sides.values()], [*lines.values()]):
        figure.update_xaxes(range=reach)
    ticks = {"tickvals": list(places.values()), "ticktext": [plain(name) for name in places]}
    figure.update_yaxes(**ticks, range=[0.5 - len(sides), 0.5], zeroline=False, showgrid=False)
    return figure.update_layout(hovermode="closest")


def _reach(sides: list[SeedSpread], lines: list[float]) -> tuple[float, float] | None:
    """Ends of the axis, with room beyond the outermost dot, whisker and line; None when nothing is drawn."""
    drawn = [*lines]
    for side in sides:
        if (spread := side.of(side.measure)) is not None:
            half = spread.deviation or 0.0
            drawn += [*side.defined(side.measure), spread.mean - half, spread.mean + half]
    drawn = [one for one in drawn if np.isfinite(one)]
    if not drawn:
        return None
    low, high = min(drawn), max(drawn)
    room = _PADDING * (high - low) or 0.5 * abs(high) or 1.0
    return low - room, high + room


def _add_dots(figure: go.Figure, side: SeedSpread, place: int, symbol: str, hover: str, theme: Theme) -> None:
    values, spread = side.defined(side.measure), side.of(side.measure)
    if spread is None:
        return
    first = place == 0
    figure.add_scatter(
        x=values,
        y=[place - 0.14 + _JITTER[at % len(_JITTER)] for at in range(len(values))],
        customdata=side.seeds,
        mode="markers",
        name="One seed",
        legendgroup="seed",
        showlegend=first,
        marker={"color": theme.forecast, "size": 10, "opacity": 0.75, "symbol": symbol},
        hovertemplate=f"seed %{{customdata}}: {hover}<extra></extra>",
    )
    whiskers = {"type": "data", "array": [spread.deviation or 0.0], "thickness": 2, "width": 7}
    figure.add_scatter(
        x=[spread.mean],
        y=[place + 0.26],
        mode="markers",
        name="Mean ± standard deviation" if spread.deviation is not None else "Mean",
        legendgroup="mean",
        showlegend=first,
        marker={"color": theme.text, "size": 10, "symbol": "diamond"},
        error_x=whiskers if spread.deviation is not None else None,
        hovertemplate=f"mean {hover}<extra></extra>",
    )


def plot_loss_bands(
    band: LossBand, *, theme: Theme, log: bool, epochs_shown: int, loss_name: str
) -> go.Figure:
    """Train and validation loss of several seeds: median, and a band from the lowest to the highest.

    Behind the last epoch that all runs have trained, the medians are dotted: they tell only of the runs that went
    on. A diamond marks each seed's best epoch.

    Parameters
    ----------
    log : logarithmic loss axis
    epochs_shown : where the x-axis ends; while runs are live, all planned epochs, so that nothing moves
    loss_name : `mse`, `mae`, `huber` or `pinball`
    """
    traces = [
        *_loss_traces(band, band.train, "train", theme.train, "solid"),
        *_loss_traces(band, band.validation, "validation", theme.validation, "dash"),
    ]
    if band.best:
        traces.append(
            {
                "type": "scatter",
                "x": [epoch for epoch, _ in band.best.values()],
                "y": [loss for _, loss in band.best.values()],
                "customdata": list(band.best),
                "name": "best epoch of a seed",
                "mode": "markers",
                "marker": {
                    "color": theme.surface,
                    "size": 9,
                    "symbol": "diamond",
                    "line": {"color": theme.validation, "width": 2},
                },
                "hovertemplate": "seed %{customdata}: %{y:.4g}<extra></extra>",
            }
        )
    framed = _loss_frame(theme, loss_name)
    layout = framed | {
        "xaxis": framed["xaxis"] | {"range": [0.5, max(epochs_shown, 2) + 0.5]},
        "yaxis": framed["yaxis"]
        | {"type": "log" if log else "linear", "rangemode": "normal" if log else "tozero"},
    }
    # A live chart is built every second: plotly's validation of it would take ten times as long as all the rest.
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


@lru_cache(maxsize=16)
def _loss_frame(theme: Theme, loss_name: str) -> dict[str, Any]:
    return frame(go.Figure(), theme=theme, x_title="Epoch", y_title=axis_title(loss_name)).to_dict()["layout"]


def _loss_traces(band: LossBand, losses: Band, name: str, colour: str, dash: str) -> list[dict[str, Any]]:
    epochs = band.epochs.tolist()
    common: dict[str, Any] = {"type": "scatter", "x": epochs, "legendgroup": name, "mode": "lines"}
    edge = common | {"line": {"width": 0}, "showlegend": False, "hoverinfo": "skip"}
    together = band.epochs <= band.n_together
    told = [list(row) for row in zip(losses.low.tolist(), losses.high.tolist(), band.n.tolist(), strict=True)]
    median = common | {
        "customdata": told,
        "hovertemplate": "median %{y:.4g}, from %{customdata[0]:.4g} to %{customdata[1]:.4g}, "
        "%{customdata[2]} runs",
    }
    traces = [
        edge | {"y": losses.low.tolist(), "name": f"{name}, lowest"},
        edge
        | {
            "y": losses.high.tolist(),
            "name": f"{name}, highest",
            "fill": "tonexty",
            "fillcolor": faint(colour),
        },
        median
        | {
            "y": np.where(together, losses.middle, np.nan).tolist(),
            "name": name,
            "mode": "lines" if together.sum() > 1 else "markers",
            "line": {"color": colour, "dash": dash, "width": 2},
            "marker": {"color": colour, "size": 7},
        },
    ]
    if not together.all():
        rest = np.where(band.epochs >= band.n_together, losses.middle, np.nan)
        traces.append(
            median
            | {
                "y": rest.tolist(),
                "name": f"{name}, fewer runs",
                "showlegend": False,
                "line": {"color": colour, "dash": "dot", "width": 1.6},
            }
        )
    return traces


def plot_forecast_band(series: Series, column: str, band: ForecastBand, *, theme: Theme) -> go.Figure:
    """Truth over the test part, the median forecast, and the band from the lowest to the highest seed."""
    kept = thin(band.band.middle, n_points=min(MAX_POINTS, MAX_FIGURE_POINTS // 4))
    rows = band.rows[kept]
    dates, unit = time_axis(series, rows), plain(band.unit)
    low, middle, high = (side[kept] for side in (band.band.low, band.band.middle, band.band.high))
    sparse = len(band.rows) > 1 and bool(np.max(np.diff(band.rows)) > 1)
    figure = go.Figure()
    if not sparse:
        edge = {"x": dates, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
        figure.add_scatter(**edge, y=low, name="lowest", showlegend=False)
        figure.add_scatter(
            **edge, y=high, name="Lowest to highest seed", fill="tonexty", fillcolor=faint(theme.forecast)
        )
    figure.add_scatter(
        x=dates,
        y=band.actual[kept],
        mode="lines" if not sparse else "markers",
        name="Actual",
        line={"color": theme.actual, "width": 1.4},
        marker={"color": theme.actual, "size": 5},
        hovertemplate=f"%{{y:.4~g}} {unit}".rstrip(),
    )
    figure.add_scatter(
        x=dates,
        y=middle,
        customdata=np.stack([low, high], axis=1),
        mode="lines" if not sparse and len(rows) > 1 else "markers",
        name="Median of the seeds",
        line={"color": theme.forecast, "width": 1.8},
        marker={"color": theme.forecast, "size": 5},
        error_y=_bars(low, middle, high, theme) if sparse else None,
        hovertemplate=f"%{{y:.4~g}} {unit} (%{{customdata[0]:.4~g}} to %{{customdata[1]:.4~g}})",
    )
    x_title, y_title = time_title(series), column_label(series, column)
    return frame(figure, theme=theme, x_title=x_title, y_title=y_title, height=HEIGHT)


def _bars(low: np.ndarray, middle: np.ndarray, high: np.ndarray, theme: Theme) -> dict[str, Any]:
    """Windows with a stride stand alone: a filled band would claim what lies between them."""
    return {
        "type": "data",
        "symmetric": False,
        "array": high - middle,
        "arrayminus": middle - low,
        "color": theme.forecast,
        "thickness": 1.2,
        "width": 0,
    }


def faint(colour: str) -> str:
    """`#RRGGBB` as a see-through fill."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{OPACITY})"
