"""Where attention lies: shares that can be checked by reading them, and the sentence they give."""

import numpy as np
import pytest

from lstm_core.network.focus import crop_focus, describe_focus, measure_focus


def weights(*rows: list[float]) -> np.ndarray:
    return np.array(rows, dtype=np.float32)


def test_the_chosen_window_beside_all_of_them():
    focus = measure_focus(weights([0.1, 0.2, 0.7], [0.5, 0.3, 0.2]), sample=1)
    np.testing.assert_allclose(focus.here, [0.5, 0.3, 0.2], atol=1e-7)
    np.testing.assert_allclose(focus.mean, [0.3, 0.25, 0.45], atol=1e-7)
    np.testing.assert_allclose(focus.low, [0.14, 0.21, 0.25], atol=1e-7)
    np.testing.assert_allclose(focus.high, [0.46, 0.29, 0.65], atol=1e-7)
    assert (focus.heaviest, focus.even, focus.n_windows) == (0, pytest.approx(1 / 3), 2)
    with pytest.raises(ValueError, match="read-only"):
        focus.here[0] = 1


def test_the_newest_steps_are_told_with_what_is_usual_and_what_is_even():
    told = describe_focus(
        measure_focus(weights([0.09, 0.2, 0.1, 0.11, 0.5], [0.5, 0.2, 0.1, 0.1, 0.1]), sample=0)
    )
    assert (
        "3 newest steps get 71% of the weight on this window and 51% on average over 2 test windows" in told
    )
    assert "spread evenly it would be 60%" in told
    assert "heaviest step is the newest, with 50%" in told


@pytest.mark.parametrize(("at", "words"), [(3, "1 step before the newest"), (0, "4 steps before the newest")])
def test_the_heaviest_step_is_placed(at, words):
    row = [0.1] * 5
    row[at] = 0.6
    assert words in describe_focus(measure_focus(weights(row), sample=0))


def test_an_even_spread_is_called_one():
    told = describe_focus(measure_focus(np.full((4, 10), 0.1, np.float32), sample=2))
    assert "almost evenly: the heaviest of the 10 steps gets 10%, an even share is 10%" in told


def test_a_window_of_one_step_has_nothing_to_choose_from():
    assert "nothing to choose" in describe_focus(measure_focus(weights([1.0], [1.0]), sample=0))


def test_two_steps_are_all_the_newest_there_are():
    assert "2 newest steps get 100%" in describe_focus(measure_focus(weights([0.2, 0.8]), sample=0))


def test_a_part_of_the_window_keeps_its_shares_of_the_whole():
    focus = measure_focus(weights([0.1, 0.2, 0.7], [0.5, 0.3, 0.2]), sample=0)
    part = crop_focus(focus, slice(1, 3))
    np.testing.assert_array_equal(part.here, focus.here[1:])
    np.testing.assert_array_equal(part.high, focus.high[1:])
    assert part.even == focus.even
