"""Folds and lengths trained by the real worker: ordinary runs, scored on the rows they were cut for."""

import numpy as np
import pytest

from lstm_core.preparation.split import split
from lstm_core.runs.worker import execute
from lstm_core.series.record import Series
from lstm_core.study.backtest import fold_trials, span_of
from lstm_core.study.fold_scores import fold_score
from lstm_core.study.folds import FoldSpec
from lstm_core.study.length_scores import length_scores
from lstm_core.study.lengths import length_trials
from lstm_core.study.trials import find_studies
from lstm_core.training.events import Status


@pytest.fixture
def trained(store):
    """Create the trials of a study, train them here, and find it again."""

    def train(trials, kind):
        for number, one in enumerate(trials):
            run = store.create(
                "ann", one.spec, one.series, name=one.name, token=f"{kind}{number}", study=f"{kind}-a"
            )
            execute(store.url, run.run_id)
        (found,) = find_studies(store.list_runs("ann"), kind)
        assert {run.status for run in found.runs} == {Status.FINISHED}
        return found

    return train


def test_every_fold_is_scored_on_its_own_block_and_later_rows_change_nothing(store, trained, spec, series):
    folds = FoldSpec(n_folds=2, rows=10)
    found = trained(fold_trials(spec, series, folds), "backtest")
    for number, (run, last) in enumerate(zip(found.runs, (110, 120), strict=True), start=1):
        seen = store.load_series("ann", run.spec.series_fingerprint)
        told = fold_score(number, run, span_of(seen, split(seen, run.spec.preparation.split)))
        naive = np.abs(np.diff(series.values[last - 11 : last, 0])).mean()
        assert told.scores["naive"]["mae"] == pytest.approx(naive)
        assert told.scores["lstm"]["mae"] > 0
    changed = series.values.copy()
    changed[115] += 100
    other = Series(
        values=changed,
        index=series.index,
        columns=series.columns,
        name=series.name,
        step=series.step,
        period=series.period,
    )
    again, _ = fold_trials(spec, other, folds)
    run = store.create("ann", again.spec, again.series, name="again", token="again")
    execute(store.url, run.run_id)
    first, second = (store.get("ann", one).state for one in (found.runs[0].run_id, run.run_id))
    assert second.finished.scores == first.finished.scores
    assert [epoch.loss for epoch in second.epochs] == [epoch.loss for epoch in first.epochs]


def test_lengths_share_their_test_rows(trained, spec, series):
    scores = length_scores(trained(length_trials(spec, series, (2, 6), epochs=2), "lengths"))
    assert scores.lengths == (2, 6)
    assert scores.naive == pytest.approx(np.abs(np.diff(series.values[95:, 0])).mean())
    assert len(scores.validation) == 2
    assert scores.validation != scores.tested


def test_a_worker_keeps_the_errors_of_the_validation_part(trained, spec, series):
    (run,) = trained(length_trials(spec, series, (6,), epochs=2), "lengths").finished
    parts = split(series, spec.preparation.split)
    naive = np.abs(np.diff(series.values[parts.validation.start - 1 : parts.validation.stop, 0])).mean()
    assert run.state.finished.validation["naive"]["mae"] == pytest.approx(naive)
    assert "pinball" not in run.state.finished.scores["lstm"]


def test_a_worker_keeps_the_pinball_loss_of_a_quantile(trained, spec, series):
    plan = spec.plan.model_copy(update={"loss": "pinball", "quantile": 0.9})
    edge = spec.model_copy(update={"plan": plan})
    (run,) = trained(length_trials(edge, series, (6,), epochs=2), "lengths").finished
    finished = run.state.finished
    for part in (finished.scores, finished.validation):
        assert 0 < part["naive"]["pinball"] < part["naive"]["mae"]
        assert part["lstm"]["pinball"] > 0
