"""Networks as tables for people: layers with their totals, and what each change between two networks costs."""

import pandas as pd

from lstm_core.network.counts import LayerRow, count_parameters, layer_table
from lstm_core.network.growth import growth
from lstm_core.network.presets import INPUT_SHAPES, Preset
from lstm_core.network.spec import NetworkSpec, thousands


def shape_text(row: LayerRow) -> str:
    """Write a shape as Keras does: `(None, 24, 1)`."""
    return f"({', '.join(str(size) for size in row.shape)})"


def shape_chain(table: tuple[LayerRow, ...]) -> str:
    """`(None, 24, 1) → (None, 50) → (None, 1)`; what changes no shape is left out."""
    return " → ".join(shape_text(row) for row in table if row.kind not in ("masking", "dropout", "norm"))


def layer_frame(table: tuple[LayerRow, ...]) -> pd.DataFrame:
    """Layer, output shape, parameters and formula, with the total in the last row."""
    rows = [(row.name, shape_text(row), thousands(row.parameters), row.formula) for row in table]
    held, trained = sum(row.parameters for row in table), sum(row.trainable for row in table)
    words = "all of them are trained"
    if trained < held:
        words = f"{thousands(trained)} of them are trained, {thousands(held - trained)} are averages"
    total = ("Total", "", thousands(held), words)
    return pd.DataFrame([*rows, total], columns=["Layer", "Output shape", "Parameters", "Formula"])


def preset_table(preset: Preset) -> tuple[LayerRow, ...]:
    """Layers of a preset on its own input shape."""
    return layer_table(
        preset.network,
        n_features=preset.n_features,
        window_length=preset.window_length,
        horizon=preset.horizon,
    )


def preset_frame(preset: Preset) -> pd.DataFrame:
    """Layer, parameters and formula of a preset, in so few words that two tables fit side by side.

    The shapes are those of `shape_chain`; what a formula comes to stands beside it anyway.
    """
    table = preset_table(preset)
    rows = [(row.name, thousands(row.parameters), _brief(row.formula)) for row in table]
    held, trained = sum(row.parameters for row in table), sum(row.trainable for row in table)
    words = "all of them are trained"
    if trained < held:
        words = f"{thousands(trained)} trained, {thousands(held - trained)} averages"
    total = ("Total", thousands(held), words)
    return pd.DataFrame([*rows, total], columns=["Layer", "Parameters", "Formula"])


def _brief(formula: str) -> str:
    return formula.partition(" = ")[0].removeprefix("nothing to learn; ")


def growth_frame(before: Preset, after: Preset) -> pd.DataFrame:
    """One row per change on the way from one preset to the other, with the parameters it adds."""
    start = ("Start", "", thousands(before.n_parameters), "")
    steps = [
        (
            step.change,
            f"{'+' if step.added >= 0 else '−'}{thousands(abs(step.added))}",
            thousands(step.n_parameters),
            step.why,
        )
        for step in growth(before, after)
    ]
    return pd.DataFrame([start, *steps], columns=["Change", "Adds", "Parameters", "Why"])


def shape_frame(spec: NetworkSpec) -> pd.DataFrame:
    """Input shapes of other data, and how many numbers this network would learn on each, one step ahead."""
    rows = [
        (
            shape.name,
            f"({shape.batch}, {shape.steps}, {shape.n_features})",
            shape.columns,
            thousands(count_parameters(spec, n_features=shape.n_features, horizon=1)),
        )
        for shape in INPUT_SHAPES
    ]
    return pd.DataFrame(rows, columns=["Series", "Batch, steps, columns", "Columns", "Parameters"])
