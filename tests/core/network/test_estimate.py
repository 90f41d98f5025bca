"""What a training costs, told and refused before anything is built (B116, B118)."""

from dataclasses import replace

import pytest

from lstm_core.errors import NetworkError
from lstm_core.network.estimate import Workload, check_fit, estimate
from lstm_core.network.spec import LayerSpec, NetworkSpec

USUAL = Workload(
    n_features=1, window_length=24, horizon=1, n_windows=2_000, batch_size=32, epochs=100, patience=15
)
LIMITS = {"memory_budget_mb": 1536, "wall_limit_seconds": 3600.0}


def network(*units: int) -> NetworkSpec:
    return NetworkSpec(layers=tuple(LayerSpec(units=u) for u in units))


def test_memory_is_the_stated_formula():
    cost = estimate(network(50, 20), replace(USUAL, n_features=3, horizon=2))
    parameters = 4 * (50 * 53 + 50) + 4 * (20 * 70 + 20) + 20 * 2 + 2
    assert cost.parameters == parameters
    assert cost.memory_bytes == parameters * 16 + 32 * 24 * (50 + 20) * 24 + 2_000 * (24 * 3 + 2) * 4


def test_every_part_of_a_network_costs_memory_per_step():
    def kept(**choices) -> int:
        attention = choices.pop("attention", "none")
        spec = NetworkSpec(layers=(LayerSpec(units=10, **choices), LayerSpec(units=5)), attention=attention)
        return estimate(spec, USUAL).bytes_per_window // USUAL.window_length

    plain = 10 * 24 + 5 * 24
    assert kept() == plain
    assert kept(cell="gru") == plain
    assert kept(cell="rnn") == 10 * 8 + 5 * 24
    assert kept(bidirectional=True) == 2 * 10 * 24 + 5 * 24
    assert kept(normalization="layer") == kept(normalization="batch") == plain + 10 * 12
    assert kept(dropout=0.2) == plain + 10 * 8
    assert kept(attention="dot") == plain + 5 * 12


def test_time_follows_every_cell_that_walks():
    def seconds(spec: NetworkSpec) -> float:
        return estimate(spec, USUAL).seconds

    one, both = network(20), NetworkSpec(layers=(LayerSpec(units=20, bidirectional=True),))
    assert seconds(both) > 1.5 * seconds(one)
    assert seconds(network(20, 20, 20, 20)) > 2.5 * seconds(one)
    assert seconds(NetworkSpec(layers=(LayerSpec(units=400, cell="rnn"),))) < seconds(network(400)) / 2


def test_a_usual_training_fits():
    check_fit(estimate(network(50), USUAL), **LIMITS)


def test_b116_memory_is_refused_with_numbers_and_a_batch_that_fits():
    huge = replace(USUAL, window_length=2_000, batch_size=4_096, n_windows=20_000)
    with pytest.raises(NetworkError, match=r"needs about 302 GB") as caught:
        check_fit(estimate(network(512, 512, 512), huge), **LIMITS)
    assert "Expected: at most 1.61 GB" in caught.value.message
    fits = int(caught.value.advice.split("batch size to ")[1].split()[0])
    check_fit(
        estimate(network(512, 512, 512), replace(huge, batch_size=fits)),
        memory_budget_mb=1536,
        wall_limit_seconds=float("inf"),
    )
    with pytest.raises(NetworkError):
        check_fit(estimate(network(512, 512, 512), replace(huge, batch_size=fits + 1)), **LIMITS)


def test_b116_windows_alone_may_be_too_much():
    with pytest.raises(NetworkError, match="fewer input columns"):
        check_fit(estimate(network(8), replace(USUAL, n_windows=10**6, window_length=2_000)), **LIMITS)


def test_b118_time_is_refused_only_when_early_stopping_cannot_help():
    slow = replace(USUAL, n_windows=500_000, window_length=100, epochs=10_000, patience=None)
    with pytest.raises(NetworkError, match="minutes at least"):
        check_fit(estimate(network(50), slow), **LIMITS)
    check_fit(estimate(network(50), replace(slow, patience=3)), **LIMITS)


def test_a_batch_is_never_larger_than_the_windows():
    cost = estimate(network(50), replace(USUAL, batch_size=4_096, n_windows=10))
    assert cost.batch_size == 10


@pytest.mark.parametrize(
    ("n_windows", "length", "units", "batch", "measured"),
    [(5_000, 30, 50, 32, 23_000), (8_000, 96, 64, 64, 7_900), (8_000, 24, 128, 128, 13_000)],
)
def test_time_is_near_the_measured_trainings(n_windows, length, units, batch, measured):
    # Windows a second measured on a machine with 2 cores; other machines differ, hence "a guess".
    def seconds(epochs: int) -> float:
        work = Workload(
            n_features=1,
            window_length=length,
            horizon=1,
            n_windows=n_windows,
            batch_size=batch,
            epochs=epochs,
        )
        return estimate(network(units), work).seconds

    assert seconds(11) - seconds(1) == pytest.approx(10 * n_windows / measured, rel=0.2)
