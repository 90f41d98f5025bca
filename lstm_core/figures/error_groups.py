"""Picture of the errors by group: how large they are on average, and to which side."""

import plotly.graph_objects as go

from lstm_core.evaluation.error_groups import FEWEST, Grouping
from lstm_core.evaluation.error_splits import Kind
from lstm_core.figures.theme import Theme, axis_label, frame

HEIGHT = 320
_TITLES: dict[Kind, str] = {
    "hour": "Hour of the day",
    "weekday": "Weekday",
    "month": "Month",
    "level": "Level of the forecast",
    "truth": "Level of the truth",
    "step": "Steps ahead",
}


def plot_error_groups(grouping: Grouping, *, zone: str = "", theme: Theme) -> go.Figure:
    """MAE of every group as a bar, its bias as a diamond, and the MAE over all as a line.

    Groups that are seen too seldom to be compared are grey and hatched.

    Parameters
    ----------
    zone : time zone of the dates, "" when they have none
    """
    figure = go.Figure()
    for name, small, colour, pattern in (
        ("MAE", False, theme.forecast, ""),
        (f"MAE, seen fewer than {FEWEST} times", True, theme.baseline, "/"),
    ):
        chosen = [group for group in grouping.groups if group.is_small == small]
        if chosen:
            figure.add_bar(
                x=[group.name for group in chosen],
                y=[group.mae for group in chosen],
                customdata=[group.n for group in chosen],
                name=name,
                marker={"color": colour, "pattern": {"shape": pattern}},
                hovertemplate="%{y:.4~g}, n = %{customdata}",
            )
    names = [group.name for group in grouping.groups]
    figure.add_scatter(
        x=names,
        y=[group.bias for group in grouping.groups],
        name="bias",
        mode="markers",
        marker={"color": theme.actual, "symbol": "diamond", "size": 9},
        hovertemplate="%{y:.4~g}",
    )
    figure.add_hline(y=grouping.mae, line={"color": theme.muted, "width": 2, "dash": "dash"})
    unit = zone if grouping.kind == "hour" else grouping.unit if grouping.kind in ("level", "truth") else ""
    frame(
        figure,
        theme=theme,
        x_title=axis_label(_TITLES[grouping.kind], unit),
        y_title=axis_label("Error", grouping.unit),
        height=HEIGHT,
    )
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=names)
    return figure.update_layout(bargap=0.25, barmode="overlay")
