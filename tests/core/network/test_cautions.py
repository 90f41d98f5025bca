"""Unsafe choices are named with the control, the reason and what to do; safe ones are left in peace (F34)."""

import pytest

from lstm_core.network.cautions import cautions
from lstm_core.network.presets import PRESETS
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.cautions import Caution


def found(
    *layers: LayerSpec,
    attention: str = "none",
    n_windows: int = 10**6,
    window_length: int = 20,
    clipnorm: float | None = 1.0,
) -> tuple[Caution, ...]:
    spec = NetworkSpec(layers=layers, attention=attention)
    return cautions(spec, n_windows=n_windows, window_length=window_length, clipnorm=clipnorm)


def only(*layers: LayerSpec, **choices) -> Caution:
    (caution,) = found(*layers, **choices)
    return caution


def test_the_default_and_everything_a_careful_person_chooses_are_safe():
    assert found(LayerSpec()) == ()
    careful = LayerSpec(
        cell="gru", bidirectional=True, normalization="layer", dropout=0.5, recurrent_dropout=0.3, l2=0.01
    )
    assert found(careful, careful, attention="additive") == ()


def test_w6_relu_grows_and_without_a_clip_norm_it_is_worse():
    held = only(LayerSpec(), LayerSpec(activation="relu"))
    assert held.field == "activation_1"
    assert held.what.startswith("Layer 2 uses relu: it has no upper limit, so the cell state can grow")
    assert "keep the clip norm at 1" in held.what
    loose = only(LayerSpec(cell="gru", activation="relu"), clipnorm=None)
    assert "so the state can grow" in loose.what
    assert "set a clip norm of 1" in loose.what


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
def test_e8_sigmoid_inside_a_cell_is_cautioned(cell):
    caution = only(LayerSpec(cell=cell, activation="sigmoid"))
    assert caution.field == "activation_0"
    assert "never negative" in caution.what
    assert "Use tanh" in caution.what


def test_w38_batch_norm_is_cautioned_only_where_it_mixes_steps():
    between = only(LayerSpec(normalization="batch"), LayerSpec())
    assert between.field == "normalization_0"
    assert "Layer normalisation" in between.what
    assert only(LayerSpec(normalization="batch"), attention="dot").field == "normalization_0"
    assert found(LayerSpec(normalization="batch")) == ()  # behind the last step there is only one


def test_much_dropout_says_what_it_hides():
    assert only(LayerSpec(dropout=0.55)).field == "dropout_0"
    caution = only(LayerSpec(), LayerSpec(recurrent_dropout=0.4))
    assert caution.field == "recurrent_dropout_1"
    assert "40%" in caution.what
    assert "the same units at every step" in caution.what


@pytest.mark.parametrize("name", ["l1", "l2", "recurrent_l1", "recurrent_l2"])
def test_a_penalty_that_outweighs_the_error(name):
    assert only(LayerSpec(**{name: 0.2})).field == f"{name}_0"
    assert found(LayerSpec(**{name: 0.1})) == ()


def test_a_simple_rnn_forgets_long_windows():
    assert only(LayerSpec(cell="rnn"), window_length=21).field == "cell_0"
    assert found(LayerSpec(cell="rnn"), window_length=20) == ()


def test_attention_on_one_step_has_nothing_to_weigh():
    assert only(LayerSpec(), attention="dot", window_length=1).field == "attention"
    assert found(LayerSpec(), attention="dot", window_length=2) == ()


def test_a_network_far_larger_than_its_windows_names_its_widest_layer():
    caution = only(LayerSpec(units=10), LayerSpec(units=100), n_windows=100)
    assert caution.field == "units_1"
    assert "More than 100 numbers are to be learned for each of the 100 train windows" in caution.what
    assert found(LayerSpec(units=50), n_windows=105) == ()
    assert len(found(LayerSpec(units=50), n_windows=104)) == 1  # 10 451 numbers


@pytest.mark.parametrize("name", PRESETS)
def test_the_presets_themselves_are_safe(name):
    preset = PRESETS[name]
    told = cautions(preset.network, n_windows=2_000, window_length=preset.window_length, clipnorm=1.0)
    assert told == ()


def about_masking(*, masking: bool, n_padded: int, held: Caution | None = None) -> list[tuple[str, str]]:
    told = cautions(
        NetworkSpec(masking=masking),
        n_windows=10**6,
        window_length=20,
        clipnorm=1.0,
        n_padded=n_padded,
        held=lambda: held,
    )
    return [(one.field, one.what) for one in told]


def test_f34_padding_and_masking_belong_together():
    assert about_masking(masking=False, n_padded=0) == about_masking(masking=True, n_padded=7) == []
    ((field, what),) = about_masking(masking=False, n_padded=7)
    assert field == "masking"
    assert "takes the −10 in 7 padded windows for data" in what
    ((field, what),) = about_masking(masking=True, n_padded=0)
    assert field == "masking"
    assert "nothing to skip" in what


def test_f34_data_that_hold_the_mask_value_are_told_only_where_there_is_masking():
    held = Caution(what="3 rows of data are −10.", field="masking")
    assert about_masking(masking=False, n_padded=0, held=held) == []
    for n_padded in (0, 7):
        assert about_masking(masking=True, n_padded=n_padded, held=held) == [("masking", held.what)]
