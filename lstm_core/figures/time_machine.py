"""Pictures of one moment of a training. Their axes are those of all kept epochs, so that sliding rescales nothing."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lstm_core.arrays import GateValues, LagValues, TimeValues
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.replay import Replay
from lstm_core.figures.series import column_label, thin, time_axis, time_title
from lstm_core.figures.theme import MAGNITUDES, MAX_POINTS, SIGNED, Theme, axis_label, frame, plain
from lstm_core.preparation.split import Part
from lstm_core.series.record import Series

CURVE_HEIGHT, FORECAST_HEIGHT, PULL_HEIGHT, GATE_HEIGHT = 320, 500, 340, 420
FAINT = 0.6
"""Opacity of the best epoch behind the chosen one."""
ROOM = 1.05
"""How far an axis reaches beyond what it holds."""
DASHES: dict[Part, str] = {"train": "dot", "validation": "dash", "test": "solid"}


def mark_epochs(
    figure: go.Figure, *, epoch: int, overfitting: int | None, n_epochs: int, theme: Theme
) -> go.Figure:
    """Mark the chosen epoch, and the one from which the network overfits, on an axis of `n_epochs` epochs."""
    for at, text, colour, dash, y in (
        (overfitting, f"overfits from {overfitting}", theme.warning, "dash", "bottom"),
        (epoch, f"epoch {epoch}", theme.text, "solid", "top"),
    ):
        if at is not None:
            figure.add_vline(
                x=at,
                line={"color": colour, "width": 2, "dash": dash},
                annotation={"text": text, "font": {"color": theme.text, "size": 12}},
                annotation_position=f"{y} {'left' if at > n_epochs / 2 else 'right'}",
            )
    return figure


def plot_errors(
    replay: Replay, *, epoch: int, overfitting: int | None, n_epochs: int, unit: str, theme: Theme
) -> go.Figure:
    """Mean absolute error of every kept epoch on each part, beside that of repeating the last value.

    Parameters
    ----------
    epoch : the chosen one, marked
    n_epochs : epochs trained; the axis ends there
    """
    figure = go.Figure()
    for part in replay.moments:
        errors = replay.mae(part)
        figure.add_scatter(
            x=replay.epochs,
            y=errors,
            name=part,
            mode="lines+markers",
            line={"color": getattr(theme, part), "dash": DASHES[part], "width": 2},
            marker={"size": 5},
            hovertemplate="%{y:.4~g}",
        )
    figure.add_scatter(
        x=[0.5, max(n_epochs, 2) + 0.5],
        y=[replay.naive["test"]] * 2,
        name="naive on test",
        mode="lines",
        line={"color": theme.baseline, "dash": "dot", "width": 2},
        hovertemplate="%{y:.4~g}",
    )
    y_title = axis_label("Mean absolute error", unit)
    frame(figure, theme=theme, x_title="Epoch", y_title=y_title, height=CURVE_HEIGHT)
    figure.update_xaxes(range=[0.5, max(n_epochs, 2) + 0.5]).update_yaxes(rangemode="tozero")
    return mark_epochs(figure, epoch=epoch, overfitting=overfitting, n_epochs=n_epochs, theme=theme)


def plot_moment(
    series: Series, column: str, made: Sequence[tuple[str, Forecast]], replay: Replay, *, theme: Theme
) -> go.Figure:
    """Truth and forecast over time, and what the forecast misses below it, at one epoch.

    Parameters
    ----------
    made : name and forecast with horizon 1 (`at_step`): the chosen epoch, and the best one, drawn faintly behind it
    """
    chosen = made[0][1]
    axis, unit = time_axis(series), chosen.unit
    actual = chosen.actual[:, 0]
    figure = make_subplots(rows=2, shared_xaxes=True, vertical_spacing=0.06, row_heights=[3, 2])
    lines = [_line(axis, chosen.origins, actual, "Actual", {"color": theme.actual, "width": 1.4})]
    below = []
    for (name, one), faint in reversed(list(zip(made, (False, True), strict=False))):
        look = {"color": theme.forecast, "width": 1.4 if faint else 2, "dash": "dot" if faint else "solid"}
        predicted, opacity = one.predicted[:, 0], FAINT if faint else 1.0
        lines.append(_line(axis, one.origins, predicted, name, look, opacity=opacity))
        missed = _line(axis, one.origins, actual - predicted, f"{name}: residual", look, opacity=opacity)
        below.append(missed.update(showlegend=False))
    figure.add_traces(
        [*lines, *below], rows=[1] * len(lines) + [2] * len(below), cols=[1] * len(lines + below)
    )
    frame(figure, theme=theme, x_title="", y_title="", height=FORECAST_HEIGHT)
    low, high = replay.forecast_range(chosen.part)
    low, high = min(low, float(actual.min())), max(high, float(actual.max()))
    room, worst = (ROOM - 1) * (high - low or 1.0), ROOM * replay.worst(chosen.part) or 1.0
    figure.update_yaxes(
        title={"text": column_label(series, column)}, range=[low - room, high + room], row=1, col=1
    )
    figure.update_yaxes(title={"text": axis_label("Residual", unit)}, range=[-worst, worst], row=2, col=1)
    figure.update_yaxes(zeroline=True, zerolinecolor=theme.muted, row=2, col=1)
    return figure.update_xaxes(title={"text": time_title(series)}, row=2, col=1)


def plot_pull(
    effects: Sequence[tuple[str, LagValues]], lags: Sequence[int], *, limit: float, unit: str, theme: Theme
) -> go.Figure:
    """How far a nudge of each step of a window moves its forecast, at one epoch.

    Parameters
    ----------
    effects : name and (lag,) effects in original units: the chosen epoch, and the best one as a line
    lags : steps before the forecast, oldest first
    limit : largest effect of all kept epochs, without its sign
    """
    (name, chosen), *best = effects
    figure = go.Figure(
        go.Bar(
            x=list(lags), y=chosen, name=name, marker={"color": theme.forecast}, hovertemplate="%{y:+.4~g}"
        )
    )
    for other, behind in best:
        figure.add_scatter(
            x=list(lags),
            y=behind,
            name=other,
            mode="lines+markers",
            line={"color": theme.text, "dash": "dot", "width": 1.4},
            marker={"size": 5, "symbol": "circle-open"},
            hovertemplate="%{y:+.4~g}",
        )
    y_title = axis_label("Change of forecast", unit)
    frame(figure, theme=theme, x_title="Steps before the forecast", y_title=y_title, height=PULL_HEIGHT)
    reach = ROOM * limit or 1.0
    figure.update_yaxes(range=[-reach, reach], zeroline=True, zerolinecolor=theme.muted)
    return figure.update_xaxes(range=[lags[0] + 0.6, lags[-1] - 0.6], autorange=False)


def plot_part(
    values: GateValues,
    window: TimeValues,
    index: np.ndarray,
    *,
    limits: tuple[float, float],
    names: tuple[str, str, str],
    theme: Theme,
) -> go.Figure:
    """One gate or state of every unit on one window, under the window itself.

    Parameters
    ----------
    values : (window, unit) in the order in which the units are drawn, top one first
    window : (window,) original units
    limits : ends of the colour scale, of all kept epochs; a scale that begins below 0 is centred on it
    names : of the axis of time, of the window's values, of the part
    """
    x_title, y_title, part = (plain(name) for name in names)
    figure = make_subplots(rows=2, shared_xaxes=True, vertical_spacing=0.05, row_heights=[1, 3])
    line = {"color": theme.actual, "width": 1.4}
    figure.add_trace(
        go.Scatter(x=index, y=window, name=y_title, mode="lines", line=line, hovertemplate="%{y:.4~g}"), 1, 1
    )
    low, high = limits
    heat = go.Heatmap(
        x=index,
        y=np.arange(1, values.shape[1] + 1),
        z=values.T.astype(np.float32),
        zmin=low,
        zmax=high,
        colorscale=SIGNED if low < 0 else MAGNITUDES,
        name=part,
        colorbar={"thickness": 10, "len": 0.7, "y": 0.35, "nticks": 5, "tickfont": {"color": theme.muted}},
        hovertemplate="%{x}: %{z:.3f}<extra></extra>",
    )
    figure.add_trace(heat, 2, 1)
    frame(figure, theme=theme, x_title="", y_title="", height=GATE_HEIGHT)
    figure.update_yaxes(title={"text": part}, autorange="reversed", showticklabels=False, row=2, col=1)
    figure.update_xaxes(title={"text": x_title}, row=2, col=1)
    return figure.update_layout(showlegend=False, hovermode="closest")


def _line(
    axis: np.ndarray, rows: np.ndarray, values: np.ndarray, name: str, look: dict, *, opacity: float = 1.0
) -> go.Scatter:
    kept = thin(values, n_points=MAX_POINTS)
    sparse = len(rows) < 3 or bool(np.max(np.diff(rows)) > 1)
    return go.Scatter(
        x=axis[rows[kept]],
        y=values[kept],
        name=plain(name),
        mode="markers" if sparse else "lines",
        line=look,
        marker={"color": look["color"], "size": 5},
        opacity=opacity,
        hovertemplate="%{y:.4~g}",
    )
