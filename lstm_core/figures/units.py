"""Pictures of all units of a layer at once: how long they remember, where gates stand, what units track."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from lstm_core.figures.gates import STYLES
from lstm_core.figures.theme import SIGNED, Theme, frame
from lstm_core.network.spec import CellKind
from lstm_core.network.survey import OPEN, SHUT, Survey
from lstm_core.network.tracking import Tracking

HEIGHT = 300


def plot_half_lives(
    on_window: Float[np.ndarray, "unit"],
    over_all: Float[np.ndarray, "unit"],
    *,
    window_length: int,
    theme: Theme,
) -> go.Figure:
    """Half-life of every unit, longest first, on a logarithmic axis; the window's length as a line.

    Parameters
    ----------
    on_window, over_all : (unit,) steps, on the chosen window and over all test windows
    """
    order = np.argsort(-on_window, kind="stable")
    names = [str(unit + 1) for unit in order]
    figure = go.Figure(
        go.Bar(
            x=names,
            y=on_window[order],
            name="this window",
            marker={"color": theme.forget_gate},
            hovertemplate="%{y:.3~g} steps",
        )
    )
    figure.add_scatter(
        x=names,
        y=over_all[order],
        name="all test windows",
        mode="markers",
        marker={"color": theme.actual, "symbol": "diamond", "size": 7},
        hovertemplate="%{y:.3~g} steps",
    )
    figure.add_scatter(
        x=names,
        y=[window_length] * len(names),
        name="length of the window",
        mode="lines" if len(names) > 1 else "markers",
        line={"color": theme.muted, "width": 2, "dash": "dash"},
        hovertemplate="%{y} steps",
    )
    frame(figure, theme=theme, x_title="Unit", y_title="Half-life [steps]", height=HEIGHT)
    figure.update_xaxes(type="category", nticks=16)
    return figure.update_yaxes(type="log", dtick=1)


def plot_saturation(kind: CellKind, survey: Survey, *, theme: Theme) -> go.Figure:
    """How much of the time each gate stands shut, moves, or stands open, over units, windows and steps."""
    gates = list(survey.shut)
    names = [STYLES[kind][gate].name for gate in gates]
    shut = [float(survey.shut[gate].mean()) for gate in gates]
    opened = [float(survey.open[gate].mean()) for gate in gates]
    moves = [1 - low - high for low, high in zip(shut, opened, strict=True)]
    figure = go.Figure()
    for name, shares, colour, pattern in (
        (f"shut: below {SHUT:g}", shut, theme.input_gate, "\\"),
        ("moves", moves, theme.baseline, ""),
        (f"open: above {OPEN:g}", opened, theme.forget_gate, "/"),
    ):
        figure.add_bar(
            y=names,
            x=shares,
            name=name,
            orientation="h",
            marker={"color": colour, "pattern": {"shape": pattern}},
            hovertemplate="%{x:.1%}",
        )
    frame(figure, theme=theme, x_title="Share of all values", y_title="", height=HEIGHT)
    figure.update_xaxes(range=[0, 1.03], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%")
    figure.update_yaxes(autorange="reversed")
    return figure.update_layout(barmode="stack", hovermode="closest", legend={"traceorder": "normal"})


def plot_tracking(tracking: Tracking, units: Sequence[int] | np.ndarray, *, theme: Theme) -> go.Figure:
    """Correlation of every unit's state with every signal; units stand group by group.

    Parameters
    ----------
    units : which to draw, counted from 0, in the order in which they stand
    """
    chosen = np.asarray(units, dtype=int)
    figure = go.Figure(
        go.Heatmap(
            x=[str(unit + 1) for unit in chosen],
            y=list(tracking.signals),
            z=tracking.correlations[chosen].T.astype(np.float32),
            colorscale=SIGNED,
            zmin=-1,
            zmax=1,
            colorbar={"thickness": 10, "title": {"text": "r"}, "tickvals": [-1, 0, 1]},
            hovertemplate="unit %{x}, %{y}: r = %{z:.2f}<extra></extra>",
        )
    )
    groups = tracking.leading[chosen]
    ends = np.flatnonzero(np.diff(groups)) + 0.5
    line = {"color": theme.text, "width": 1.5}
    figure.update_layout(
        shapes=[
            {"type": "line", "x0": end, "x1": end, "y0": 0, "y1": 1, "yref": "y domain", "line": line}
            for end in ends
        ]
    )
    frame(figure, theme=theme, x_title="Unit, group by group", y_title="", height=260)
    figure.update_xaxes(type="category", nticks=16, showgrid=False)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure.update_layout(hovermode="closest")
