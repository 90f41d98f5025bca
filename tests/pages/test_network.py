"""The network page: layers, parameters and shapes follow every change; presets load; mistakes are told in words."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.network.counts import layer_table
from lstm_core.network.presets import PRESETS
from lstm_core.network.spec import DenseSpec, LayerSpec, NetworkSpec, thousands
from lstm_core.preparation.defaults import default_preparation
from lstm_core.series.source import SeriesSource, load_source
from pages._shell.state import Journey

N_LAYERS = "n_layers"
PENALTIES = {"l1": 0.001, "l2": 0.01, "recurrent_l1": 0.002, "recurrent_l2": 0.02}


@pytest.fixture
def shown(app_with_sample: AppTest) -> AppTest:
    at = app_with_sample.switch_page("pages/network.py").run()
    assert not at.exception
    return at


def journey(at: AppTest) -> Journey:
    return at.session_state["_journey"]


def verdicts(at: AppTest) -> str:
    return " ".join(box.value for kind in ("info", "warning", "error", "success") for box in at.get(kind))


def frame(at: AppTest, name: str) -> pd.DataFrame:
    """One of the tables; AppTest does not know the key of a table nobody can select in."""
    assert len(at.dataframe) == 5
    return at.dataframe[["layers", "shapes", "preset", "preset_beside", "growth"].index(name)].value


def layers(at: AppTest) -> dict[str, tuple[str, str]]:
    return {row[1]: (row[2], row[3]) for row in frame(at, "layers").itertuples()}


def test_the_default_network_with_its_numbers(shown):
    assert layers(shown)["LSTM 1"] == ("(None, 50)", "10\u202f400")
    assert layers(shown)["Total"][1] == "10\u202f451"
    assert "10\u202f451 numbers to learn" in verdicts(shown)
    assert "`(None, 24, 1) → (None, 50) → (None, 1)`" in [text.value for text in shown.markdown]
    assert "4 × (50 × (50 + 1) + 50) = 10\u202f400" in frame(shown, "layers").Formula.tolist()


def test_every_change_is_live_and_kept(shown):
    shown.number_input(key="units_0").set_value(32).run()
    assert layers(shown)["Total"][1] == "4\u202f385"
    shown.segmented_control(key=N_LAYERS).set_value(2).run()
    assert layers(shown)["LSTM 1"][0] == "(None, 24, 32)"
    shown.slider(key="dropout_1").set_value(0.2).run()
    assert "Dropout 2" in layers(shown)
    shown.slider(key="recurrent_dropout_0").set_value(0.1).run()
    assert not shown.exception
    kept = journey(shown).network.layers
    assert [(layer.units, layer.dropout, layer.recurrent_dropout) for layer in kept] == [
        (32, 0, 0.1),
        (32, 0.2, 0),
    ]
    shown.switch_page("pages/start.py").run()
    shown.switch_page("pages/network.py").run()
    assert shown.slider(key="dropout_1").value == 0.2
    assert journey(shown).network.layers == kept


def test_a_layer_appears_and_vanishes(shown):
    shown.segmented_control(key=N_LAYERS).set_value(3).run()
    assert shown.number_input(key="units_2").value == 50
    shown.segmented_control(key=N_LAYERS).set_value(1).run()
    assert len(journey(shown).network.layers) == 1
    assert not shown.exception


def box(at: AppTest, key: str) -> str:
    """Warnings inside the box of a layer, or of what stands behind the layers."""
    found = [one for one in at.get("flex_container") if one.proto.id.endswith(f"-{key}")]
    return " ".join(warning.value for one in found for warning in one.get("warning"))


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
@pytest.mark.parametrize("attention", ["none", "dot", "additive"])
def test_f31_f32_everything_a_network_can_be_made_of(shown, cell, attention):
    shown.selectbox(key="cell_0").set_value(cell)
    shown.number_input(key="units_0").set_value(6)
    shown.toggle(key="bidirectional_0").set_value(True)
    shown.selectbox(key="normalization_0").set_value("batch")
    for name, value in PENALTIES.items():
        shown.number_input(key=f"{name}_0").set_value(value)
    shown.segmented_control(key="attention").set_value(attention)
    shown.segmented_control(key="n_dense").set_value(2).run()
    shown.number_input(key="dense_units_1").set_value(5)
    shown.selectbox(key="dense_activation_1").set_value("linear").run()
    assert not shown.exception
    built = journey(shown).network
    assert built == NetworkSpec(
        layers=(LayerSpec(cell=cell, units=6, bidirectional=True, normalization="batch", **PENALTIES),),
        attention=attention,
        dense=(DenseSpec(), DenseSpec(units=5, activation="linear")),
    )
    table = layer_table(built, n_features=1, window_length=24, horizon=1)
    assert layers(shown)["Total"][1] == thousands(sum(row.parameters for row in table))
    trained = sum(row.trainable for row in table)
    assert f"{thousands(trained)} numbers to learn" in verdicts(shown)
    assert "24 more are averages of batch normalisation" in verdicts(shown)
    assert any("batch normalisation, L1 0.001, L2 0.01" in text.value for text in shown.caption)
    # what was chosen comes back from the address and after another page
    shown.switch_page("pages/start.py").run()
    shown.switch_page("pages/network.py").run()
    assert shown.number_input(key="recurrent_l2_0").value == PENALTIES["recurrent_l2"]
    assert shown.segmented_control(key="n_dense").value == 2
    assert journey(shown).network == built


def test_c33_four_layers_are_the_most_and_each_has_its_own_cell(shown):
    shown.segmented_control(key=N_LAYERS).set_value(4).run()
    for at, cell in enumerate(("lstm", "gru", "rnn", "lstm")):
        shown.selectbox(key=f"cell_{at}").set_value(cell)
    shown.run()
    assert not shown.exception
    assert [layer.cell for layer in journey(shown).network.layers] == ["lstm", "gru", "rnn", "lstm"]
    assert {"LSTM 1", "GRU 2", "Simple RNN 3", "LSTM 4"} <= set(layers(shown))


def test_f34_a_warning_stands_in_the_box_of_its_control(shown):
    shown.number_input(key="units_0").set_value(10)
    shown.segmented_control(key=N_LAYERS).set_value(2).run()
    shown.number_input(key="units_1").set_value(10).run()
    assert not shown.warning
    shown.selectbox(key="activation_1").set_value("relu").run()
    assert "Layer 2 uses relu" in box(shown, "layer_1")
    assert "relu" not in box(shown, "layer_0")
    assert "A choice below is unsafe" in shown.warning[0].value
    shown.slider(key="recurrent_dropout_0").set_value(0.5).run()
    assert "hides 50% of its state" in box(shown, "layer_0")
    assert "2 choices below are unsafe" in shown.warning[0].value
    assert not shown.exception


def test_e8_the_head_is_linear_and_the_page_says_why(shown):
    told = " ".join(text.value for text in shown.markdown)
    assert "Head: linear" in told
    assert all(word in told for word in ("sigmoid", "yes or a no", "softmax", "classes", "tanh"))


def test_loading_an_example_can_be_undone(shown):
    shown.number_input(key="units_0").set_value(33).run()
    mine = journey(shown).network
    shown.button(key="width_200_load").click().run()
    assert journey(shown).network == PRESETS["200 units"].network
    assert shown.number_input(key="units_0").value == 200
    shown.button(key="network_undo").click().run()
    assert not shown.exception
    assert journey(shown).network == mine
    assert shown.number_input(key="units_0").value == 33
    assert not any(button.key == "network_undo" for button in shown.button)


def test_a_number_typed_right_before_the_click_on_an_example_comes_back_with_the_undo(shown):
    shown.number_input(key="units_0").set_value(33)
    shown.button(key="width_200_load").click().run()
    assert shown.number_input(key="units_0").value == 200
    shown.button(key="network_undo").click().run()
    assert shown.number_input(key="units_0").value == 33
    assert journey(shown).network.layers[0].units == 33


def test_the_undo_goes_when_something_is_changed(shown):
    shown.button(key="width_32_load").click().run()
    assert any(button.key == "preset_undo" for button in shown.button)
    shown.number_input(key="units_0").set_value(31).run()
    assert not any(button.key == "preset_undo" for button in shown.button)


def test_c34_four_widths_with_their_counts(shown):
    told = " ".join(text.value for text in shown.markdown)
    for units, count in (
        (32, "4\u202f385"),
        (50, "10\u202f451"),
        (100, "40\u202f901"),
        (200, "161\u202f801"),
    ):
        assert f"**{units} units**  \n{count} parameters" in told
        shown.button(key=f"width_{units}_load").click().run()
        assert layers(shown)["Total"][1] == count


def test_e4_trained_and_not_trained_numbers(shown):
    shown.selectbox(key="preset").set_value("plain")
    shown.selectbox(key="preset_beside").set_value("regularised").run()
    assert frame(shown, "preset").Parameters.iloc[-1] == "46\u202f501"
    total = frame(shown, "preset_beside").iloc[-1]
    assert (total.Parameters, total.Formula) == (
        "46\u202f901",
        "46\u202f701 trained, 200 averages",
    )
    assert not shown.exception


def test_ones_own_network_can_be_compared_with_an_example(shown):
    shown.number_input(key="units_0").set_value(32)
    shown.selectbox(key="preset").set_value("yours").run()
    assert frame(shown, "preset").Parameters.iloc[-1] == "4\u202f385"
    assert frame(shown, "growth").Parameters.iloc[[0, -1]].tolist() == ["4\u202f385", "74\u202f651"]


def test_the_code_is_the_recipe_with_this_network(shown):
    shown.segmented_control(key="attention").set_value("dot").run()
    shown.session_state["code"] = True
    shown.run()
    (code,) = shown.code
    for name in ("def build_network", "def build_recurrent", "def attend", "def build_optimizer"):
        assert name in code.value
    assert "'attention': 'dot'" in code.value
    assert "'cell': 'lstm'" in code.value


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_w6_an_unsafe_activation_is_cautioned(shown, activation):
    assert f"uses {activation}" not in verdicts(shown)
    shown.selectbox(key="activation_0").set_value(activation).run()
    assert f"Layer 1 uses {activation}" in " ".join(box.value for box in shown.warning)
    assert not shown.exception


def test_a5_a_layer_that_hands_on_one_step_is_a_message_not_a_stack_trace(shown):
    shown.segmented_control(key=N_LAYERS).set_value(2).run()
    assert shown.selectbox(key="return_sequences_0").value == "automatic"
    shown.selectbox(key="return_sequences_0").set_value("last step").run()
    assert not shown.exception
    assert "needs a sequence" in shown.error[0].value
    assert journey(shown).network.layers[0].return_sequences is None
    shown.selectbox(key="return_sequences_0").set_value("every step").run()
    assert not shown.error
    assert layers(shown)["LSTM 2"] == ("(None, 50)", "20\u202f200")


def test_every_preset_shows_its_own_numbers_and_loads_with_one_click(shown):
    for name, preset in PRESETS.items():
        shown.selectbox(key="preset_beside").set_value("basic" if name == "sensor" else "sensor")
        shown.selectbox(key="preset").set_value(name).run()
        assert frame(shown, "preset").Parameters.iloc[-1] == thousands(preset.n_parameters)
        shown.button(key="preset_load").click().run()
        assert not shown.exception
        assert journey(shown).network == preset.network
        assert shown.number_input(key="units_0").value == preset.network.layers[0].units


def test_a4_two_presets_side_by_side_with_what_each_change_costs(shown):
    grown = frame(shown, "growth")
    assert grown.Parameters.iloc[0] == "10\u202f851"
    assert grown.Parameters.iloc[-1] == "74\u202f651"
    assert any("× 6.88" in text.value for text in shown.markdown)


def test_b116_what_cannot_fit_is_refused_with_numbers(app, monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_MEMORY_BUDGET_MB", "64")
    app.session_state["_journey"] = Journey(source=SeriesSource(kind="sample", sample="sunspots"))
    at = app.run().switch_page("pages/network.py").run()
    at.segmented_control(key=N_LAYERS).set_value(3).run()
    for layer in range(3):
        at.number_input(key=f"units_{layer}").set_value(512)
    at.run()
    assert not at.exception
    assert "needs about" in at.error[0].value
    assert layers(at)["Total"][1] == thousands(5_251_585)


def test_without_a_series_the_page_says_what_is_missing(app):
    at = app.run().switch_page("pages/network.py").run()
    assert not at.exception
    assert "no series yet" in at.info[0].value


def test_b2_b3_b4_shapes_of_other_data(shown):
    shapes = frame(shown, "shapes").iloc[:, 1].tolist()
    assert {"(32, 10, 1)", "(16, 20, 100)", "(64, 50, 3)"} <= set(shapes)


def test_a9_a_run_on_other_columns_is_refused_and_another_length_is_welcome(app_with_run):
    at = app_with_run.switch_page("pages/network.py").run()
    assert "Yes: made reads 1 column per step" in at.info[1].value
    chosen = journey(at)
    columns = default_preparation(load_source(chosen.source, lambda sha256: b""))
    longer = columns.model_copy(update={"window": columns.window.model_copy(update={"length": 36})})
    at.session_state["_journey"] = chosen.model_copy(update={"preparation": longer})
    at.run()
    assert "36 steps (trained on 24) need no new weights" in at.info[1].value
    macro = SeriesSource(kind="sample", sample="macrodata")
    series = load_source(macro, lambda sha256: b"")
    wider = default_preparation(series, features=series.columns[1:3])
    at.session_state["_journey"] = chosen.model_copy(update={"source": macro, "preparation": wider})
    at.run()
    assert not at.exception
    assert "reads 1 input column and is offered 3 input columns" in at.warning[0].value
    assert "Only the kernel of the first layer must change, from 1 to 3 rows" in at.warning[0].value
