"""What a network is made of, row by row: shapes and parameter counts in closed form."""

from dataclasses import dataclass
from typing import Literal

from lstm_core.network.spec import CellKind, LayerSpec, NetworkSpec, thousands
from lstm_core.preparation.padding import PAD_TEXT

Kind = Literal["input", "masking", "lstm", "gru", "rnn", "norm", "dropout", "attention", "dense", "head"]
CELL_NAMES: dict[CellKind, str] = {"lstm": "LSTM", "gru": "GRU", "rnn": "Simple RNN"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerRow:
    """One row of the layer table.

    Attributes
    ----------
    name : "Input", "Masking", "LSTM 1", "Bidirectional GRU 2", "Layer norm 1", "Dropout 1", "Attention", "Dense 1";
        the head is "Dense"
    shape : of the output; None stands for the number of windows
    parameters : how many numbers the layer holds
    trainable : how many of them the training changes by their gradient; the others are averages it keeps
    formula : the count with the numbers filled in
    at : place in `spec.layers`, of a dense row in `spec.dense`, counted from 0; None for input, masking,
        attention and head
    """

    name: str
    kind: Kind
    shape: tuple[int | None, ...]
    parameters: int
    trainable: int
    formula: str
    at: int | None = None


def count_cell(cell: CellKind, units: int, n_inputs: int) -> int:
    """Parameters of one recurrent cell, one direction.

    ====  =====================================================================================================
    cell  parameters
    ====  =====================================================================================================
    lstm  ``4 x (u x (u + d) + u)``: input, forget and output gate and candidate, each with a weight for every
          unit and every input, and a bias
    gru   ``3 x (u x (u + d) + 2 x u)``: update and reset gate and candidate, each with a second bias, for its
          own last output (Keras' `reset_after`)
    rnn   ``u x (u + d) + u``
    ====  =====================================================================================================
    """
    weights = units * (units + n_inputs)
    return {"lstm": 4 * (weights + units), "gru": 3 * (weights + 2 * units), "rnn": weights + units}[cell]


def walks(spec: NetworkSpec, n_features: int) -> tuple[tuple[CellKind, int, int], ...]:
    """Every cell that walks over the window, both directions of a layer apart: its kind, units and inputs."""
    found, width = [], n_features
    for layer in spec.layers:
        directions = 2 if layer.bidirectional else 1
        found += [(layer.cell, layer.units, width)] * directions
        width = directions * layer.units
    return tuple(found)


def count_parameters(spec: NetworkSpec, *, n_features: int, horizon: int) -> int:
    """How many numbers the network holds, averages included (see `LayerRow.trainable`).

    The window length does not matter: every step shares the weights.

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
    rows = [_free("Input", "input", (None, window_length, n_features), "nothing to learn")]
    if spec.masking:
        skips = f"nothing to learn; skips steps that hold only {PAD_TEXT}"
        rows.append(_free("Masking", "masking", (None, window_length, n_features), skips))
    width = n_features
    for at, layer in enumerate(spec.layers):
        whole = spec.attention != "none" or at + 1 < len(spec.layers)
        said = layer.units * (2 if layer.bidirectional else 1)
        shape = (None, window_length, said) if whole else (None, said)
        rows += [_recurrent(layer, at, width, shape), *_behind(layer, at, shape)]
        width = said
    if spec.attention != "none":
        rows.append(_attention(spec, width))
    for at, dense in enumerate(spec.dense):
        rows.append(_dense(f"Dense {at + 1}", "dense", width, dense.units, at))
        width = dense.units
    rows.append(_dense("Dense", "head", width, horizon))
    return tuple(rows)


def layer_name(layer: LayerSpec, at: int) -> str:
    """`LSTM 1`, `Bidirectional GRU 2`; `at` counts from 0."""
    return f"{'Bidirectional ' if layer.bidirectional else ''}{CELL_NAMES[layer.cell]} {at + 1}"


def in_brief(spec: NetworkSpec) -> str:
    """`50 units`, `2 × 50 GRU + 20 units, attention`: sizes, and what is not a plain LSTM."""
    layers = [
        f"{'2 × ' if layer.bidirectional else ''}{layer.units}"
        + ("" if layer.cell == "lstm" else f" {_SHORT_NAMES[layer.cell]}")
        for layer in spec.layers
    ]
    attention = "" if spec.attention == "none" else ", attention"
    return f"{' + '.join(layers)} units{attention}" + (", masking" if spec.masking else "")


def called(spec: NetworkSpec) -> str:
    """What a network is called in a sentence or a legend: `LSTM`, `GRU`, `RNN`, or `network` when it mixes cells."""
    first, *others = spec.layers
    return "network" if any(layer.cell != first.cell for layer in others) else _SHORT_NAMES[first.cell]


_SHORT_NAMES: dict[CellKind, str] = {"lstm": "LSTM", "gru": "GRU", "rnn": "RNN"}


def _recurrent(layer: LayerSpec, at: int, n_inputs: int, shape: tuple[int | None, ...]) -> LayerRow:
    u, d = layer.units, n_inputs
    learned = count_cell(layer.cell, u, d) * (2 if layer.bidirectional else 1)
    formula = {
        "lstm": f"4 × ({u} × ({u} + {d}) + {u})",
        "gru": f"3 × ({u} × ({u} + {d}) + 2 × {u})",
        "rnn": f"{u} × ({u} + {d}) + {u}",
    }[layer.cell]
    if layer.bidirectional:
        formula = f"2 × ({formula})" if layer.cell == "rnn" else f"2 × {formula}"
    return LayerRow(
        name=layer_name(layer, at),
        kind=layer.cell,
        shape=shape,
        parameters=learned,
        trainable=learned,
        formula=f"{formula} = {thousands(learned)}",
        at=at,
    )


def _behind(layer: LayerSpec, at: int, shape: tuple[int | None, ...]) -> list[LayerRow]:
    """Normalisation and dropout behind a recurrent layer."""
    rows, width = [], shape[-1] or 0
    if layer.normalization == "layer":
        formula = f"2 × {width} = {thousands(2 * width)}"
        name, held, trained = f"Layer norm {at + 1}", 2 * width, 2 * width
        rows.append(_norm(name, shape, at, held=held, trained=trained, formula=formula))
    elif layer.normalization == "batch":
        formula = f"4 × {width} = {thousands(4 * width)}, half of them averages that are not trained"
        name, held, trained = f"Batch norm {at + 1}", 4 * width, 2 * width
        rows.append(_norm(name, shape, at, held=held, trained=trained, formula=formula))
    if layer.dropout > 0:
        formula = f"nothing to learn; hides {layer.dropout:.0%} while training"
        rows.append(_free(f"Dropout {at + 1}", "dropout", shape, formula, at))
    return rows


def _norm(
    name: str, shape: tuple[int | None, ...], at: int, *, held: int, trained: int, formula: str
) -> LayerRow:
    return LayerRow(
        name=name, kind="norm", shape=shape, parameters=held, trainable=trained, formula=formula, at=at
    )


def _free(
    name: str, kind: Kind, shape: tuple[int | None, ...], formula: str, at: int | None = None
) -> LayerRow:
    return LayerRow(name=name, kind=kind, shape=shape, parameters=0, trainable=0, formula=formula, at=at)


def _attention(spec: NetworkSpec, width: int) -> LayerRow:
    learned = 1 if spec.attention == "dot" else width
    return LayerRow(
        name="Attention",
        kind="attention",
        shape=(None, width),
        parameters=learned,
        trainable=learned,
        formula="1 scale for all scores" if spec.attention == "dot" else f"{width} scales, one per value",
    )


def _dense(name: str, kind: Kind, n_inputs: int, units: int, at: int | None = None) -> LayerRow:
    learned = n_inputs * units + units
    formula = f"{n_inputs} × {units} + {units} = {thousands(learned)}"
    return LayerRow(
        name=name,
        kind=kind,
        shape=(None, units),
        parameters=learned,
        trainable=learned,
        formula=formula,
        at=at,
    )
