"""Inside the network at one kept epoch: which steps of a window move its forecast, and what a gate does on it."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.evaluation.verdict import amount
from lstm_core.figures import time_machine as figures
from lstm_core.figures.series import time_axis, time_title
from lstm_core.network.trace import GateTrace
from pages._shell import cached, present, state, window_choice
from pages._shell.opened import OpenedRun
from pages._shell.understanding.reel import Reel

MOST_UNITS, MOST_STEPS = 64, 120  # what a heat-map can show and a phone can load
_PARTS = {
    "input": "Input gate i",
    "forget": "Forget gate f",
    "output": "Output gate o",
    "update": "Update gate z",
    "reset": "Reset gate r",
    "candidate": "Candidate",
    "cell": "Cell state C",
    "hidden": "Hidden state h",
}
_GATES = ("input", "forget", "output", "update", "reset")
_FIRST = {"lstm": "forget", "gru": "update", "rnn": "hidden"}
"""What is shown first of each cell."""
_SIGNED_TO_ONE = ("tanh", "sigmoid")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """Where a person looks: test window and layer, counted from 0; direction; gate or state."""

    window: int
    layer: int
    backward: bool
    part: str


def draw(reel: Reel, step: int) -> None:
    """Sensitivity and one gate of a layer, on one test window.

    Parameters
    ----------
    step : of the horizon, 1, 2, ...
    """
    run = reel.run
    st.subheader("Inside, on one window", anchor=False)
    spot = _choose(run)
    origin = int(run.prepared.test.origins[spot.window])
    length = run.prepared.spec.window.length
    first, last, target = run.labels([origin - length, origin - 1, origin])
    st.caption(
        present.safe(
            f"Test window {spot.window + 1} of {len(run.prepared.test)}: {first} to {last}, forecast from {target}.",
            limit=300,
        )
    )
    left, right = st.columns(2)
    with left, present.guard():
        _draw_pull(reel, spot, step)
    with right, present.guard():
        _draw_gate(reel, spot, np.arange(origin - length, origin))


def _choose(run: OpenedRun) -> _Spot:
    layers, layer, backward = run.run.spec.network.layers, 0, False
    with st.grid(4, min_column_width=180, vertical_alignment="bottom"):
        window = window_choice.choose(run, page="time")
        if len(layers) > 1:
            layer = st.selectbox(
                "Layer",
                range(len(layers)),
                format_func=lambda at: f"{at + 1}: {layers[at].units} units",
                key=state.widget("time_layer", 0),
                help="Layer 1 reads your series; every later one reads what the one before it says.",
            )
        if layers[layer].bidirectional:
            backward = st.selectbox(
                "Reads",
                (False, True),
                format_func=lambda back: "backwards" if back else "forwards",
                key=state.widget("time_direction", False),
                help="Backwards: it reads the window from its newest step to its oldest.",
            )
        names = _parts_of(layers[layer].cell)
        part = st.selectbox(
            "Gate or state",
            names,
            format_func=lambda name: _PARTS[name],
            key=state.widget(f"time_gate_{layers[layer].cell}", _FIRST[layers[layer].cell]),
            help="Gates lie between 0 and 1: near 0 shut, near 1 open. States and candidates have a sign.",
        )
    return _Spot(window=window, layer=layer, backward=backward, part=part)


def _draw_pull(reel: Reel, spot: _Spot, step: int) -> None:
    """How far each step of the window moves its forecast."""
    length, prepared = reel.run.prepared.spec.reach, reel.run.prepared
    lags = tuple(range(length, 0, -reel.thinning(length)))

    def pull(run: OpenedRun) -> np.ndarray:
        return cached.pull(run.key, spot.window, lags, step, prepared, run.predict)

    effects = [pull(run) for run in reel.runs]
    limit = max(float(np.abs(one).max()) for one in reel.over_epochs(pull))
    strongest = int(np.abs(effects[0]).argmax())
    unit = reel.run.unit
    told = (
        f"At epoch {reel.epoch} step {lags[strongest]} before the forecast moves it most: a nudge of one standard "
        f"deviation up changes it by {amount(float(effects[0][strongest]), unit)}."
    )
    st.markdown("**Which steps move the forecast**")
    present.show(
        figures.plot_pull(
            list(zip(reel.names, effects, strict=True)), lags, limit=limit, unit=unit, theme=present.theme()
        ),
        key="time_pull_chart",
        alt=told,
        table=pd.DataFrame({"steps before": lags, **dict(zip(reel.names, effects, strict=True))}),
        suffix=reel.run.suffix,
    )
    st.caption(present.safe(told, limit=300))


def _draw_gate(reel: Reel, spot: _Spot, rows: np.ndarray) -> None:
    """One gate or state of all units."""
    run, shown = reel.run, slice(-MOST_STEPS, None)
    trace = _trace(run, spot)
    values, read = trace.parts[spot.part], trace.read(spot.part)
    # In the order of the best epoch, whatever epoch is shown: a unit keeps its line while the slider moves.
    at_best = np.nan_to_num(_trace(reel.best, spot).parts[spot.part])
    units = np.argsort(-at_best.mean(axis=0), kind="stable")[:MOST_UNITS]
    name, (target, label) = _PARTS[spot.part], run.as_read(rows[shown])
    told = f"{name} at epoch {reel.epoch}: {read.mean() if len(read) else 0:.2f} on average over units and steps."
    st.markdown(f"**{name}**")
    present.show(
        figures.plot_part(
            values[shown][:, units],
            target,
            time_axis(run.series)[rows][shown],
            limits=_limits(reel, spot),
            names=(time_title(run.series), label, "units"),
            theme=present.theme(),
        ),
        key="time_gate_chart",
        alt=told,
        suffix=run.suffix,
    )
    st.caption(f"{told} One line per unit, in the order of their mean at the best epoch.")


def _parts_of(cell: str) -> tuple[str, ...]:
    return {
        "lstm": ("input", "forget", "output", "candidate", "cell", "hidden"),
        "gru": ("update", "reset", "candidate", "hidden"),
        "rnn": ("hidden",),
    }[cell]


def _trace(run: OpenedRun, spot: _Spot) -> GateTrace:
    window = run.prepared.test.inputs[spot.window]
    where = (spot.window, spot.layer, spot.backward)
    return cached.gate_trace(run.key, *where, run.run.spec.network, run.weights, window)


def _limits(reel: Reel, spot: _Spot) -> tuple[float, float]:
    """Ends of the colour scale; where a value has no bound by nature, the largest of all kept epochs."""
    if spot.part in _GATES:
        return 0.0, 1.0
    activation = reel.run.run.spec.network.layers[spot.layer].activation
    if spot.part != "cell" and activation in _SIGNED_TO_ONE:
        return -1.0, 1.0

    def largest(run: OpenedRun) -> float:
        look = partial(_trace, run, spot)
        return cached.largest_values(run.key, spot.window, spot.layer, spot.backward, look)[spot.part]

    limit = max(reel.over_epochs(largest)) or 1.0
    return -limit, limit
