"""Pictures of sensitivity: one window step by step and column by column, and all windows together.

The x-axis is the same in all of them: steps before the forecast, oldest on the left.
"""

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lstm_core.arrays import TimeValues, Window
from lstm_core.evaluation.explanation.effects import Effects, EffectSpread, ReplacedEffects, StepEffects
from lstm_core.figures.theme import SIGNED, Theme, axis_label, faint, frame, plain

X_TITLE = "Steps before the forecast"
LONGEST_NAME = 14


def plot_step_effects(
    effects: StepEffects | ReplacedEffects,
    sample: int,
    feature: int,
    *,
    window: Window,
    labels: list[str],
    theme: Theme,
) -> go.Figure:
    """Three panels over one axis: the window's values, the effect of each change, the map of all columns.

    Parameters
    ----------
    feature : the column of the upper two panels
    window : (window, feature) original units, oldest first
    labels : date or number of each step, for the hover
    """
    n_columns, lags = len(effects.columns), _lags(effects.change)
    map_height = 36 * n_columns + 24
    height = 440 + map_height
    figure = make_subplots(
        rows=3,
        shared_xaxes=True,
        vertical_spacing=0.06,
        row_heights=[140, 200, map_height],
    )
    lines = _window_lines(effects, sample, feature, window[:, feature], labels, theme)
    bars = _effect_bars(effects, sample, feature, theme)
    rows = [1] * len(lines) + [2] * len(bars) + [3]
    figure.add_traces([*lines, *bars, _effect_map(effects, sample)], rows=rows, cols=[1] * len(rows))
    frame(figure, theme=theme, x_title="", y_title="", height=height)
    oldest_left(figure, lags)
    figure.update_xaxes(title_text=X_TITLE, row=3)
    figure.update_yaxes(title_text=short(effects.columns[feature]), row=1)
    figure.update_yaxes(title_text="Change of forecast", row=2, zerolinecolor=theme.muted)
    figure.update_yaxes(row=3, type="category", autorange="reversed", showgrid=False)
    return figure.update_layout(barmode="group", bargap=0.25, hoversubplots="axis")


def with_put_in(figure: go.Figure, values: TimeValues, *, theme: Theme) -> go.Figure:
    """Draw into the upper panel of `plot_step_effects` what each value of the column became, (window,)."""
    return figure.add_scatter(
        x=_lags(values),
        y=values,
        name="Put in its place",
        mode="markers",
        marker={"symbol": "x-thin", "size": 7, "line": {"width": 1.6, "color": theme.warning}},
        hovertemplate="%{y:.4~g}",
        row=1,
        col=1,
    )


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
    effects: Effects, sample: int, feature: int, values: TimeValues, labels: list[str], theme: Theme
) -> list[go.Scatter]:
    lags = _lags(effects.change)
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


def _effect_bars(
    effects: StepEffects | ReplacedEffects, sample: int, feature: int, theme: Theme
) -> list[go.Bar]:
    if isinstance(effects, ReplacedEffects):
        deviation = effects.deviation[:, feature, sample]
        return [
            go.Bar(
                x=_lags(effects.mean),
                y=effects.mean[:, feature, sample],
                name="Replaced",
                marker={"color": theme.forecast},
                error_y={"array": deviation, "visible": effects.n_draws > 1, "color": theme.muted},
                hovertemplate="%{y:+.4~g}",
            )
        ]
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


def _effect_map(effects: Effects, sample: int) -> go.Heatmap:
    values, done = effects.change[:, :, sample].T, _done(effects)
    # A nudge of nothing moves nothing: the scale then still needs two ends.
    largest = float(np.abs(values).max()) or 1.0
    return go.Heatmap(
        x=_lags(effects.change),
        y=[short(column) for column in effects.columns],
        z=values,
        zmin=-largest,
        zmax=largest,
        colorscale=SIGNED,
        xgap=1,
        ygap=1,
        name=done.capitalize(),
        colorbar={"orientation": "h", "y": -0.16, "yanchor": "top", "thickness": 10, "len": 0.6, "nticks": 5},
        hovertemplate="%{y} " + done + ": %{z:+.4~g}<extra></extra>",
    )


def plot_effect_spread(spread: EffectSpread, feature: int, *, unit: str, theme: Theme) -> go.Figure:
    """Median effect of a change at every step, over all windows, inside the 10 % to 90 % range."""
    lags = _lags(spread.median)
    figure = go.Figure()
    hidden = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    figure.add_scatter(x=lags, y=spread.high[:, feature], showlegend=False, **hidden)
    figure.add_scatter(
        x=lags,
        y=spread.low[:, feature],
        fill="tonexty",
        fillcolor=faint(theme.forecast),
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
    return oldest_left(figure, lags)


def _done(effects: Effects) -> str:
    return "replaced" if isinstance(effects, ReplacedEffects) else "nudged up"


def _lags(per_step: np.ndarray) -> np.ndarray:
    return np.arange(len(per_step), 0, -1)


def oldest_left(figure: go.Figure, lags: np.ndarray, row: int | None = None) -> go.Figure:
    """Let the axis of steps run from the oldest to the newest, half a step wider than they are."""
    return figure.update_xaxes(range=[lags[0] + 0.6, lags[-1] - 0.6], autorange=False, row=row)


def short(name: str) -> str:
    """Column name that leaves a phone room for the picture."""
    return plain(name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…")
