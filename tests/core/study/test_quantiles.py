"""Two networks for one band: what differs between them, and how they are found again."""

from dataclasses import replace

import pytest

from lstm_core.runs.memory import MemoryStore
from lstm_core.study.quantiles import (
    edge_quantiles,
    find_pair,
    pair_name,
    pair_study,
    quantile_trials,
    run_of,
)
from lstm_core.study.trials import kind_of
from lstm_core.training.events import RunCancelled, Status
from lstm_core.training.plan import RunSpec


@pytest.mark.parametrize(("level", "edges"), [(0.5, (0.25, 0.75)), (0.8, (0.1, 0.9)), (0.95, (0.025, 0.975))])
def test_edges_leave_as_much_below_as_above(level, edges):
    assert edge_quantiles(level) == edges


def test_only_the_loss_differs_from_the_run_they_belong_to(spec: RunSpec, series):
    trials = quantile_trials(spec, series, level=0.8)
    for trial, quantile in zip(trials, (0.1, 0.9), strict=True):
        assert (trial.spec.plan.loss, trial.spec.plan.quantile) == ("pinball", quantile)
        plain = trial.spec.plan.model_copy(update={"loss": "mse", "quantile": 0.5})
        assert trial.spec.model_copy(update={"plan": plain}) == spec
        assert f"quantile {quantile}" in trial.name


def test_a_pair_is_found_by_what_it_trained_and_the_best_of_several_counts(spec: RunSpec, series):
    store, trials = MemoryStore(), quantile_trials(spec, series, level=0.8)
    assert find_pair(store.list_runs("me"), trials) is None

    def create(trial, token):
        return store.create("me", trial.spec, series, name=trial.name, token=token, study="quantiles-x")

    lost = create(trials[0], "a")
    store.append(lost.run_id, RunCancelled())
    assert find_pair(store.list_runs("me"), trials) is None
    high, low = create(trials[1], "b"), create(trials[0], "c")
    found = find_pair(store.list_runs("me"), trials)
    assert [run.run_id for run in found.runs] == [low.run_id, high.run_id]
    assert "quantiles 0.1 and 0.9" in pair_name(found)
    finished = replace(low, status=Status.FINISHED)
    newer = create(trials[0], "d")
    assert find_pair([newer, high, finished, lost], trials).runs[0].run_id == low.run_id
    assert find_pair(store.list_runs("me"), quantile_trials(spec, series, level=0.95)) is None


def test_its_study_has_a_kind_of_its_own_and_names_the_run():
    study = pair_study("a" * 26, "token")
    assert kind_of(study) == "quantiles"
    assert run_of(study) == "a" * 26
