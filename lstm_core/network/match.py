"""Whether weights belong to a network, and windows to weights."""

from lstm_core.errors import NetworkError
from lstm_core.network.spec import NetworkSpec
from lstm_core.network.weights import Weights


def check_inputs(spec: NetworkSpec, weights: Weights, *, n_features: int) -> None:
    """Refuse data the weights were not made for. The window length is free: weights are shared by the steps.

    Raises
    ------
    NetworkError
        If the network reads another number of columns, or the weights belong to another spec.
    """
    expected, received = _outline_of_spec(spec), _outline(weights)
    if expected != received:
        raise NetworkError(
            "The weights belong to another network",
            received=f"weights of {', '.join(received)}",
            expected=f"weights of {', '.join(expected)}",
        )
    if n_features != weights.n_features:
        raise NetworkError(
            f"This network reads {_columns(weights.n_features)} and is offered {_columns(n_features)}",
            received=f"{n_features} per step",
            expected=f"{weights.n_features} per step; any window length",
            advice=f"Only the kernel of the first layer must change, from {weights.n_features} to {n_features} rows; "
            "all that stands behind it fits. Choose the same columns as before, or train again.",
            field="features",
        )


def _outline_of_spec(spec: NetworkSpec) -> list[str]:
    layers = [
        f"{layer.cell} {layer.units}"
        + (" both ways" if layer.bidirectional else "")
        + (f" {layer.normalization}-normalised" if layer.normalization != "none" else "")
        for layer in spec.layers
    ]
    attention = [] if spec.attention == "none" else [f"{spec.attention} attention"]
    return layers + attention + [f"dense {dense.units}" for dense in spec.dense]


def _outline(weights: Weights) -> list[str]:
    layers = [
        f"{layer.forward.cell} {layer.units}"
        + (" both ways" if layer.backward else "")
        + (f" {'layer' if layer.norm.mean is None else 'batch'}-normalised" if layer.norm else "")
        for layer in weights.layers
    ]
    attention = []
    if weights.attention is not None:
        attention = [f"{'additive' if weights.attention.ndim else 'dot'} attention"]
    return layers + attention + [f"dense {len(dense.bias)}" for dense in weights.dense]


def _columns(count: int) -> str:
    return "1 input column" if count == 1 else f"{count} input columns"
