"""A run that learned a quantile is judged as one on every page, and one of the median as a forecast of the middle."""

import pytest

from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.training.plan import TrainingPlan
from pages._shell.state import Journey
from tests.pages.finished import finish_run
from tests.pages.studied import words

MIDDLE = ("beats repeating", "worse than repeating", "as good as repeating", "no bias is seen", "no copy")


@pytest.fixture
def open_page(app, store, series):
    """Open a page on a run that learned a quantile, two steps ahead."""

    def look(page, quantile):
        preparation = PreparationSpec(target=series.columns[0], window=WindowSpec(length=11, horizon=2))
        plan = TrainingPlan(loss="pinball", quantile=quantile)
        run = finish_run(store, series, preparation, plan=plan)
        app.session_state["_journey"] = Journey(selected_run=run.run_id)
        app.run().switch_page(page).run()
        assert not app.exception
        return words(app)

    return look


def test_the_forecast_is_judged_by_its_pinball_loss(open_page):
    said = open_page("pages/forecast.py", 0.9)
    assert "learned the quantile 0.9, meant to lie above 90% of the truths" in said
    assert "Its pinball loss is" in said
    assert "over all 2 steps ahead" in said
    assert "cannot judge it" in said
    assert not any(one in said for one in MIDDLE)


def test_its_residuals_are_meant_to_lie_on_one_side(open_page):
    said = open_page("pages/residuals.py", 0.9)
    assert "its residuals are meant to lie on one side of 0" in said
    assert "of the truths lie below the forecast, 90% should" in said
    assert "By the pinball loss over the horizon" in said
    assert "Bars are the mean pinball loss of each group" in said
    assert "MAE" not in said
    assert not any(one in said for one in MIDDLE)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("pages/doctor.py", "judges forecasts of the middle; this run learned the quantile 0.9"),
        ("pages/debugging.py", "This run learned the quantile 0.9."),
    ],
)
def test_rules_of_the_middle_say_nothing_of_it(open_page, page, expected):
    said = open_page(page, 0.9)
    assert expected in said
    assert "wait for a training" not in said  # it has had one
    assert ("Nothing found" in said) == ("this is no all-clear" in said)


def test_the_median_is_the_middle(open_page):
    said = open_page("pages/forecast.py", 0.5)
    assert "repeating the last value" in said
    assert "learned the quantile" not in said
