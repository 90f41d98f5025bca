"""A band may learn only from truths that were there when its forecast was made."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.evaluation.intervals.adaptive import adaptive_half_widths

sizes = st.floats(0, 100)


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_another_future_leaves_earlier_bands_alone(data):
    n, step, stride = (
        data.draw(st.integers(2, 40)),
        data.draw(st.integers(1, 6)),
        data.draw(st.integers(1, 3)),
    )
    past = np.array(data.draw(st.lists(sizes, min_size=1, max_size=20)))
    errors = np.array(data.draw(st.lists(sizes, min_size=n, max_size=n)))
    origins = 100 + stride * np.arange(n)
    now = int(origins[0]) + data.draw(st.integers(0, n * stride))
    other = errors.copy()
    unknown = origins + step - 1 >= now
    other[unknown] = data.draw(st.floats(0, 1000))
    choices = {"step": step, "level": 0.8, "rate": data.draw(st.sampled_from([0.01, 0.2]))}
    before, after = (adaptive_half_widths(past, one, origins, **choices) for one in (errors, other))
    np.testing.assert_array_equal(before[origins <= now], after[origins <= now])
