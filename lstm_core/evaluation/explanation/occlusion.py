"""Occlusion: blocks of steps taken away, one after the other."""

import numpy as np

from lstm_core.evaluation.explanation.effects import ReplacedEffects
from lstm_core.evaluation.explanation.replacement import Cases, Removal, replaced
from lstm_core.preparation.histories import HistoryValues

N_DRAWS = 10
"""How often values are drawn from other windows where chance decides."""

Block = range
"""Positions of neighbouring steps in a history, 0 is the oldest."""


def cut_blocks(reach: int, size: int) -> tuple[Block, ...]:
    """Cut the steps before a forecast into blocks, oldest first, all of `size` steps but perhaps the oldest.

    The newest steps are never in a block that is shorter, because they matter most.
    """
    if not 1 <= size <= reach:
        raise ValueError(f"blocks of {size} steps do not fit {reach} steps")
    ends = range(reach, 0, -size)
    return tuple(range(max(end - size, 0), end) for end in reversed(ends))


def put_in(removal: Removal, samples: Cases, blocks: tuple[Block, ...]) -> HistoryValues:
    """What stands in for each value when its block alone is replaced, (sample, reach, feature), original units."""
    known = removal.histories(samples)
    found = np.empty_like(known)
    for block in blocks:
        gone = np.zeros(known.shape, dtype=bool)
        gone[:, block.start : block.stop] = True
        now = replaced(known, gone, removal.kind, mean=removal.mean)
        found[:, block.start : block.stop] = now[:, block.start : block.stop]
    return found


def occlusion(removal: Removal, samples: Cases, *, block: int = 1, seed: int = 0) -> ReplacedEffects:
    """Replace every block of every column alone, in some windows, and forecast again.

    Zeiler and Fergus (2014) did it to pictures. A linear forecast `b + sum_t w_t x_t` changes by
    `sum_t w_t (r_t - x_t)` over the block, with r the replacement.

    Parameters
    ----------
    samples : numbers of the windows among those of `removal`
    block : steps in a block
    seed : of the draws of `shuffled`, which are repeated `N_DRAWS` times; the others need none
    """
    n_features, blocks = len(removal.prepared.spec.columns), cut_blocks(removal.reach, block)
    n_players = len(blocks) * n_features
    gone = np.zeros((n_players, removal.reach, n_features), dtype=bool)
    for number, (feature, steps) in enumerate((f, steps) for f in range(n_features) for steps in blocks):
        gone[number, steps.start : steps.stop, feature] = True
    rng, n_draws = np.random.default_rng(seed), N_DRAWS if removal.kind == "shuffled" else 1
    cases = np.tile(samples, n_players)
    before = removal.forecast(samples)
    draws = np.empty((n_draws, n_features, len(blocks), len(samples)))
    for draw in draws:
        donors = rng.integers(len(removal), size=len(cases)) if removal.kind == "shuffled" else None
        after = removal.without(cases, np.repeat(gone, len(samples), axis=0), donors)
        draw[:] = after.reshape(draw.shape) - before
    sizes = [len(one) for one in blocks]
    return ReplacedEffects(
        mean=np.repeat(draws.mean(axis=0).transpose(1, 0, 2), sizes, axis=0),
        deviation=np.repeat(draws.std(axis=0).transpose(1, 0, 2), sizes, axis=0),
        n_draws=n_draws,
        columns=removal.prepared.spec.columns,
    )
