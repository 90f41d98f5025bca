"""Titles of axes: the name with its unit, which is said once."""

from lstm_core.figures.theme import axis_label


def test_an_axis_says_a_unit_once():
    assert axis_label("co2 [ppm]", "ppm") == "co2 [ppm]"
    assert axis_label("Temp (°C)", "°C") == "Temp (°C)"
    assert axis_label("co2 [ppm]", "ppb") == "co2 [ppm] [ppb]"
