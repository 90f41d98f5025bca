"""The Training page as its tests open and read it."""

from streamlit.testing.v1 import AppTest

from lstm_core.runs.store import Run
from lstm_core.series.source import SeriesSource
from lstm_core.training.events import (
    EpochEnded,
    RunStarted,
)
from pages._shell.state import Journey

SUNSPOTS = SeriesSource(kind="sample", sample="sunspots")


STARTED = RunStarted(n_parameters=10, n_train=200, n_validation=20, n_test=60, epochs=100)


def epochs(*losses: float) -> list[EpochEnded]:
    return [
        EpochEnded(epoch=number, loss=loss, val_loss=2 * loss, seconds=0.5 * number)
        for number, loss in enumerate(losses, start=1)
    ]


def on_page(app: AppTest, run: Run | None = None, **choices) -> AppTest:
    selected = None if run is None else run.run_id
    app.session_state["_journey"] = Journey(source=SUNSPOTS, selected_run=selected, **choices)
    app.run().switch_page("pages/training.py").run()
    assert not app.exception
    return app


def text_of(app: AppTest) -> str:
    boxes = [*app.success, *app.warning, *app.error, *app.info]
    return " ".join(part.value for part in [*boxes, *app.markdown, *app.caption])


def progress(app: AppTest) -> str:
    return app.get("progress")[0].proto.text


def buttons(app: AppTest) -> dict[str, bool]:
    """Steering buttons on the page, by key: whether they can be pressed."""
    wanted = ("pause", "resume", "step", "finish", "cancel", "go_on", "longer")
    return {button.key: not button.disabled for button in app.button if button.key in wanted}
