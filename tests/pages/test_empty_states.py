"""What a page says when it cannot answer, and where it leads."""

import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.preparation.defaults import default_preparation
from lstm_core.runs.sql import SqlStore
from lstm_core.series.samples import load_sample
from lstm_core.series.source import SeriesSource
from lstm_core.training.events import RunCancelled, RunFailed
from lstm_core.training.plan import RunSpec
from pages._shell.state import Journey


@pytest.mark.parametrize("page", ["patterns", "windows", "network", "training"])
def test_a_series_that_cannot_be_read_leads_back_to_its_page(app: AppTest, store_url: str, page: str) -> None:
    lines = "".join(f"{day % 12 + 1:02d}/{day % 10 + 1:02d}/{2000 + day // 12},{day}\n" for day in range(60))
    sha256 = SqlStore(store_url).save_upload("local", b"date,sales\n" + lines.encode(), "both.csv")
    source = SeriesSource(kind="upload", sha256=sha256, file_name="both.csv")
    app.session_state["_journey"] = Journey(source=source)
    app.switch_page(f"pages/{page}.py").run()
    assert "Day first or month first?" in app.error[0].value
    app.button("empty_go").click().run()
    assert not app.exception
    assert [title.value for title in app.title] == ["Series"]


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (RunFailed(cause="diverged", message="It diverged."), "The selected run failed."),
        (RunCancelled(), "The selected run was cancelled."),
    ],
)
def test_a_run_without_a_forecast_says_what_became_of_it(
    app: AppTest, store_url: str, event: RunFailed | RunCancelled, told: str
) -> None:
    store, series = SqlStore(store_url), load_sample("sunspots")
    spec = RunSpec(series_fingerprint=series.fingerprint, preparation=default_preparation(series))
    run = store.create("local", spec, series, name="mine", token="t")
    store.append(run.run_id, event)
    app.session_state["_journey"] = Journey(selected_run=run.run_id)
    app.switch_page("pages/forecast.py").run()
    assert not app.exception
    assert told in app.info[0].value
