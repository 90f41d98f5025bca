"""Arrays and series as bytes: safetensors, so that reading them can run no code."""

import json

import numpy as np
import pandas as pd
from safetensors.numpy import load, save

from lstm_core.series.record import Series, Step

SERIES = "series"
_MARKS = ("filled", "merged")


def arrays_to_bytes(arrays: dict[str, np.ndarray]) -> bytes:
    """Named arrays as one safetensors file."""
    # Not ascontiguousarray: it would make an array of one number out of a number.
    return save({name: np.asarray(array, order="C") for name, array in arrays.items()})


def arrays_from_bytes(content: bytes) -> dict[str, np.ndarray]:
    """Named arrays of a safetensors file, read-only."""
    arrays = load(content)
    for array in arrays.values():
        array.flags.writeable = False
    return arrays


def series_to_bytes(series: Series) -> bytes:
    """Series as one safetensors file: `values` (time, feature), `index` (time,) as int64, the rest as text.

    Dates are microseconds since 1970. Marks of repairs (`filled`, `merged`) are there when there are any.
    """
    index = series.index
    if isinstance(index, pd.DatetimeIndex):
        whole, zone, freq = index.as_unit("us").asi8, index.tz and str(index.tz), index.freqstr
    else:
        whole, zone, freq = index.to_numpy(dtype=np.int64), None, None
    words = {
        "columns": series.columns,
        "name": series.name,
        "unit": series.unit,
        "step": series.step,
        "period": series.period,
        "steps": [(step.name, step.count, step.detail) for step in series.steps],
        "dated": series.is_dated,
        "zone": zone,
        "freq": freq,
        "index_name": None if index.name is None else str(index.name),
    }
    arrays = {"values": series.values, "index": whole}
    arrays |= {name: marks for name in _MARKS if (marks := getattr(series, name)).any()}
    return save(
        {name: np.ascontiguousarray(array) for name, array in arrays.items()},
        metadata={SERIES: json.dumps(words)},
    )


def series_from_bytes(content: bytes) -> Series:
    """Series of a file made by `series_to_bytes`; the fingerprint is the same."""
    header_length = int.from_bytes(content[:8], "little")
    words = json.loads(json.loads(content[8 : 8 + header_length])["__metadata__"][SERIES])
    arrays = load(content)
    return Series(
        values=arrays["values"],
        index=_index(arrays["index"], words),
        columns=tuple(words["columns"]),
        name=words["name"],
        unit=words["unit"],
        step=words["step"],
        period=words["period"],
        steps=tuple(Step(name=name, count=count, detail=detail) for name, count, detail in words["steps"]),
        **{name: arrays[name] for name in _MARKS if name in arrays},
    )


def _index(whole: np.ndarray, words: dict) -> pd.Index:
    if words["dated"]:
        index = pd.DatetimeIndex(whole.astype("datetime64[us]"), name=words["index_name"])
        if words["zone"]:
            index = index.tz_localize("UTC").tz_convert(words["zone"])
        if words["freq"]:
            index = pd.DatetimeIndex(index, freq=words["freq"])
        return index
    steps = np.diff(whole)
    if len(whole) > 1 and (steps == steps[0]).all():
        return pd.RangeIndex(
            int(whole[0]), int(whole[-1] + steps[0]), int(steps[0]), name=words["index_name"]
        )
    return pd.Index(whole, name=words["index_name"])
