"""Small picture of one missed window: what came before, what came, and what was forecast."""

import numpy as np
import plotly.graph_objects as go

from lstm_core.evaluation.forecast import Forecast
from lstm_core.figures.series import column_label, hover, time_axis, time_title
from lstm_core.figures.theme import Theme, frame
from lstm_core.series.record import Series

HEIGHT = 210
FEWEST_BEFORE, MOST_BEFORE = 8, 60


def plot_worst_window(
    series: Series,
    target: str,
    made: tuple[Forecast, Forecast],
    sample: int,
    *,
    theme: Theme,
    rival: str = "last value",
) -> go.Figure:
    """Rows before the origin, then truth, forecast and the repeated last value over the horizon.

    Parameters
    ----------
    made : of the network and of repeating the last value
    sample : which window, counted from 0
    rival : what the second forecast is called
    """
    forecast, naive = made
    origin = int(forecast.origins[sample])
    before = min(max(2 * forecast.horizon, FEWEST_BEFORE), MOST_BEFORE)
    past = np.arange(max(origin - before, 0), origin + forecast.horizon)
    ahead = forecast.rows[sample]
    figure = go.Figure()
    lines = (
        ("actual", past, series.column(target)[past], theme.actual, "solid", "circle"),
        (forecast.label, ahead, forecast.predicted[sample], theme.forecast, "solid", "diamond"),
        (rival, ahead, naive.predicted[sample], theme.baseline, "dot", "square"),
    )
    for name, rows, values, colour, dash, symbol in lines:
        figure.add_scatter(
            x=time_axis(series, rows),
            y=values,
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 1.6},
            marker={"symbol": symbol, "size": 3 if rows is past else 7 if len(ahead) == 1 else 5},
            hovertemplate=hover(series, target),
        )
    figure.add_vline(
        x=time_axis(series, ahead[:1])[0], line={"color": theme.muted, "width": 1, "dash": "dot"}
    )
    frame(
        figure, theme=theme, x_title=time_title(series), y_title=column_label(series, target), height=HEIGHT
    )
    figure.update_xaxes(nticks=4)
    figure.update_yaxes(nticks=4)
    return figure.update_layout(legend={"font": {"size": 11}}, margin={"t": 28})
