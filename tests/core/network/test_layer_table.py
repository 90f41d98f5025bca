"""Shapes and parameter counts in closed form, and specs that cannot work."""

import pytest
from pydantic import ValidationError

from lstm_core.errors import NetworkError, explain_validation
from lstm_core.network.counts import called, count_parameters, in_brief, layer_table, walks
from lstm_core.network.spec import DenseSpec, LayerSpec, NetworkSpec


def network(*units: int) -> NetworkSpec:
    return NetworkSpec(layers=tuple(LayerSpec(units=u) for u in units))


def test_table_shows_shapes_and_filled_formulas():
    table = layer_table(network(50), n_features=1, window_length=24, horizon=1)
    assert [(row.name, row.shape, row.parameters) for row in table] == [
        ("Input", (None, 24, 1), 0),
        ("LSTM 1", (None, 50), 10_400),
        ("Dense", (None, 1), 51),
    ]
    assert table[1].formula == "4 × (50 × (50 + 1) + 50) = 10\u202f400"
    assert table[2].formula == "50 × 1 + 1 = 51"


RICH = NetworkSpec(
    layers=(
        LayerSpec(units=7, dropout=0.3, bidirectional=True, normalization="batch"),
        LayerSpec(cell="gru", units=5, normalization="layer"),
        LayerSpec(cell="rnn", units=4, bidirectional=True),
        LayerSpec(cell="gru", units=3, bidirectional=True, dropout=0.1, recurrent_dropout=0.2, l2=0.1),
    ),
    attention="additive",
    dense=(DenseSpec(units=8), DenseSpec(units=2, activation="linear")),
)


def test_every_row_of_a_rich_network():
    table = layer_table(RICH, n_features=4, window_length=9, horizon=6)
    assert [(row.name, row.kind, row.shape, row.parameters, row.trainable, row.at) for row in table] == [
        ("Input", "input", (None, 9, 4), 0, 0, None),
        ("Bidirectional LSTM 1", "lstm", (None, 9, 14), 672, 672, 0),  # 2 x 4 x (7 x (7 + 4) + 7)
        ("Batch norm 1", "norm", (None, 9, 14), 56, 28, 0),
        ("Dropout 1", "dropout", (None, 9, 14), 0, 0, 0),
        ("GRU 2", "gru", (None, 9, 5), 315, 315, 1),  # 3 x (5 x (5 + 14) + 2 x 5)
        ("Layer norm 2", "norm", (None, 9, 5), 10, 10, 1),
        ("Bidirectional Simple RNN 3", "rnn", (None, 9, 8), 80, 80, 2),  # 2 x (4 x (4 + 5) + 4)
        ("Bidirectional GRU 4", "gru", (None, 9, 6), 234, 234, 3),  # 2 x 3 x (3 x (3 + 8) + 2 x 3)
        ("Dropout 4", "dropout", (None, 9, 6), 0, 0, 3),
        ("Attention", "attention", (None, 6), 6, 6, None),
        ("Dense 1", "dense", (None, 8), 56, 56, 0),
        ("Dense 2", "dense", (None, 2), 18, 18, 1),
        ("Dense", "head", (None, 6), 18, 18, None),
    ]
    assert count_parameters(RICH, n_features=4, horizon=6) == sum(row.parameters for row in table)


def test_formulas_are_arithmetic_that_is_true():
    for row in layer_table(RICH, n_features=4, window_length=9, horizon=6):
        if row.kind in ("lstm", "gru", "rnn", "dense", "head", "norm"):
            told = row.formula.split(", half")[0].replace("\u202f", "").replace("×", "*")
            left, right = told.split(" = ")
            product = eval(left)  # noqa: S307 - our own text
            assert product == int(right) == row.parameters


def test_dot_attention_learns_one_number():
    row = layer_table(
        NetworkSpec(attention="dot", layers=(LayerSpec(units=9),)), n_features=1, window_length=4, horizon=1
    )[2]
    assert (row.name, row.shape, row.parameters) == ("Attention", (None, 9), 1)


def test_a_network_in_brief_names_what_is_not_a_plain_lstm():
    assert in_brief(network(50)) == "50 units"
    assert in_brief(network(50, 20)) == "50 + 20 units"
    assert in_brief(RICH) == "2 × 7 + 5 GRU + 2 × 4 RNN + 2 × 3 GRU units, attention"


def test_a_network_is_called_after_its_cells():
    assert called(network(50, 20)) == "LSTM"
    assert called(NetworkSpec(layers=(LayerSpec(cell="gru"),) * 2)) == "GRU"
    assert called(NetworkSpec(layers=(LayerSpec(cell="rnn", bidirectional=True),))) == "RNN"
    assert called(RICH) == "network"


def test_walks_name_every_direction():
    assert walks(RICH, 4) == (
        ("lstm", 7, 4),
        ("lstm", 7, 4),
        ("gru", 5, 14),
        ("rnn", 4, 5),
        ("rnn", 4, 5),
        ("gru", 3, 8),
        ("gru", 3, 8),
    )


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
