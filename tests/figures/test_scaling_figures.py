"""The gate histogram on screen."""

import numpy as np

from lstm_core.figures.scaling import plot_gate_histogram
from lstm_core.figures.theme import LIGHT
from lstm_core.preparation.saturation import GateHistogram


def test_both_shares_are_bars_in_percent():
    noun = GateHistogram(
        edges=np.array([0, 0.5, 1]),
        raw=np.array([0.1, 0.9]),
        scaled=np.array([0.5, 0.5]),
        raw_saturated=0.9,
        scaled_saturated=0.0,
    )
    raw, scaled = plot_gate_histogram(noun, theme=LIGHT).data
    np.testing.assert_allclose(raw.y, [10, 90])
    np.testing.assert_allclose(scaled.y, [50, 50])
    np.testing.assert_allclose(raw.x, [0.25, 0.75])
    assert raw.marker.pattern.shape != scaled.marker.pattern.shape
