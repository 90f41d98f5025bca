"""Pictures of scenarios: what they do to a forecast, several of them together, and what they do to the gates.

The x-axis counts steps from the forecast: −1 is the newest row that is read, 1 the first step ahead.
"""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float, Int
from plotly.subplots import make_subplots

from lstm_core.arrays import TimeValues
from lstm_core.evaluation.what_if.gate_change import GateChange
from lstm_core.evaluation.what_if.outcome import Outcome, Steps
from lstm_core.figures.gates import STYLES
from lstm_core.figures.theme import SIGNED, Theme, axis_label, frame, plain, upright

STEPS_TITLE = "Steps from the forecast (−1 is the newest row read)"
MOST_UNITS = 24
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
_SYMBOLS = ("circle", "diamond", "square", "triangle-up", "x", "star")
MOST_SCENARIOS = len(_DASHES)
"""Scenarios one picture may hold; more cannot be told apart."""


def plot_change(
    outcome: Outcome, truth: Steps | None, *, labels: Sequence[str], name: str, unit: str, theme: Theme
) -> go.Figure:
    """Forecast before and after with what came true, above the difference at every step ahead; original units.

    Parameters
    ----------
    truth : (horizon,) None where the future is not known
    labels : of the steps ahead, for the hover
    name, unit : of the target
    """
    steps = np.arange(1, len(outcome.before) + 1)
    figure = make_subplots(rows=2, shared_xaxes=True, vertical_spacing=0.08)
    common = {"x": steps, "mode": "lines+markers", "customdata": [plain(one) for one in labels]}
    lines = [
        (
            "before",
            outcome.before,
            {"line": {"color": theme.baseline, "dash": "dash"}, "marker": {"symbol": "circle-open"}},
        ),
        ("after", outcome.after, {"line": {"color": theme.forecast}, "marker": {"size": 8}}),
    ]
    if truth is not None:
        lines.append(
            ("came true", truth, {"line": {"color": theme.actual, "width": 1}, "marker": {"symbol": "x"}})
        )
    for label, values, style in lines:
        hover = "%{y:.4~g} (%{customdata})"
        figure.add_scatter(y=values, name=label, hovertemplate=hover, row=1, col=1, **common, **style)
    figure.add_bar(
        x=steps,
        y=outcome.change,
        name="after − before",
        marker={"color": theme.forecast},
        hovertemplate="%{y:+.4~g}",
        showlegend=False,
        row=2,
        col=1,
    )
    frame(figure, theme=theme, x_title="", y_title="", height=380)
    _whole_steps(figure, steps)
    figure.update_xaxes(title_text="Steps ahead", row=2)
    figure.update_yaxes(title_text=axis_label(name, unit), row=1)
    figure.update_yaxes(title_text=axis_label("Difference", unit), row=2, zerolinecolor=theme.muted)
    return figure.update_layout(hoversubplots="axis", bargap=0.35)


def plot_scenarios(
    outcomes: Sequence[Outcome], truth: Steps | None, *, name: str, unit: str, theme: Theme
) -> go.Figure:
    """Several scenarios of one window together: what each reads and forecasts, and how far it is from no scenario.

    Parameters
    ----------
    outcomes : at most `MOST_SCENARIOS`, all of the same window
    truth : (horizon,) None where the future is not known
    """
    first = outcomes[0]
    horizon, reach = len(first.before), len(first.read_before)
    past, ahead = np.arange(-reach, 0), np.arange(1, horizon + 1)
    figure = make_subplots(rows=2, shared_xaxes=False, vertical_spacing=0.16, row_heights=[0.62, 0.38])
    x = np.concatenate([past, ahead])
    nothing = np.concatenate([first.read_before[:, 0], first.before])
    figure.add_scatter(
        x=x,
        y=nothing,
        name="no scenario",
        mode="lines",
        line={"color": theme.baseline, "dash": "dash", "width": 1.5},
        hovertemplate="%{y:.4~g}",
        row=1,
        col=1,
    )
    if truth is not None:
        figure.add_scatter(
            x=ahead,
            y=truth,
            name="came true",
            mode="markers",
            marker={"color": theme.actual, "symbol": "x", "size": 9},
            hovertemplate="%{y:.4~g}",
            row=1,
            col=1,
        )
    for number, outcome in enumerate(outcomes):
        _add_scenario(figure, outcome, number, x, theme)
    frame(figure, theme=theme, x_title="", y_title="", height=520)
    figure.update_layout(shapes=[upright(0, row=1, line={"color": theme.muted, "width": 1, "dash": "dot"})])
    figure.update_xaxes(title_text=STEPS_TITLE, row=1)
    figure.update_xaxes(title_text="Steps ahead", row=2)
    _whole_steps(figure, ahead, row=2)
    figure.update_yaxes(title_text=axis_label(name, unit), row=1)
    figure.update_yaxes(title_text=axis_label("Difference", unit), row=2, zerolinecolor=theme.muted)
    return figure.update_layout(barmode="group")


def _add_scenario(figure: go.Figure, outcome: Outcome, number: int, x: np.ndarray, theme: Theme) -> None:
    colours = (theme.forecast, theme.warning, theme.train, theme.test, theme.validation, theme.hidden)
    colour, name = colours[number % len(colours)], plain(outcome.scenario.name)
    figure.add_scatter(
        x=x,
        y=np.concatenate([outcome.read_after[:, 0], outcome.after]),
        name=name,
        legendgroup=name,
        mode="lines+markers",
        line={"color": colour, "dash": _DASHES[number % len(_DASHES)]},
        marker={"symbol": _SYMBOLS[number % len(_SYMBOLS)], "size": 6},
        hovertemplate="%{y:.4~g}",
        row=1,
        col=1,
    )
    figure.add_bar(
        x=np.arange(1, len(outcome.after) + 1),
        y=outcome.change,
        name=name,
        legendgroup=name,
        showlegend=False,
        marker={"color": colour, "pattern": {"shape": ("", "/", ".", "x", "-", "|")[number % 6]}},
        hovertemplate="%{y:+.4~g}",
        row=2,
        col=1,
    )


def plot_gate_change(
    change: GateChange,
    part: str,
    *,
    units: Int[np.ndarray, "unit"],
    read: tuple[TimeValues, TimeValues],
    name: str,
    theme: Theme,
) -> go.Figure:
    """One gate after minus before, unit by unit and step by step, under the window; below, the unit that changes most.

    Parameters
    ----------
    units : which to draw, counted from 0, top one first; labels count from 1
    read : target over the steps of the window, before and after, original units
    name : of the target with its unit, already inert
    """
    style = STYLES[change.after.cell][part]
    steps = np.arange(-len(read[0]), 0)
    figure = make_subplots(
        rows=3,
        shared_xaxes=True,
        vertical_spacing=0.09,
        row_heights=[0.26, 0.44, 0.3],
        subplot_titles=[name, f"{style.name}: after − before", f"{style.name} of unit {units[0] + 1}"],
    )
    shown = change.difference(part)[:, units].T
    for row, (before, after) in (
        (1, read),
        (3, (change.before.parts[part][:, units[0]], change.after.parts[part][:, units[0]])),
    ):
        _add_pair(figure, steps, before, after, row, theme)
    figure.add_heatmap(
        x=steps,
        y=[str(unit + 1) for unit in units],
        z=shown.astype(np.float32),
        coloraxis="coloraxis",
        hovertemplate="step %{x}, unit %{y}: %{z:+.3f}<extra></extra>",
        row=2,
        col=1,
    )
    frame(figure, theme=theme, x_title="", y_title="", height=520)
    figure.update_annotations(x=0, xanchor="left", font={"color": theme.text, "size": 13})
    largest = float(np.abs(shown).max()) or 1.0
    places = [str(units[at] + 1) for at in sorted({0, len(units) // 2, len(units) - 1})]
    figure.update_yaxes(type="category", autorange="reversed", tickvals=places, title_text="unit", row=2)
    figure.update_xaxes(title_text=STEPS_TITLE, row=3)
    bar = {"orientation": "h", "y": -0.16, "yanchor": "top", "thickness": 10, "len": 0.6, "nticks": 5}
    return figure.update_layout(
        hovermode="closest",
        margin={"t": 64},
        legend={"y": 1.06},
        coloraxis={"colorscale": SIGNED, "cmin": -largest, "cmax": largest, "colorbar": bar},
    )


def _add_pair(
    figure: go.Figure,
    steps: Int[np.ndarray, "window"],
    before: Float[np.ndarray, "window"],
    after: Float[np.ndarray, "window"],
    row: int,
    theme: Theme,
) -> None:
    for label, values, line in (
        ("before", before, {"color": theme.baseline, "dash": "dash"}),
        ("after", after, {"color": theme.forecast}),
    ):
        figure.add_scatter(
            x=steps,
            y=values,
            name=label,
            legendgroup=label,
            showlegend=row == 1,
            mode="lines",
            line=line,
            hovertemplate="%{y:.4~g}",
            row=row,
            col=1,
        )


def _whole_steps(figure: go.Figure, steps: Int[np.ndarray, "step"], row: int | None = None) -> None:
    """Ticks at whole steps, and room for a single bar."""
    room = 0.6 if len(steps) > 1 else 1.6
    every = -(-len(steps) // 12)
    figure.update_xaxes(range=[steps[0] - room, steps[-1] + room], tickvals=steps[::every], row=row)
