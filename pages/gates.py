"""Page 9: inside the cell of the trained network, on one window, step by step."""

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.figures.cell import plot_cell
from lstm_core.figures.gates import plot_biases, plot_gates, plot_unit
from lstm_core.figures.series import column_label, time_axis, time_title
from lstm_core.network.cells import CELLS, Cell, walk
from lstm_core.network.equations import equations
from lstm_core.network.memory import cell_step, crop, describe, measure_memory, rank_units, steps_around
from lstm_core.network.trace import trace_gates
from pages._shell import cached, gate_panel, present, state, time_slider

MOST_UNITS, MOST_STEPS = 64, 120  # what a heat-map can show and a phone can load

present.heading("Gates", "What does the memory keep, take in and show at each step?")
run = time_slider.require()
if state.recall("gates_run", "") != run.run.run_id:
    state.forget_widgets("gates_")
    state.remember("gates_run", run.run.run_id)
spec, test, theme = run.run.spec.network, run.prepared.test, present.theme()
length = test.inputs.shape[1]

answer = st.container()
look = gate_panel.choose(spec, n_windows=len(test), window_length=length)
activation = spec.layers[look.layer].activation
with present.guard():
    trace = cached.gate_trace(
        run.key, look.window, look.layer, spec, run.weights, test.inputs[look.window]
    )
memory, order = measure_memory(trace), rank_units(trace, look.order)
meaning = describe(memory, window_length=length)
with answer:
    present.verdict("note", meaning)

origin = int(test.origins[look.window])
rows = np.arange(origin - length, origin)
labels = run.labels(rows)
shown = steps_around(look.step, window_length=length, most=MOST_STEPS)
target = pd.Series(
    run.prepared.values[rows, 0],
    index=pd.Index(time_axis(run.series)[rows], name=time_title(run.series)),
    name=column_label(run.series, run.target),
).iloc[shown]
part, here = crop(trace, shown), look.step - shown.start
st.caption(
    f"Test window {look.window + 1} of {len(test)}: {labels[0]} to {labels[-1]}, forecast from "
    f"{run.labels([origin])[0]}. The dotted line marks the chosen step, {labels[look.step]}."
)
present.show(
    plot_gates(part, target, units=order[:MOST_UNITS], step=here, theme=theme),
    key="gates_chart",
    alt=f"Gates and states of layer {look.layer + 1} under the window. {meaning}",
    table=gate_panel.trace_frame(part, labels[shown], order[:MOST_UNITS]),
    suffix=run.suffix,
)
if len(order) > MOST_UNITS or length > MOST_STEPS:
    st.caption(
        f"Drawn: {min(len(order), MOST_UNITS)} of {len(order)} units, the first in this order, and {len(target)} of "
        f"{length} steps, around the chosen one. Sort the units otherwise or move the step to see the rest."
    )

st.subheader("One unit at the chosen step", anchor=False)
unit = gate_panel.choose_unit(order, memory.half_lives, layer=look.layer)
now = cell_step(trace, step=look.step, unit=unit)
present.show(
    plot_cell(theme=theme, activation=activation, numbers=now),
    key="cell_chart",
    alt="One cell: forget, input, candidate and output block side by side, all fed by the hidden state before and the "
    "input of the step; only the line on top carries the cell state.",
)
with st.grid(3, min_column_width=300, border=True):
    for equation in equations(now, activation=activation):
        with st.container():
            st.markdown(f"**{equation.name}**")
            st.latex(equation.symbols)
            st.latex(equation.numbers)
            st.caption(equation.words)
present.show(
    plot_unit(part, target.index, unit=unit, step=here, theme=theme),
    key="unit_chart",
    alt=f"Gates, candidate, cell state and hidden state of unit {unit + 1} over the window.",
)

st.subheader("Recomputed by hand", anchor=False)
gate_panel.show_parity(run, look.window)

with st.expander("The biases behind the gates", key="biases", on_change="rerun") as biases:
    if biases.open:
        present.show(
            plot_biases(run.weights.layers[look.layer], theme=theme),
            key="biases_chart",
            alt="Histograms of the biases of the four blocks, with the value each started from.",
        )
        st.caption(
            "Keras starts every forget bias at 1 and all others at 0, so that a young network remembers by default: "
            "σ(1) = 0.73. Where the bars left the dashed line, training changed the habit."
        )

present.explain(
    means="A gate is a number between 0 and 1 for every unit and step. A forget gate near 0 forgets, near 1 keeps; an "
    "input gate near 1 lets the candidate in; an output gate near 1 shows the memory to the next layer. All four "
    "blocks read the same two things: the input of the step and the hidden state before it. Read a text about *cats*: "
    "when it turns to *dogs*, the forget gate may drop what was special about cats. At the word *loyal* the input gate "
    "opens, and the candidate carries the loyalty of dogs into the cell state. The output gate then decides whether "
    "that matters for the next word.",
    misleads="Units have no fixed meaning: train again with another seed and they stand elsewhere. An open gate moves "
    "nothing when the candidate is near 0, and a long memory matters only if the head reads that unit. What moves the "
    "forecast is measured on the Sensitivity page.",
)
present.code(
    [Cell, CELLS[spec.layers[look.layer].cell], walk, trace_gates],
    {"layers": [layer.model_dump(exclude={"cell"}) for layer in spec.layers]},
)
present.next_step(
    "pages/training.py", "Train another one", "Compare: other units, another window, another seed."
)
