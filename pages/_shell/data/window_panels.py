"""The panels of the Windows page: one window sliding over the series, shapes, and the fitted scaling."""

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.evaluation.table import row_labels
from lstm_core.figures.scaling import plot_gate_histogram
from lstm_core.figures.series import plot_split, plot_window
from lstm_core.preparation.framing import count_padded
from lstm_core.preparation.padding import PAD_TEXT
from lstm_core.preparation.saturation import gate_histogram
from lstm_core.preparation.scaling import describe_columns
from lstm_core.preparation.split import PARTS, Part
from lstm_core.preparation.windows import Prepared
from lstm_core.series.record import Series
from pages._shell import present, state

_FORMULAS = {
    "none": "unchanged",
    "minmax": "(value − minimum) / (maximum − minimum)",
    "standard": "(value − mean) / standard deviation",
    "robust": "(value − median) / (third quartile − first quartile)",
}


@st.fragment
def sliding_window(series: Series, prepared: Prepared) -> None:
    """Split on the series, and under it the window that the slider has moved to."""
    target, window, theme = prepared.spec.target, prepared.spec.window, present.theme()
    n_windows = sum(len(prepared.part(part)) for part in PARTS)
    at = _window_slider(n_windows)
    part, origin = _find(prepared, at - 1)
    start = max(origin - window.length, prepared.spec.transform.n_lost if part == "train" else 0)
    inputs, targets = range(start, origin), range(origin, origin + window.horizon)
    present.show(
        plot_split(series, target, prepared.split, theme=theme, window=(inputs, targets)),
        key="split_chart",
        alt="Rows of each part: "
        + ", ".join(f"{name} {len(prepared.split.part(name))}" for name in PARTS)
        + f". A {part} window is marked.",
    )
    ends = np.array([inputs[0], inputs[-1], targets[0], targets[-1]])
    first, last, asked, asked_last = row_labels(series, ends)
    st.caption(
        f"Window {at} of {n_windows}, a {part} window: it reads {_padding(window.length - len(inputs))}{first}"
        f"{f' to {last}' if len(inputs) > 1 else ''} and is asked for "
        + (f"{asked}." if window.horizon == 1 else f"{asked} to {asked_last}.")
    )
    present.show(
        plot_window(series, target, inputs, targets, theme=theme),
        key="window_chart",
        alt=f"A {part} window: {len(inputs)} rows read, then {len(targets)} to forecast.",
        table=pd.DataFrame(
            {
                "row": [row + 1 for row in (*inputs, *targets)],
                "time": series.index[inputs.start : targets.stop],
                "value": series.column(target)[inputs.start : targets.stop],
                "role": ["read"] * len(inputs) + ["to forecast"] * len(targets),
            }
        ),
    )


def _padding(n_steps: int) -> str:
    return f"{n_steps} padded step{'s' * (n_steps > 1)} ({PAD_TEXT}), then " if n_steps else ""


def _window_slider(n_windows: int) -> int:
    """Which window is shown, counted from 1; it stays at the same place when the windows become more or fewer."""
    if n_windows == 1:
        return 1
    start, kept = state.recall("window_at", 1), state.recall("window_count", n_windows)
    if kept != n_windows:
        state.forget_widgets("window_at")
        start = round(start * n_windows / kept)
    at = st.slider(
        "Window shown",
        1,
        n_windows,
        key=state.widget("window_at", min(max(start, 1), n_windows)),
        help="Move one window over the series. Train windows come first, then validation, then test.",
    )
    state.remember("window_at", at)
    state.remember("window_count", n_windows)
    return at


def _find(prepared: Prepared, at: int) -> tuple[Part, int]:
    """Part and first target row of the window counted over all parts."""
    for part in PARTS:
        windows = prepared.part(part)
        if at < len(windows):
            return part, int(windows.origins[at])
        at -= len(windows)
    raise IndexError("no such window")


def count_formula(n_rows: int, prepared: Prepared, part: Part) -> str:
    """`70 − 24 − 1 + 1 = 46`: the count of windows with this run's numbers."""
    window, count, lost = prepared.spec.window, len(prepared.part(part)), prepared.spec.transform.n_lost
    inside = (
        f"{n_rows}{f' − {lost}' if lost else ''} − {window.length} − {window.horizon}"
        if part == "train"
        else f"{n_rows} − {window.horizon}"
    )
    padded = part == "train" and window.padding
    if window.stride > 1:
        more = f" + ⌊({window.length} − 1) / {window.stride}⌋" if padded else ""
        return f"⌊({inside}) / {window.stride}⌋ + 1{more} = {count}"
    return f"{inside} + 1{f' + {window.length - 1}' if padded else ''} = {count}"


def shapes(prepared: Prepared) -> None:
    """Samples, steps and features of each part, with the count formula filled in."""
    rows = [
        {
            "Part": part,
            "Rows": len(prepared.split.part(part)),
            "Windows": len(prepared.part(part)),
            "Inputs (samples, steps, features)": str(prepared.part(part).inputs.shape),
            "Targets (samples, horizon)": str(prepared.part(part).targets.shape),
            "How many": count_formula(len(prepared.split.part(part)), prepared, part),
        }
        for part in PARTS
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="shapes")
    padded = ""
    if n_padded := count_padded(prepared.spec.window):
        padded = f" Padding adds {n_padded}, which begin before the first row and hold at least one."
    batch = state.journey().plan.batch_size
    steps, features = prepared.train.inputs.shape[1:]
    lost = prepared.spec.transform.n_lost
    without = f" The first {lost} rows have no difference, so no window holds them." if lost > 1 else ""
    if lost == 1:
        without = " The first row has no difference, so no window holds it."
    st.caption(
        f"n rows give n − length − horizon + 1 train windows.{without}{padded} Validation and test windows may read "
        "rows before their part, as in real use, so n rows give n − horizon + 1 there. Training reads a batch at a "
        f"time: ({min(batch, len(prepared.train))}, {steps}, {features}) = (batch, steps, features)."
    )


def fitted(prepared: Prepared, unit: str) -> None:
    """Fitted numbers of every column in original units, one value worked through, and why to scale."""
    kind = prepared.spec.scaling.kind
    columns, transformed = describe_columns(prepared.train_table, prepared.scaler), prepared.spec.transform
    if transformed.power != "none":
        unit = ""  # the logarithm of a length is no length
    rows = [
        {
            "Column": one.column,
            "Minimum": one.minimum,
            "Maximum": one.maximum,
            "Mean": one.mean,
            "Std. deviation": one.deviation,
            "Centre": one.centre,
            "Spread": one.spread,
        }
        for one in columns
    ]
    table = pd.DataFrame(rows)
    numeric = {name: st.column_config.NumberColumn(format="%.4g") for name in table.columns[1:]}
    st.dataframe(table, hide_index=True, key="fitted", column_config=numeric)
    first = columns[0]
    formula = (
        _FORMULAS[kind]
        if not (kind == "minmax" and prepared.spec.scaling.lower)
        else "(value − middle) / half range"
    )
    # Six digits, so that a reader who computes along gets the same three.
    exact = partial(present.number, digits=6)
    read = "the target as transformed above" if transformed.is_active else "in original units"
    without = " that have a difference" if transformed.n_lost else ""
    st.markdown(
        f"Fitted on the {len(prepared.train_table)} train rows{without}, {read}: scaled = {formula}. The last train "
        f"value, {present.number(first.example, unit)}, becomes ({exact(first.example)} − "
        f"{exact(first.centre)}) / {exact(first.spread)} = **{present.number(first.scaled)}**."
    )
    with st.expander("Why scale at all?", key="why_scale", on_change="rerun") as opened:
        if opened.open:
            _why(prepared)


def _why(prepared: Prepared) -> None:
    gates = gate_histogram(prepared)
    st.markdown(
        "- **Gradient**: an error grows with the unit of the column; with 0 to 1 000 000 the first steps overshoot, "
        "with 0 to 1 they do not.\n"
        "- **Saturation**: a gate is a sigmoid. Fed with large numbers it sits at 0 or 1, where its slope is nearly "
        f"0 and nothing is learned. Raw, {gates.raw_saturated:.0%} of the train values would put a gate there; scaled, "
        f"{gates.scaled_saturated:.0%}.\n"
        "- **Convergence**: columns of one size share one learning rate well.\n\n"
        "You may skip it for columns that are 0 or 1 already (yes/no, one-hot), and for values of about that size."
    )
    present.show(
        plot_gate_histogram(gates, theme=present.theme()),
        key="gate_histogram_chart",
        alt=f"A gate would be saturated by {gates.raw_saturated:.0%} of the raw values and by "
        f"{gates.scaled_saturated:.0%} of the scaled ones.",
        table=pd.DataFrame(
            {"from": gates.edges[:-1], "to": gates.edges[1:], "raw": gates.raw, "scaled": gates.scaled}
        ),
    )
