"""From a table of numbers to windows, in plain NumPy. The app runs these functions and exports their source."""

import numpy as np

from lstm_core.recipe.transform import difference_lags, fit_power, transform_target, undo_transform


def split_points(n_rows, validation_rows, test_rows, gap=0):
    """Cut the time axis into train, validation and test rows, in this order.

    The last `test_rows` rows test, the `validation_rows` before them validate, everything earlier trains.
    `gap` rows are left out between neighbouring parts. Nothing is shuffled.

    With 200 rows, 16 to validate and 40 to test: train 0..143, validation 144..159, test 160..199.

    Returns
    -------
    dict of str to (first, last + 1)
    """
    test_start = n_rows - test_rows
    validation_end = test_start - gap
    validation_start = validation_end - validation_rows
    train_end = validation_start - gap if validation_rows else validation_end
    return {
        "train": (0, max(train_end, 0)),
        "validation": (max(validation_start, 0), max(validation_end, 0)),
        "test": (test_start, n_rows),
    }


def fit_scaling(train_values, kind, lower=0, rounding=None):
    """Find the two numbers per column that scale it: `scaled = (value - centre) / spread`.

    Only train rows may come in: a scaler that has seen the future leaks it.

    =========  ==========================  ================================
    kind       centre                      spread
    =========  ==========================  ================================
    none       0                           1
    minmax     min, or mid-range           max - min, or half of it
    standard   mean                        standard deviation (population)
    robust     median                      75% quantile - 25% quantile
    =========  ==========================  ================================

    With `minmax`, `lower=0` maps the train rows to 0..1 and `lower=-1` to -1..1.
    A column that never changes gets spread 1.

    Parameters
    ----------
    train_values : (time, feature) float64
    rounding : (feature,), optional
        What the rounding of computer numbers alone may do to a value; a spread no larger than that is none.

    Returns
    -------
    centre, spread : (feature,) float64
    """
    if kind == "none":
        centre, spread = np.zeros(train_values.shape[1]), np.ones(train_values.shape[1])
    elif kind == "minmax":
        low, high = train_values.min(axis=0), train_values.max(axis=0)
        centre, spread = (low, high - low) if lower == 0 else (low / 2 + high / 2, high / 2 - low / 2)
    elif kind == "standard":
        centre, spread = train_values.mean(axis=0), train_values.std(axis=0)
    elif kind == "robust":
        quarter, centre, three_quarters = np.quantile(train_values, [0.25, 0.5, 0.75], axis=0)
        spread = three_quarters - quarter
    else:
        raise ValueError(f"unknown scaling {kind!r}")
    # Rounding can leave a constant column a spread of about 1e-16 times its size: that is still no spread.
    negligible = 10 * np.finfo(float).eps * np.abs(centre) + (0.0 if rounding is None else rounding)
    return centre, np.where(spread > negligible, spread, 1.0)


def scale(values, centre, spread):
    """Original units to network units; the cast to float32 comes last, so large offsets lose no digits."""
    return ((values - centre) / spread).astype("float32")


def unscale(scaled, centre, spread):
    """Network units back to original units, in float64."""
    return scaled.astype("float64") * spread + centre


def frame_windows(inputs, target, first, last, length, horizon, stride=1, lost=0, pad_value=None):
    """Cut windows whose targets lie in rows `first` to `last - 1`.

    The window with origin `t` reads rows t-length .. t-1 and is asked for rows t .. t+horizon-1.
    With length 3 and horizon 1 over rows 0..5::

        inputs 0 1 2   target 3
        inputs 1 2 3   target 4
        inputs 2 3 4   target 5

    So `n` rows give `n - length - horizon + 1` windows when inputs and targets must both lie inside.

    Parameters
    ----------
    inputs : (time, feature)
    target : (time,)
    first, last : rows the targets may take, `last` exclusive; inputs may reach back before `first`
    lost : first rows of the table, which no window may hold
    pad_value : with a number, windows may begin before the first row; it stands for what is missing there. Every one
        of them holds at least one row; with length 3, these two come before those above::

            inputs pad pad 0   target 1
            inputs pad 0   1   target 2

    Returns
    -------
    windows : (sample, length, feature), a read-only view
    targets : (sample, horizon), a read-only view
    origins : (sample,) row of the first target
    """
    start = max(first, lost + length)
    stop = max(last - horizon + 1, start)
    ahead = 0  # rows that stand before the first one
    if pad_value is not None:
        start -= (length - 1) // stride * stride
        padding = np.full_like(inputs, pad_value, shape=(length + lost, inputs.shape[1]))
        inputs, ahead = np.concatenate([padding, inputs[lost:]]), length
    # Views, not copies: neighbouring windows share their rows, so a million windows cost no memory.
    view = np.lib.stride_tricks.sliding_window_view
    windows = view(inputs, length, axis=0)[start - length + ahead : stop - length + ahead : stride].swapaxes(
        1, 2
    )
    targets = view(target, horizon)[start:stop:stride]
    return windows, targets, np.arange(start, stop, stride)


def prepare_arrays(values, settings):
    """Split, transform, scale and frame a table whose first column is the target.

    Parameters
    ----------
    values : (time, feature) float64, original units
    settings : dict
        `validation_rows`, `test_rows`, `gap`, `power`, `difference`, `seasonal_lag`, `scaling`, `lower`, `length`,
        `horizon`, `stride`, `pad_value` (None: no window begins before the first row; only train windows can).

    Returns
    -------
    dict with `exponent`, `size`, `lags`, `stages` of the transform, the transformed `table` with its `rounding`,
    `centre`, `spread` and, for each part, `(windows, targets, origins)`
    """
    parts = split_points(len(values), settings["validation_rows"], settings["test_rows"], settings["gap"])
    train_end = parts["train"][1]
    exponent, size = fit_power(values[:train_end, 0], settings["power"])
    lags = difference_lags(settings)
    target, stages = transform_target(values[:, 0], exponent, size, lags)
    table, rounding, lost = values, np.zeros(values.shape[1]), sum(lags)
    if exponent is not None or lags:
        table = values.copy()
        table[:, 0] = target
        rounding[0] = rounding_of(stages, train_end, exponent)
    centre, spread = fit_scaling(table[lost:train_end], settings["scaling"], settings["lower"], rounding)
    scaled = scale(table, centre, spread)
    prepared = {"exponent": exponent, "size": size, "lags": lags, "stages": stages}
    prepared |= {"table": table, "rounding": rounding, "centre": centre, "spread": spread}
    framing = (settings["length"], settings["horizon"], settings["stride"], lost)
    for part, (first, last) in parts.items():
        pad_value = settings["pad_value"] if part == "train" else None
        prepared[part] = frame_windows(scaled, scaled[:, 0], first, last, *framing, pad_value)
    return prepared


def rounding_of(stages, train_end, exponent):
    """Largest difference that rounding alone makes of train rows: of a straight line nothing else is left."""
    largest = max((np.nanmax(np.abs(stage[:train_end])) for stage in stages), default=0.0)
    return 10 * np.finfo(float).eps * (largest if exponent is None else max(largest, 1.0))


def to_original(scaled, origins, prepared):
    """Forecasts back to original units: unscale, add up the differences, undo the power. The only way back there is.

    Parameters
    ----------
    scaled : (sample, horizon) as the network says it
    origins : (sample,) row of the first forecast of each window; the target is known up to the row before
    prepared : what `prepare_arrays` returned

    Returns
    -------
    (sample, horizon) float64
    """
    changed = unscale(scaled, prepared["centre"][0], prepared["spread"][0])
    lags, horizon = prepared["lags"], changed.shape[1]
    known = [
        stage[origins[:, None] - lag + np.arange(min(lag, horizon))]
        for stage, lag in zip(prepared["stages"], lags, strict=True)
    ]
    return undo_transform(changed, known, prepared["exponent"], prepared["size"], lags)
