"""Shapes and parameter counts in closed form, cautions, and specs that cannot work."""

import pytest
from pydantic import ValidationError

from lstm_core.errors import NetworkError, explain_validation
from lstm_core.network.spec import LayerSpec, NetworkSpec, cautions, count_parameters, layer_table


def network(*units: int) -> NetworkSpec:
    return NetworkSpec(layers=tuple(LayerSpec(units=u) for u in units))


def test_table_shows_shapes_and_filled_formulas():
    table = layer_table(network(50), n_features=1, window_length=24, horizon=1)
    assert [(row.name, row.shape, row.parameters) for row in table] == [
        ("Input", (None, 24, 1), 0),
        ("LSTM 1", (None, 50), 10_400),
        ("Dense", (None, 1), 51),
    ]
    assert table[1].formula == "4 × (50 × (50 + 1) + 50) = 10\u2009400"
    assert table[2].formula == "50 × 1 + 1 = 51"


def test_formulas_are_arithmetic_that_is_true():
    spec = NetworkSpec(layers=(LayerSpec(units=7, dropout=0.3), LayerSpec(units=5), LayerSpec(units=3)))
    for row in layer_table(spec, n_features=4, window_length=9, horizon=6):
        if row.kind in ("lstm", "dense"):
            left, right = row.formula.replace("\u2009", "").replace("×", "*").split(" = ")
            product = eval(left)  # noqa: S307 - our own text
            assert product == int(right) == row.parameters


def test_every_layer_but_the_last_hands_on_the_sequence():
    spec = NetworkSpec(layers=(LayerSpec(units=100), LayerSpec(units=50, dropout=0.2)))
    table = layer_table(spec, n_features=10, window_length=30, horizon=1)
    assert [(row.name, row.shape, row.parameters) for row in table[1:]] == [
        ("LSTM 1", (None, 30, 100), 44_400),
        ("LSTM 2", (None, 50), 30_200),
        ("Dropout 2", (None, 50), 0),
        ("Dense", (None, 1), 51),
    ]


@pytest.mark.parametrize(("units", "expected"), [(32, 4385), (50, 10451), (100, 40901), (200, 161801)])
def test_c34_units(units: int, expected: int):
    assert count_parameters(network(units), n_features=1, horizon=1) == expected


def test_w6_relu_and_sigmoid_are_cautioned_with_the_reason():
    spec = NetworkSpec(layers=(LayerSpec(), LayerSpec(activation="relu"), LayerSpec(activation="sigmoid")))
    relu, sigmoid = cautions(spec)
    assert relu.startswith("Layer 2 uses relu")
    assert "grow" in relu
    assert "clip norm" in relu
    assert sigmoid.startswith("Layer 3 uses sigmoid")
    assert cautions(network(50, 20)) == ()


def test_a5_a_layer_that_hands_over_one_step_to_another_layer_says_what_to_do():
    with pytest.raises(NetworkError, match="needs a sequence") as caught:
        NetworkSpec(layers=(LayerSpec(return_sequences=False), LayerSpec()))
    assert caught.value.field == "return_sequences_0"
    assert "Turn 'return sequences' on" in caught.value.message


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("units", 10**6),
        ("units", 0),
        ("dropout", 1.0),
        ("dropout", float("nan")),
        ("recurrent_dropout", -0.1),
    ],
)
def test_b116_b119_extremes_are_range_errors_with_the_limit(field: str, value: float):
    with pytest.raises(ValidationError) as caught:
        LayerSpec(**{field: value})
    message = explain_validation(caught.value, kind=NetworkError).message
    assert field in message
    assert "Expected: at" in message


def test_b116_fifty_layers_are_refused():
    with pytest.raises(ValidationError, match="at most 4"):
        NetworkSpec(layers=(LayerSpec(),) * 50)
