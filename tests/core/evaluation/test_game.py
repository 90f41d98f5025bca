"""A coalition of few players is worth one forecast, however often it is asked for."""

import numpy as np
import pytest

from lstm_core.evaluation.explanation.game import FEW_PLAYERS, Game
from lstm_core.evaluation.explanation.occlusion import cut_blocks
from lstm_core.evaluation.explanation.replacement import Removal


@pytest.mark.parametrize(("n_players", "expected"), [(4, [6, 2]), (FEW_PLAYERS + 1, [9, 8])])
def test_few_coalitions_are_forecast_once(make_prepared, n_players, expected):
    asked = []

    def predict(inputs):
        asked.append(len(inputs))
        return inputs.sum(axis=(1, 2), dtype=float)[:, None] ** 2

    random = np.random.default_rng(5)
    prepared = make_prepared(random.normal(size=200), length=n_players)
    removal = Removal(predict, prepared, prepared.test.origins)
    samples = np.array([0, 1, 0, 2, 1, 0, 0, 1, 1])
    kept = np.zeros((9, n_players), dtype=bool)
    kept[[0, 2], 1] = kept[5, 2] = kept[[6, 7, 8], 3] = True
    game = Game(removal, cut_blocks(n_players, 1))
    # Window 0 with {1}, {2}, {3}; window 1 with nothing and {3}; window 2 with nothing.
    worths = game.worth(samples, kept)
    others = np.tile(samples[:4], 2)
    more = game.worth(others, np.concatenate([kept[:4], ~kept[:4]])[[0, 1, 2, 3, 0, 1, 4, 7]])
    assert asked == expected
    gone = ~np.concatenate([kept, kept[:4], kept[:2], ~kept[:1], ~kept[3:4]])[:, :, None]
    whole = removal.without(np.concatenate([samples, others]), gone)
    np.testing.assert_array_equal(np.concatenate([worths, more]), whole)
