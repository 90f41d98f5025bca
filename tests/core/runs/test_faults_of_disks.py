"""Faults of RELIABILITY: a disk that is full, with real processes that do not need TensorFlow."""

import sys

import pytest

from lstm_core.errors import RunError
from lstm_core.runs.artifacts import arrays_from_bytes
from lstm_core.runs.slots import Program
from lstm_core.training.checkpoint import Checkpoint
from lstm_core.training.events import Status
from tests.core.runs.workers import EXECUTABLES, started, until

ON_A_FULL_DISK = Program(warm_up=f"{EXECUTABLES}.no_warm_up", execute="tests.core.runs.full_disk.execute")


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of a file")
def test_fault_16_a_full_disk_leaves_the_last_checkpoint_and_a_run_that_says_so(
    open_queue, create, store, status
):
    queue = open_queue(ON_A_FULL_DISK)
    run_id = started(queue, create("full"))
    until(lambda: status(run_id).is_final)
    run = store.get("ann", run_id)
    assert run.status is Status.FAILED
    assert "Make room on it" in run.state.message
    assert [ended.epoch for ended in run.state.epochs] == [1, 2, 3, 4], "what is small still found room"
    with pytest.raises(RunError):
        store.load_artifact("ann", run_id, "weights")
    kept = Checkpoint.from_arrays(arrays_from_bytes(store.load_checkpoint(run_id)))
    assert kept.epoch == run.checkpoint == 1

    child = store.resume("ann", run_id, token="there is room again")
    assert child.checkpoint == 1
