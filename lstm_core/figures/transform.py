"""What a transform makes of the target, as a picture."""

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lstm_core.figures.series import (
    MAX_FIGURE_POINTS,
    add_part_band,
    column_label,
    series_line,
    thin,
    time_axis,
    time_title,
)
from lstm_core.figures.theme import Theme, axis_label, frame
from lstm_core.preparation.split import PARTS
from lstm_core.preparation.windows import Prepared
from lstm_core.series.record import Series

HEIGHT = 420


def plot_transform(series: Series, prepared: Prepared, *, theme: Theme) -> go.Figure:
    """The target as it is above, and below as the network reads it before it is scaled, over the same time axis.

    Parameters
    ----------
    series : what was prepared
    """
    name, spec = prepared.spec.target, prepared.spec.transform
    figure = make_subplots(rows=2, shared_xaxes=True, vertical_spacing=0.08)
    figure.add_trace(series_line(series, name, theme=theme, n_lines=2), row=1, col=1)
    changed = prepared.table[spec.n_lost :, 0]
    rows = thin(changed, n_points=MAX_FIGURE_POINTS // 2)
    figure.add_scatter(
        x=time_axis(series, rows + spec.n_lost),
        y=changed[rows],
        mode="lines",
        line={"color": theme.forecast, "width": 1.4},
        hovertemplate="%{y:.4~g}<extra></extra>",
        row=2,
        col=1,
    )
    for part in PARTS:
        add_part_band(figure, series, prepared.split, part, theme=theme, label=True)
    frame(figure, theme=theme, x_title="", y_title="", height=HEIGHT)
    figure.update_xaxes(title_text=time_title(series), row=2)
    figure.update_yaxes(title_text=column_label(series, name), row=1)
    unit = series.unit if spec.power == "none" and name == series.columns[0] else ""
    figure.update_yaxes(title_text=axis_label("transformed", unit), row=2)
    return figure.update_layout(showlegend=False, hoversubplots="axis")
