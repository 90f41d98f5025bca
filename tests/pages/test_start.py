"""Start page and frame: the sample with one click, the strip, the address."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.runs.sql import SqlStore
from lstm_core.series.source import SeriesSource
from lstm_core.training.plan import TrainingPlan
from pages._shell.state import Journey, from_address, to_address


def labels(app: AppTest) -> list[str]:
    return [link.label for link in app.get("page_link")]


def test_an_empty_journey_says_what_is_missing_in_the_strip(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert "Series: :gray[choose]" in labels(app)
    assert app.title[0].value == "LSTM Explorer"


def test_the_walk_leads_to_every_page_in_the_order_of_the_navigation(app: AppTest) -> None:
    app.run()
    assert not app.exception
    walk = [link for link in app.get("page_link") if link.label[0].isdigit()]
    navigation = re.findall(r'"pages/(\w+)\.py",\s+title="([^"]+)"', Path("app.py").read_text())[1:]
    assert [(link.proto.page, link.label) for link in walk] == [
        (path, f"{number} **{title}**") for number, (path, title) in enumerate(navigation, start=1)
    ]


def test_one_click_chooses_the_sunspots_and_goes_on_to_the_patterns(app: AppTest) -> None:
    app.run()
    app.button(key="start_sample").click().run()
    assert not app.exception
    assert app.session_state["_journey"].source == SeriesSource(kind="sample", sample="sunspots")
    assert app.title[0].value == "Patterns"
    assert "Series: **Sunspots**" in labels(app)


def test_the_strip_names_the_default_window_of_a_sample(app: AppTest) -> None:
    app.session_state["_journey"] = Journey(source=SeriesSource(kind="sample", sample="sunspots"))
    app.run()
    assert not app.exception
    assert "Window: **24 → 1** :gray[default]" in labels(app)


def test_a_long_run_name_loses_its_middle_in_the_strip(app: AppTest, finished_run, store_url: str) -> None:
    SqlStore(store_url).rename("local", finished_run.run_id, "Sunspots with a very long name, second try")
    app.session_state["_journey"] = Journey(selected_run=finished_run.run_id)
    app.run()
    assert not app.exception
    (shown,) = app.selectbox(key="run").options
    assert shown == "Sunspots with a … name, second try"
    assert app.selectbox(key="run").value == finished_run.run_id


def test_a_long_run_name_is_cut_between_words(app: AppTest, finished_run, store_url: str) -> None:
    name = "CO2 at Mauna Loa, 24 → 1, differences, 50 units"
    SqlStore(store_url).rename("local", finished_run.run_id, name)
    app.session_state["_journey"] = Journey(selected_run=finished_run.run_id)
    app.run()
    assert not app.exception
    (shown,) = app.selectbox(key="run").options
    assert shown == "CO2 at Mauna … differences, 50 units"


def test_run_names_that_differ_in_the_middle_only_stay_apart(
    app: AppTest, finished_run, store_url: str
) -> None:
    """The select box answers with a label, so no two may be alike."""
    store = SqlStore(store_url)
    spec = finished_run.spec.model_copy(update={"plan": TrainingPlan(epochs=7)})
    series = store.load_series("local", spec.series_fingerprint)
    names = [f"A name whose middle alone tells that it is the {word} of two" for word in ("first", "second")]
    store.rename("local", finished_run.run_id, names[0])
    store.create("local", spec, series, name=names[1], token="other")
    app.session_state["_journey"] = Journey(selected_run=finished_run.run_id)
    app.run()
    assert len(set(app.selectbox(key="run").options)) == 2


def test_the_address_restores_the_choices_in_a_fresh_session(app: AppTest, store_url: str) -> None:
    wanted = Journey(
        source=SeriesSource(kind="sample", sample="nile"),
        network=NetworkSpec(layers=(LayerSpec(units=7), LayerSpec(units=3))),
    )
    app.query_params["journey"] = to_address(wanted)
    app.run()
    assert app.session_state["_journey"] == wanted
    assert "Network: **7 + 3 units**" in labels(app)
    assert app.query_params["journey"] == to_address(wanted)


def test_a_damaged_address_is_said_and_costs_nothing(app: AppTest) -> None:
    app.query_params["journey"] = "AAAA<script>"
    app.run()
    assert not app.exception
    assert any("could not be read" in box.value for box in app.warning)
    assert app.session_state["_journey"] == Journey()


def test_an_unknown_run_in_the_address_leads_back_to_the_runs(app: AppTest) -> None:
    app.query_params["run"] = "z" * 26
    app.run().switch_page("pages/forecast.py").run()
    assert not app.exception
    assert any("does not exist" in box.value for box in app.info)


@given(text=st.text(max_size=300))
def test_any_text_in_the_address_gives_a_journey_or_nothing(text: str) -> None:
    assert from_address(text) is None or isinstance(from_address(text), Journey)


@given(
    units=st.lists(st.integers(1, 512), min_size=1, max_size=3),
    epochs=st.integers(1, 10_000),
    sample=st.sampled_from(["sunspots", "co2", "nile"]),
)
def test_what_goes_into_the_address_comes_out_again(units: list[int], epochs: int, sample: str) -> None:
    wanted = Journey(
        source=SeriesSource(kind="sample", sample=sample),
        network=NetworkSpec(layers=tuple(LayerSpec(units=n) for n in units)),
        plan=TrainingPlan(epochs=epochs),
    )
    assert from_address(to_address(wanted)) == wanted


def test_a_bomb_in_the_address_is_not_inflated() -> None:
    import base64
    import zlib

    bomb = base64.urlsafe_b64encode(zlib.compress(b" " * 50_000_000, 9)).decode()
    assert from_address(bomb) is None


@pytest.mark.parametrize("page", ["patterns", "windows", "network", "training"])
def test_pages_without_a_series_say_so_and_offer_the_sample(app: AppTest, page: str) -> None:
    app.run().switch_page(f"pages/{page}.py").run()
    assert not app.exception


def test_a_page_that_stops_early_still_shows_the_strip_and_writes_the_address(app: AppTest) -> None:
    app.run().switch_page("pages/forecast.py").run()
    app.button(key="empty_sample").click().run()
    assert not app.exception
    assert "Series: **Sunspots**" in labels(app)
    assert from_address(app.query_params["journey"]).source == SeriesSource(kind="sample", sample="sunspots")


def test_every_page_brings_the_style_that_keeps_small_text_readable(app):
    app.switch_page("pages/network.py").run()
    assert any("stSliderThumbValue" in style.proto.body for style in app.get("html"))
