"""Networks as choices: layers, shapes and parameter counts in closed form."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from lstm_core.errors import NetworkError

Activation = Literal["tanh", "relu", "sigmoid"]
DenseActivation = Literal["relu", "tanh", "sigmoid", "linear"]
CellKind = Literal["lstm", "gru", "rnn"]
Normalization = Literal["none", "layer", "batch"]
Attention = Literal["none", "dot", "additive"]

BLOCKS: dict[CellKind, tuple[str, ...]] = {
    "lstm": ("input", "forget", "candidate", "output"),
    "gru": ("update", "reset", "candidate"),
    "rnn": ("hidden",),
}
"""Blocks of weights of a cell, in Keras' order."""


class LayerSpec(BaseModel):
    """One recurrent layer, the normalisation behind it, and the dropout behind that."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cell: CellKind = Field(
        default="lstm",
        title="Cell",
        description="LSTM: four blocks and a cell state. GRU: three blocks, no cell state. rnn: one block, no gates.",
    )
    units: int = Field(
        default=50,
        ge=1,
        le=512,
        title="Units",
        description="How many numbers the layer remembers from step to step.",
    )
    activation: Activation = Field(
        default="tanh",
        title="Activation",
        description="Squashes the candidate and the cell state. tanh keeps both between -1 and 1.",
    )
    dropout: float = Field(
        default=0.0,
        ge=0.0,
        le=0.9,
        title="Dropout",
        description="Share of the layer's outputs set to zero at random while training, to slow overfitting.",
    )
    recurrent_dropout: float = Field(
        default=0.0,
        ge=0.0,
        le=0.9,
        title="Recurrent dropout",
        description="Share of the remembered state hidden from the gates at random while training.",
    )
    l1: float = Field(
        default=0.0,
        ge=0.0,
        le=1.0,
        title="L1",
        description="Penalty on the weights of the input: the loss grows by l1 × the sum of |w|. Pulls weights to 0.",
    )
    l2: float = Field(
        default=0.0,
        ge=0.0,
        le=1.0,
        title="L2",
        description="Penalty on the weights of the input: the loss grows by l2 × the sum of w². Keeps weights small.",
    )
    recurrent_l1: float = Field(
        default=0.0,
        ge=0.0,
        le=1.0,
        title="Recurrent L1",
        description="The same penalty on the weights of the layer's own last output.",
    )
    recurrent_l2: float = Field(
        default=0.0,
        ge=0.0,
        le=1.0,
        title="Recurrent L2",
        description="The same penalty on the weights of the layer's own last output.",
    )
    bidirectional: bool = Field(
        default=False,
        title="Bidirectional",
        description="A second copy of the layer reads the window backwards; both outputs are joined: 2 × units.",
    )
    normalization: Normalization = Field(
        default="none",
        title="Normalisation",
        description="Centre and scale what the layer says: over its units (layer), or over the batch (batch).",
    )
    return_sequences: bool | None = Field(
        default=None,
        title="Return sequences",
        description="Hand every step to the next layer (needed between recurrent layers) or only the last. "
        "Empty: chosen automatically.",
    )


class DenseSpec(BaseModel):
    """One dense layer between the recurrent layers and the head."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    units: int = Field(
        default=16, ge=1, le=512, title="Dense units", description="How many numbers the dense layer says."
    )
    activation: DenseActivation = Field(
        default="relu", title="Dense activation", description="Bends the weighted sums of the dense layer."
    )


class NetworkSpec(BaseModel):
    """Stacked recurrent layers, attention over their steps, dense layers, and a linear head.

    The head has one output per step of the horizon.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    layers: tuple[LayerSpec, ...] = Field(default=(LayerSpec(),), min_length=1, max_length=4, title="Layers")
    attention: Attention = Field(
        default="none",
        title="Attention",
        description="Weigh the last layer's outputs of all steps by how well they match its last one, "
        "instead of taking only the last.",
    )
    dense: tuple[DenseSpec, ...] = Field(default=(), max_length=3, title="Dense layers")

    @model_validator(mode="after")
    def _sequences_reach_the_next_layer(self) -> "NetworkSpec":
        for number, layer in enumerate(self.layers, start=1):
            last = number == len(self.layers)
            if not last and layer.return_sequences is False:
                raise NetworkError(
                    f"Layer {number} hands only its last step to layer {number + 1}, which needs a sequence",
                    received=f"return_sequences=False in layer {number}",
                    expected="return_sequences=True in every layer but the last",
                    advice="Turn 'return sequences' on, or remove the layer above.",
                    field=f"return_sequences_{number - 1}",
                )
            if last and layer.return_sequences is True:
                raise NetworkError(
                    f"Layer {number} is the last one and hands a whole sequence to the dense head, "
                    "which needs one vector",
                    received=f"return_sequences=True in layer {number}",
                    expected="return_sequences=False in the last layer",
                    advice="Turn 'return sequences' off in the last layer.",
                    field=f"return_sequences_{number - 1}",
                )
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerRow:
    """One row of the layer table.

    Attributes
    ----------
    name : "Input", "LSTM 1", "Dropout 1", "Dense"
    shape : of the output; None stands for the number of windows
    parameters : how many numbers the layer learns
    formula : the count with the numbers filled in
    """

    name: str
    kind: Literal["input", "lstm", "dropout", "dense"]
    shape: tuple[int | None, ...]
    parameters: int
    formula: str


def count_lstm(units: int, n_inputs: int) -> int:
    """Parameters of one LSTM layer: four blocks of `units x (units + n_inputs)` weights and `units` biases."""
    return 4 * (units * (units + n_inputs) + units)


def count_parameters(spec: NetworkSpec, *, n_features: int, horizon: int) -> int:
    """How many numbers the network learns. The window length does not matter: every step shares the weights.

    Parameters
    ----------
    n_features : columns the network reads, the target's past included
    horizon : steps ahead it answers
    """
    rows = layer_table(spec, n_features=n_features, window_length=1, horizon=horizon)
    return sum(row.parameters for row in rows)


def layer_table(
    spec: NetworkSpec, *, n_features: int, window_length: int, horizon: int
) -> tuple[LayerRow, ...]:
    """Every layer with its output shape and parameters, from the input to the head.

    One layer of 50 units on 24 steps of one column, one step ahead::

        Input    (None, 24, 1)       0
        LSTM 1   (None, 50)     10 400   4 × (50 × (50 + 1) + 50)
        Dense    (None, 1)          51   50 × 1 + 1
    """
    rows = [
        LayerRow(
            name="Input",
            kind="input",
            shape=(None, window_length, n_features),
            parameters=0,
            formula="nothing to learn",
        )
    ]
    width = n_features
    for number, layer in enumerate(spec.layers, start=1):
        u, last = layer.units, number == len(spec.layers)
        shape = (None, u) if last else (None, window_length, u)
        learned = count_lstm(u, width)
        formula = f"4 × ({u} × ({u} + {width}) + {u}) = {thousands(learned)}"
        rows.append(
            LayerRow(name=f"LSTM {number}", kind="lstm", shape=shape, parameters=learned, formula=formula)
        )
        if layer.dropout > 0:
            formula = f"nothing to learn; hides {layer.dropout:.0%} while training"
            rows.append(
                LayerRow(name=f"Dropout {number}", kind="dropout", shape=shape, parameters=0, formula=formula)
            )
        width = u
    learned = width * horizon + horizon
    formula = f"{width} × {horizon} + {horizon} = {thousands(learned)}"
    rows.append(
        LayerRow(name="Dense", kind="dense", shape=(None, horizon), parameters=learned, formula=formula)
    )
    return tuple(rows)


def cautions(spec: NetworkSpec) -> tuple[str, ...]:
    """Why a choice is risky and what to do, one sentence pair per layer that does not use tanh."""
    return tuple(
        f"Layer {number} uses {layer.activation}: {_RISKS[layer.activation]}"
        for number, layer in enumerate(spec.layers, start=1)
        if layer.activation in _RISKS
    )


_RISKS: dict[str, str] = {
    "relu": "it has no upper limit, so the cell state can grow at every step until the loss is no longer a number. "
    "Use tanh, or keep the clip norm at 1 and expect a run that may have to be stopped.",
    "sigmoid": "the candidate is never negative, so new input can only add to the cell state, and an empty memory "
    "already says 0.5. Use tanh, which can add and take away.",
}


def thousands(count: int) -> str:
    """Write 10451 as `10 451`, with a thin space."""
    return f"{count:,}".replace(",", "\u2009")
