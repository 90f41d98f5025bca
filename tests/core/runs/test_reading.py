"""What a run's state means, in words."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lstm_core.runs.artifacts import arrays_from_bytes, arrays_to_bytes, series_from_bytes, series_to_bytes
from lstm_core.runs.log import RunLog
from lstm_core.runs.memory import MemoryStore
from lstm_core.runs.reading import duration, live_text, pace, pace_text, run_verdict
from lstm_core.series.record import Series
from lstm_core.training.events import (
    EpochEnded,
    Progress,
    RunCancelled,
    RunFailed,
    RunFinished,
    RunInterrupted,
    RunStarted,
    Status,
    Wish,
    fold,
)
from lstm_core.training.plan import TrainingPlan

PLAN = TrainingPlan(epochs=10)


def epochs(*val_losses, seconds=1.0):
    return [
        EpochEnded(epoch=number, loss=1 / number, val_loss=loss, seconds=seconds * number)
        for number, loss in enumerate(val_losses, start=1)
    ]


def finished(best, lstm=2.0, naive=4.0):
    scores = {"lstm": {"mae": lstm}, "naive": {"mae": naive}}
    return RunFinished(best_epoch=best, seconds=5.0, windows_per_second=1.0, parity=0.0, scores=scores)


@pytest.fixture
def run(spec, series):
    short = spec.model_copy(update={"plan": PLAN})
    return MemoryStore().create("ann", short, series, name="x", token="x")


def test_the_pace_is_measured_without_the_first_epoch():
    slow_first = [EpochEnded(epoch=n, loss=1, val_loss=1, seconds=10.0 + n) for n in range(1, 6)]
    now = pace(fold(slow_first), PLAN)
    assert (now.epoch, now.seconds_per_epoch, now.seconds_left) == (5, 1.0, 5.0)


def test_a_single_epoch_is_all_there_is_to_measure():
    now = pace(fold(epochs(0.5, seconds=3.0)), PLAN)
    assert (now.seconds_per_epoch, now.seconds_left) == (3.0, 27.0)


def test_the_epoch_at_work_counts():
    now = pace(fold([*epochs(0.5, 0.4), Progress(epoch=3, share=0.5, seconds=2.5)]), PLAN)
    assert (now.share, now.seconds_left) == (0.25, 7.5)


def test_the_pace_in_words():
    assert pace_text(fold([]), PLAN) == "Epoch 0 of 10"
    assert pace_text(fold(epochs(0.5, 0.25, 0.4)), PLAN) == (
        "Epoch 3 of 10 · 1.00 s per epoch · at most 7 s left · best epoch 2 (validation loss 0.250)"
    )


@pytest.mark.parametrize(
    ("status", "wish", "alone", "words"),
    [
        (Status.RUNNING, Wish.GO, False, "Epoch 2 of 10 · "),
        (Status.RUNNING, Wish.PAUSE, False, "Pausing at the end of epoch 3"),
        (Status.RUNNING, Wish.STEP, False, "One epoch: pausing at the end of epoch 3"),
        (Status.RUNNING, Wish.FINISH, False, "Stopping; the best epoch so far is kept"),
        (Status.RUNNING, Wish.CANCEL, False, "Stopping"),
        (
            Status.PAUSED,
            Wish.PAUSE,
            False,
            "Paused after epoch 2. It keeps its slot for at most 60 s; after that it waits in the queue when you "
            "resume.",
        ),
        (
            Status.PAUSED,
            Wish.PAUSE,
            True,
            "Paused after epoch 2. It gave its slot up: it waits in the queue when you resume.",
        ),
        (Status.PAUSED, Wish.GO, False, "Going on after epoch 2"),
        (Status.PAUSED, Wish.STEP, False, "Going on after epoch 2"),
        (Status.PAUSED, Wish.CANCEL, False, "Stopping"),
    ],
)
def test_what_a_live_run_is_about_to_do_in_words(run, status, wish, alone, words):
    live = replace(run, status=status, wish=wish, alone=alone)
    said = live_text(live, fold(epochs(0.5, 0.4)), hold_seconds=60)
    assert said.startswith(words)
    assert said == words or wish is Wish.GO


@pytest.mark.parametrize(
    ("event", "checkpoint", "words"),
    [
        (RunInterrupted(message="Gone."), 2, "is kept. Resume it: the training goes on after epoch 2."),
        (RunInterrupted(message="Gone."), None, "is kept. Train it again."),
        (
            RunFailed(cause="worker", message="Lost."),
            2,
            "Lost. Resume it: the training goes on after epoch 2.",
        ),
        (RunFailed(cause="worker", message="Lost."), None, "Lost. Train it again."),
        (RunFailed(cause="diverged", message="NaN."), 2, "NaN."),
        (RunCancelled(), 2, "no forecast. Resume it: the training goes on after epoch 2."),
        (RunCancelled(), None, "there is no forecast."),
    ],
)
def test_a_run_that_ended_too_early_says_how_to_go_on(run, event, checkpoint, words):
    verdict = run_verdict(replace(run, checkpoint=checkpoint), fold([*epochs(0.5, 0.4), event]))
    assert verdict.sentence.endswith(words)


@pytest.mark.parametrize(("seconds", "words"), [(0.2, "1 s"), (89, "89 s"), (120, "2 min"), (7200, "2.0 h")])
def test_durations(seconds, words):
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("events", "tone", "words"),
    [
        ([RunFailed(cause="diverged", message="It diverged.")], "bad", "It diverged."),
        ([*epochs(1.0), RunCancelled()], "caution", "after 1 epoch."),
        ([*epochs(1.0, 0.9), RunInterrupted(message="Restart.")], "caution", "up to epoch 2 is kept"),
        (
            [*epochs(1.0, 0.5, 0.52), finished(2)],
            "good",
            "2.00 V, against 4.00 for repeating the last value.",
        ),
        ([*epochs(1.0, 0.5, 0.8, 0.9, 0.9), finished(2)], "good", "begins to learn by heart"),
        ([*epochs(*np.linspace(1, 0.1, 10)), finished(10)], "good", "more epochs may help"),
        ([*epochs(1.0, 0.5, 0.52), finished(2, lstm=5.0)], "caution", "5.00 V, against 4.00"),
        ([*epochs(1.0, 0.999, 1.1), finished(2)], "caution", "hardly moved"),
        ([*epochs(1.0, 0.5), finished(2, lstm=None)], "caution", "not defined"),
    ],
)
def test_every_end_has_its_sentence(run, events, tone, words):
    verdict = run_verdict(run, fold(events), "V")
    assert verdict.tone == tone
    assert words in verdict.sentence


def test_a_log_reads_only_news_and_folds_the_same_state(spec, series):
    store = MemoryStore()
    run_id = store.create("ann", spec, series, name="x", token="x").run_id
    log = RunLog(store, "ann", run_id)
    assert log.refresh() == fold([])
    events = [
        RunStarted(n_parameters=1, n_train=1, n_validation=1, n_test=1, epochs=3),
        *epochs(0.5, 0.4, 0.6),
    ]
    for event in events:
        store.append(run_id, event)
        log.refresh()
    assert log.state == fold(events)
    unchanged = log.state
    assert log.refresh() is unchanged


@pytest.mark.parametrize(
    "index",
    [
        pd.RangeIndex(5),
        pd.RangeIndex(10, 20, 2),
        pd.Index([1, 2, 4, 8, 16]),
        pd.date_range("2020-01-31", periods=5, freq="ME"),
        pd.date_range("2020-03-28", periods=5, freq="h", tz="Europe/Berlin", name="when"),
        pd.DatetimeIndex(["1700-01-01", "1749-01-01", "2020-02-29", "2020-03-01", "9999-12-31"]),
    ],
)
def test_a_series_survives_storage(index):
    series = Series(
        values=np.arange(10.0).reshape(5, 2), index=index, columns=("a", "ü<b>"), name="n", unit="°C"
    )
    back = series_from_bytes(series_to_bytes(series))
    assert back.fingerprint == series.fingerprint
    assert back.index.equals(series.index)
    assert back.index.name == series.index.name
    assert getattr(back.index, "freqstr", None) == getattr(series.index, "freqstr", None)


def test_arrays_survive_storage_and_are_read_only():
    arrays = {
        "layers.0.kernel": np.arange(6, dtype=np.float32).reshape(2, 3).T,
        "bias": np.zeros(0, np.float32),
        "number": np.array(3, np.int64),
    }
    back = arrays_from_bytes(arrays_to_bytes(arrays))
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)
        assert back[name].shape == array.shape
        assert not back[name].flags.writeable
