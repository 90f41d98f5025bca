"""Networks as choices: layers, shapes and parameter counts in closed form."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from lstm_core.errors import NetworkError

Activation = Literal["tanh", "relu", "sigmoid"]


class LayerSpec(BaseModel):
    """One recurrent layer and the dropout behind it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cell: Literal["lstm"] = Field(default="lstm", title="Cell", description="The kind of recurrent cell.")
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
    return_sequences: bool | None = Field(
        default=None,
        title="Return sequences",
        description="Hand every step to the next layer (needed between recurrent layers) or only the last. "
        "Empty: chosen automatically.",
    )


class NetworkSpec(BaseModel):
    """Stacked recurrent layers and a dense head with one output per step of the horizon."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    layers: tuple[LayerSpec, ...] = Field(default=(LayerSpec(),), min_length=1, max_length=3, title="Layers")

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
