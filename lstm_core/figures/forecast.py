"""Pictures of a forecast: beside the truth on the time axis, and shifted against it."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from lstm_core.evaluation.copycat import CopyCheck
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.lag import LagCheck
from lstm_core.figures.series import MAX_FIGURE_POINTS, column_label, thin, time_axis, time_title
from lstm_core.figures.theme import HEIGHT, MAX_POINTS, Theme, axis_label, frame, plain
from lstm_core.preparation.split import PARTS, Part, Split
from lstm_core.series.record import Series

BAND_OPACITY = 0.08
BASELINE_DASHES = ("dot", "dashdot", "dash", "longdash", "longdashdot")


def plot_forecast(
    series: Series,
    column: str,
    made: Mapping[Part, Forecast],
    baselines: Sequence[Forecast] = (),
    *,
    split: Split,
    theme: Theme,
) -> go.Figure:
    """Truth and forecast over time, with the parts as bands behind them.

    Parameters
    ----------
    made : forecasts with horizon 1 (`at_step`) of the parts to draw; only their stretch of the axis is shown
    baselines : forecasts with horizon 1, hidden until their name in the key is clicked
    """
    axis, unit = time_axis(series), plain(series.unit if column == series.columns[0] else "")
    hover = f"%{{y:.4~g}} {unit}".rstrip()
    rows = np.arange(
        min(split.part(part).start for part in made), max(split.part(part).stop for part in made)
    )
    n_points = min(MAX_POINTS, MAX_FIGURE_POINTS // (1 + len(made) + len(baselines)))
    actual = _line(axis, rows, series.column(column)[rows], n_points, mode="lines", hovertemplate=hover)
    actual.update(name="Actual", legendrank=1, line={"color": theme.actual, "width": 1.4})
    figure = go.Figure(actual)
    for number, part in enumerate(sorted(made, key=PARTS.index)):
        _add_band(figure, axis, split.part(part), part, theme)
        line = _forecast_line(axis, made[part], n_points, hover)
        line.update(name=plain(made[part].label), legendgroup="lstm", legendrank=2, showlegend=number == 0)
        line.update(line={"color": theme.forecast, "width": 1.8}, marker={"color": theme.forecast, "size": 5})
        figure.add_trace(line)
    for one, dash in zip(baselines, BASELINE_DASHES, strict=False):
        line = _forecast_line(axis, one, n_points, hover)
        line.update(name=plain(one.label.split(" (")[0]), visible="legendonly", legendrank=4)
        line.update(
            line={"color": theme.baseline, "width": 1.6, "dash": dash},
            marker={"color": theme.baseline, "size": 5},
        )
        figure.add_trace(line)
    x_title, y_title = time_title(series), column_label(series, column)
    return frame(figure, theme=theme, x_title=x_title, y_title=y_title, height=HEIGHT + 40)


def plot_lag_check(check: LagCheck, naive: LagCheck, *, name: str, unit: str, theme: Theme) -> go.Figure:
    """How far the forecast is from the truth of 0, 1, 2, ... rows before; the lowest point is marked."""
    figure = go.Figure()
    for one, label, line, marker in (
        (check, name, {"color": theme.forecast}, {"size": 7}),
        (
            naive,
            "Naive (a perfect copy)",
            {"color": theme.baseline, "dash": "dot"},
            {"size": 6, "symbol": "diamond"},
        ),
    ):
        figure.add_scatter(
            x=np.arange(len(one.errors)),
            y=one.errors,
            name=label,
            mode="lines+markers",
            line=line,
            marker=marker,
            hovertemplate="%{y:.4~g}",
        )
    figure.add_scatter(
        x=[check.best_shift],
        y=[check.errors[check.best_shift]],
        name=f"Fits best at shift {check.best_shift}",
        mode="markers",
        marker={
            "size": 16,
            "symbol": "circle-open",
            "line": {"width": 3},
            "color": _shift_colour(check, theme),
        },
        hoverinfo="skip",
    )
    frame(
        figure,
        theme=theme,
        x_title="Shift [rows back]",
        y_title=axis_label("Mean absolute difference", unit),
        height=300,
    )
    return figure.update_xaxes(dtick=1).update_yaxes(rangemode="tozero")


def plot_copy_check(check: CopyCheck, naive: CopyCheck, *, name: str, theme: Theme) -> go.Figure:
    """Correlation of forecast and truth by shift, of changes and of values, with the changes of a perfect copy."""
    figure = go.Figure()
    for one, label, line, marker in (
        (check.changes, f"{name}, changes", {"color": theme.forecast, "width": 2.2}, {"size": 7}),
        (
            check.values,
            f"{name}, values",
            {"color": theme.forecast, "dash": "dash"},
            {"size": 5, "symbol": "square"},
        ),
        (
            naive.changes,
            "Naive (a perfect copy), changes",
            {"color": theme.baseline, "dash": "dot"},
            {"size": 6, "symbol": "diamond"},
        ),
    ):
        figure.add_scatter(
            x=check.shifts,
            y=one,
            name=label,
            mode="lines+markers",
            line=line,
            marker=marker,
            hovertemplate="%{y:.2f}",
        )
    figure.add_hrect(y0=-check.band, y1=check.band, fillcolor=theme.muted, opacity=BAND_OPACITY, line_width=0)
    frame(
        figure,
        theme=theme,
        x_title="Shift [rows back; below 0: ahead]",
        y_title="Correlation [−1 to 1]",
        height=300,
    )
    return figure.update_xaxes(dtick=2).update_yaxes(range=[-1.05, 1.05])


def _shift_colour(check: LagCheck, theme: Theme) -> str:
    """Green only where the forecast fits its own row best, as the sentence on it has it."""
    if check.copies_last_value:
        return theme.warning
    return theme.train if check.best_shift == 0 else theme.muted


def _forecast_line(axis: np.ndarray, made: Forecast, n_points: int, hover: str) -> go.Scatter:
    """One forecast over time; windows with a stride stand alone as markers."""
    sparse = len(made) < 3 or bool(np.max(np.diff(made.origins)) > 1)
    mode = "markers" if sparse else "lines"
    return _line(axis, made.origins, made.predicted[:, 0], n_points, mode=mode, hovertemplate=hover)


def _line(axis: np.ndarray, rows: np.ndarray, values: np.ndarray, n_points: int, **style: str) -> go.Scatter:
    kept = thin(values, n_points=n_points)
    return go.Scatter(x=axis[rows[kept]], y=values[kept], **style)


def _add_band(figure: go.Figure, axis: np.ndarray, rows: range, part: Part, theme: Theme) -> None:
    colour = getattr(theme, part)
    figure.add_vrect(
        x0=axis[rows.start], x1=axis[rows.stop - 1], fillcolor=colour, opacity=BAND_OPACITY, line_width=0
    )
    # A band has no entry in the key; an empty trace gives it one.
    figure.add_scatter(
        x=[None],
        y=[None],
        mode="markers",
        name=part.capitalize(),
        legendrank=3,
        marker={"symbol": "square", "size": 11, "color": colour, "opacity": 0.5},
        hoverinfo="skip",
    )
