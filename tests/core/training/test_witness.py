"""The witness: what a training does with a wish, without a training."""

import math

import numpy as np
import pytest

from lstm_core.errors import Diverged
from lstm_core.training import witness as witness_module
from lstm_core.training.checkpoint import Checkpoint
from lstm_core.training.control import Cancelled, Enough, Paused, Unsteered
from lstm_core.training.events import EpochEnded, RunPaused, RunResumed, Wish
from lstm_core.training.snapshots import Snapshots
from lstm_core.training.witness import Witness


class Scripted(Unsteered):
    """Wishes one after the other, the last one for ever; remembers what it is given."""

    def __init__(self, *wishes: Wish, waits: int = 0, old: bool = False) -> None:
        self.wishes, self.waits, self.old = list(wishes) or [Wish.GO], waits, old
        self.saved: list[Checkpoint] = []

    def wish(self) -> Wish:
        return self.wishes.pop(0) if len(self.wishes) > 1 else self.wishes[0]

    def wait(self) -> bool:
        self.waits -= 1
        return self.waits >= 0

    def wants_checkpoint(self) -> bool:
        return self.old

    def save(self, checkpoint: Checkpoint) -> None:
        self.saved.append(checkpoint)


def checkpoint_of(witness: Witness) -> Checkpoint:
    nothing = Snapshots(epochs=np.array([], np.int64), weights=())
    witness.kept = witness.epoch
    return Checkpoint(epoch=witness.epoch, arrays={}, numbers={}, snapshots=nothing)


def after_an_epoch(control: Scripted) -> tuple[Witness, list]:
    told: list = []
    witness = Witness(told.append, control, n_batches=4)
    witness.see_epoch(loss=0.5, val_loss=0.6)
    return witness, told


def rest(witness: Witness) -> None:
    witness.rest(lambda: checkpoint_of(witness), lambda: None)


def test_nothing_wished_nothing_done():
    control = Scripted()
    witness, told = after_an_epoch(control)
    rest(witness)
    assert [type(event) for event in told] == [EpochEnded]
    assert control.saved == []


def test_a_checkpoint_is_taken_when_the_last_one_is_old():
    control = Scripted(old=True)
    witness, told = after_an_epoch(control)
    rest(witness)
    assert [checkpoint.epoch for checkpoint in control.saved] == [1]
    assert [type(event) for event in told] == [EpochEnded]


@pytest.mark.parametrize("wish", [Wish.PAUSE, Wish.STEP])
def test_a_pause_is_stored_before_it_is_told_and_ends_with_the_wish(wish):
    """A wish for one step is a pause at the end of it."""
    control = Scripted(wish, Wish.PAUSE, Wish.PAUSE, Wish.GO, waits=2)
    witness, told = after_an_epoch(control)
    rest(witness)
    assert [type(event) for event in told] == [EpochEnded, RunPaused, RunResumed]
    assert [checkpoint.epoch for checkpoint in control.saved] == [1]


def test_a_pause_gives_the_slot_up_when_it_is_wanted():
    control = Scripted(Wish.PAUSE, waits=3)
    witness, told = after_an_epoch(control)
    with pytest.raises(Paused):
        rest(witness)
    assert isinstance(told[-1], RunPaused)
    assert control.waits == -1


def test_a_pause_does_not_count_as_training(monkeypatch):
    now = 100.0
    monkeypatch.setattr(witness_module, "monotonic", lambda: now)

    class Slow(Scripted):
        def wait(self) -> bool:
            nonlocal now
            now += 3600.0
            return super().wait()

    witness, told = after_an_epoch(Slow(Wish.PAUSE, Wish.PAUSE, Wish.PAUSE, Wish.GO, waits=2))
    now += 2.0
    rest(witness)
    assert now > 3600.0
    assert witness.seconds == 2.0
    now += 1.0
    witness.see_epoch(loss=0.4, val_loss=0.5)
    assert told[-1].seconds == 3.0


@pytest.mark.parametrize(("wish", "error"), [(Wish.CANCEL, Cancelled), (Wish.FINISH, Enough)])
def test_a_paused_training_can_be_ended(wish, error):
    control = Scripted(Wish.PAUSE, Wish.PAUSE, wish, waits=2)
    witness, _ = after_an_epoch(control)
    with pytest.raises(error):
        rest(witness)


def test_cancel_ends_within_an_execution():
    witness, _ = after_an_epoch(Scripted(Wish.CANCEL))
    with pytest.raises(Cancelled):
        witness.see_execution(0, 0.1)


def test_finish_before_the_first_epoch_has_nothing_to_keep():
    with pytest.raises(Cancelled):
        Witness(lambda _: None, Scripted(Wish.FINISH), n_batches=4).see_execution(0, 0.1)


def test_finish_ends_within_an_execution_once_the_last_epoch_is_copied():
    witness, _ = after_an_epoch(Scripted(Wish.FINISH))
    witness.see_execution(0, 0.1)  # the epoch before was too short to be copied, so is this one
    with pytest.raises(Enough):
        rest(witness)
    assert witness.kept == 1
    with pytest.raises(Enough):
        witness.see_execution(0, 0.1)


@pytest.mark.parametrize(("loss", "val_loss"), [(math.nan, 0.1), (0.1, math.inf)])
def test_an_epoch_that_is_no_number_ends_the_training(loss, val_loss):
    witness = Witness(lambda _: None, Scripted(), n_batches=4, epoch=2)
    with pytest.raises(Diverged) as caught:
        witness.see_epoch(loss=loss, val_loss=val_loss)
    assert caught.value.epoch == 3
