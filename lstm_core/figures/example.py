"""The example forecast: a stretch of the validation part, and what the network says about it after an epoch."""

import numpy as np
import plotly.graph_objects as go

from lstm_core.figures.series import column_label, time_axis, time_title
from lstm_core.figures.theme import Theme, frame, plain
from lstm_core.series.record import Series
from lstm_core.training.events import ExampleForecast
from lstm_core.training.example import Example

EXAMPLE_HEIGHT = 260
ROOM = 0.25
"""How far the axis reaches beyond the actual values, as a share of their range."""


def plot_example(
    series: Series,
    column: str,
    example: Example,
    told: ExampleForecast | None,
    first: ExampleForecast | None,
    *,
    theme: Theme,
) -> go.Figure:
    """Actual values, the newest forecast, and the one after the first epoch faintly behind it.

    Both axes follow from the actual values, so nothing but the forecast moves while the network learns.

    Parameters
    ----------
    told, first : newest and first forecast of the example; None before there is one
    """
    x = time_axis(series, example.rows)
    hover = f"%{{y:.4~g}} {plain(series.unit if column == series.columns[0] else '')}".rstrip()
    figure = go.Figure()
    forecast = {"color": theme.forecast, "width": 2}
    if first is not None and told is not None and first.epoch != told.epoch:
        figure.add_scatter(
            x=x,
            y=first.values,
            name=f"after epoch {first.epoch}",
            line=forecast | {"dash": "dot", "width": 1.4},
            opacity=0.6,
            hoverinfo="skip",
        )
    figure.add_scatter(x=x, y=example.actual, name="Actual", line={"color": theme.actual, "width": 1.4})
    if told is not None:
        figure.add_scatter(x=x, y=told.values, name=f"forecast after epoch {told.epoch}", line=forecast)
    figure.update_traces(mode="lines" if len(example.rows) > 1 else "markers")
    figure.update_traces(hovertemplate=hover, selector=lambda trace: trace.hoverinfo != "skip")
    frame(
        figure,
        theme=theme,
        x_title=time_title(series),
        y_title=column_label(series, column),
        height=EXAMPLE_HEIGHT,
    )
    low, high = float(np.min(example.actual)), float(np.max(example.actual))
    room = ROOM * (high - low) or abs(high) or 1.0
    return figure.update_yaxes(range=[low - room, high + room])
