"""Snapshots: bounded, evenly spaced, never without the first, the best and the last epoch."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.weights import Weights
from lstm_core.training import snapshots
from lstm_core.training.snapshots import FEWEST_EPOCHS, MOST_EPOCHS, Album, Snapshots


def weights(epoch: int, units: int = 1) -> Weights:
    """A network whose head's bias is the number of its epoch."""
    arrays = [
        np.zeros(shape, np.float32)
        for shape in ((1, 4 * units), (units, 4 * units), (4 * units,), (units, 1))
    ]
    spec = NetworkSpec(layers=(LayerSpec(units=units),))
    return Weights.from_keras(spec, [*arrays, np.array([epoch], np.float32)])


def told(one: Weights) -> int:
    return int(one.to_arrays()["head.bias"][0])


def fill(epochs: int, best: int, units: int = 1) -> Snapshots:
    album = Album()
    for epoch in range(1, epochs + 1):
        if album.wants(epoch):
            album.add(epoch, weights(epoch, units))
    return album.snapshots({epochs: weights(epochs, units), best: weights(best, units)})


cases = st.integers(1, 300).flatmap(lambda epochs: st.tuples(st.just(epochs), st.integers(1, epochs)))


@given(cases)
def test_they_are_bounded_even_and_hold_first_best_and_last(case):
    epochs, best = case
    kept = fill(epochs, best)
    numbers = kept.epochs.tolist()
    assert numbers == sorted(set(numbers))
    assert len(numbers) <= MOST_EPOCHS
    assert {1, best, epochs} <= set(numbers)
    assert [told(one) for one in kept.weights] == numbers
    even = [{*range(1, epochs + 1, 2**power), best, epochs} for power in range(10)]
    assert set(numbers) in even
    assert len(numbers) >= min(epochs, MOST_EPOCHS // 2 - 1)


@given(cases)
def test_few_epochs_are_all_kept(case):
    epochs, best = min(case[0], MOST_EPOCHS - 2), 1
    assert fill(epochs, best).epochs.tolist() == list(range(1, epochs + 1))


@given(st.integers(1, 60), st.integers(1, 200))
def test_heavy_networks_have_fewer_but_never_less_than_three(most_bytes, epochs):
    weight = sum(array.nbytes for array in weights(1).to_arrays().values())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshots, "MOST_BYTES", most_bytes * weight)
        kept = fill(epochs, best=(epochs + 1) // 2)
    assert len(kept.weights) <= max(min(most_bytes, MOST_EPOCHS), FEWEST_EPOCHS)
    assert {1, (epochs + 1) // 2, epochs} <= set(kept.epochs.tolist())


@given(cases, st.integers(1, 300))
def test_an_album_that_was_put_away_goes_on_as_if_it_never_was(case, cut):
    epochs, best = case
    cut = min(cut, epochs)
    album = Album()
    for epoch in range(1, cut + 1):
        if album.wants(epoch):
            album.add(epoch, weights(epoch))
    put_away = album.snapshots({cut: weights(cut), min(best, cut): weights(min(best, cut))})
    again = Album(Snapshots.from_arrays(put_away.to_arrays()), stride=album.stride)
    for epoch in range(cut + 1, epochs + 1):
        if again.wants(epoch):
            again.add(epoch, weights(epoch))
    extra = {epochs: weights(epochs), best: weights(best)}
    assert again.snapshots(extra).epochs.tolist() == fill(epochs, best).epochs.tolist()


def test_they_come_back_from_arrays_and_answer_for_the_epochs_between():
    kept = Snapshots.from_arrays(fill(100, 42).to_arrays())
    assert told(kept.at(42)) == 42
    assert told(kept.at(43)) in (42, 43)
    assert told(kept.at(10_000)) == 100
    assert told(kept.at(0)) == 1


def test_a_learned_number_alone_survives_storage_as_an_array():
    scale = np.array(2.5, np.float32)  # of dot attention
    kept = Snapshots(epochs=np.array([1, 2]), weights=(replace(weights(1), attention=scale),) * 2)
    again = Snapshots.from_arrays(kept.to_arrays()).at(2).attention
    assert isinstance(again, np.ndarray)
    assert (again.shape, float(again)) == ((), 2.5)
