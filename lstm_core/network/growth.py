"""From one network to another, one change at a time: what each change costs in parameters, and why."""

from dataclasses import dataclass
from typing import Any

from lstm_core.network.counts import CELL_NAMES, count_parameters, layer_name
from lstm_core.network.presets import Preset
from lstm_core.network.spec import BLOCKS, DenseSpec, LayerSpec, NetworkSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """One change on the way from one network to another.

    Attributes
    ----------
    change : what was changed
    n_parameters : of the network after the change
    added : parameters the change brought (negative: took away)
    why : where they come from, in a sentence
    """

    change: str
    n_parameters: int
    added: int
    why: str


def growth(before: Preset, after: Preset) -> tuple[Growth, ...]:
    """Walk from one preset to another, one change at a time, and count what each change costs.

    The order is: input columns; masking; cell, units and direction of the layers both have; further layers, layers
    taken away; attention; normalisation, activation, penalties and dropout of each layer; dense layers; horizon. The
    last `n_parameters` is that of `after`.
    """
    walk = _Walk(before)
    if before.n_features != after.n_features:
        walk.n_features = after.n_features
        walk.note(
            f"Input columns: {before.n_features} to {after.n_features}",
            "Every block of every unit of the first layer has a weight for each column.",
        )
    if walk.spec.masking != after.network.masking:
        change, why = (
            f"Masking: {'on' if after.network.masking else 'off'}",
            "A step is skipped or it is not.",
        )
        walk.update(change, why, masking=after.network.masking)
    _change_cells(walk, after.network)
    _change_depth(walk, after.network)
    if walk.spec.attention != after.network.attention:
        change = f"Attention: {walk.spec.attention} to {after.network.attention}"
        walk.update(change, _ATTENTION[after.network.attention], attention=after.network.attention)
    for at, goal in enumerate(after.network.layers):
        _change_surroundings(walk, at, goal)
    _change_dense(walk, after.network.dense)
    if before.horizon != after.horizon:
        walk.horizon = after.horizon
        walk.note(
            f"Horizon: {before.horizon} to {after.horizon}",
            "The head has a weight for every value it reads, and a bias, for each step ahead.",
        )
    return tuple(walk.steps)


_ATTENTION = {
    "none": "Only the last step is handed on, and nothing is learned for that.",
    "dot": "One scale for all scores.",
    "additive": "One scale for each value of a step.",
}
_NORMALIZATION = {
    "none": "Scales and shifts are gone.",
    "layer": "A scale and a shift for each value.",
    "batch": "A scale, a shift and two averages for each value; the averages are not trained.",
}
_FREE: dict[str, str] = {
    "activation": "A function has no weights.",
    **dict.fromkeys(
        ("l1", "l2", "recurrent_l1", "recurrent_l2"), "A penalty changes what weights become, not how many."
    ),
    "recurrent_dropout": "Units are only hidden, and only while training.",
    "dropout": "Values are only hidden, and only while training.",
}


class _Walk:
    """A network on its way."""

    def __init__(self, start: Preset) -> None:
        self.spec, self.n_features, self.horizon = start.network, start.n_features, start.horizon
        self.count, self.steps = start.n_parameters, list[Growth]()

    def note(self, change: str, why: str) -> None:
        """Write down what the last change brought."""
        now = count_parameters(self.spec, n_features=self.n_features, horizon=self.horizon)
        self.steps.append(Growth(change=change, n_parameters=now, added=now - self.count, why=why))
        self.count = now

    def update(self, change: str, why: str, **parts: Any) -> None:
        """Change parts of the network, and note it."""
        self.spec = self.spec.model_copy(update=parts)
        self.note(change, why)

    def layer(self, at: int, change: str, why: str, **parts: Any) -> None:
        """Change parts of a layer, and note it."""
        layers = list(self.spec.layers)
        layers[at] = layers[at].model_copy(update=parts)
        self.update(change, why, layers=tuple(layers))


def _change_cells(walk: _Walk, goal: NetworkSpec) -> None:
    # What a layer hands on follows from its place; a choice made for the old place would not fit the new one.
    layers = tuple(layer.model_copy(update={"return_sequences": None}) for layer in walk.spec.layers)
    walk.spec = walk.spec.model_copy(update={"layers": layers})
    for at, (have, want) in enumerate(zip(layers, goal.layers, strict=False)):
        if have.cell != want.cell:
            change = f"{layer_name(have, at)}: {CELL_NAMES[have.cell]} to {CELL_NAMES[want.cell]}"
            why = (
                f"Blocks of weights per layer: {len(BLOCKS[have.cell])} before, {len(BLOCKS[want.cell])} now."
            )
            walk.layer(at, change, why, cell=want.cell)
        if have.units != want.units:
            change = f"{layer_name(walk.spec.layers[at], at)}: {have.units} to {want.units} units"
            why = "Every unit reads every unit of its layer, so weights grow with the square of the units."
            walk.layer(at, change, why, units=want.units)
        if have.bidirectional != want.bidirectional:
            ways = "both directions" if want.bidirectional else "one direction"
            change = (
                f"{layer_name(walk.spec.layers[at].model_copy(update={'bidirectional': False}), at)}: {ways}"
            )
            why = (
                "A second copy of the layer reads backwards, and what follows reads twice as many values."
                if want.bidirectional
                else "The copy that reads backwards is gone, and what follows reads half as many values."
            )
            walk.layer(at, change, why, bidirectional=want.bidirectional)


def _change_depth(walk: _Walk, goal: NetworkSpec) -> None:
    for at in range(len(walk.spec.layers), len(goal.layers)):
        want = goal.layers[at]
        bare = LayerSpec(cell=want.cell, units=want.units, bidirectional=want.bidirectional)
        below = walk.spec.layers[-1]
        width = below.units * (2 if below.bidirectional else 1)
        walk.update(
            f"{layer_name(bare, at)}: a further layer of {want.units} units",
            f"It reads {width} values at every step and has weights for them, for its own units, and biases.",
            layers=(*walk.spec.layers, bare),
        )
    while len(walk.spec.layers) > len(goal.layers):
        *rest, gone = walk.spec.layers
        walk.update(
            f"{layer_name(gone, len(rest))}: the layer of {gone.units} units is gone",
            "Its weights are gone; what stood behind it reads the layer before.",
            layers=tuple(rest),
        )


def _change_surroundings(walk: _Walk, at: int, goal: LayerSpec) -> None:
    have = walk.spec.layers[at]
    if have.normalization != goal.normalization:
        change = f"Normalisation {at + 1}: {have.normalization} to {goal.normalization}"
        walk.layer(at, change, _NORMALIZATION[goal.normalization], normalization=goal.normalization)
    for name, why in _FREE.items():
        old, new = getattr(have, name), getattr(goal, name)
        if old != new:
            values = f"{old} to {new}" if isinstance(new, str) else f"{old:g} to {new:g}"
            walk.layer(at, f"{LayerSpec.model_fields[name].title} {at + 1}: {values}", why, **{name: new})


def _change_dense(walk: _Walk, goal: tuple[DenseSpec, ...]) -> None:
    for at in range(max(len(walk.spec.dense), len(goal))):
        dense = list(walk.spec.dense)
        if at >= len(goal):
            gone = dense.pop()
            change = f"Dense {len(dense) + 1}: the layer of {gone.units} units is gone"
            why = "Its weights are gone; the head reads what it read."
        elif at >= len(dense):
            dense.append(goal[at])
            change = f"Dense {at + 1}: a further layer of {goal[at].units} units"
            why = "It has a weight for every value it reads, and a bias, for each unit; the head reads its units."
        elif dense[at] != goal[at]:
            change = f"Dense {at + 1}: {_describe(dense[at])} to {_describe(goal[at])}"
            dense[at] = goal[at]
            why = "Every unit has a weight for every value it reads, and a bias."
        else:
            continue
        walk.update(change, why, dense=tuple(dense))


def _describe(dense: DenseSpec) -> str:
    return f"{dense.units} {dense.activation}"
