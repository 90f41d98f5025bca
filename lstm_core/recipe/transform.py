"""What is done to the target before it is scaled, and how it is undone, in plain NumPy. The app runs and exports it."""

import numpy as np


def fit_power(train_target, power, largest=2.0):
    """Find the two numbers of the power transform, `((value / size)^exponent - 1) / exponent`; exponent 0: the log.

    `log` has exponent 0 and size 1. `box-cox` divides by the geometric mean, so that the unit does not matter, and
    takes the exponent from 0 to `largest` that then leaves the train rows the least spread: the likelihood of Box and
    Cox (1964) is highest there. Exponents below 0 are left out: their inverse is infinite at forecasts that happen.

    Only train rows may come in, and all must lie above 0.

    Returns
    -------
    exponent : float, three decimals; None when `power` is "none"
    size : float, original units
    """
    if power == "none":
        return None, 1.0
    if power == "log":
        return 0.0, 1.0
    logs = np.log(train_target)
    size = float(np.exp(logs.mean()))
    logs = logs - logs.mean()

    def spread(exponent):
        with np.errstate(over="ignore", invalid="ignore"):  # 1e300 squared is no exponent to choose
            return np.nan_to_num(np.std(np.expm1(exponent * logs) / exponent), nan=np.inf)

    # Golden section: the spread has one lowest point, and every look leaves 62% of where it can be.
    low, high, share = 0.0, largest, (5**0.5 - 1) / 2
    while high - low > 1e-4:
        left, right = high - share * (high - low), low + share * (high - low)
        low, high = (low, right) if spread(left) <= spread(right) else (left, high)
    return round((low + high) / 2, 3), size


def change_power(values, exponent, size):
    """Original units to the power transform's; see `fit_power`."""
    if exponent is None:
        return values
    logs = np.log(values / size)
    return logs if exponent == 0 else np.expm1(exponent * logs) / exponent


def undo_power(changed, exponent, size):
    """Exact inverse of `change_power`. What lies below the end of the curve becomes 0, where the curve ends."""
    if exponent is None:
        return changed
    with np.errstate(over="ignore"):  # a wild forecast may be infinite, and says so
        if exponent == 0:
            return size * np.exp(changed)
        return size * np.maximum(1 + exponent * changed, 0.0) ** (1 / exponent)


def difference_lags(settings):
    """How far back each difference looks, in the order in which they are taken: the season first, then one row."""
    return [lag for lag in (settings["seasonal_lag"], settings["difference"]) if lag]


def difference(values, lag):
    """Each value minus the one `lag` rows before; the first `lag` have none and become NaN. Time is the last axis."""
    changed = np.full(values.shape, np.nan)
    changed[..., lag:] = values[..., lag:] - values[..., :-lag]
    return changed


def undo_difference(changed, before, lag):
    """Exact inverse of `difference`: each value is its difference plus the value `lag` rows before.

    As far as those rows lie before the forecast they are known; further on they are the forecast's own, so a forecast
    several rows ahead adds up its steps.

    Parameters
    ----------
    changed : (sample, horizon) differences
    before : (sample, lag or horizon, whichever is less) the values `lag` rows before the first steps
    """
    whole = np.empty_like(changed)
    for step in range(changed.shape[1]):
        whole[:, step] = changed[:, step] + (before[:, step] if step < lag else whole[:, step - lag])
    return whole


def transform_target(target, exponent, size, lags):
    """Power first, then one difference after the other.

    Parameters
    ----------
    target : (..., time) original units

    Returns
    -------
    changed : (..., time), NaN in the first rows, which have no difference
    stages : list of (..., time), what each difference was taken of
    """
    changed, stages = change_power(target, exponent, size), []
    for lag in lags:
        stages.append(changed)
        changed = difference(changed, lag)
    return changed, stages


def undo_transform(changed, known, exponent, size, lags):
    """Exact inverse of `transform_target` for the rows of a forecast.

    Parameters
    ----------
    changed : (sample, horizon)
    known : for each difference the rows it needs, see `undo_difference`
    """
    for lag, before in zip(reversed(lags), reversed(known), strict=True):
        changed = undo_difference(changed, before, lag)
    return undo_power(changed, exponent, size)
