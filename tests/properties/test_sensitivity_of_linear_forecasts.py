"""A linear forecast has its weights as effects, whatever the scaling, the shape and the batch."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.evaluation.explanation.sensitivity import step_effects, train_spread
from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.series.record import Series


@given(
    seed=st.integers(0, 10_000),
    length=st.integers(1, 9),
    horizon=st.integers(1, 4),
    n_others=st.integers(0, 2),
    kind=st.sampled_from(["none", "minmax", "standard", "robust"]),
    offset=st.sampled_from([0.0, 40.0]),
    share=st.floats(0.0, 3.0),
)
def test_effect_of_a_nudge_is_weight_times_size_in_original_units(
    seed, length, horizon, n_others, kind, offset, share
):
    rng = np.random.default_rng(seed)
    columns = ("y", *"ab"[:n_others])
    values = offset + rng.normal(size=(80, len(columns))) * rng.uniform(0.5, 20, size=len(columns))
    series = Series(values=values, index=pd.RangeIndex(80), columns=columns, name="drawn")
    spec = PreparationSpec(
        target="y",
        features=columns[1:],
        scaling=ScalingSpec(kind=kind),
        window=WindowSpec(length=length, horizon=horizon),
    )
    prepared = prepare(series, spec)
    weights = rng.normal(size=(length, len(columns), horizon))

    def predict(inputs):
        return np.einsum("swf,wfh->sh", inputs.astype(np.float64), weights)

    sizes = share * train_spread(prepared)
    found = step_effects(predict, prepared.test, sizes=sizes, prepared=prepared, step=None)
    spread = prepared.scaler.spread
    closed_form = (weights.mean(axis=2) * sizes / spread * spread[0])[:, :, None]
    # Inputs are float32: a nudge of an input of size 60 is off by up to 4e-6.
    tolerance = 2e-5 * (1 + np.abs(prepared.test.inputs).max()) * spread[0]
    assert np.abs(found.up - closed_form).max() <= tolerance
    assert np.abs(found.down + closed_form).max() <= tolerance
    if share == 0:
        assert not found.up.any()
