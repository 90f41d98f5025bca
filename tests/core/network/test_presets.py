"""The documents' networks, pinned to the documents' numbers."""

import pytest

from lstm_core.network.counts import layer_table
from lstm_core.network.growth import growth
from lstm_core.network.presets import INPUT_SHAPES, PRESETS, Preset
from lstm_core.network.spec import DenseSpec, LayerSpec, NetworkSpec
from lstm_core.network.summary import preset_frame

PINNED = {
    "first": 10_451,
    "basic": 10_851,
    "sensor": 74_651,
    "shallow": 4_513,
    "deep": 12_833,
    "two columns": 10_651,
    "plain": 46_501,
    "regularised": 46_901,
    "32 units": 4_385,
    "50 units": 10_451,
    "100 units": 40_901,
    "200 units": 161_801,
}


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
    assert (not steps) == (
        PRESETS[before].network == PRESETS[after].network and counts(before) == counts(after)
    )
    assert all(step.why.endswith(".") for step in steps)


def counts(name: str) -> tuple[int, int]:
    return PRESETS[name].n_features, PRESETS[name].horizon


def test_e4_brakes_add_averages_and_nothing_else_to_learn():
    steps = growth(PRESETS["plain"], PRESETS["regularised"])
    assert [(step.change, step.added) for step in steps] == [
        ("Normalisation 1: none to batch", 400),
        ("L2 1: 0 to 0.01", 0),
        ("Dropout 1: 0 to 0.3", 0),
    ]
    preset = PRESETS["regularised"]
    table = layer_table(preset.network, n_features=15, window_length=10, horizon=1)
    assert sum(row.trainable for row in table) == 46_701
    assert preset_frame(preset).Formula.iloc[-1] == "46\u202f701 trained, 200 averages"
    assert preset_frame(PRESETS["plain"]).Formula.iloc[-1] == "all of them are trained"


@pytest.mark.parametrize("name", PRESETS)
def test_two_tables_fit_side_by_side(name):
    """400 pixels hold a formula of 36 letters beside a layer and its count; a longer one scrolls sideways."""
    table = preset_frame(PRESETS[name])
    assert list(table.columns) == ["Layer", "Parameters", "Formula"]
    assert table.Formula.str.len().max() <= 36
    assert table.Formula.iloc[1].startswith("4 × ")


def test_growth_walks_through_every_kind_of_change():
    before = Preset(
        title="before",
        says="",
        network=NetworkSpec(
            layers=(LayerSpec(units=8, return_sequences=True), LayerSpec(units=4)),
            dense=(DenseSpec(units=6),),
        ),
        window_length=5,
        n_features=2,
    )
    after = Preset(
        title="after",
        says="",
        network=NetworkSpec(
            layers=(
                LayerSpec(cell="gru", units=6, bidirectional=True, activation="relu", recurrent_dropout=0.1),
            ),
            attention="additive",
            dense=(DenseSpec(units=3), DenseSpec(units=2, activation="tanh")),
        ),
        window_length=5,
        n_features=3,
        horizon=2,
    )
    there, back = growth(before, after), growth(after, before)
    assert [step.change for step in there] == [
        "Input columns: 2 to 3",
        "LSTM 1: LSTM to GRU",
        "GRU 1: 8 to 6 units",
        "GRU 1: both directions",
        "LSTM 2: the layer of 4 units is gone",
        "Attention: none to additive",
        "Activation 1: tanh to relu",
        "Recurrent dropout 1: 0 to 0.1",
        "Dense 1: 6 relu to 3 relu",
        "Dense 2: a further layer of 2 units",
        "Horizon: 1 to 2",
    ]
    assert before.n_parameters + sum(step.added for step in there) == after.n_parameters
    assert after.n_parameters + sum(step.added for step in back) == before.n_parameters
    assert [step.added for step in there if "dropout" in step.change or "Activation" in step.change] == [0, 0]
    assert there[1].why == "Blocks of weights per layer: 4 before, 3 now."


def test_b2_b3_b4_b6_input_shapes_of_the_document():
    shapes = {shape.name: (shape.batch, shape.steps, shape.n_features) for shape in INPUT_SHAPES}
    assert shapes["Temperature"] == (32, 10, 1)
    assert shapes["Words of a text"] == (16, 20, 100)
    assert shapes["Machine"] == (64, 50, 3)
    assert (shapes["Stock"][2], shapes["ECG"][2]) == (5, 1)
    for shape in INPUT_SHAPES:
        named = shape.columns.split(", ")
        assert len(named) == shape.n_features or "100 numbers" in shape.columns
