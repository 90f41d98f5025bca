"""Choices of a network that are allowed and unsafe, each with its reason and with what to do."""

from collections.abc import Callable, Iterator

from lstm_core.network.counts import count_parameters
from lstm_core.network.spec import LayerSpec, NetworkSpec, thousands
from lstm_core.preparation.cautions import Caution, not_skipped

MUCH_DROPOUT, MUCH_RECURRENT_DROPOUT = 0.5, 0.3
MUCH_PENALTY = 0.1
LONG_FOR_RNN = 20
"""Steps over which a state without a gate has mostly faded."""
HUGE = 100
"""Numbers to learn per train window."""


def cautions(
    spec: NetworkSpec,
    *,
    n_windows: int,
    window_length: int,
    clipnorm: float | None,
    n_padded: int = 0,
    held: Callable[[], Caution | None] = lambda: None,
) -> tuple[Caution, ...]:
    """List what is unsafe, layer by layer; empty when nothing is.

    `field` is the key of the control to change: `activation_0` is that of the first layer.

    Parameters
    ----------
    n_windows : train windows
    window_length : steps
    clipnorm : longest gradient the training allows, None for no limit
    n_padded : how many of the train windows are padded
    held : what `preparation.cautions.read_as_padding` says about the data; asked only where there is masking
    """
    found = list(_about_masking(spec, n_padded, held))
    for at, layer in enumerate(spec.layers):
        whole = spec.attention != "none" or at + 1 < len(spec.layers)
        found += _about_cell(layer, at, window_length=window_length, clipnorm=clipnorm)
        found += _about_rest(layer, at, hands_on_sequence=whole)
    if spec.attention != "none" and window_length == 1:
        found.append(
            Caution(
                what="Attention has nothing to weigh: a window of one step gets all of it. Lengthen the window, or "
                "turn attention off.",
                field="attention",
            )
        )
    return (*found, *_about_size(spec, n_windows))


def _about_masking(spec: NetworkSpec, n_padded: int, held: Callable[[], Caution | None]) -> Iterator[Caution]:
    if not spec.masking:
        if caution := not_skipped(n_padded, field="masking"):
            yield caution
    elif caution := held():
        yield caution
    elif not n_padded:
        yield Caution(
            what="Masking has nothing to skip: no window is padded. Pad the first windows on the Windows page, or turn "
            "masking off.",
            field="masking",
        )


def _about_cell(
    layer: LayerSpec, at: int, *, window_length: int, clipnorm: float | None
) -> Iterator[Caution]:
    if layer.activation == "relu":
        grows = "cell state" if layer.cell == "lstm" else "state"
        held = (
            "Use tanh, or set a clip norm of 1: without one a single step can ruin all weights."
            if clipnorm is None
            else f"Use tanh, or keep the clip norm at {clipnorm:g} and expect a run that may have to be stopped."
        )
        yield Caution(
            what=f"Layer {at + 1} uses relu: it has no upper limit, so the {grows} can grow at every step until the "
            f"loss is no longer a number. {held}",
            field=f"activation_{at}",
        )
    if layer.activation == "sigmoid":
        yield Caution(
            what=f"Layer {at + 1} uses sigmoid: {_SIGMOID[layer.cell]} Use tanh, which can add and take away.",
            field=f"activation_{at}",
        )
    if layer.cell == "rnn" and window_length > LONG_FOR_RNN:
        yield Caution(
            what=f"Layer {at + 1} is a simple RNN on windows of {window_length} steps: it has no gate that keeps what "
            "it has read, so the oldest steps have mostly faded, and with them what they could teach. Use an LSTM or "
            "a GRU, or a shorter window.",
            field=f"cell_{at}",
        )


_SIGMOID = {
    "lstm": "the candidate is never negative, so new input can only add to the cell state, and an empty memory "
    "already says 0.5.",
    "gru": "the candidate is never negative, so the state can only be pulled up, never below 0.",
    "rnn": "what it says is never negative, and changes little where it is near 0 or 1.",
}


def _about_rest(layer: LayerSpec, at: int, *, hands_on_sequence: bool) -> Iterator[Caution]:
    if layer.dropout > MUCH_DROPOUT:
        yield Caution(
            what=f"Layer {at + 1} hides {layer.dropout:.0%} of its outputs while training: the network learns with the "
            "smaller part of itself and forecasts with all of it. Use 0.5 or less, or fewer units.",
            field=f"dropout_{at}",
        )
    if layer.recurrent_dropout > MUCH_RECURRENT_DROPOUT:
        yield Caution(
            what=f"Layer {at + 1} hides {layer.recurrent_dropout:.0%} of its state from itself, the same units at "
            "every step of a window: what they remember cannot be learned from that window. Use 0.3 or less.",
            field=f"recurrent_dropout_{at}",
        )
    if layer.normalization == "batch" and hands_on_sequence:
        yield Caution(
            what=f"Batch normalisation behind layer {at + 1} takes one mean over all steps of all windows of a batch: "
            "it mixes what was said early and late, and forecasts with averages kept from the training. Layer "
            "normalisation looks at one step of one window and is the usual choice between recurrent layers: choose "
            "it, or compare both.",
            field=f"normalization_{at}",
        )
    for name in ("l1", "l2", "recurrent_l1", "recurrent_l2"):
        penalty = getattr(layer, name)
        if penalty > MUCH_PENALTY:
            yield Caution(
                what=f"The penalty {LayerSpec.model_fields[name].title} {penalty:g} in layer {at + 1} can outweigh the "
                "error: all weights are pulled to 0 and the forecast becomes a constant. Start at 0.01 or less.",
                field=f"{name}_{at}",
            )


def _about_size(spec: NetworkSpec, n_windows: int) -> Iterator[Caution]:
    # One column, one step ahead: more of either only adds.
    learned = count_parameters(spec, n_features=1, horizon=1)
    if n_windows > 0 and learned > HUGE * n_windows:
        widest = max(range(len(spec.layers)), key=lambda at: spec.layers[at].units)
        yield Caution(
            what=f"More than {HUGE} numbers are to be learned for each of the {thousands(n_windows)} train windows: "
            "the network can learn the windows by heart, noise included. Use fewer units or layers, a longer series, "
            "or dropout.",
            field=f"units_{widest}",
        )
