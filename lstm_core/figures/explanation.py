"""Pictures of explanations: side by side over the steps of a window, and their curves in the truth test."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lstm_core.arrays import TimeValues
from lstm_core.evaluation.game import PlayerValues
from lstm_core.evaluation.occlusion import Block
from lstm_core.evaluation.truth import TruthTest
from lstm_core.figures.sensitivity import X_TITLE, oldest_left
from lstm_core.figures.theme import Theme, axis_label, faint, frame, plain

WINDOW_HEIGHT, METHOD_HEIGHT = 130, 105
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross")


def plot_credits(
    credits_: Mapping[str, PlayerValues],
    blocks: tuple[Block, ...],
    window: TimeValues,
    *,
    errors: Mapping[str, PlayerValues],
    unit: str,
    theme: Theme,
) -> go.Figure:
    """The target in the window, and below it, over the same steps, a panel of bars for each method.

    Parameters
    ----------
    credits_ : (player,) by name of the method, original unit of the target
    window : (reach,) values of the target, oldest first
    errors : (player,) standard errors of the methods that have some
    """
    reach, names = len(window), list(credits_)
    figure = make_subplots(
        rows=1 + len(names),
        shared_xaxes=True,
        vertical_spacing=0.035,
        row_heights=[WINDOW_HEIGHT, *[METHOD_HEIGHT] * len(names)],
        subplot_titles=["The window", *names],
    )
    figure.add_scatter(
        x=np.arange(reach, 0, -1),
        y=window,
        name="Target",
        mode="lines+markers",
        line={"color": theme.actual, "width": 1.4},
        marker={"size": 5},
        hovertemplate="%{y:.4~g}",
        row=1,
        col=1,
    )
    # Counted back from the forecast: position 0 is `reach` steps before it.
    centres = [reach - (one.start + one.stop - 1) / 2 for one in blocks]
    # One scale for all methods. Plotly finds none by itself for axes that match: it cuts off the bars.
    ends = np.concatenate(
        [[0.0], *(one + sign * errors.get(name, 0.0) for name, one in credits_.items() for sign in (-1, 1))]
    )
    room = 0.06 * float(np.ptp(ends)) or 1.0
    limits = [float(ends.min()) - room, float(ends.max()) + room]
    for row, name in enumerate(names, start=2):
        error = errors.get(name)
        figure.add_bar(
            x=centres,
            y=credits_[name],
            width=[0.8 * len(one) for one in blocks],
            name=plain(name),
            marker={"color": theme.forecast},
            error_y={"array": error, "visible": error is not None, "color": theme.muted, "thickness": 1.2},
            hovertemplate="%{y:+.4~g}",
            row=row,
            col=1,
        )
        figure.update_yaxes(range=limits, row=row)
    height = 90 + WINDOW_HEIGHT + (METHOD_HEIGHT + 12) * len(names)
    frame(figure, theme=theme, x_title="", y_title="", height=height)
    figure.update_annotations(font={"size": 13, "color": theme.text}, x=0, xanchor="left")
    figure.update_xaxes(title_text=X_TITLE, row=1 + len(names))
    figure.update_yaxes(zerolinecolor=theme.muted, nticks=4)
    figure.update_yaxes(title_text=plain(unit) or "Value", row=1)
    figure.update_yaxes(title_text=plain(unit) or "Credit", row=2)
    oldest_left(figure, np.arange(reach, 0, -1))
    return figure.update_layout(showlegend=False, hoversubplots="axis")


def plot_truth(test: TruthTest, *, unit: str, theme: Theme) -> go.Figure:
    """Curves of deletion above and of insertion below; random orders as a band, the best order found as a line."""
    figure = make_subplots(rows=2, shared_xaxes=True, vertical_spacing=0.08)
    colours = (theme.forecast, theme.warning, theme.train, theme.validation, theme.test)
    kept = np.arange(len(test.best.deletion))
    for row, curve, band in ((1, "deletion", test.random_deletion), (2, "insertion", test.random_insertion)):
        shown, hidden = row == 1, {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
        figure.add_scatter(x=kept, y=band[1], showlegend=False, **hidden, row=row, col=1)
        figure.add_scatter(
            x=kept,
            y=band[0],
            fill="tonexty",
            fillcolor=faint(theme.baseline),
            name="95% of random orders",
            showlegend=shown,
            **hidden,
            row=row,
            col=1,
        )
        best = {"name": "Best order found", "line": {"color": theme.actual, "width": 1, "dash": "dot"}}
        lines = [(best, test.best)]
        for number, (name, trust) in enumerate(test.trusts.items()):
            look = number % len(colours)
            line = {"color": colours[look], "dash": DASHES[look], "width": 1.8}
            lines.append(({"name": plain(name), "line": line, "marker": {"symbol": SYMBOLS[look]}}, trust))
        for look, trust in lines:
            figure.add_scatter(
                x=kept,
                y=getattr(trust, curve),
                mode="lines+markers" if "marker" in look and len(kept) <= 30 else "lines",
                legendgroup=look["name"],
                showlegend=shown,
                hovertemplate="%{y:+.4~g}",
                **look,
                row=row,
                col=1,
            )
    frame(figure, theme=theme, x_title="", y_title="", height=620)
    figure.update_xaxes(title_text="Blocks taken away (above) or put back (below)", row=2)
    figure.update_yaxes(title_text=axis_label("Forecast falls by", unit), row=1, zerolinecolor=theme.muted)
    figure.update_yaxes(title_text=axis_label("Forecast rises by", unit), row=2, zerolinecolor=theme.muted)
    return figure.update_traces(marker={"size": 5})
