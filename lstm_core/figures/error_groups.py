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
    """Mean loss of every group as a bar, its bias as a diamond, and the loss over all as a line.

    Where a quantile was learned a bias says nothing: the share of truths below the forecast stands on the bar instead.

    Groups that are seen too seldom to be compared are grey and hatched.

    Parameters
    ----------
    zone : time zone of the dates, "" when they have none
    """
    figure, title, bent = go.Figure(), grouping.measure.title, grouping.measure.quantile is not None
    for name, small, colour, pattern in (
        (title, False, theme.forecast, ""),
        (f"{title}, seen fewer than {FEWEST} times", True, theme.baseline, "/"),
    ):
        chosen = [group for group in grouping.groups if group.is_small == small]
        if chosen:
            figure.add_bar(
                x=[group.name for group in chosen],
                y=[group.loss for group in chosen],
                customdata=[group.n for group in chosen],
                name=name,
                marker={"color": colour, "pattern": {"shape": pattern}},
                hovertemplate="%{y:.4~g}, n = %{customdata}" + ", %{text} below" * bent,
                text=[f"{group.below:.0%}" for group in chosen] if bent else None,
                textposition="outside" if bent else None,
            )
    names = [group.name for group in grouping.groups]
    if not bent:
        figure.add_scatter(
            x=names,
            y=[group.bias for group in grouping.groups],
            name="bias",
            mode="markers",
            marker={"color": theme.actual, "symbol": "diamond", "size": 9},
            hovertemplate="%{y:.4~g}",
        )
    figure.add_hline(y=grouping.loss, line={"color": theme.muted, "width": 2, "dash": "dash"})
    unit = zone if grouping.kind == "hour" else grouping.unit if grouping.kind in ("level", "truth") else ""
    frame(
        figure,
        theme=theme,
        x_title=axis_label(_TITLES[grouping.kind], unit),
        y_title=axis_label(title if bent else "Error", grouping.unit),
        height=HEIGHT,
    )
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=names)
    return figure.update_layout(bargap=0.25, barmode="overlay")
