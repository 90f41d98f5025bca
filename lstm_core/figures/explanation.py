"""Pictures of explanations: side by side over the steps of a window, and their curves in the truth test."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lstm_core.arrays import TimeValues
from lstm_core.evaluation.explanation.game import PlayerValues
from lstm_core.evaluation.explanation.occlusion import Block
from lstm_core.evaluation.explanation.truth import TruthTest
from lstm_core.figures.sensitivity import X_TITLE, oldest_left
from lstm_core.figures.theme import Theme, axis_label, faint, frame, plain

WINDOW_HEIGHT, METHOD_HEIGHT = 130, 105
DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
MOST_MARKERS = 30
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
    line = {"color": theme.actual, "width": 1.4}
    target = go.Scatter(x=np.arange(reach, 0, -1), y=window, name="Target", mode="lines+markers", line=line)
    figure.add_trace(target.update(marker_size=5, hovertemplate="%{y:.4~g}"), row=1, col=1)
    for row, name in enumerate(names, start=2):
        figure.add_trace(_bars(name, credits_[name], errors.get(name), blocks, theme), row=row, col=1)
    height = 90 + WINDOW_HEIGHT + (METHOD_HEIGHT + 12) * len(names)
    frame(figure, theme=theme, x_title="", y_title="", height=height)
    figure.update_annotations(font={"size": 13, "color": theme.text}, x=0, xanchor="left")
    figure.update_xaxes(title_text=X_TITLE, row=1 + len(names))
    figure.update_yaxes(zerolinecolor=theme.muted, nticks=4, range=_limits(credits_, errors))
    figure.update_yaxes(title_text=plain(unit) or "Value", range=None, row=1)
    for row in range(2, 2 + len(names)):
        figure.update_yaxes(title_text=plain(unit) or "Credit", row=row)
    oldest_left(figure, np.arange(reach, 0, -1))
    return figure.update_layout(showlegend=False, hoversubplots="axis")


def _bars(
    name: str, values: PlayerValues, error: PlayerValues | None, blocks: tuple[Block, ...], theme: Theme
) -> go.Bar:
    reach = blocks[-1].stop
    return go.Bar(
        # Counted back from the forecast: position 0 is `reach` steps before it.
        x=[reach - (one.start + one.stop - 1) / 2 for one in blocks],
        y=values,
        width=[0.8 * len(one) for one in blocks],
        name=plain(name),
        marker={"color": theme.forecast},
        error_y={"array": error, "visible": error is not None, "color": theme.muted, "thickness": 1.2},
        hovertemplate="%{y:+.4~g}",
    )


def _limits(credits_: Mapping[str, PlayerValues], errors: Mapping[str, PlayerValues]) -> list[float]:
    """One scale for all methods. Plotly finds none by itself for axes that match: it cuts off the bars."""
    ends = [0.0]
    for name, values in credits_.items():
        error = errors.get(name, 0.0)
        ends += [float((values - error).min()), float((values + error).max())]
    room = 0.06 * (max(ends) - min(ends)) or 1.0
    return [min(ends) - room, max(ends) + room]


def plot_truth(test: TruthTest, *, unit: str, theme: Theme) -> go.Figure:
    """Curves of deletion above and of insertion below; random orders as a band, the best order found as a line."""
    figure = make_subplots(rows=2, shared_xaxes=True, vertical_spacing=0.08)
    panels = (("deletion", test.random_deletion), ("insertion", test.random_insertion))
    for row, (curve, band) in enumerate(panels, start=1):
        lines = [*_band(band, theme), *_curves(test, curve, theme)]
        if row > 1:
            lines = [one.update(showlegend=False) for one in lines]
        figure.add_traces(lines, rows=row, cols=1)
    frame(figure, theme=theme, x_title="", y_title="", height=620)
    figure.update_xaxes(title_text="Blocks taken away (above) or put back (below)", row=2)
    figure.update_yaxes(title_text=axis_label("Forecast falls by", unit), row=1, zerolinecolor=theme.muted)
    figure.update_yaxes(title_text=axis_label("Forecast rises by", unit), row=2, zerolinecolor=theme.muted)
    return figure.update_traces(marker={"size": 5})


def _band(band: np.ndarray, theme: Theme) -> list[go.Scatter]:
    kept, hidden = np.arange(band.shape[1]), {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    filled = {"fill": "tonexty", "fillcolor": faint(theme.baseline), "name": "95% of random orders"}
    return [
        go.Scatter(x=kept, y=band[1], showlegend=False, **hidden),
        go.Scatter(x=kept, y=band[0], **filled, **hidden),
    ]


def _curves(test: TruthTest, curve: str, theme: Theme) -> list[go.Scatter]:
    colours = (theme.forecast, theme.warning, theme.train, theme.validation, theme.test)
    kept, best = np.arange(test.n_players + 1), {"color": theme.actual, "width": 1, "dash": "dot"}
    lines = [go.Scatter(y=getattr(test.best, curve), name="Best order found", mode="lines", line=best)]
    for number, (name, trust) in enumerate(test.trusts.items()):
        look = number % len(colours)
        lines.append(
            go.Scatter(
                y=getattr(trust, curve),
                name=plain(name),
                mode="lines+markers" if len(kept) <= MOST_MARKERS else "lines",
                line={"color": colours[look], "dash": DASHES[look], "width": 1.8},
                marker={"symbol": SYMBOLS[look]},
            )
        )
    return [one.update(x=kept, legendgroup=one.name, hovertemplate="%{y:+.4~g}") for one in lines]
