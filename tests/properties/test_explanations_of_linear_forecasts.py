"""Of a straight line every explanation is right, whatever the scaling, the shape, the blocks and the replacement."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.evaluation.explanation.credit import occlusion_credits, shapley_credits
from lstm_core.evaluation.explanation.game import Game
from lstm_core.evaluation.explanation.occlusion import cut_blocks
from lstm_core.evaluation.explanation.replacement import Removal
from lstm_core.evaluation.explanation.truth import truth_test
from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.series.record import Series


@given(
    seed=st.integers(0, 10_000),
    length=st.integers(1, 14),
    block=st.integers(1, 4),
    n_others=st.integers(0, 2),
    kind=st.sampled_from(["none", "minmax", "standard", "robust"]),
    put_in=st.sampled_from(["mean", "zero"]),
)
def test_credits_are_weight_times_distance_and_their_order_is_the_best(
    seed, length, block, n_others, kind, put_in
):
    rng = np.random.default_rng(seed)
    columns = ("y", *"ab"[:n_others])
    values = 5 + rng.normal(size=(80, len(columns))) * rng.uniform(0.5, 20, size=len(columns))
    series = Series(values=values, index=pd.RangeIndex(80), columns=columns, name="drawn")
    spec = PreparationSpec(
        target="y",
        features=columns[1:],
        scaling=ScalingSpec(kind=kind),
        window=WindowSpec(length=length),
    )
    prepared = prepare(series, spec)
    weights = rng.normal(size=(length, len(columns), 1))

    def predict(inputs):
        return np.einsum("swf,wfh->sh", inputs.astype(np.float64), weights)

    removal = Removal(predict, prepared, prepared.test.origins, kind=put_in)
    game = Game(removal, cut_blocks(length, min(block, length)))
    samples = np.array([0, len(removal) - 1])
    spread = prepared.scaler.spread
    away = removal.histories(samples) - (removal.mean if put_in == "mean" else 0.0)
    per_step = (weights[:, :, 0] / spread * spread[0] * away).sum(axis=2)
    expected = np.stack([per_step[:, one.start : one.stop].sum(axis=1) for one in game.blocks], axis=1)
    tolerance = 2e-5 * (1 + np.abs(prepared.test.inputs).max()) * spread[0] * length
    for found in (occlusion_credits(game, samples), shapley_credits(game, samples, n_batches=1)):
        assert np.abs(found.values - expected).max() <= tolerance
        assert np.abs(found.gap).max() <= tolerance * game.n_players
    guess = rng.normal(size=expected.shape)
    claims = {"true": expected, "reversed": -expected, "guess": guess}
    test = truth_test(game, samples, claims, n_random=5)
    if test.room > 100 * tolerance:
        assert test.trusts["true"].trust > 0.99
        assert abs(test.trusts["true"].trust + test.trusts["reversed"].trust) < 0.01
    assert all(one.trust <= 1 for one in test.trusts.values())
