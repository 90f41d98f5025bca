"""What a network can be made of, as controls: a network goes in, a network comes out.

What is changed often is in view; the rest of a layer waits behind its "More". A warning stands in the box of the
control that causes it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lstm_core.errors import NetworkError
from lstm_core.network.counts import CELL_NAMES
from lstm_core.network.spec import DenseSpec, LayerSpec, NetworkSpec
from lstm_core.preparation.cautions import Caution
from pages._shell import present, state
from pages._shell.controls import choices, field

KEYS = (
    "masking",
    "n_layers",
    "attention",
    "n_dense",
    "dense_units_",
    "dense_activation_",
    *(f"{name}_" for name in LayerSpec.model_fields),
)
"""What `state.forget_widgets` must forget when a network is loaded from elsewhere."""

_ATTENTION = {"none": "off", "dot": "dot product", "additive": "additive"}
_HANDS_ON: dict[str, bool | None] = {"automatic": None, "every step": True, "last step": False}
"""In words, because a select box shows the option None as if nothing were chosen."""
_PENALTIES = ("l1", "l2", "recurrent_l1", "recurrent_l2")
_MOST_LAYERS, _MOST_DENSE = 4, 3
_HELP_LAYERS = (
    "Each layer reads what the one before it says at every step. More layers, more numbers to learn."
)
_HELP_DENSE = (
    "Dense layers mix what the recurrent layers say before the head turns it into a forecast. They see one vector, "
    "not the steps: $h = a(W h + b)$."
)
_WHY_LINEAR = """\
A forecast may be any number, so the head must not squash it: $\\hat y = W h + b$. A sigmoid there gives a share between
0 and 1, for a yes or a no; a softmax gives shares that add up to 1, for one of several classes. Inside the cell, tanh
stays: it keeps what a unit says between −1 and 1, and the head scales it back.
"""


def choose(spec: NetworkSpec, warn: Callable[[NetworkSpec], Iterable[Caution]]) -> NetworkSpec:
    """Layers, attention, dense layers and masking, each with its warnings; what cannot be built is told where it fails.

    Parameters
    ----------
    warn : what is unsafe in a network; the sentence is shown in the box of its control
    """
    in_front = st.container(key="in_front")
    with in_front:
        n_layers, masking = _in_front(spec)
    last = len(spec.layers) - 1  # a new layer starts as a copy of the last one
    boxes = [st.container(border=True, key=f"layer_{at}") for at in range(n_layers)]
    layers = []
    for at, box in enumerate(boxes):
        with box:
            layers.append(_layer(spec.layers[min(at, last)], at, n_layers))
    behind = st.container(border=True, key="behind_layers")
    with behind:
        chosen = {"layers": tuple(layers), "masking": masking, **_behind(spec)}
    with st.container(border=True, key="head"):
        st.markdown("**Head: linear** :gray[one output per step ahead]")
        with st.expander("Why linear?", type="compact"):
            st.markdown(_WHY_LINEAR)
    try:
        network = NetworkSpec(**chosen)
    except NetworkError as error:
        with _box_of(error.field, boxes, behind), present.guard():
            raise
    for caution in warn(network):
        with in_front if caution.field == "masking" else _box_of(caution.field, boxes, behind):
            present.verdict("caution", caution.what)
    return network


def _box_of(field_name: str, boxes: Sequence[DeltaGenerator], behind: DeltaGenerator) -> DeltaGenerator:
    """Box that holds the control with this key: the controls of layer 2 end on `_1`."""
    name, _, number = field_name.rpartition("_")
    ours = name in LayerSpec.model_fields and number.isdigit() and int(number) < len(boxes)
    return boxes[int(number)] if ours else behind


def _in_front(spec: NetworkSpec) -> tuple[int, bool]:
    """How many layers, and, out of the way, what only padded windows need."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        n_layers = _how_many("n_layers", "Recurrent layers", range(1, _MOST_LAYERS + 1), len(spec.layers))
        with st.popover(
            "Padded windows",
            key="more_in_front",
            icon=":material/tune:",
            help="Masking: whether the layers skip the steps that fill a window.",
        ):
            masking = st.toggle(**field(NetworkSpec, "masking"), key=state.widget("masking", spec.masking))
        if masking:
            st.caption("masking", width="content")
    return n_layers, masking


def _how_many(key: str, label: str, counts: range, now: int) -> int:
    return int(
        st.segmented_control(
            label,
            tuple(counts),
            key=state.widget(key, now),
            required=True,
            help=_HELP_DENSE if key == "n_dense" else _HELP_LAYERS,
        )
        or 0
    )


def _layer(layer: LayerSpec, at: int, n_layers: int) -> LayerSpec:
    st.markdown(f"**Layer {at + 1}**")
    with st.grid(4, min_column_width=140, vertical_alignment="bottom"):
        chosen: dict[str, Any] = {"cell": _choice(layer, "cell", at, words=CELL_NAMES)}
        chosen["units"] = st.number_input(
            **field(LayerSpec, "units"), step=1, key=state.widget(f"units_{at}", layer.units)
        )
        chosen["activation"] = _choice(layer, "activation", at)
        chosen["dropout"] = _share(layer, "dropout", at)
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen["bidirectional"] = st.toggle(
            **field(LayerSpec, "bidirectional"), key=state.widget(f"bidirectional_{at}", layer.bidirectional)
        )
        with st.popover(
            "More",
            key=f"more_{at}",
            icon=":material/tune:",
            help="Normalisation, recurrent dropout, penalties on the weights, and what the layer hands on.",
        ):
            chosen |= _more(layer, at, n_layers)
        spec = LayerSpec(**chosen)
        if words := _what_more(spec):
            st.caption(words, width="content")
    return spec


def _more(layer: LayerSpec, at: int, n_layers: int) -> dict[str, Any]:
    """Controls that most networks leave alone."""
    chosen: dict[str, Any] = {
        "normalization": _choice(layer, "normalization", at),
        "recurrent_dropout": _share(layer, "recurrent_dropout", at),
    }
    with st.grid(2, min_column_width=120, vertical_alignment="bottom"):
        for name in _PENALTIES:
            chosen[name] = st.number_input(
                **field(LayerSpec, name),
                step=0.001,
                format="%g",
                key=state.widget(f"{name}_{at}", getattr(layer, name)),
            )
    if n_layers > 1:
        hands_on = layer.return_sequences if at < n_layers - 1 else None
        words = st.selectbox(
            **field(LayerSpec, "return_sequences"),
            options=tuple(_HANDS_ON),
            key=state.widget(
                f"return_sequences_{at}", next(word for word, value in _HANDS_ON.items() if value is hands_on)
            ),
        )
        chosen["return_sequences"] = _HANDS_ON[words]
    return chosen


def _what_more(layer: LayerSpec) -> str:
    """What is set behind "More", so that nothing acts unseen."""
    words = [] if layer.normalization == "none" else [f"{layer.normalization} normalisation"]
    words += [
        f"{LayerSpec.model_fields[name].title} {getattr(layer, name):g}"
        for name in ("recurrent_dropout", *_PENALTIES)
        if getattr(layer, name)
    ]
    if layer.return_sequences is not None:
        words.append("every step" if layer.return_sequences else "last step")
    return ", ".join(words)


def _choice(layer: LayerSpec, name: str, at: int, *, words: Mapping[Any, str] | None = None) -> Any:
    return st.selectbox(
        **field(LayerSpec, name),
        options=choices(LayerSpec, name),
        format_func=words.__getitem__ if words else str,
        key=state.widget(f"{name}_{at}", getattr(layer, name)),
    )


def _share(layer: LayerSpec, name: str, at: int) -> float:
    return st.slider(
        **field(LayerSpec, name), step=0.05, key=state.widget(f"{name}_{at}", getattr(layer, name))
    )


def _behind(spec: NetworkSpec) -> dict[str, Any]:
    """Attention over the steps of the last layer, and the dense layers before the head."""
    st.markdown("**Behind the layers**")
    with st.grid(2, min_column_width=220):
        attention = st.segmented_control(
            **field(NetworkSpec, "attention"),
            options=choices(NetworkSpec, "attention"),
            format_func=_ATTENTION.__getitem__,
            key=state.widget("attention", spec.attention),
            required=True,
        )
        n_dense = _how_many("n_dense", "Dense layers", range(_MOST_DENSE + 1), len(spec.dense))
    dense = tuple(_dense(spec, at) for at in range(n_dense))
    return {"attention": attention, "dense": dense}


def _dense(spec: NetworkSpec, at: int) -> DenseSpec:
    before = spec.dense[at] if at < len(spec.dense) else DenseSpec()
    units: dict[str, Any] = field(DenseSpec, "units") | {"label": f"Dense {at + 1}: units"}
    activation: dict[str, Any] = field(DenseSpec, "activation") | {"label": f"Dense {at + 1}: activation"}
    with st.grid(2, min_column_width=140, vertical_alignment="bottom"):
        return DenseSpec(
            units=st.number_input(**units, step=1, key=state.widget(f"dense_units_{at}", before.units)),
            activation=st.selectbox(
                **activation,
                options=choices(DenseSpec, "activation"),
                key=state.widget(f"dense_activation_{at}", before.activation),
            ),
        )
