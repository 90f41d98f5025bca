"""Pictures of sensitivity: one window step by step and column by column, and all windows together.

The x-axis is the same in all of them: steps before the forecast, oldest on the left.
"""

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lstm_core.arrays import TimeValues, Window
from lstm_core.evaluation.effects import EffectSpread, StepEffects
from lstm_core.figures.theme import SIGNED, Theme, axis_label, frame, plain

X_TITLE = "Steps before the forecast"
LONGEST_NAME = 14


def plot_step_effects(
    effects: StepEffects, sample: int, feature: int, *, window: Window, labels: list[str], theme: Theme
) -> go.Figure:
    """Three panels over one axis: the window's values, the effect of each nudge up and down, the map of all columns.

    Parameters
    ----------
    feature : the column of the upper two panels
    window : (window, feature) original units, oldest first
    labels : date or number of each step, for the hover
    """
    n_columns, lags = len(effects.columns), _lags(effects.up)
    map_height = 36 * n_columns + 24
    height = 440 + map_height
    figure = make_subplots(
        rows=3,
        shared_xaxes=True,
        vertical_spacing=0.06,
        row_heights=[140, 200, map_height],
    )
    figure.add_traces(
        [
            *_window_lines(effects, sample, feature, window[:, feature], labels, theme),
            *_effect_bars(effects, sample, feature, theme),
            _effect_map(effects, sample),
        ],
        rows=[1, 1, 2, 2, 3],
        cols=[1] * 5,
    )
    frame(figure, theme=theme, x_title="", y_title="", height=height)
    _oldest_left(figure, lags)
    figure.update_xaxes(title_text=X_TITLE, row=3)
    figure.update_yaxes(title_text=_short(effects.columns[feature]), row=1)
    figure.update_yaxes(title_text="Change of forecast", row=2, zerolinecolor=theme.muted)
    figure.update_yaxes(row=3, type="category", autorange="reversed", showgrid=False)
    return figure.update_layout(barmode="group", bargap=0.25, hoversubplots="axis")


def with_unit(figure: go.Figure, unit: str, feature: int) -> go.Figure:
    """Write the unit of the target where `plot_step_effects` draws effects, and at its values (column 0)."""
    if feature == 0:
        figure.for_each_yaxis(lambda axis: axis.title.update(text=axis_label(axis.title.text, unit)), row=1)
    figure.update_yaxes(title_text=axis_label("Change", unit), row=2)
    return figure.update_traces(
        colorbar_title={"text": axis_label("Change of forecast", unit), "side": "top", "font": {"size": 13}},
        selector={"type": "heatmap"},
    )


def _window_lines(
    effects: StepEffects, sample: int, feature: int, values: TimeValues, labels: list[str], theme: Theme
) -> list[go.Scatter]:
    lags = _lags(effects.up)
    strongest = int(np.argmax(effects.strength[:, feature, sample]))
    return [
        go.Scatter(
            x=lags,
            y=values,
            name=plain(effects.columns[feature]),
            mode="lines+markers",
            line={"color": theme.actual, "width": 1.4},
            marker={"size": 5},
            customdata=[plain(label) for label in labels],
            hovertemplate="%{y:.4~g} (%{customdata})",
        ),
        go.Scatter(
            x=lags[strongest : strongest + 1],
            y=values[strongest : strongest + 1],
            name="Moves the forecast most" + (" in this column" if len(effects.columns) > 1 else ""),
            mode="markers",
            marker={"size": 14, "symbol": "circle-open", "color": theme.forecast, "line": {"width": 3}},
            hoverinfo="skip",
        ),
    ]


def _effect_bars(effects: StepEffects, sample: int, feature: int, theme: Theme) -> list[go.Bar]:
    return [
        go.Bar(
            x=_lags(effects.up),
            y=effect[:, feature, sample],
            name=name,
            marker={"color": colour, "pattern": {"shape": pattern}},
            hovertemplate="%{y:+.4~g}",
        )
        for name, effect, colour, pattern in (
            ("Nudged up", effects.up, theme.forecast, ""),
            ("Nudged down", effects.down, theme.baseline, "/"),
        )
    ]


def _effect_map(effects: StepEffects, sample: int) -> go.Heatmap:
    values = effects.up[:, :, sample].T
    # A nudge of nothing moves nothing: the scale then still needs two ends.
    largest = float(np.abs(values).max()) or 1.0
    return go.Heatmap(
        x=_lags(effects.up),
        y=[_short(column) for column in effects.columns],
        z=values,
        zmin=-largest,
        zmax=largest,
        colorscale=SIGNED,
        xgap=1,
        ygap=1,
        name="Nudged up",
        colorbar={"orientation": "h", "y": -0.16, "yanchor": "top", "thickness": 10, "len": 0.6, "nticks": 5},
        hovertemplate="%{y} up: %{z:+.4~g}<extra></extra>",
    )


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
        name="10% to 90% of the windows",
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


def _lags(per_step: np.ndarray) -> np.ndarray:
    return np.arange(len(per_step), 0, -1)


def _oldest_left(figure: go.Figure, lags: np.ndarray) -> go.Figure:
    return figure.update_xaxes(range=[lags[0] + 0.6, lags[-1] - 0.6], autorange=False)


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.2)"


def _short(name: str) -> str:
    """Column name that leaves a phone room for the picture."""
    return plain(name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…")
