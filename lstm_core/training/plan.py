"""What a training is told: the plan, and the run spec that names a whole experiment."""

import hashlib
import json
import math
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from lstm_core.network.counts import count_cell, walks
from lstm_core.network.spec import NetworkSpec
from lstm_core.preparation.padding import PAD_VALUE
from lstm_core.preparation.split import split
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, count_train_windows, recipe_settings
from lstm_core.series.cleaning.record import CleaningRecord
from lstm_core.series.record import Series

EXECUTION_SECONDS = 0.3
MULTIPLICATIONS_PER_SECOND = 25e9
"""Of one thread in a small network; measured at 30 x 50 and 96 x 64 (steps x units)."""
STEP_SECONDS = 1e-4
"""Overhead of one recurrent step of one batch in a plain graph."""
WORTH_COMPILING_EPOCH, WORTH_COMPILING = 400, 15_000
"""Recurrent steps in an epoch and in the whole training from which XLA pays."""
WORTH_HALVING = 0.015
"""Estimated seconds of a batch from which it pays to work on its halves side by side."""

MEDIAN = 0.5
"""Quantile that is the middle: half of the truths lie below."""


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
        default=0.001,
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
    loss: Literal["mse", "mae", "huber", "pinball"] = Field(
        default="mse", title="Loss", description="What the optimiser makes small, measured on scaled targets."
    )
    quantile: float = Field(
        default=0.5,
        gt=0.0,
        lt=1.0,
        title="Quantile",
        description="Share of the truths that is to lie below the forecast. Only used by pinball.",
    )
    clipnorm: float | None = Field(
        default=1.0,
        gt=0.0,
        le=1000.0,
        title="Clip norm",
        description="Longest gradient allowed; longer ones are shortened. Empty: no limit.",
    )
    patience: int | None = Field(
        default=20,
        ge=1,
        le=10_000,
        title="Patience",
        description="Stop when the validation loss has not improved for this many epochs. Empty: never stop early.",
    )
    schedule: Literal["constant", "exponential", "cosine", "plateau"] = Field(
        default="constant",
        title="Schedule",
        description="How the learning rate changes from epoch to epoch.",
    )
    decay_epochs: float = Field(
        default=5.0,
        ge=0.1,
        le=10_000.0,
        title="Decay epochs",
        description="Exponential: after this many epochs the rate is 1/e = 37% of what it was, "
        "rate × e^(−epoch / decay epochs).",
    )
    restart_every: int | None = Field(
        default=None,
        ge=1,
        le=10_000,
        title="Restart every",
        description="Exponential and cosine: begin the schedule anew after this many epochs; "
        "the optimiser keeps its averages. Empty: never.",
    )
    plateau_factor: float = Field(
        default=0.5,
        gt=0.0,
        lt=1.0,
        title="Plateau factor",
        description="On plateau: what the rate is multiplied by when the validation loss stands still.",
    )
    plateau_patience: int = Field(
        default=5,
        ge=1,
        le=10_000,
        title="Plateau patience",
        description="On plateau: how many epochs without a better validation loss count as standing still.",
    )
    seed: int = Field(
        default=42,
        ge=0,
        le=2**32 - 1,
        title="Seed",
        description="Start of all random numbers. The same seed gives the same run.",
    )

    @property
    def edge(self) -> float | None:
        """Quantile that is learned when it is another one than the middle; None: the mean or the median is."""
        return self.quantile if self.loss == "pinball" and self.quantile != MEDIAN else None


class RunSpec(BaseModel):
    """Everything a run depends on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    series_fingerprint: str
    preparation: PreparationSpec
    network: NetworkSpec = NetworkSpec()
    plan: TrainingPlan = TrainingPlan()
    cleaning: CleaningRecord | None = Field(
        default=None,
        title="Cleaning",
        description="How the series came about: source, roles, steps and what these learned. No part of the digest: "
        "the network learns from the series itself, which its fingerprint names.",
    )

    @property
    def digest(self) -> str:
        """sha256 of the canonical JSON: names the experiment. Equal digests train the same network."""
        chosen = self.model_dump(mode="json", exclude={"cleaning"})
        if self.preparation.transform == TransformSpec():
            del chosen["preparation"]["transform"]  # runs made before there were transforms keep their name
        if not self.preparation.window.padding:
            del chosen["preparation"]["window"]["padding"]
        if not self.network.masking:
            del chosen["network"]["masking"]
        if self.plan.loss != "pinball":
            del chosen["plan"]["quantile"]
        canonical = json.dumps(chosen, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def settings(spec: RunSpec, series: Series) -> dict[str, Any]:
    """Spec as the one literal dict that the recipe's functions take and the exported script prints.

    `jit_compile`, `in_halves` and `steps_per_execution` are not choices: they change how fast the numbers are found,
    and how sums are rounded.

    Raises
    ------
    PreparationError
        If the split does not fit the series.
    """
    preparation = recipe_settings(series, spec.preparation)
    network = {
        "layers": [layer.model_dump(exclude={"return_sequences"}) for layer in spec.network.layers],
        "attention": spec.network.attention,
        "dense": [dense.model_dump() for dense in spec.network.dense],
        "mask_value": PAD_VALUE if spec.network.masking else None,
    }
    plan = spec.plan.model_dump(
        include={
            "optimizer",
            "learning_rate",
            "momentum",
            "loss",
            "quantile",
            "batch_size",
            "epochs",
            "clipnorm",
            "patience",
            "schedule",
            "decay_epochs",
            "restart_every",
            "plateau_factor",
            "plateau_patience",
            "seed",
        }
    )
    n_train = count_train_windows(split(series, spec.preparation.split), spec.preparation)
    return {**preparation, **network, **plan, **_pace(spec, n_train)}


def _pace(spec: RunSpec, n_train: int) -> dict[str, Any]:
    """Choose `jit_compile`, `in_halves` and `steps_per_execution` from the estimated work.

    Compiling with XLA takes 2 to 3 s more than the plain graph and saves 0.1 to 0.15 ms per recurrent step (one
    direction of one layer, one row of the window, one batch): it pays when both an epoch and the whole training are
    long. Every kind of network can be compiled. Halves (`lstm_core.recipe.halves`) keep two threads busy where a batch
    is much work, and cost a twentieth where there is one; docs/decisions/0029 says what was measured.
    An execution is as many batches as take about `EXECUTION_SECONDS`, so that a run can be cancelled soon.
    """
    cells = walks(spec.network, 1 + len(spec.preparation.features))
    length = spec.preparation.window.length
    n_batches = max(math.ceil(n_train / spec.plan.batch_size), 1)
    steps = n_batches * length * len(cells)
    products = sum(count_cell(*cell) for cell in cells)
    batch = min(spec.plan.batch_size, max(n_train, 1))
    seconds = 6 * products * batch * length / MULTIPLICATIONS_PER_SECOND + length * len(cells) * STEP_SECONDS
    compiled = steps >= WORTH_COMPILING_EPOCH and steps * spec.plan.epochs >= WORTH_COMPILING
    return {
        "jit_compile": compiled,
        "in_halves": compiled and seconds >= WORTH_HALVING and _can_be_halved(spec, n_train),
        # A short training is on screen sooner without the loop that an execution of several batches is built into.
        "steps_per_execution": min(max(int(EXECUTION_SECONDS / seconds), 1), n_batches) if compiled else 1,
    }


def _can_be_halved(spec: RunSpec, n_train: int) -> bool:
    """Whether the gradient of a batch is the mean of those of its halves, with nothing drawn by chance."""
    chance = any(layer.dropout or layer.recurrent_dropout for layer in spec.network.layers)
    looks_at_all = any(layer.normalization == "batch" for layer in spec.network.layers)
    even = spec.plan.batch_size % 2 == 0 and spec.plan.batch_size <= n_train
    return even and not chance and not looks_at_all
