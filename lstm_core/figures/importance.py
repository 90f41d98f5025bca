"""Picture of permutation importance: whole columns above, the single steps of one of them below."""

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lstm_core.evaluation.explanation.importance import Importance
from lstm_core.figures.sensitivity import X_TITLE, oldest_left, short
from lstm_core.figures.theme import Theme, axis_label, frame, plain


def plot_importance(found: Importance, feature: int, *, unit: str, theme: Theme) -> go.Figure:
    """Bars of how much the error grows, with one standard deviation over the repeats as whiskers.

    Parameters
    ----------
    feature : the column whose steps are drawn; the columns themselves are drawn when there are several
    """
    n_columns, title = len(found.columns), axis_label("Growth of MAE", unit)
    several = n_columns > 1
    columns_height = 60 + 30 * n_columns
    figure = make_subplots(
        rows=2 if several else 1,
        row_heights=[columns_height, 240] if several else None,
        vertical_spacing=90 / (columns_height + 330) if several else 0,
    )
    below = 2 if several else 1
    if several:
        figure.add_trace(_columns(found, theme), row=1, col=1)
    figure.add_trace(_steps(found, feature, theme), row=below, col=1)
    frame(figure, theme=theme, x_title="", y_title="", height=columns_height + 330 if several else 300)
    if several:
        figure.update_xaxes(title_text=title, row=1)
        figure.update_yaxes(autorange="reversed", type="category", row=1)
    figure.update_xaxes(title_text=X_TITLE, row=below)
    figure.update_yaxes(title_text=title, row=below)
    oldest_left(figure, np.arange(found.by_step.shape[1], 0, -1), row=below)
    return figure.update_layout(hovermode="closest", showlegend=True)


def _columns(found: Importance, theme: Theme) -> go.Bar:
    grown = found.by_feature[:, list(found.ranking)]
    return go.Bar(
        x=grown.mean(axis=0),
        y=[short(found.columns[one]) for one in found.ranking],
        orientation="h",
        error_x={"array": grown.std(axis=0), "color": theme.muted, "thickness": 1.2},
        marker={"color": theme.forecast},
        name="Whole column shuffled",
        hovertemplate="%{y}: %{x:+.4~g}<extra></extra>",
    )


def _steps(found: Importance, feature: int, theme: Theme) -> go.Bar:
    by_step = found.by_step[:, :, feature]
    return go.Bar(
        x=np.arange(by_step.shape[1], 0, -1),
        y=by_step.mean(axis=0),
        error_y={"array": by_step.std(axis=0), "color": theme.muted, "thickness": 1.2},
        marker={"color": theme.baseline, "pattern": {"shape": "/"}},
        name=f"One step of {plain(short(found.columns[feature]))} shuffled",
        hovertemplate="%{x} before: %{y:+.4~g}<extra></extra>",
    )
