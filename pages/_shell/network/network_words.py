"""What the network page says about the network that is being built: its size, its cost and its formulas."""

from collections.abc import Callable
from typing import Any

from lstm_core.errors import NetworkError, UserError
from lstm_core.network.counts import LayerRow
from lstm_core.network.estimate import Estimate, Workload, check_fit, estimate
from lstm_core.network.spec import CellKind, NetworkSpec, thousands
from lstm_core.preparation.cautions import Caution, read_as_padding
from lstm_core.preparation.padding import PAD_VALUE
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.series.record import Series
from pages._shell import cached, present, services, state

MEANS = (
    "Every unit carries a number from step to step. More units remember more things at once; a second layer reads what "
    "the first one says at every step and looks for patterns in it. The same weights act at every step, so a trained "
    "network accepts windows of any length, but only the number of columns it was built for: other columns need "
    "another kernel in the first layer, and a new training. A **bidirectional** layer reads the window a second "
    "time from its end; it still sees nothing behind the window. **Attention** lets the forecast read every step at "
    "once, weighted, instead of the last state alone. **Normalisation** keeps what a layer says centred and of one "
    "size. **Dropout** hides a random share while training, and **L1** and **L2** make large "
    "weights dear: all three slow overfitting."
)
MISLEADS = (
    "More parameters do not mean a better forecast. A network with many more numbers than windows can lower the train "
    "loss without end while the validation loss rises. On a short series one layer of 16 to 50 units is rarely beaten "
    "by a larger one, by attention or by a second direction: compare, over several seeds, and do not guess. Dropout "
    "and penalties lower the train score on purpose, so a train loss with them is not comparable to one without."
)
_FORMULAS: dict[CellKind, str] = {
    "lstm": "An LSTM of u units on d inputs holds 4 × (u × (u + d) + u) numbers: for each of its four blocks (input, "
    "forget, candidate, output) and each unit a weight per unit, a weight per input, and a bias.",
    "gru": "A GRU of u units on d inputs holds 3 × (u × (u + d) + 2u) numbers: three blocks (update, reset, "
    "candidate), each with a second bias beside the recurrent weights.",
    "rnn": "A simple RNN of u units on d inputs holds u × (u + d) + u numbers: one block without gates.",
}


def estimate_cost(spec: NetworkSpec, window: WindowSpec, *, n_windows: int, n_features: int) -> Estimate:
    """Memory and time of a training with the plan of the journey."""
    plan = state.journey().plan
    return estimate(
        spec,
        Workload(
            n_features=n_features,
            window_length=window.length,
            horizon=window.horizon,
            n_windows=max(n_windows, 1),
            batch_size=plan.batch_size,
            epochs=plan.epochs,
            patience=plan.patience,
        ),
    )


def held_by_data(series: Series, preparation: PreparationSpec) -> Callable[[], Caution | None]:
    """Ask whether data hold the value that masking skips; the windows are cut only when somebody asks."""

    def ask() -> Caution | None:
        try:
            prepared = cached.prepared(series.fingerprint, preparation, series)
        except UserError:
            return None  # the Windows page says why they do not fit
        return read_as_padding(prepared, field="masking")

    return ask


def say_size(table: tuple[LayerRow, ...], *, n_windows: int, n_warnings: int) -> None:
    """Say how many numbers learn from how many windows, and whether a choice below is unsafe."""
    trained = sum(row.trainable for row in table)
    kept = sum(row.parameters for row in table) - trained
    sentence = f"{thousands(trained)} numbers to learn from {thousands(n_windows)} train windows."
    if kept:
        sentence += f" {thousands(kept)} more are averages of batch normalisation: kept, not trained."
    if trained > n_windows:
        sentence += (
            f" That is {present.number(trained / max(n_windows, 1))} per window: enough to learn them by heart, so the "
            "validation loss decides when the training stops."
        )
    if n_warnings:
        sentence += (
            " A choice below is unsafe: the reason stands beside it."
            if n_warnings == 1
            else f" {n_warnings} choices below are unsafe: the reasons stand beside them."
        )
    present.verdict("caution" if n_warnings else "note", sentence)


def refuse_what_cannot_fit(cost: Estimate) -> None:
    """Say when a training would need more memory or time than there is."""
    limits = services.settings()
    try:
        check_fit(
            cost, memory_budget_mb=limits.memory_budget_mb, wall_limit_seconds=limits.wall_limit_seconds
        )
    except NetworkError as refusal:
        present.verdict("bad", present.safe(refusal.message, limit=2000))


def formulas(spec: NetworkSpec) -> str:
    """How the numbers of the layers in this network are counted."""
    told = ["A shape is (batch, steps, columns); None stands for any number of windows at once."]
    told += [_FORMULAS[cell] for cell in _FORMULAS if any(layer.cell == cell for layer in spec.layers)]
    if any(layer.bidirectional for layer in spec.layers):
        told.append("Two directions hold twice as many, and hand on twice as many values.")
    if any(layer.normalization == "batch" for layer in spec.layers):
        told.append(
            "Batch normalisation holds 4 numbers per value; its 2 averages are not trained by the gradient."
        )
    return " ".join(told)


def recipe_parts(spec: NetworkSpec) -> list[str]:
    """Functions of the recipe, beside `build_network`, that this network goes through."""
    return ["build_recurrent", "build_penalty", *(["attend"] if spec.attention != "none" else [])]


def settings(spec: NetworkSpec) -> dict[str, Any]:
    """The network as the recipe takes it."""
    return {
        "layers": [layer.model_dump(exclude={"return_sequences"}) for layer in spec.layers],
        "attention": spec.attention,
        "dense": [dense.model_dump() for dense in spec.dense],
        "mask_value": PAD_VALUE if spec.masking else None,
    }
