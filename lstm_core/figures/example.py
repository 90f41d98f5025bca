"""The example forecast: a stretch of the validation part, and what the network says about it after an epoch."""

from functools import lru_cache
from typing import Any

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
    shape = {"type": "scatter", "x": x, "mode": "lines" if len(example.rows) > 1 else "markers"}
    forecast = {"color": theme.forecast, "width": 2}
    traces = [
        shape
        | {
            "y": example.actual,
            "name": "Actual",
            "line": {"color": theme.actual, "width": 1.4},
            "hovertemplate": hover,
        }
    ]
    if told is not None:
        name = f"forecast after epoch {told.epoch}"
        traces.append(
            shape | {"y": list(told.values), "name": name, "line": forecast, "hovertemplate": hover}
        )
    if first is not None and told is not None and first.epoch != told.epoch:
        faintly = {
            "y": list(first.values),
            "name": f"after epoch {first.epoch}",
            "line": forecast | {"dash": "dot", "width": 1.4},
            "opacity": 0.6,
            "hoverinfo": "skip",
        }
        traces.insert(0, shape | faintly)
    framed = _frame(theme, time_title(series), column_label(series, column))
    low, high = float(np.min(example.actual)), float(np.max(example.actual))
    room = ROOM * (high - low) or abs(high) or 1.0
    layout = framed | {"yaxis": framed["yaxis"] | {"range": [low - room, high + room]}}
    # Built every second, as the losses are: plotly's validation would take longer than all the rest.
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


@lru_cache(maxsize=16)
def _frame(theme: Theme, x_title: str, y_title: str) -> dict[str, Any]:
    drawn = frame(go.Figure(), theme=theme, x_title=x_title, y_title=y_title, height=EXAMPLE_HEIGHT)
    return drawn.to_dict()["layout"]
