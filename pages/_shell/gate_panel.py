"""What the gates page lets a person choose, and its proof that the recomputed gates are Keras' gates."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.evaluation.verdict import amount
from lstm_core.network.forward import forward, parity
from lstm_core.network.memory import Order
from lstm_core.network.spec import NetworkSpec
from lstm_core.network.trace import GateTrace
from pages._shell import cached, opened, present, services, state

CLOSE_ENOUGH = 1e-5
_ORDERS: dict[Order, str] = {
    "memory": "longest memory",
    "forget": "mean forget gate",
    "input": "mean input gate",
    "output": "mean output gate",
    "hidden": "loudest hidden state",
    "variation": "most changing hidden state",
    "number": "unit number",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Where a person looks; all counted from 0."""

    layer: int
    window: int
    step: int
    order: Order


def choose(spec: NetworkSpec, *, n_windows: int, window_length: int) -> Look:
    """Layer, test window, step and order of the units; what has only one choice is not asked."""
    layer, window, step = 0, 1, 1
    with st.grid(4, min_column_width=180, vertical_alignment="bottom"):
        if n_windows > 1:
            window = st.slider(
                "Test window",
                1,
                n_windows,
                key=state.widget("gates_window", n_windows),
                help="Windows of the test part, oldest first. The caption below says its dates.",
            )
        if window_length > 1:
            step = st.slider(
                "Step",
                1,
                window_length,
                key=state.widget("gates_step", window_length),
                help="Step inside the window, oldest first; the dotted line marks it.",
            )
        if len(spec.layers) > 1:
            layer = st.selectbox(
                "Layer",
                range(len(spec.layers)),
                format_func=lambda at: f"LSTM {at + 1}: {spec.layers[at].units} units",
                key=state.widget("gates_layer", 0),
                help="LSTM 1 reads your series; every later layer reads the hidden states of the one before it.",
            )
        order = st.selectbox(
            "Units sorted by",
            tuple(_ORDERS),
            format_func=lambda name: _ORDERS[name],
            key=state.widget("gates_order", "memory"),
            help="Which units stand on top. Memory is the half-life of the cell state, "
            "log(1/2) / log(f), with f the geometric mean of the forget gate.",
        )
    return Look(layer=layer, window=window - 1, step=step - 1, order=order)


def choose_unit(order: np.ndarray, half_lives: np.ndarray, *, layer: int) -> int:
    """One unit, in the order of the heat-maps."""
    return st.selectbox(
        "Unit",
        order.tolist(),
        format_func=lambda unit: f"{unit + 1}, half-life {amount(float(half_lives[unit]))} steps",
        key=state.widget(f"gates_unit_{layer}", int(order[0])),
        help="A unit is one memory cell: one cell state, three gates, one hidden state.",
        width=320,
    )


def trace_frame(trace: GateTrace, labels: list[str], units: np.ndarray) -> pd.DataFrame:
    """Numbers of a trace, one row per step and unit; units count from 1."""
    place = {"step": np.repeat(labels, len(units)), "unit": np.tile(units + 1, len(labels))}
    return pd.DataFrame(place | {name: values[:, units].ravel() for name, values in trace.parts.items()})


def _why_different(run: opened.OpenedRun) -> str:
    if any(layer.activation == "relu" for layer in run.run.spec.network.layers):
        return " With relu the states grow, and the rounding of float32 grows with them."
    return " Rounding alone does not explain that; train again, and compare."


def show_parity(run: opened.OpenedRun, window: int) -> None:
    """Say how far the recomputed forecast is from what Keras said when the run ended, at the best epoch."""
    at_best = "" if run.epoch is None else f"At the best epoch, {run.best_epoch}, r"
    run, finished = run.at_best, run.run.state.finished
    largest = finished.parity if finished else float("nan")
    with present.guard():
        keras = cached.keras_predictions(run.run.owner, run.run.run_id, services.store())[window]
    by_hand = forward(run.run.spec.network, run.weights, run.prepared.test.inputs[window : window + 1])[0]
    here = parity(by_hand[None], keras[None])
    in_units = run.prepared.scaler.unscale_target(by_hand[None])[0]
    close = max(largest, here) < CLOSE_ENOUGH
    present.verdict(
        "good" if close else "caution",
        f"{at_best or 'R'}ecomputed by hand, {'equals Keras' if close else 'differs from Keras'}: largest difference "
        f"{_tiny(largest)} over all test windows, {_tiny(here)} on this one, in scaled units."
        + ("" if close else _why_different(run)),
    )
    st.caption(
        "The page computes the six equations itself, from the stored weights. The last hidden state of the last layer "
        f"times the weights of the dense head, plus its bias, is the forecast: {amount(float(by_hand[0]))} scaled, "
        f"{present.safe(amount(float(in_units[0]), run.unit))}. Keras said {amount(float(keras[0]))} scaled."
    )


def _tiny(difference: float) -> str:
    return f"{difference:.1e}" if difference else "0"
