"""Folds and sweeps in the strip: one run stands for all of a study, and a fold's rows are said to be a part."""

from lstm_core.study.folds import FoldSpec
from pages._shell.state import Journey
from tests.pages.studied import backtest, sweep, words


def test_one_run_of_a_study_stands_in_the_run_box_and_the_chosen_one_always(app, store, series, finished_run):
    sweep(store, series, (4, 6, 8))
    folds = backtest(store, series, FoldSpec(n_folds=3, rows=20), done=2)
    app.session_state["_journey"] = Journey(selected_run=folds[0].run_id)
    app.run()
    assert not app.exception
    box = app.selectbox(key="run")
    assert len(box.options) == 3  # the backtest, the sweep, the single run
    assert box.value == folds[0].run_id
    app.session_state["_journey"] = Journey(selected_run=finished_run.run_id)
    app.run()
    assert len(app.selectbox(key="run").options) == 3
    assert not any(option.endswith("fold 3 of 3") for option in app.selectbox(key="run").options)


def test_a_fold_says_which_rows_it_may_see_and_gives_the_whole_series_back(app, store, series):
    folds = backtest(store, series, FoldSpec(n_folds=3, rows=20))
    app.session_state["_journey"] = Journey(selected_run=folds[0].run_id)
    app.run()
    assert not app.exception
    assert "hold the rows that fold 1 of 3 of a backtest may see" in words(app)
    chosen = app.session_state["_journey"]
    assert chosen.source.fingerprint == folds[0].spec.series_fingerprint != series.fingerprint
    app.button(key="whole_series").click().run()
    assert not app.exception
    chosen = app.session_state["_journey"]
    assert chosen.source.fingerprint == series.fingerprint
    assert chosen.preparation.split == folds[2].spec.preparation.split
    assert chosen.selected_run == folds[0].run_id
    assert "may see" not in words(app)


def test_sliding_folds_have_no_whole_series_to_offer(app, store, series):
    folds = backtest(store, series, FoldSpec(n_folds=3, rows=20, train="sliding"))
    app.session_state["_journey"] = Journey(selected_run=folds[2].run_id)
    app.run()
    assert not app.exception
    assert "fold 3 of 3" in words(app)
    assert not [one for one in app.button if one.key == "whole_series"]
