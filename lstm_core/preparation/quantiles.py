"""Quantiles of a forecast back to original units, where that can be done one by one."""

import numpy as np
from jaxtyping import Float

from lstm_core.arrays import SampleRows
from lstm_core.errors import PreparationError
from lstm_core.preparation.windows import PreparationSpec, Prepared

Quantiles = Float[np.ndarray, "quantile sample horizon"]


def quantiles_to_original(prepared: Prepared, scaled: Quantiles, origins: SampleRows) -> Quantiles:
    """Bring quantiles of the scaled forecast through the same inverse as the forecast itself.

    Scaling and powers rise, and adding what is known at the origin only shifts: all keep the order of values, so the
    90% quantile of what the network says is the 90% quantile of what it means. Where differences add up over the
    horizon that ends: the quantile of a sum is not the sum of the quantiles, which would make every interval too
    wide. There, bring whole sample paths back with `Prepared.to_original` and take quantiles of those.

    Parameters
    ----------
    origins : (sample,) row of the first forecast of each window

    Raises
    ------
    PreparationError
        If differences add up over the horizon.
    """
    check_quantiles(prepared.spec)
    return np.stack([prepared.to_original(one, origins) for one in scaled])


def check_quantiles(spec: PreparationSpec) -> None:
    """Refuse a preparation whose quantiles cannot be brought back one by one.

    Raises
    ------
    PreparationError
        If differences add up over the horizon.
    """
    lags, horizon = spec.transform.lags, spec.window.horizon
    if any(lag < horizon for lag in lags):
        raise PreparationError(
            "Quantiles of summed differences are not sums of their quantiles",
            received=f"horizon={horizon}, differences of {' and '.join(map(str, lags))} rows",
            expected=f"a horizon of at most {min(lags)}",
            advice="Take quantiles of whole forecast paths instead.",
            field="horizon",
        )
