"""Threads of a training."""

from lstm_core.runs.slots import environment
from lstm_core.settings import Settings


def test_a_training_has_two_threads_unless_the_operator_says_otherwise(monkeypatch):
    """As many as an exported script sets, whatever the machine: sums are rounded alike."""
    assert Settings().slot_threads == 2
    monkeypatch.setenv("LSTM_EXPLORER_SLOT_THREADS", "7")
    assert Settings().slot_threads == 7


def test_both_pools_get_them_because_compiled_code_needs_both():
    chosen = environment(threads=3)
    assert (chosen["TF_NUM_INTEROP_THREADS"], chosen["TF_NUM_INTRAOP_THREADS"]) == ("3", "3")
    assert chosen["CUDA_VISIBLE_DEVICES"] == ""
