"""The weights behind the gates, block by block, beside the values they started from."""

import streamlit as st

from lstm_core.figures.weights import plot_weights
from lstm_core.network.spec import CellKind
from lstm_core.network.starts import WeightPart, say_biases, weight_blocks
from lstm_core.network.weights import CellWeights
from pages._shell import present, state

_PARTS: dict[WeightPart, str] = {
    "bias": "biases",
    "kernel": "of the input",
    "recurrent": "of the hidden states",
}
_STARTS: dict[CellKind, str] = {
    "lstm": "Keras starts every forget bias at 1 and all others at 0, so that a young network remembers by default: "
    "σ(1) = 0.73.",
    "gru": "Keras starts every bias of a GRU at 0, so a young update gate keeps half of the old state: σ(0) = 0.5. "
    "Each gate has two biases per unit, one beside the input and one beside the hidden states.",
    "rnn": "Keras starts every bias of a simple RNN at 0.",
}
_ELSEWHERE: dict[WeightPart, str] = {
    "kernel": "Weights of the input start at random, evenly between the two dashed lines (Glorot).",
    "recurrent": "Weights of the hidden states start as an orthogonal matrix, so that nothing grows or fades on the "
    "first steps; 19 of 20 lie between the two dashed lines then.",
}


def draw(weights: CellWeights) -> None:
    """Histograms of one kind of weights; nothing is drawn before the box is opened."""
    with st.expander("The weights behind the numbers", key="weights", on_change="rerun") as box:
        if not box.open:
            return
        chosen = st.segmented_control(
            "Weights",
            tuple(_PARTS),
            format_func=_PARTS.__getitem__,
            key=state.widget("gates_weights", "bias"),
            required=True,
            help="Every gate and candidate is a weighted sum: weights of the input, weights of the hidden states "
            "before, and a bias: $W x_t + U h_{t-1} + b$.",
        )
        part: WeightPart = chosen or "bias"
        told = _STARTS[weights.cell] if part == "bias" else _ELSEWHERE[part]
        present.show(
            plot_weights(weights.cell, weight_blocks(weights, part), part, theme=present.theme()),
            key="weights_chart",
            alt=f"Histograms of the weights, {_PARTS[part]}, with where they started. {told}",
        )
        outline = (
            "" if part == "bias" else " The dotted outline is the histogram that is expected at the start."
        )
        st.caption(f"{told} Where the bars left the dashed lines, training changed the habit.{outline}")
        if part == "bias" and (now := say_biases(weights)):
            st.markdown(now)
