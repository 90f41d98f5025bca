"""Networks as choices: what a network can be made of."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from lstm_core.errors import NetworkError
from lstm_core.preparation.padding import PAD_TEXT

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
        description="Squashes what a step adds (the candidate) and what the unit says. "
        "tanh keeps both between −1 and 1.",
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
        description="Share of the remembered state hidden from the gates while training: units drawn at random, "
        "the same at every step of a window.",
    )
    l1: float = Field(
        default=0.0,
        ge=0.0,
        le=1.0,
        title="L1",
        description="Penalty on the weights of the input: the loss grows by l1 × the sum of |w|, and is drawn with it. "
        "Pulls weights to 0.",
    )
    l2: float = Field(
        default=0.0,
        ge=0.0,
        le=1.0,
        title="L2",
        description="Penalty on the weights of the input: the loss grows by l2 × the sum of w², and is drawn with it. "
        "Keeps weights small.",
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
        description="A second copy of the layer reads the window backwards, from its last step on; it sees no "
        "further than the window. Both outputs are joined: 2 × units.",
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

    The head has one output per step of the horizon, and its activation is no choice: a forecast may be any number, so
    nothing may squash it. A sigmoid there would never leave 0..1 (and answers a yes or no), a softmax makes shares that
    add up to 1 (and answers which of several classes).
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
    masking: bool = Field(
        default=False,
        title="Masking",
        description=f"Skip every step whose inputs are all {PAD_TEXT}, the value that fills padded windows: the "
        "layers keep their state there and attention gives such a step no weight. It has nothing to learn.",
    )

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


def thousands(count: int) -> str:
    """Write 10451 as `10 451`, with a narrow space that does not break."""
    return f"{count:,}".replace(",", "\u202f")
