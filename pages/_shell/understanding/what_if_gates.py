"""Gates of the What-if page: what a changed window does inside the cell."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.evaluation.what_if.gate_change import GateChange
from lstm_core.evaluation.what_if.outcome import Outcome
from lstm_core.figures.gates import STYLES
from lstm_core.figures.theme import axis_label
from lstm_core.figures.what_if import MOST_UNITS, plot_gate_change
from lstm_core.network.counts import layer_name
from lstm_core.network.trace import trace_gates
from lstm_core.preparation.histories import to_inputs
from pages._shell import present, state
from pages._shell.understanding import gate_panel
from pages._shell.understanding.what_if_draft import Desk

if TYPE_CHECKING:
    import plotly.graph_objects as go


def draw(desk: Desk, outcome: Outcome) -> None:
    """Units whose gates change most between the window as it was and as it is now."""
    st.subheader("Gates before and after", anchor=False)
    if (outcome.read_before == outcome.read_after).all():
        st.caption("As soon as the window is changed, the gates that answer it are shown here.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer = _layer(desk)
        both_ways = desk.run.run.spec.network.layers[layer].bidirectional
        backward = both_ways and gate_panel.reads_backwards(f"what_if_reads_{layer}")
        change = _traces(desk, outcome, layer, backward=backward)
        part = _part(change)
    if backward:
        st.caption(
            "This direction reads from the newest row to the oldest: what changed at a row is felt by the rows to "
            "its left."
        )
    order, strength = change.most_changed(part), change.strength(part)
    units, gate = order[:MOST_UNITS], STYLES[change.after.cell][part].name
    most = f"Unit {order[0] + 1} answers most: its {gate} moves by {strength[order[0]]:.2g} on average."
    hidden = (
        f" Drawn: the {len(units)} of {len(order)} units that move most." if len(order) > MOST_UNITS else ""
    )
    st.caption(most + hidden)
    present.show(
        desk.drawn("gates", [outcome], lambda: _plot(desk, outcome, change, part), layer, part, backward),
        key="what_if_gates_chart",
        alt=f"{gate} after minus before, by step and unit. {most}",
        table=lambda: _numbers(change),
        suffix=desk.run.suffix,
    )


def _part(change: GateChange) -> str:
    """Gate or state that is compared; at first the gate that changes most."""
    strongest, styles = change.strongest_part(), STYLES[change.after.cell]
    chosen = st.segmented_control(
        "Gate or state",
        list(change.after.parts),
        format_func=lambda one: styles[one].name,
        required=True,
        key=state.widget(f"what_if_gate_{change.after.cell}", strongest),
        help="What is compared, after minus before. The page begins with the gate that changes most.",
    )
    return chosen or strongest


def _plot(desk: Desk, outcome: Outcome, change: GateChange, part: str) -> "go.Figure":
    length = desk.run.prepared.spec.window.length
    return plot_gate_change(
        change,
        part,
        units=change.most_changed(part)[:MOST_UNITS],
        read=(outcome.read_before[-length:, 0], outcome.read_after[-length:, 0]),
        name=axis_label(desk.run.target, desk.run.unit),
        theme=present.theme(),
    )


def _layer(desk: Desk) -> int:
    layers = desk.run.run.spec.network.layers
    if len(layers) == 1:
        return 0
    return st.selectbox(
        "Layer",
        range(len(layers)),
        format_func=lambda at: f"{layer_name(layers[at], at)}: {layers[at].units} units",
        key=state.widget("what_if_layer", 0),
    )


def _traces(desk: Desk, outcome: Outcome, layer: int, *, backward: bool) -> GateChange:
    both = to_inputs(desk.run.prepared, np.stack([outcome.read_before, outcome.read_after]))
    spec, weights = desk.run.run.spec.network, desk.run.weights
    before, after = (trace_gates(spec, weights, window, layer=layer, backward=backward) for window in both)
    return GateChange(before=before, after=after)


def _numbers(change: GateChange) -> pd.DataFrame:
    """Mean size of the change of every gate, by unit."""
    strengths = {f"mean |change| of {part}": change.strength(part) for part in change.after.parts}
    return pd.DataFrame({"unit": np.arange(1, len(next(iter(strengths.values()))) + 1), **strengths})
