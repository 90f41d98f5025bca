"""What a training would cost, told before anything is built."""

from dataclasses import dataclass

from lstm_core.errors import NetworkError
from lstm_core.network.counts import count_cell, count_parameters, layer_table, walks
from lstm_core.network.spec import CellKind, NetworkSpec

BYTES_PER_PARAMETER = 16
"""float32 weight, gradient and Adam's two moving averages."""
BYTES_PER_STATE: dict[CellKind, int] = {"lstm": 24, "gru": 24, "rnn": 8}
"""What one unit keeps per step for the way back: i, f, g, o, c, h of an LSTM; z, r, g, h and the two sums behind g of a
GRU; h and the sum behind it of a simple RNN; all in float32."""
BYTES_BEHIND = {"norm": 12, "dropout": 8, "attention": 12}
"""What every value keeps per step when a whole sequence is normalised, hidden or weighed."""
FLOPS_PER_WEIGHT = 6
"""Multiply and add, once forward and twice on the way back."""
FLOPS_PER_SECOND = 1.3e11
SECONDS_PER_STEP = 3e-5
"""Both fitted to three measured trainings (30 x 50, 96 x 64 and 24 x 128 steps x units, compiled, 2 cores)."""
SECONDS_TO_COMPILE, SECONDS_TO_COMPILE_CELL = 1.2, 0.8
"""For the network as a whole, and for every cell in it: four layers take 2.2 times as long as one."""
SECONDS_BETWEEN_EPOCHS = 0.02
"""Validation, callbacks and events, whatever the size of the network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """How much a network will be asked to do.

    Attributes
    ----------
    n_features, window_length, horizon : shape of a window, in columns and steps
    n_windows : train windows
    patience : epochs without improvement before the training stops; None: never
    """

    n_features: int
    window_length: int
    horizon: int
    n_windows: int
    batch_size: int
    epochs: int
    patience: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a training would cost. Memory is an upper bound, time a guess within a factor of about three.

    Attributes
    ----------
    fixed_bytes : parameters, their gradients and averages, and the train windows
    bytes_per_window : what every window of a batch adds
    batch_size : never more than there are windows
    seconds : all epochs
    least_seconds : the fewest epochs that early stopping allows
    """

    parameters: int
    fixed_bytes: int
    bytes_per_window: int
    batch_size: int
    seconds: float
    least_seconds: float

    @property
    def memory_bytes(self) -> int:
        """Memory the training adds to its slot."""
        return self.fixed_bytes + self.batch_size * self.bytes_per_window


def estimate(spec: NetworkSpec, work: Workload) -> Estimate:
    """Memory and time of a training, from the choices alone.

    ``memory = parameters x 16 + batch x window x (kept per step) + n_windows x (window x features + horizon) x 4``
    bytes; a plain LSTM keeps 24 bytes per unit and step, see `BYTES_PER_STATE` and `BYTES_BEHIND` for the rest.
    """
    parameters = count_parameters(spec, n_features=work.n_features, horizon=work.horizon)
    values = work.n_windows * (work.window_length * work.n_features + work.horizon)
    batch = min(work.batch_size, work.n_windows)
    epoch = SECONDS_BETWEEN_EPOCHS + _seconds_per_epoch(spec, work, batch)
    compiling = SECONDS_TO_COMPILE + SECONDS_TO_COMPILE_CELL * len(walks(spec, work.n_features))
    stops_after = work.epochs if work.patience is None else min(work.epochs, work.patience + 1)
    return Estimate(
        parameters=parameters,
        fixed_bytes=parameters * BYTES_PER_PARAMETER + values * 4,
        bytes_per_window=work.window_length * _bytes_per_step(spec, work.n_features),
        batch_size=batch,
        seconds=compiling + epoch * work.epochs,
        least_seconds=compiling + epoch * stops_after,
    )


def check_fit(cost: Estimate, *, memory_budget_mb: int, wall_limit_seconds: float) -> None:
    """Refuse a training that cannot fit its slot.

    Raises
    ------
    NetworkError
        If it needs more memory than the budget, or even the shortest training allowed would hit the time limit.
    """
    budget = memory_budget_mb * 2**20
    if cost.memory_bytes > budget:
        fits = (budget - cost.fixed_bytes) // cost.bytes_per_window
        raise NetworkError(
            f"This training needs about {_gigabytes(cost.memory_bytes)} of memory",
            received=f"{cost.parameters} parameters, {_gigabytes(cost.fixed_bytes)} for them and the windows, "
            f"and {_gigabytes(cost.batch_size * cost.bytes_per_window)} for a batch of {cost.batch_size}",
            expected=f"at most {_gigabytes(budget)}",
            advice=f"Lower the batch size to {fits} or less, the units, or the window length."
            if fits >= 1
            else "Use fewer input columns, a shorter window or a larger stride.",
            field="batch_size",
        )
    if cost.least_seconds > wall_limit_seconds:
        raise NetworkError(
            f"This training would take about {cost.least_seconds / 60:.0f} minutes at least",
            received=f"{cost.parameters} parameters and about {cost.seconds / 60:.0f} minutes for all epochs",
            expected=f"at most {wall_limit_seconds / 60:.0f} minutes",
            advice="Use fewer units, a shorter window, fewer epochs or a larger batch.",
            field="epochs",
        )


def _seconds_per_epoch(spec: NetworkSpec, work: Workload, batch: int) -> float:
    steps = -(-work.n_windows // batch) * work.window_length
    seconds = 0.0
    for cell, units, n_inputs in walks(spec, work.n_features):
        flops = FLOPS_PER_WEIGHT * count_cell(cell, units, n_inputs) * batch
        seconds += steps * (SECONDS_PER_STEP + flops / FLOPS_PER_SECOND)
    return seconds


def _bytes_per_step(spec: NetworkSpec, n_features: int) -> int:
    kept = sum(units * BYTES_PER_STATE[cell] for cell, units, _ in walks(spec, n_features))
    rows = layer_table(spec, n_features=n_features, window_length=1, horizon=1)
    return kept + sum((row.shape[-1] or 0) * BYTES_BEHIND.get(row.kind, 0) for row in rows)


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.3g} GB"
