"""What a training is told: the plan, and the run spec that names a whole experiment."""

import hashlib
import json
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from lstm_core.network.spec import NetworkSpec
from lstm_core.preparation.windows import PreparationSpec


class TrainingPlan(BaseModel):
    """How the weights are found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    epochs: int = Field(
        default=100,
        ge=1,
        le=10_000,
        title="Epochs",
        description="How many times the network sees every train window, at most.",
    )
    batch_size: int = Field(
        default=32,
        ge=1,
        le=4096,
        title="Batch size",
        description="How many windows are averaged into one step of the optimiser.",
    )
    optimizer: Literal["adam", "rmsprop", "sgd"] = Field(
        default="adam", title="Optimiser", description="The rule that turns gradients into steps."
    )
    learning_rate: float = Field(
        default=0.003,
        ge=1e-6,
        le=1.0,
        title="Learning rate",
        description="How long one step of the optimiser is.",
    )
    momentum: float = Field(
        default=0.9,
        ge=0.0,
        le=0.999,
        title="Momentum",
        description="How much of the last step sgd keeps. Only used by sgd.",
    )
    loss: Literal["mse", "mae", "huber"] = Field(
        default="mse", title="Loss", description="What the optimiser makes small, measured on scaled targets."
    )
    clipnorm: float | None = Field(
        default=1.0,
        gt=0.0,
        le=1000.0,
        title="Clip norm",
        description="Longest gradient allowed; longer ones are shortened. Empty: no limit.",
    )
    patience: int | None = Field(
        default=15,
        ge=1,
        le=10_000,
        title="Patience",
        description="Stop when the validation loss has not improved for this many epochs. Empty: never stop early.",
    )
    seed: int = Field(
        default=42,
        ge=0,
        le=2**32 - 1,
        title="Seed",
        description="Start of all random numbers. The same seed gives the same run.",
    )


class RunSpec(BaseModel):
    """Everything a run depends on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    series_fingerprint: str
    preparation: PreparationSpec
    network: NetworkSpec = NetworkSpec()
    plan: TrainingPlan = TrainingPlan()

    @property
    def digest(self) -> str:
        """sha256 of the canonical JSON: names the experiment. Equal digests train the same network."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()
