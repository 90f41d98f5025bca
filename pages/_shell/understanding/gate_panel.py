"""What the gates page lets a person choose, and its proof that the recomputed gates are Keras' gates."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.evaluation.verdict import amount
from lstm_core.network.counts import layer_name
from lstm_core.network.equations import equations
from lstm_core.network.forward import forward, parity
from lstm_core.network.memory import CellStep, Memory, Order, orders
from lstm_core.network.spec import Activation, LayerSpec, NetworkSpec
from lstm_core.network.trace import GateTrace
from pages._shell import cached, opened, present, services, state, window_choice

CLOSE_ENOUGH = 1e-5
_ORDERS: dict[Order, str] = {
    "memory": "longest memory",
    "forget": "mean forget gate",
    "input": "mean input gate",
    "output": "mean output gate",
    "update": "mean update gate",
    "reset": "mean reset gate",
    "hidden": "loudest hidden state",
    "variation": "most changing hidden state",
    "number": "unit number",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Where a person looks; all counted from 0.

    Attributes
    ----------
    backward : at the direction that reads the window from its newest step
    """

    layer: int
    window: int
    step: int
    order: Order
    backward: bool = False


def choose(run: opened.OpenedRun) -> Look:
    """Layer, direction, test window, step and order of the units; what has only one choice is not asked."""
    spec, window_length = run.run.spec.network, run.prepared.spec.window.length
    layer, step = 0, 1
    with st.grid(4, min_column_width=180, vertical_alignment="bottom"):
        window = window_choice.choose(
            run,
            page="gates",
            help="Windows of the test part, oldest first. The caption below says its dates.",
        )
        if window_length > 1:
            step = st.slider(
                "Step",
                1,
                window_length,
                key=state.widget("gates_step", window_length),
                help="Step inside the window, oldest first; the dotted line marks it. A click on the pictures below "
                "does the same.",
            )
        if len(spec.layers) > 1:
            layer = st.selectbox(
                "Layer",
                range(len(spec.layers)),
                format_func=lambda at: f"{layer_name(spec.layers[at], at)}: {spec.layers[at].units} units",
                key=state.widget("gates_layer", 0),
                help="Layer 1 reads your series; every later layer reads what the one before it says.",
            )
        backward = spec.layers[layer].bidirectional and reads_backwards(f"gates_reads_{layer}")
        order = _order(spec.layers[layer], layer)
    return Look(layer=layer, window=window, step=step - 1, order=order, backward=backward)


def reads_backwards(key: str) -> bool:
    """Ask which direction of a bidirectional layer is looked at; `key` is of the widget."""
    return (
        st.segmented_control(
            "Reads",
            ("forwards", "backwards"),
            key=state.widget(key, "forwards"),
            required=True,
            help="A bidirectional layer is two cells with weights of their own: one reads the window from its oldest "
            "step, one from its newest.",
        )
        == "backwards"
    )


def _order(layer: LayerSpec, at: int) -> Order:
    options = orders(layer.cell)
    return st.selectbox(
        "Units sorted by",
        options,
        format_func=_ORDERS.__getitem__,
        key=state.widget("gates_order" if at == 0 else f"gates_order_{at}", options[0]),
        help="Which units stand on top. Memory is the half-life of the state, log(1/2) / log(k), with k the geometric "
        "mean of the gate that keeps: forget in an LSTM, update in a GRU.",
    )


def say_cropped(*, drawn: tuple[int, int], of: tuple[int, int]) -> None:
    """Say how many units and steps of how many are drawn, when some are not."""
    if drawn != of:
        st.caption(
            f"Drawn: {drawn[0]} of {of[0]} units, the first in this order, and {drawn[1]} of {of[1]} steps, around the "
            "chosen one. Sort the units otherwise or move the step to see the rest."
        )


def step_from_click(chart: str, first: int) -> None:
    """Move the slider to the step that was clicked in a chart; a callback.

    Plotly takes a click on the point that was clicked last for its opposite, and then names no point: it is meant all
    the same.

    Parameters
    ----------
    chart : its key
    first : step at the chart's first point, counted from 0
    """
    points, last = state.held(chart)["selection"]["points"], f"{chart}_clicked"
    step = first + int(points[0]["point_index"]) + 1 if points else state.recall(last, None)
    if step is not None:
        state.remember(last, step)
        state.follow("gates_step", step)


def choose_unit(order: np.ndarray, memory: Memory | None, *, layer: int, backward: bool) -> int:
    """One unit, in the order of the heat-maps."""

    def name(unit: int) -> str:
        return f"{unit + 1}" + (
            f", half-life {amount(float(memory.half_lives[unit]))} steps" if memory else ""
        )

    key = f"gates_unit_{layer}" + ("_backward" if backward else "")
    return st.selectbox(
        "Unit",
        order.tolist(),
        format_func=name,
        key=state.widget(key, int(order[0])),
        help="A unit is one memory cell: a state of its own, and gates of its own where the cell has gates.",
        width=320,
    )


def show_equations(step: CellStep, activation: Activation, *, backward: bool) -> None:
    """Every equation of the cell in symbols, in the numbers of the step, and in words."""
    told = equations(step, activation=activation)
    with st.grid(min(len(told), 3), min_column_width=300, border=True):
        for equation in told:
            with st.container():
                st.markdown(f"**{equation.name}**")
                st.latex(equation.symbols)
                st.latex(equation.numbers)
                st.caption(equation.words)
    if backward:
        st.caption(
            "In this direction t − 1 is the step read before: the one to the right, one step later in time."
        )


def surroundings(spec: NetworkSpec, look: Look, skipped: np.ndarray) -> str:
    """How the chosen cell stands in its network: what it skips, which way it reads, and what acts behind it."""
    layer, told = spec.layers[look.layer], []
    if len(skipped):
        steps = "1 step is" if len(skipped) == 1 else f"{len(skipped)} steps are"
        told.append(f"{steps} skipped by the masking: no gate acts there, and the state stands still.")
    if look.backward:
        told.append(
            "This direction reads from the newest step to the oldest: in the picture its state flows from right to "
            "left, and what it keeps at a step comes from the step to the right."
        )
    elif layer.bidirectional:
        told.append(
            "This direction reads from the oldest step to the newest: in the picture its state flows from left to "
            "right. The other direction has weights of its own."
        )
    if layer.normalization != "none":
        over = (
            "over the units of a step"
            if layer.normalization == "layer"
            else "by the averages of the training"
        )
        told.append(
            f"{layer.normalization.capitalize()} normalisation acts behind this layer, {over}: it changes what the "
            "next one reads, not the numbers below, which the cell hands to itself."
        )
    if spec.attention != "none" and look.layer == len(spec.layers) - 1:
        told.append("Attention reads this layer at every step, so a step need not be remembered to count.")
    return " ".join(told)


def trace_frame(trace: GateTrace, labels: list[str], units: np.ndarray) -> pd.DataFrame:
    """Numbers of a trace, one row per step and unit; units count from 1."""
    place = {"step": np.repeat(labels, len(units)), "unit": np.tile(units + 1, len(labels))}
    return pd.DataFrame(place | {name: values[:, units].ravel() for name, values in trace.parts.items()})


def show_parity(run: opened.OpenedRun, window: int) -> None:
    """Say how far the recomputed forecast is from what Keras said when the run ended, which was at its best epoch."""
    best, finished = run.at_best, run.run.state.finished
    largest = finished.parity if finished else float("nan")
    with present.guard():
        keras = cached.keras_predictions(run.run.owner, run.run.run_id, services.store())[window]
    by_hand = forward(run.run.spec.network, best.weights, run.prepared.test.inputs[window : window + 1])[0]
    here = parity(by_hand[None], keras[None])
    in_units = run.prepared.to_original(by_hand[None], run.prepared.test.origins[window : window + 1])[0]
    close = max(largest, here) < CLOSE_ENOUGH
    present.verdict(
        "good" if close else "caution",
        f"Recomputed by hand, {'equals Keras' if close else 'differs from Keras'}: largest difference "
        f"{_tiny(largest)} over all test windows, {_tiny(here)} on this one, in scaled units."
        + ("" if close else _why_different(run)),
    )
    at = "" if run.epoch is None else f" at the best epoch, {run.best_epoch}"
    undone = ", ".join(filter(None, ("scaling", run.prepared.spec.transform.brief)))
    st.caption(
        f"The page computes the equations itself, from the stored weights. {_handed_on(run.run.spec.network)} times "
        f"the weights of the head, plus its bias, is the forecast{at}: {amount(float(by_hand[0]))} scaled, "
        f"and {present.safe(amount(float(in_units[0]), run.unit))} with {undone} undone. Keras said "
        f"{amount(float(keras[0]))} scaled."
    )


def _handed_on(spec: NetworkSpec) -> str:
    if spec.dense:
        return "What the last dense layer says"
    if spec.attention != "none":
        return "The mean of all steps of the last layer, weighted by attention,"
    return "The last hidden state of the last layer" + (
        ", normalised," if spec.layers[-1].normalization != "none" else ""
    )


def _why_different(run: opened.OpenedRun) -> str:
    spec = run.run.spec.network
    if any(layer.activation == "relu" for layer in spec.layers):
        return " With relu the states grow, and the rounding of float32 grows with them."
    return " Rounding alone does not explain that; train again, and compare."


def _tiny(difference: float) -> str:
    return f"{difference:.1e}" if difference else "0"
