"""What attention looks at, under the window it looks at."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lstm_core.figures.gates import mark_step
from lstm_core.figures.theme import Theme, frame, plain
from lstm_core.network.focus import Focus

HEIGHT = 440
_BAND = {"light": "rgba(213, 94, 0, 0.18)", "dark": "rgba(255, 138, 76, 0.22)"}
"""The colour of warnings, thin enough to see the bars through it."""


def plot_attention(focus: Focus, target: pd.Series, *, step: int, theme: Theme) -> go.Figure:
    """Draw the window, and under every step its attention weight beside the mean and spread of all test windows.

    Parameters
    ----------
    focus : shares of the same steps as `target`
    target : the window in original units; its name and the name of its index are the axis titles, with units
    step : chosen step, counted from 0; marked in both panels
    """
    index = target.index
    figure = make_subplots(rows=2, shared_xaxes=True, vertical_spacing=0.08, row_heights=[1, 1.4])
    window = go.Scatter(
        x=index,
        y=target.to_numpy(),
        mode="lines+markers",
        name="window",
        line={"color": theme.actual},
        marker={"size": 4},
        hovertemplate="%{y:.4g}",
        showlegend=False,
    )
    figure.add_trace(window, row=1, col=1)
    for trace in _weights(focus, index, theme):
        figure.add_trace(trace, row=2, col=1)
    frame(figure, theme=theme, x_title="", y_title="", height=HEIGHT)
    figure.update_yaxes(title={"text": plain(str(target.name))}, row=1, col=1)
    figure.update_yaxes(
        title={"text": "share of the weight"}, tickformat=".0%", rangemode="tozero", row=2, col=1
    )
    figure.update_xaxes(title={"text": plain(str(index.name or "step"))}, row=2, col=1)
    figure.update_layout(margin={"t": 64}, bargap=0.15, legend={"traceorder": "normal"})
    mark_step(figure, index[step], 2, theme)
    return figure


def _weights(focus: Focus, index: pd.Index, theme: Theme) -> list[go.Bar | go.Scatter]:
    percent = "%{y:.1%}"
    return [
        go.Bar(
            x=index,
            y=focus.here,
            name="this window",
            marker={"color": theme.forecast},
            hovertemplate=percent,
        ),
        go.Scatter(x=index, y=focus.low, mode="lines", line={"width": 0}, showlegend=False, hoverinfo="skip"),
        go.Scatter(
            x=index,
            y=focus.high,
            name="10% to 90% of all windows",
            mode="lines",
            line={"width": 0},
            fill="tonexty",
            fillcolor=_BAND[theme.name],
            hoverinfo="skip",
        ),
        go.Scatter(
            x=index,
            y=focus.mean,
            name="mean of all windows",
            mode="lines+markers" if len(index) == 1 else "lines",
            line={"color": theme.warning, "width": 2, "dash": "dash"},
            hovertemplate=percent,
        ),
        go.Scatter(
            x=index,
            y=np.full(len(index), focus.even),
            name="even share",
            mode="lines",
            line={"color": theme.muted, "width": 2, "dash": "dot"},
            hoverinfo="skip",
        ),
    ]
