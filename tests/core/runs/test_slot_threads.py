"""Processors are shared out among the slots."""

import pytest

from lstm_core.runs import slots
from lstm_core.runs.slots import count_threads, environment
from lstm_core.settings import Settings


@pytest.mark.parametrize(
    ("processors", "n_slots", "threads"), [(1, 2, 1), (2, 2, 1), (2, 1, 2), (8, 2, 4), (9, 3, 3), (64, 2, 4)]
)
def test_processors_are_shared_out_among_the_slots(monkeypatch, processors, n_slots, threads):
    monkeypatch.delenv("LSTM_EXPLORER_SLOT_THREADS")
    monkeypatch.setattr(slots.loky, "cpu_count", lambda: processors)
    assert count_threads(Settings(slots=n_slots)) == threads


def test_the_operator_may_say_how_many(monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_SLOT_THREADS", "7")
    assert count_threads(Settings()) == 7


def test_both_pools_get_them_because_compiled_code_needs_both():
    chosen = environment(threads=3)
    assert (chosen["TF_NUM_INTEROP_THREADS"], chosen["TF_NUM_INTRAOP_THREADS"]) == ("3", "3")
    assert chosen["CUDA_VISIBLE_DEVICES"] == ""
