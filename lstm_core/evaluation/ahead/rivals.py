"""Baselines run as far ahead as a network, from the same rows.

The linear AR is fed its own forecasts as the network is. ETS and Theta forecast any number of steps by their equations.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from lstm_core.arrays import SampleRows
from lstm_core.errors import RunError
from lstm_core.evaluation.ahead.closed_loop import Loop, Loops
from lstm_core.evaluation.ahead.outlook import Outlook
from lstm_core.evaluation.ahead.recursion import beside_truth
from lstm_core.evaluation.baselines import fit_linear
from lstm_core.evaluation.classical import Ahead
from lstm_core.evaluation.scores import mae_by_step
from lstm_core.preparation.windows import Prepared

RivalValues = Float[np.ndarray, "origin step"]
"""Forecasts from the origins of some loops and, in the last row, from behind the last row of the series."""


def linear_ahead(prepared: Prepared, loop: Loop) -> Ahead:
    """Linear autoregression on the windows that the network reads, fed back as the network is."""
    predict = fit_linear(prepared)
    return lambda origins, steps: replace(loop, steps=steps).run(predict, prepared, origins)


def run_rival(ahead: Ahead, origins: SampleRows, end: int, steps: int) -> RivalValues | None:
    """Forecast from some origins and, in the last row, from `end`; original units.

    None where the forecasts grow beyond any number.
    """
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            told = ahead(np.append(origins, end), steps)
    except RunError:
        return None
    return told if np.isfinite(told).all() else None


def beside_loops(prepared: Prepared, loops: Loops, told: Mapping[str, RivalValues]) -> Loops:
    """Loops over a part with what `run_rival` made of its origins beside them."""
    rows, part = loops.closed.origins, loops.closed.part
    made = {key: beside_truth(prepared, part, rows, one[:-1], key) for key, one in told.items()}
    return replace(loops, made={**loops.made, **made})


def beside_outlook(outlook: Outlook, told: Mapping[str, RivalValues], shown: Collection[str]) -> Outlook:
    """Outlook with what `run_rival` says of the rows to come, and of the naive forecasts only those that are shown."""
    return replace(
        outlook,
        naive=outlook.naive if "naive" in shown else None,
        seasonal_naive=outlook.seasonal_naive if "seasonal_naive" in shown else None,
        others={key: one[-1] for key, one in told.items()},
    )


def mean_errors(loops: Loops) -> dict[str, float]:
    """Mean absolute error over all steps of every way, the smallest first."""
    errors = {key: float(mae_by_step(one).mean()) for key, one in loops.made.items()}
    return dict(sorted(errors.items(), key=lambda item: item[1]))
