"""Events and the state they fold into."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.training.events import (
    EVENT,
    EpochEnded,
    Progress,
    RunCancelled,
    RunFailed,
    RunFinished,
    RunInterrupted,
    RunStarted,
    RunState,
    Status,
    fold,
)

STARTED = RunStarted(n_parameters=97, n_train=70, n_validation=12, n_test=24, epochs=4)
FINISHED = RunFinished(best_epoch=1, seconds=9.0, windows_per_second=1.0, parity=0.0, scores={})


def epoch(number, val_loss):
    return EpochEnded(epoch=number, loss=1.0, val_loss=val_loss, seconds=float(number))


losses = st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=12)


def test_nothing_has_happened_yet():
    assert fold([]) == RunState(status=Status.QUEUED)


def test_a_run_from_start_to_end():
    state = fold([STARTED, Progress(epoch=1, share=0.5, seconds=0.4), epoch(1, 0.5), epoch(2, 0.7), FINISHED])
    assert (state.status, state.started, state.finished) == (Status.FINISHED, STARTED, FINISHED)
    assert (state.best_epoch, state.seconds, state.share) == (1, 9.0, 0.0)


@pytest.mark.parametrize(
    ("event", "status", "message"),
    [
        (RunFailed(cause="memory", message="too large"), Status.FAILED, "too large"),
        (RunCancelled(), Status.CANCELLED, ""),
        (RunInterrupted(message="restart"), Status.INTERRUPTED, "restart"),
    ],
)
def test_a_run_that_ends_otherwise_keeps_its_curve(event, status, message):
    state = fold([STARTED, epoch(1, 0.5), event])
    assert (state.status, state.message, len(state.epochs)) == (status, message, 1)
    assert state.status.is_final


def test_the_first_of_two_equal_epochs_is_the_best():
    assert fold([epoch(1, 0.5), epoch(2, 0.5)]).best_epoch == 1


def test_the_worker_has_the_last_word_on_the_best_epoch():
    assert fold([epoch(1, 0.5), epoch(2, 0.4), FINISHED]).best_epoch == 1


@given(losses)
def test_the_best_epoch_is_the_lowest_number_there_is(values):
    events = [epoch(number, value) for number, value in enumerate(values, start=1)]
    finite = [value for value in values if math.isfinite(value)]
    best = fold(events).best_epoch
    assert (best is None) == (not finite)
    if best is not None:
        assert values[best - 1] == min(finite)


@given(losses, st.integers(0, 12))
def test_a_fold_can_be_continued_anywhere(values, cut):
    events = [STARTED, *(epoch(number, value) for number, value in enumerate(values, start=1))]
    at_once, in_two = fold(events), fold(events[cut:], fold(events[:cut]))
    assert repr(at_once) == repr(in_two)


@given(st.floats(allow_nan=True, allow_infinity=True), st.floats(allow_nan=True))
def test_events_come_back_from_json(loss, val_loss):
    event = EpochEnded(epoch=1, loss=loss, val_loss=val_loss, seconds=0.1)
    assert repr(EVENT.validate_json(event.model_dump_json())) == repr(event)
