"""The documents' networks, pinned to the documents' numbers."""

import pytest

from lstm_core.network.presets import INPUT_SHAPES, PRESETS, growth
from lstm_core.network.spec import layer_table

PINNED = {"first": 10_451, "basic": 10_851, "sensor": 74_651, "shallow": 4_513, "deep": 12_833}


def rows(name: str) -> list[tuple[tuple[int | None, ...], int]]:
    preset = PRESETS[name]
    table = layer_table(
        preset.network,
        n_features=preset.n_features,
        window_length=preset.window_length,
        horizon=preset.horizon,
    )
    return [(row.shape, row.parameters) for row in table]


def test_totals():
    assert {name: preset.n_parameters for name, preset in PRESETS.items()} == PINNED


def test_a1_basic():
    assert rows("basic") == [((None, 30, 3), 0), ((None, 50), 10_800), ((None, 1), 51)]


def test_a3_sensor():
    assert rows("sensor") == [
        ((None, 30, 10), 0),
        ((None, 30, 100), 44_400),
        ((None, 50), 30_200),
        ((None, 50), 0),
        ((None, 1), 51),
    ]


def test_a4_growth_from_basic_to_sensor_adds_up():
    steps = growth(PRESETS["basic"], PRESETS["sensor"])
    assert [(step.change, step.added) for step in steps] == [
        ("Input columns: 3 to 10", 1_400),
        ("LSTM 1: 50 to 100 units", 32_250),
        ("LSTM 2: a further layer of 50 units", 30_150),
        ("Dropout 2: 0 to 0.2", 0),
    ]
    assert PINNED["sensor"] / PINNED["basic"] == pytest.approx(6.88, abs=0.005)


@pytest.mark.parametrize("before", PRESETS)
@pytest.mark.parametrize("after", PRESETS)
def test_growth_ends_at_the_other_network(before: str, after: str):
    steps = growth(PRESETS[before], PRESETS[after])
    assert PINNED[before] + sum(step.added for step in steps) == PINNED[after]
    assert (not steps) == (before == after)


def test_b2_b3_b4_b6_input_shapes_of_the_document():
    shapes = {shape.name: (shape.batch, shape.steps, shape.n_features) for shape in INPUT_SHAPES}
    assert shapes["Temperature"] == (32, 10, 1)
    assert shapes["Words of a text"] == (16, 20, 100)
    assert shapes["Machine"] == (64, 50, 3)
    assert (shapes["Stock"][2], shapes["ECG"][2]) == (5, 1)
    for shape in INPUT_SHAPES:
        named = shape.columns.split(", ")
        assert len(named) == shape.n_features or "100 numbers" in shape.columns
