"""Networks as choices: layers, shapes and parameter counts in closed form."""

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
