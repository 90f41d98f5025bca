"""Pictures of the doctor: the evidence of every finding, what squashing does to large numbers, before and after."""

from functools import singledispatch

import numpy as np
import plotly.graph_objects as go

from lstm_core.doctor.evidence import (
    Amounts,
    Evidence,
    GateShares,
    GradientNorms,
    InputSizes,
    LossCurves,
    Reach,
    Traces,
    UnitRanges,
)
from lstm_core.evaluation.residuals import ResidualMemory, RollingSpread
from lstm_core.evaluation.verdict import amount
from lstm_core.figures.diagnostics import plot_acf, plot_pacf
from lstm_core.figures.residuals import plot_memory, plot_rolling_spread
from lstm_core.figures.theme import Theme, axis_label, frame, plain
from lstm_core.figures.training import axis_title, thin
from lstm_core.network.spec import thousands
from lstm_core.preparation.saturation import Squashed
from lstm_core.training.events import EpochEnded

PANEL = 300
MOST_WINDOWS = 80
"""Test windows that a chart shows: enough to see a forecast run behind the truth."""
FAR = 50.0
"""Losses this many times apart are drawn on a logarithmic axis."""


def plot_evidence(evidence: Evidence, *, theme: Theme) -> go.Figure:
    """Chart of a finding."""
    return _plot(evidence, theme).update_layout(height=PANEL)


@singledispatch
def _plot(evidence: Evidence, theme: Theme) -> go.Figure:
    raise NotImplementedError(type(evidence))


@_plot.register
def _(evidence: LossCurves, theme: Theme) -> go.Figure:
    figure, shown = go.Figure(), thin(evidence.epochs, keep=evidence.mark)
    for name, values, colour, dash in (
        ("train", [ended.loss for ended in shown], theme.train, "solid"),
        ("validation", [ended.val_loss for ended in shown], theme.validation, "dash"),
    ):
        _add_epochs(figure, shown, values, name=name, colour=colour, dash=dash)
    if evidence.mark is not None:
        _mark_epoch(figure, evidence.mark, evidence.mark_name, theme)
    frame(figure, theme=theme, x_title="Epoch", y_title=axis_title(evidence.loss_name))
    return _wide_range(figure, [loss for ended in shown for loss in (ended.loss, ended.val_loss)])


@_plot.register
def _(evidence: GradientNorms, theme: Theme) -> go.Figure:
    figure = go.Figure()
    known = [ended for ended in evidence.epochs if ended.gradient_norm is not None]
    norms = [ended.gradient_norm or 0.0 for ended in known]
    _add_epochs(figure, known, norms, name="gradient norm", colour=theme.forecast, dash="solid")
    figure.add_scatter(
        x=[known[0].epoch, known[-1].epoch] if known else [],
        y=[evidence.limit] * 2 if known else [],
        name=plain(evidence.limit_name),
        mode="lines",
        line={"color": theme.warning, "dash": "dash"},
        hoverinfo="skip",
    )
    frame(figure, theme=theme, x_title="Epoch", y_title="Gradient norm [scaled units per weight unit]")
    return _wide_range(figure, [*norms, evidence.limit])


@_plot.register
def _(evidence: InputSizes, theme: Theme) -> go.Figure:
    figure, low, high = go.Figure(), *evidence.limits
    figure.add_bar(
        y=[plain(size.column) for size in evidence.columns],
        x=[max(size.largest, 1e-6) for size in evidence.columns],
        orientation="h",
        name="largest value, without its sign",
        marker={
            "color": [theme.warning if size.largest > high else theme.forecast for size in evidence.columns],
        },
        text=[f"{one.outside:.0%} outside {low:g} to {high:g}".replace("-", "−") for one in evidence.columns],
        textposition="inside",
        insidetextfont={"color": theme.surface},
        insidetextanchor="start",
        hovertemplate="%{x:.4~g}",
    )
    figure.add_vline(x=high, line={"color": theme.muted, "dash": "dash"})
    # A line has no entry in the key; an empty trace gives it one.
    figure.add_scatter(
        x=[None],
        y=[None],
        mode="lines",
        name=f"{high:g} standard deviations",
        line={"color": theme.muted, "dash": "dash"},
    )
    frame(figure, theme=theme, x_title="Size when it reaches the network [scaled units]", y_title="")
    largest = max([10 * high, *(2 * size.largest for size in evidence.columns)])
    figure.update_xaxes(type="log", dtick=1, range=[np.log10(high / 100), np.log10(largest)])
    return figure.update_layout(hovermode="closest")


@_plot.register
def _(evidence: GateShares, theme: Theme) -> go.Figure:
    figure = go.Figure()
    names = [f"{gate.gate} gate, layer {gate.layer}" for gate in evidence.gates]
    for name, shares, colour, pattern in (
        ("below 0.05", [gate.shut for gate in evidence.gates], theme.output_gate, ""),
        ("above 0.95", [gate.open for gate in evidence.gates], theme.forget_gate, "/"),
    ):
        figure.add_bar(
            y=names,
            x=[100 * share for share in shares],
            orientation="h",
            name=name,
            marker={"color": colour, "pattern": {"shape": pattern}},
            hovertemplate="%{x:.3~g} %",
        )
    figure.add_vline(x=100 * evidence.limit, line={"color": theme.warning, "dash": "dash"})
    frame(figure, theme=theme, x_title="Share of the gate's values [%]", y_title="")
    figure.update_xaxes(range=[0, 100]).update_yaxes(autorange="reversed")
    return figure.update_layout(barmode="stack")


@_plot.register
def _(evidence: UnitRanges, theme: Theme) -> go.Figure:
    figure = go.Figure()
    symbols = ("circle", "diamond", "square", "cross")
    for layer, limit, symbol in zip(evidence.layers, evidence.limits, symbols, strict=False):
        ordered = np.sort(layer.moves)[::-1]
        alive = ordered >= limit
        for name, chosen, colour in (("alive", alive, theme.hidden), ("dead", ~alive, theme.warning)):
            if chosen.any():
                figure.add_scatter(
                    x=np.flatnonzero(chosen) + 1,
                    y=ordered[chosen],
                    mode="markers",
                    name=f"layer {layer.layer}, {name}",
                    marker={"color": colour, "symbol": symbol if name == "alive" else f"{symbol}-open"},
                    hovertemplate="%{y:.3~g}",
                )
    frame(
        figure,
        theme=theme,
        x_title="Units, the liveliest first",
        y_title="Range of the hidden state over windows",
    )
    return figure.update_yaxes(rangemode="tozero").update_layout(hovermode="closest")


@_plot.register
def _(evidence: Reach, theme: Theme) -> go.Figure:
    if evidence.kind == "acf":
        figure = plot_acf(evidence.correlogram, theme=theme, season=evidence.season)
    else:
        figure = plot_pacf(evidence.correlogram, theme=theme)
    figure.add_vrect(
        x0=0.5,
        x1=min(evidence.window, evidence.correlogram.n_lags) + 0.5,
        fillcolor=theme.train,
        opacity=0.12,
        line_width=0,
        layer="below",
    )
    figure.add_scatter(
        x=[None],
        y=[None],
        mode="markers",
        name="what the network reads",
        marker={"symbol": "square", "size": 11, "color": theme.train, "opacity": 0.5},
    )
    return figure


@_plot.register
def _(evidence: Amounts, theme: Theme) -> go.Figure:
    figure = go.Figure()
    colours = [theme.forecast, *[theme.baseline] * (len(evidence.names) - 1)]
    figure.add_bar(
        y=[plain(name) for name in evidence.names],
        x=list(evidence.values),
        orientation="h",
        marker={"color": colours},
        text=[thousands(int(value)) if value == int(value) else amount(value) for value in evidence.values],
        textposition="auto",
        insidetextfont={"color": theme.surface},
        hovertemplate="%{x:.4~g}",
        showlegend=False,
    )
    frame(figure, theme=theme, x_title=plain(evidence.title), y_title="")
    figure.update_xaxes(type="log" if evidence.log else "linear").update_yaxes(autorange="reversed")
    return figure.update_layout(hovermode="closest")


@_plot.register
def _(evidence: Traces, theme: Theme) -> go.Figure:
    made, last = evidence.forecast, slice(-MOST_WINDOWS, None)
    rows, truth = made.origins[last], made.actual[last, 0]
    figure = go.Figure()
    lines = [
        ("actual", rows, truth, theme.actual, "solid"),
        ("forecast", rows, made.predicted[last, 0], theme.forecast, "solid"),
    ]
    if evidence.lag is not None:
        lines.append(("actual, one row late", rows + 1, truth, theme.warning, "dot"))
    for name, at, values, colour, dash in lines:
        figure.add_scatter(
            x=at,
            y=values,
            name=name,
            mode="lines",
            line={"color": colour, "dash": dash, "width": 1.8},
            hovertemplate="%{y:.4~g}",
        )
    return frame(figure, theme=theme, x_title="Row of the series", y_title=axis_label("Target", made.unit))


@_plot.register
def _(evidence: ResidualMemory | RollingSpread, theme: Theme) -> go.Figure:
    memory = isinstance(evidence, ResidualMemory)
    return plot_memory(evidence, theme=theme) if memory else plot_rolling_spread(evidence, theme=theme)


def plot_squashing(small: Squashed, large: Squashed, *, theme: Theme) -> go.Figure:
    """What a gate (sigmoid) and a candidate (tanh) make of two ranges, over the place of a value in its range."""
    figure = go.Figure()
    for one, colour in ((small, theme.forecast), (large, theme.warning)):
        for name, values, dash in (("sigmoid", one.sigmoid, "solid"), ("tanh", one.tanh, "dash")):
            figure.add_scatter(
                x=100 * one.place,
                y=values,
                name=f"{name} of 0..{one.largest:,.0f}".replace(",", "\u202f"),
                mode="lines",
                line={"color": colour, "dash": dash, "width": 2},
                hovertemplate="%{y:.4~g}",
            )
    frame(
        figure,
        theme=theme,
        x_title="Place of the value in its range [%]",
        y_title="What comes out",
        height=PANEL,
    )
    return figure.update_yaxes(range=[-0.05, 1.1])


def plot_before_after(
    before: tuple[EpochEnded, ...], after: tuple[EpochEnded, ...], *, theme: Theme
) -> go.Figure:
    """Validation loss of two runs as a share of its first value: scales may differ, shapes compare."""
    figure, shares = go.Figure(), []
    for name, epochs, colour, dash in (
        ("before", before, theme.baseline, "dash"),
        ("after", after, theme.forecast, "solid"),
    ):
        if not epochs or epochs[0].val_loss <= 0:
            continue
        shown = thin(epochs, keep=None)
        values = [100 * ended.val_loss / epochs[0].val_loss for ended in shown]
        shares += values
        _add_epochs(figure, shown, values, name=name, colour=colour, dash=dash)
    title = "Validation loss [% of its first value]"
    return _wide_range(frame(figure, theme=theme, x_title="Epoch", y_title=title, height=PANEL), shares)


def _add_epochs(
    figure: go.Figure, epochs: list[EpochEnded], values: list[float], *, name: str, colour: str, dash: str
) -> None:
    figure.add_scatter(
        x=[ended.epoch for ended in epochs],
        y=values,
        name=name,
        mode="lines" if len(epochs) > 1 else "markers",
        line={"color": colour, "dash": dash, "width": 2},
        marker={"color": colour, "size": 7},
        hovertemplate="%{y:.4~g}",
    )


def _mark_epoch(figure: go.Figure, epoch: int, name: str, theme: Theme) -> None:
    figure.add_vline(
        x=epoch,
        line={"color": theme.warning, "width": 2, "dash": "dot"},
        annotation={"text": plain(f"{name}: {epoch}"), "font": {"color": theme.text}},
    )


def _wide_range(figure: go.Figure, values: list[float]) -> go.Figure:
    """Logarithmic when the values lie far apart: a curve that explodes hides everything else."""
    held = [value for value in values if np.isfinite(value) and value > 0]
    if held and max(held) > FAR * min(held):  # whole powers of ten: digits between them read as other numbers
        return figure.update_yaxes(type="log", dtick=1, minor={"ticks": "outside", "dtick": "D1"})
    return figure.update_yaxes(rangemode="tozero")
