"""The network page: layers, parameters and shapes follow every change; presets load; mistakes are told in words."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.network.presets import PRESETS
from lstm_core.network.spec import thousands
from lstm_core.preparation.defaults import default_preparation
from lstm_core.series.source import SeriesSource, load_source
from pages._shell.state import Journey

N_LAYERS = "n_layers"


@pytest.fixture
def page(app_with_sample: AppTest) -> AppTest:
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


def test_the_default_network_with_its_numbers(page):
    assert layers(page)["LSTM 1"] == ("(None, 50)", "10\u2009400")
    assert layers(page)["Total"][1] == "10\u2009451"
    assert "10\u2009451 numbers to learn" in verdicts(page)
    assert "`(None, 24, 1) → (None, 50) → (None, 1)`" in [text.value for text in page.markdown]
    assert "4 × (50 × (50 + 1) + 50) = 10\u2009400" in frame(page, "layers").Formula.tolist()


def test_every_change_is_live_and_kept(page):
    page.number_input(key="units_0").set_value(32).run()
    assert layers(page)["Total"][1] == "4\u2009385"
    page.segmented_control(key=N_LAYERS).set_value(2).run()
    assert layers(page)["LSTM 1"][0] == "(None, 24, 32)"
    page.slider(key="dropout_1").set_value(0.2).run()
    assert "Dropout 2" in layers(page)
    page.slider(key="recurrent_dropout_0").set_value(0.1).run()
    assert not page.exception
    kept = journey(page).network.layers
    assert [(layer.units, layer.dropout, layer.recurrent_dropout) for layer in kept] == [
        (32, 0, 0.1),
        (32, 0.2, 0),
    ]
    page.switch_page("pages/start.py").run()
    page.switch_page("pages/network.py").run()
    assert page.slider(key="dropout_1").value == 0.2
    assert journey(page).network.layers == kept


def test_a_layer_appears_and_vanishes(page):
    page.segmented_control(key=N_LAYERS).set_value(3).run()
    assert page.number_input(key="units_2").value == 50
    page.segmented_control(key=N_LAYERS).set_value(1).run()
    assert len(journey(page).network.layers) == 1
    assert not page.exception


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_w6_an_unsafe_activation_is_cautioned(page, activation):
    assert f"uses {activation}" not in verdicts(page)
    page.selectbox(key="activation_0").set_value(activation).run()
    assert f"Layer 1 uses {activation}" in " ".join(box.value for box in page.warning)
    assert not page.exception


def test_a5_a_layer_that_hands_on_one_step_is_a_message_not_a_stack_trace(page):
    page.segmented_control(key=N_LAYERS).set_value(2).run()
    page.selectbox(key="return_sequences_0").set_value(False).run()
    assert not page.exception
    assert "needs a sequence" in page.error[0].value
    assert journey(page).network.layers[0].return_sequences is None
    page.selectbox(key="return_sequences_0").set_value(True).run()
    assert not page.error
    assert layers(page)["LSTM 2"] == ("(None, 50)", "20\u2009200")


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_shows_its_own_numbers_and_loads_with_one_click(page, name):
    other = "basic" if name == "sensor" else "sensor"
    page.selectbox(key="preset_beside").set_value(other).run()
    page.selectbox(key="preset").set_value(name).run()
    shown = frame(page, "preset")
    assert shown.Parameters.iloc[-1] == thousands(PRESETS[name].n_parameters)
    page.button(key="preset_load").click().run()
    assert not page.exception
    assert journey(page).network == PRESETS[name].network
    assert page.number_input(key="units_0").value == PRESETS[name].network.layers[0].units


def test_a4_two_presets_side_by_side_with_what_each_change_costs(page):
    grown = frame(page, "growth")
    assert grown.Parameters.iloc[0] == "10\u2009851"
    assert grown.Parameters.iloc[-1] == "74\u2009651"
    assert any("× 6.88" in text.value for text in page.markdown)


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


def test_b2_b3_b4_shapes_of_other_data(page):
    shapes = frame(page, "shapes").iloc[:, 1].tolist()
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
