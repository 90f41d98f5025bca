"""Pictures of one moment of a training. Their axes are those of all kept epochs, so that sliding rescales nothing.

They are built as plain dicts: plotly's validation would take several times as long as all the rest of a slide.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.colors import get_colorscale
from plotly.subplots import make_subplots

from lstm_core.arrays import GateValues, LagValues, TimeValues
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.replay import Replay
from lstm_core.figures.series import column_label, thin, time_axis, time_title
from lstm_core.figures.theme import (
    HEIGHT,
    MAGNITUDES,
    MAX_POINTS,
    SIGNED,
    Theme,
    axis_label,
    frame,
    plain,
    upright,
)
from lstm_core.preparation.split import Part
from lstm_core.series.record import Series

CURVE_HEIGHT, FORECAST_HEIGHT, PULL_HEIGHT, GATE_HEIGHT = HEIGHT, 500, 340, 420
FAINT = 0.6
"""Opacity of the best epoch behind the chosen one."""
ROOM = 1.05
"""How far an axis reaches beyond what it holds."""
SCALES = {name: get_colorscale(name) for name in (MAGNITUDES, SIGNED)}
"""In full: without validation nobody looks the names up, and the browser does not know them all."""
Layout = dict[str, Any]
DASHES: dict[Part, str] = {"train": "dot", "validation": "dash", "test": "solid"}


def mark_epochs(
    figure: go.Figure, *, epoch: int, overfitting: int | None, n_epochs: int, theme: Theme
) -> go.Figure:
    """Mark the chosen epoch, and the one from which the network overfits, on an axis of `n_epochs` epochs."""
    drawn = figure.to_dict()
    return _figure(drawn["data"], drawn["layout"] | _marks(epoch, overfitting, n_epochs, theme))


def plot_errors(
    replay: Replay, *, epoch: int, overfitting: int | None, n_epochs: int, unit: str, theme: Theme
) -> go.Figure:
    """Mean absolute error of every kept epoch on each part, beside that of repeating the last value.

    Parameters
    ----------
    epoch : the chosen one, marked
    n_epochs : epochs trained; the axis ends there
    """
    ends = [0.5, max(n_epochs, 2) + 0.5]
    lines = [
        _scatter(
            replay.epochs,
            replay.mae(part),
            part,
            {"color": getattr(theme, part), "dash": DASHES[part], "width": 2},
            mode="lines+markers",
        )
        for part in replay.moments
    ]
    naive = {"color": theme.baseline, "dash": "dot", "width": 2}
    lines.append(_scatter(ends, [replay.naive["test"]] * 2, "naive on test", naive))
    layout = _panels(theme, CURVE_HEIGHT, (1,))
    layout = _axis(layout, "xaxis", "Epoch", range=ends)
    layout = _axis(layout, "yaxis", axis_label("Mean absolute error", unit), rangemode="tozero")
    return _figure(lines, layout | _marks(epoch, overfitting, n_epochs, theme))


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
    lines = [_over_time(axis, chosen.origins, actual, "Actual", {"color": theme.actual, "width": 1.4})]
    for (name, one), faint in reversed(list(zip(made, (False, True), strict=False))):
        line = {"color": theme.forecast, "width": 1.4 if faint else 2, "dash": "dot" if faint else "solid"}
        look = {"opacity": FAINT if faint else 1.0}
        predicted = one.predicted[:, 0]
        lines.append(_over_time(axis, one.origins, predicted, name, line, **look))
        below = {"xaxis": "x2", "yaxis": "y2", "showlegend": False}
        missed = actual - predicted
        lines.append(_over_time(axis, one.origins, missed, f"{name}: residual", line, **look, **below))
    low, high = replay.forecast_range(chosen.part)
    low, high = min(low, float(actual.min())), max(high, float(actual.max()))
    room, worst = (ROOM - 1) * (high - low or 1.0), ROOM * replay.worst(chosen.part) or 1.0
    layout = _panels(theme, FORECAST_HEIGHT, (3, 2))
    layout = _axis(layout, "yaxis", column_label(series, column), range=[low - room, high + room])
    layout = _axis(
        layout,
        "yaxis2",
        axis_label("Residual", unit),
        range=[-worst, worst],
        zeroline=True,
        zerolinecolor=theme.muted,
    )
    return _figure(lines, _axis(layout, "xaxis2", time_title(series)))


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
    bars = {
        "type": "bar",
        "x": list(lags),
        "y": chosen,
        "name": plain(name),
        "marker": {"color": theme.forecast},
        "hovertemplate": "%{y:+.4~g}",
    }
    line = {"color": theme.text, "dash": "dot", "width": 1.4}
    marker = {"size": 5, "symbol": "circle-open"}
    behind = [
        _scatter(list(lags), one, other, line, mode="lines+markers", marker=marker) for other, one in best
    ]
    reach = ROOM * limit or 1.0
    layout = _panels(theme, PULL_HEIGHT, (1,))
    layout = _axis(
        layout, "xaxis", "Steps before the forecast", range=[lags[0] + 0.6, lags[-1] - 0.6], autorange=False
    )
    y_title = axis_label("Change of forecast", unit)
    ends = {"range": [-reach, reach], "zeroline": True, "zerolinecolor": theme.muted}
    return _figure([bars, *behind], _axis(layout, "yaxis", y_title, **ends))


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
    low, high = limits
    bar = {"thickness": 10, "len": 0.7, "y": 0.35, "nticks": 5, "tickfont": {"color": theme.muted}}
    heat = {
        "type": "heatmap",
        "x": index,
        "y": np.arange(1, values.shape[1] + 1),
        "z": values.T.astype(np.float32),
        "zmin": low,
        "zmax": high,
        "colorscale": SCALES[SIGNED if low < 0 else MAGNITUDES],
        "name": part,
        "colorbar": bar,
        "xaxis": "x2",
        "yaxis": "y2",
        "hovertemplate": "%{x}: %{z:.3f}<extra></extra>",
    }
    line = _scatter(index, window, y_title, {"color": theme.actual, "width": 1.4})
    layout = _axis(_panels(theme, GATE_HEIGHT, (1, 3)), "xaxis2", x_title)
    layout = _axis(layout, "yaxis2", part, autorange="reversed", showticklabels=False)
    return _figure([line, heat], layout | {"showlegend": False, "hovermode": "closest"})


def _marks(epoch: int, overfitting: int | None, n_epochs: int, theme: Theme) -> Layout:
    shapes, words = [], []
    for at, text, colour, dash, y in (
        (overfitting, f"overfits from {overfitting}", theme.warning, "dash", 0.9),
        (epoch, f"epoch {epoch}", theme.text, "solid", 1.0),
    ):
        if at is None:
            continue
        across = {"xref": "x", "yref": "y domain"}
        shapes.append(upright(at, row=1, line={"color": colour, "width": 2, "dash": dash}))
        # Towards the middle, so that nothing is cut off at the edge.
        look = {"xanchor": "right" if at > n_epochs / 2 else "left", "yanchor": "top", "showarrow": False}
        words.append(
            {"text": text, "x": at, "y": y, "font": {"color": theme.text, "size": 12}, **look, **across}
        )
    return {"shapes": shapes, "annotations": words}


@lru_cache(maxsize=16)
def _panels(theme: Theme, height: int, row_heights: tuple[int, ...]) -> Layout:
    """Layout of panels above each other that share the axis of the lowest one."""
    figure = make_subplots(
        rows=len(row_heights), shared_xaxes=True, vertical_spacing=0.06, row_heights=list(row_heights)
    )
    return frame(figure, theme=theme, x_title="", y_title="", height=height).to_dict()["layout"]


def _axis(layout: Layout, name: str, title: str, **look: Any) -> Layout:
    return layout | {name: layout[name] | {"title": layout[name]["title"] | {"text": title}, **look}}


def _figure(traces: Sequence[dict], layout: Layout) -> go.Figure:
    return go.Figure({"data": list(traces), "layout": layout}, _validate=False)


def _scatter(x: object, y: object, name: str, line: dict, **look: Any) -> dict:
    trace = {"type": "scatter", "x": x, "y": y, "name": plain(name), "mode": "lines", "line": line}
    return trace | {"marker": {"size": 5}, "hovertemplate": "%{y:.4~g}", **look}


def _over_time(
    axis: np.ndarray, rows: np.ndarray, values: np.ndarray, name: str, line: dict, **look: Any
) -> dict:
    """One line on the axis of time; windows with a stride stand alone as markers."""
    kept = thin(values, n_points=MAX_POINTS)
    sparse = len(rows) < 3 or bool(np.max(np.diff(rows)) > 1)
    marker = {"color": line["color"], "size": 5}
    mode = "markers" if sparse else "lines"
    return _scatter(axis[rows[kept]], values[kept], name, line, mode=mode, marker=marker, **look)
