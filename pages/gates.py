"""Gates: inside the cell of the trained network, on one window, step by step."""

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.figures.cell import plot_cell
from lstm_core.figures.gates import plot_gates, plot_unit
from lstm_core.figures.series import time_axis, time_title
from lstm_core.network.cells import CELLS, Cell, walk
from lstm_core.network.forward import attention_weights
from lstm_core.network.layers import attend
from lstm_core.network.memory import cell_step, crop, describe, measure_memory, rank_units, steps_around
from lstm_core.network.short_equations import short_equations
from lstm_core.network.trace import trace_gates
from pages._shell import cached, present, state, time_slider
from pages._shell.understanding import attention_panel, gate_panel, gate_words, unit_panel, weight_panel

MOST_UNITS, MOST_STEPS = 64, 120  # what a heat-map can show and a phone can load

present.heading("Gates", "What does the memory keep, take in and show at each step?")
run = time_slider.require("gates")
if state.recall("gates_run", "") != run.run.run_id:
    state.forget_widgets("gates_")
    state.remember("gates_run", run.run.run_id)
spec, test, theme = run.run.spec.network, run.prepared.test, present.theme()
length = test.inputs.shape[1]

answer = st.container()
look = gate_panel.choose(run)
layer, held = spec.layers[look.layer], run.weights.layers[look.layer]
with present.guard():
    where = (look.window, look.layer, look.backward)
    trace = cached.gate_trace(run.key, *where, spec, run.weights, test.inputs[look.window])
memory, order = measure_memory(trace), rank_units(trace, look.order)
meaning = describe(memory, window_length=length, cell=trace.cell, backward=look.backward)
with answer:
    present.verdict("note", meaning)

origin = int(test.origins[look.window])
rows = np.arange(origin - length, origin)
labels = run.labels(rows)
shown = steps_around(look.step, window_length=length, most=MOST_STEPS)
values, label = run.as_read(rows)
target = pd.Series(
    values, index=pd.Index(time_axis(run.series)[rows], name=time_title(run.series)), name=label
).iloc[shown]
part, here = crop(trace, shown), look.step - shown.start
st.caption(
    f"Test window {look.window + 1} of {len(test)}: {labels[0]} to {labels[-1]}, forecast from "
    f"{run.labels([origin])[0]}. The dotted line marks the chosen step, {labels[look.step]}. "
    + gate_panel.surroundings(spec, look, trace.skipped)
)
maps = st.container()
gate_panel.say_cropped(drawn=(min(len(order), MOST_UNITS), len(target)), of=(len(order), length))

st.subheader("One unit at the chosen step", anchor=False)
unit = gate_panel.choose_unit(order, memory, layer=look.layer, backward=look.backward)
said = short_equations(trace, unit, steps=shown, activation=layer.activation)
with maps:
    present.show(
        plot_gates(part, target, units=order[:MOST_UNITS], step=here, said=said, theme=theme),
        key="gates_chart",
        alt=f"Gates and states of layer {look.layer + 1} under the window. {meaning}",
        table=gate_panel.trace_frame(part, labels[shown], order[:MOST_UNITS]),
        suffix=run.suffix,
        on_click=partial(gate_panel.step_from_click, "gates_chart", shown.start),
    )
if look.step in trace.skipped:
    present.verdict("note", gate_words.SKIPPED)
else:
    now = cell_step(trace, step=look.step, unit=unit)
    present.show(
        plot_cell(trace.cell, theme=theme, activation=layer.activation, numbers=now),
        key="cell_chart",
        alt=gate_words.DRAWINGS[trace.cell],
    )
    gate_panel.show_equations(now, layer.activation, backward=look.backward)
present.show(
    plot_unit(part, target.index, unit=unit, step=here, theme=theme),
    key="unit_chart",
    alt=f"What unit {unit + 1} did at every step of the window: its gates, where it has any, and its states.",
)
weight_panel.draw((look.backward and held.backward) or held.forward)

if spec.attention != "none":
    attention_panel.draw(run, target, window=look.window, shown=shown, step=here)

unit_panel.draw(run, look, trace)

st.subheader("Recomputed by hand", anchor=False)
gate_panel.show_parity(run, look.window)

present.explain(means=gate_words.MEANS[trace.cell], misleads=gate_words.MISLEADS)
present.code(
    [
        Cell,
        CELLS[trace.cell],
        walk,
        trace_gates,
        *((attend, attention_weights) if spec.attention != "none" else ()),
    ],
    {"layers": [layer.model_dump() for layer in spec.layers], "attention": spec.attention},
)
present.next_step(
    "pages/training.py", "Train another one", "Compare: other units, another window, another seed."
)
