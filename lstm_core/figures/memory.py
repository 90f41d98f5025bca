"""Memory on one axis of lags: error by window length, pull of every step, ACF and PACF."""

from collections.abc import Container

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from lstm_core.diagnostics.correlogram import Correlogram
from lstm_core.evaluation.explanation.reach import Reach
from lstm_core.evaluation.measure import title_of
from lstm_core.figures.diagnostics import stems
from lstm_core.figures.theme import Theme, axis_label, frame, plain, upright
from lstm_core.study.length_scores import LengthScores

X_TITLE = "Steps back, or window length [rows]"
HEIGHTS = {"error": 190, "pull": 170, "ACF": 130, "PACF": 130}
"""Pixels of each panel."""
AROUND = 110
COLUMN_COLOURS = ("forecast", "candidate", "test", "train", "hidden", "warning")


def plot_memory(
    correlogram: Correlogram | None,
    *,
    theme: Theme,
    unit: str,
    pull: Reach | None = None,
    errors: LengthScores | None = None,
    window: int | None = None,
) -> go.Figure:
    """Stacked panels over the same lags, those that there is something to draw in.

    From top to bottom: error by window length on the validation part, which chooses the knee, and on the test part,
    with the naive line there; how far a nudge of every
    step moves the forecast, with the memory and the window length marked; ACF; PACF.

    Parameters
    ----------
    correlogram : of the series; None when it never changes
    unit : of the target
    window : length of the network's window, marked where its pull is drawn
    """
    shown = {"error": errors, "pull": pull, "ACF": correlogram, "PACF": correlogram}
    panels = [name for name, one in shown.items() if one is not None]
    heights = [HEIGHTS[name] for name in panels]
    figure = make_subplots(
        rows=len(panels), shared_xaxes=True, vertical_spacing=0.16 / len(panels), row_heights=heights
    )
    marks: list[dict] = []
    for row, name in enumerate(panels, start=1):
        if name == "error" and errors is not None:
            figure.add_traces(_error_traces(errors, unit, theme), rows=row, cols=1)
        elif name == "pull" and pull is not None:
            figure.add_traces(_pull_bars(pull, unit, theme), rows=row, cols=1)
            marks += _pull_marks(pull, window, row, theme)
        elif correlogram is not None:
            in_key = [trace.name for trace in figure.data if isinstance(trace, go.Scatter | go.Bar)]
            figure.add_traces(_stems(correlogram, name, theme, in_key=in_key), rows=row, cols=1)
    frame(figure, theme=theme, x_title="", y_title="", height=sum(heights) + AROUND)
    _titles(figure, panels, unit, title_of(errors.measure) if errors else "")
    figure.update_xaxes(range=[0, _farthest(correlogram, pull, errors) + 0.7], autorange=False)
    # Stacked bars would turn the key upside down.
    figure.update_layout(legend_traceorder="normal", barmode="stack", bargap=0.2)
    return figure.update_layout(shapes=marks, hovermode="closest")


def _titles(figure: go.Figure, panels: list[str], unit: str, measure: str) -> None:
    names = {"error": axis_label(measure, unit), "pull": axis_label("Pull", unit)}
    for row, name in enumerate(panels, start=1):
        figure.update_yaxes(title_text=names.get(name, name), row=row)
        if name == "pull":
            figure.update_yaxes(rangemode="tozero", row=row)
        elif name != "error":
            figure.update_yaxes(range=[-1.05, 1.05], row=row)
    figure.update_xaxes(title_text=X_TITLE, row=len(panels))


def _farthest(correlogram: Correlogram | None, pull: Reach | None, errors: LengthScores | None) -> int:
    ends = [
        correlogram.n_lags if correlogram is not None else 1,
        pull.longest if pull is not None else 1,
        errors.lengths[-1] if errors is not None and errors.lengths else 1,
    ]
    return max(ends)


def _error_traces(errors: LengthScores, unit: str, theme: Theme) -> list[go.Scatter]:
    parts = {
        "Validation error: chooses": (errors.validation, theme.validation, "solid", "circle"),
        "Test error: checks": (errors.tested, theme.test, "dash", "diamond"),
    }
    traces = [
        go.Scatter(
            x=errors.lengths,
            y=values,
            mode="lines+markers",
            name=name,
            line={"color": colour, "width": 2, "dash": dash},
            marker={"size": 8, "symbol": symbol},
            hovertemplate=f"window %{{x}}: %{{y:.4~g}} {plain(unit)}".rstrip() + f"<extra>{name}</extra>",
        )
        for name, (values, colour, dash, symbol) in parts.items()
    ]
    if errors.lengths:
        traces.append(
            go.Scatter(
                x=[errors.knee],
                y=[errors.chosen_by(errors.knee)],
                mode="markers",
                name=f"Knee at {errors.knee}",
                marker={"symbol": "circle-open", "size": 17, "color": theme.warning, "line": {"width": 3}},
                hoverinfo="skip",
            )
        )
    if errors.lengths and errors.naive is not None:
        traces.append(
            go.Scatter(
                x=[errors.lengths[0], errors.lengths[-1]],
                y=[errors.naive] * 2,
                mode="lines",
                name="Repeating the last value (test)",
                line={"color": theme.baseline, "dash": "dot", "width": 1.8},
                hovertemplate=f"naive: %{{y:.4~g}} {plain(unit)}".rstrip() + "<extra></extra>",
            )
        )
    return traces


def _pull_bars(pull: Reach, unit: str, theme: Theme) -> list[go.Bar]:
    lags = np.arange(1, pull.longest + 1)
    return [
        go.Bar(
            x=lags,
            y=pull.of(feature),
            name=f"Pull of {plain(column)}",
            marker={"color": getattr(theme, COLUMN_COLOURS[feature % len(COLUMN_COLOURS)])},
            hovertemplate=f"%{{x}} back: %{{y:.4~g}} {plain(unit)}".rstrip() + "<extra></extra>",
        )
        for feature, column in enumerate(pull.columns)
    ]


def _pull_marks(pull: Reach, window: int | None, row: int, theme: Theme) -> list[dict]:
    marks = []
    if memory := pull.memory():
        marks.append(
            upright(memory + 0.5, row=row, line={"color": theme.warning, "width": 2, "dash": "dash"})
            | {"label": _beside(f"memory {memory}", theme)}
        )
    if window is not None:
        marks.append(upright(window + 0.5, row=row, line={"color": theme.muted, "width": 1.5, "dash": "dot"}))
    return marks


def _beside(text: str, theme: Theme) -> dict:
    """Words to the right of the upper end of an upright line."""
    place = {"textposition": "end", "textangle": 0, "xanchor": "left", "yanchor": "top", "padding": 4}
    return {"text": text, "font": {"color": theme.text, "size": 12}, **place}


def _stems(
    correlogram: Correlogram, name: str, theme: Theme, *, in_key: Container[object]
) -> list[go.Scatter]:
    """Stems of one panel; a name stands in the key once, whichever panel has it first."""
    values, band = (
        (correlogram.acf, correlogram.acf_band)
        if name == "ACF"
        else (correlogram.pacf, correlogram.pacf_band)
    )
    lags = np.arange(1, correlogram.n_lags + 1)
    drawn = stems(lags, values[1:], band[1:], theme=theme)
    drawn.update_traces(marker_size=5, error_y_thickness=1.5)
    traces = [trace for trace in drawn.data if isinstance(trace, go.Scatter)]
    for trace in traces:
        trace.showlegend = trace.name not in in_key
    return traces
