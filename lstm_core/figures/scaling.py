"""Why to scale, as a picture."""

import plotly.graph_objects as go

from lstm_core.figures.theme import Theme, frame
from lstm_core.preparation.saturation import GateHistogram


def plot_gate_histogram(histogram: GateHistogram, *, theme: Theme) -> go.Figure:
    """Where a gate would stand: raw values push it against 0 or 1, scaled ones leave it room."""
    middles = (histogram.edges[:-1] + histogram.edges[1:]) / 2
    figure = go.Figure()
    for name, shares, colour, pattern in (
        ("raw values", histogram.raw, theme.warning, "/"),
        ("scaled values", histogram.scaled, theme.forecast, ""),
    ):
        figure.add_bar(
            x=middles,
            y=100 * shares,
            name=name,
            marker={"color": colour, "pattern": {"shape": pattern}},
            hovertemplate="%{y:.3~g} %",
        )
    frame(
        figure,
        theme=theme,
        x_title="Gate = sigmoid(1 × value), 0 closed, 1 open",
        y_title="Share of train values [%]",
        height=280,
    )
    figure.update_xaxes(range=[0, 1])
    return figure.update_layout(barmode="group")
