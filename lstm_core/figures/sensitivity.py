"""Pictures of sensitivity: one window step by step, a map of steps and columns, and all windows together.

The x-axis is the same in all of them: steps before the forecast, oldest on the left.
"""

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lstm_core.arrays import TimeValues
from lstm_core.evaluation.sensitivity import EffectSpread, StepEffects
from lstm_core.figures.theme import SIGNED, Theme, axis_label, frame, plain

X_TITLE = "Steps before the forecast"


def plot_step_effects(
    effects: StepEffects, sample: int, feature: int, *, window: TimeValues, labels: list[str], theme: Theme
) -> go.Figure:
    """The window's values, and under each step how its nudge up and down moves the forecast.

    Parameters
    ----------
    window : (window,) values of the nudged column, original units, oldest first
    labels : date or number of each step, for the hover
    """
    lags, column = _lags(effects.up), plain(effects.columns[feature])
    figure = make_subplots(rows=2, shared_xaxes=True, vertical_spacing=0.08, row_heights=[0.4, 0.6])
    figure.add_scatter(
        x=lags,
        y=window,
        name=column,
        mode="lines+markers",
        line={"color": theme.actual, "width": 1.4},
        marker={"size": 5},
        customdata=[plain(label) for label in labels],
        hovertemplate="%{y:.4~g} (%{customdata})",
        row=1,
        col=1,
    )
    lag = int(lags[np.argmax(effects.strength[:, feature, sample])])
    figure.add_scatter(
        x=[lag],
        y=[window[len(window) - lag]],
        name="Moves the forecast most",
        mode="markers",
        marker={"size": 14, "symbol": "circle-open", "color": theme.warning, "line": {"width": 3}},
        hoverinfo="skip",
        row=1,
        col=1,
    )
    for name, effect, colour, pattern in (
        ("Nudged up", effects.up, theme.forecast, ""),
        ("Nudged down", effects.down, theme.baseline, "/"),
    ):
        figure.add_bar(
            x=lags,
            y=effect[:, feature, sample],
            name=name,
            marker={"color": colour, "pattern": {"shape": pattern}},
            hovertemplate="%{y:+.4~g}",
            row=2,
            col=1,
        )
    frame(figure, theme=theme, x_title="", y_title="", height=440)
    _oldest_left(figure, lags)
    figure.update_xaxes(title_text=X_TITLE, row=2)
    figure.update_yaxes(title_text=column, row=1)
    figure.update_yaxes(title_text="Change of forecast", row=2, zerolinecolor=theme.muted)
    return figure.update_layout(barmode="group", bargap=0.25, hoversubplots="axis")


def plot_effect_map(effects: StepEffects, sample: int, *, unit: str, theme: Theme) -> go.Figure:
    """Change of the forecast for a nudge up of every step (across) of every column (down), centred on 0."""
    lags, values = _lags(effects.up), effects.up[:, :, sample].T
    return _map(values, lags, effects.columns, unit=unit, theme=theme)


def plot_effect_spread(spread: EffectSpread, feature: int, *, unit: str, theme: Theme) -> go.Figure:
    """Median effect of a nudge up at every step, over all windows, inside the 10 % to 90 % range."""
    lags = _lags(spread.median)
    figure = go.Figure()
    hidden = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    figure.add_scatter(x=lags, y=spread.high[:, feature], showlegend=False, **hidden)
    figure.add_scatter(
        x=lags,
        y=spread.low[:, feature],
        fill="tonexty",
        fillcolor=_faint(theme.forecast),
        name="10 % to 90 % of the windows",
        **hidden,
    )
    figure.add_scatter(
        x=lags,
        y=spread.median[:, feature],
        name="Median window",
        mode="lines+markers",
        line={"color": theme.forecast},
        marker={"size": 5},
        hovertemplate="%{y:+.4~g}",
    )
    figure.add_hline(y=0, line={"color": theme.muted, "width": 1, "dash": "dash"})
    frame(figure, theme=theme, x_title=X_TITLE, y_title=axis_label("Change of forecast", unit), height=320)
    return _oldest_left(figure, lags)


def _map(
    values: np.ndarray, lags: np.ndarray, columns: tuple[str, ...], *, unit: str, theme: Theme
) -> go.Figure:
    # A nudge of nothing moves nothing: the scale then still needs two ends.
    largest = float(np.abs(values).max()) or 1.0
    figure = go.Figure(
        go.Heatmap(
            x=lags,
            y=[plain(column) for column in columns],
            z=values,
            zmin=-largest,
            zmax=largest,
            colorscale=SIGNED,
            colorbar={"title": {"text": axis_label("Change", unit), "side": "right"}, "thickness": 12},
            hovertemplate="%{y}, %{x} steps before: %{z:+.4~g}<extra></extra>",
        )
    )
    frame(figure, theme=theme, x_title=X_TITLE, y_title="", height=max(260, 160 + 40 * len(columns)))
    _oldest_left(figure, lags)
    return figure.update_layout(hovermode="closest").update_yaxes(autorange="reversed", type="category")


def _lags(per_step: np.ndarray) -> np.ndarray:
    return np.arange(len(per_step), 0, -1)


def _oldest_left(figure: go.Figure, lags: np.ndarray) -> go.Figure:
    return figure.update_xaxes(range=[lags[0] + 0.6, lags[-1] - 0.6], autorange=False)


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.2)"
