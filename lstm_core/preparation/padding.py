"""The one number that fills padded steps and that masking skips."""

from lstm_core.arrays import SeriesValues
from lstm_core.preparation.scaling import Scaler
from lstm_core.recipe import prepare as recipe

PAD_VALUE = -10.0
"""In network units, and exact in float32. Scaled data lie within a few units of 0, so they practically never hold it;
data that are not scaled can, and `count_rows_read_as_padding` says how often."""
PAD_TEXT = f"{PAD_VALUE:g}".replace("-", "−")
"""The same in words."""


def count_rows_read_as_padding(table: SeriesValues, scaler: Scaler) -> int:
    """How many rows masking would skip although they are data: every input, scaled, is `PAD_VALUE`.

    Parameters
    ----------
    table : (time, feature) float64, transformed and not scaled
    """
    scaled = recipe.scale(table, scaler.centre, scaler.spread)
    return int((scaled == PAD_VALUE).all(axis=1).sum())
