"""Carrying a preparation over to new rows: the same columns, transform, scaling and windows, and nothing learned."""

from dataclasses import replace

import numpy as np

from lstm_core.errors import PreparationError
from lstm_core.preparation.split import Split
from lstm_core.preparation.transform import check_target
from lstm_core.preparation.windows import Prepared, WindowSet
from lstm_core.recipe import prepare as recipe
from lstm_core.recipe import transform
from lstm_core.series.record import Series

_NONE = range(0)


def carry_over(prepared: Prepared, series: Series) -> Prepared:
    """Frame another series as the windows of a trained network were framed; all of its windows are test windows.

    Transform and scaler keep the numbers that they learned from the train rows. Train and validation part are empty.

    Raises
    ------
    SeriesError
        If a column does not exist.
    PreparationError
        If the series is too short for one window, or holds values that the transform does not know.
    """
    spec, fitted, scaler = prepared.spec, prepared.transform, prepared.scaler
    length, horizon, lost = spec.window.length, spec.window.horizon, spec.transform.n_lost
    values = np.column_stack([series.column(name) for name in spec.columns])
    if len(values) < spec.reach + horizon:
        raise PreparationError(
            f"{len(values)} new rows are too few: a window reads {spec.reach} and is compared with {horizon}",
            received=f"{len(values)} rows",
            expected=f"at least {spec.reach + horizon}",
            advice="Add some older rows to the file, even rows that the network has seen.",
            field="score_upload",
        )
    check_target(values[:, 0], spec.transform, spec.target)
    target, stages = transform.transform_target(
        values[:, 0], fitted.exponent, fitted.size, list(spec.transform.lags)
    )
    table = np.column_stack([target, values[:, 1:]])
    scaled = recipe.scale(table, scaler.centre, scaler.spread)
    framed = recipe.frame_windows(
        scaled, scaled[:, 0], 0, len(values), length, horizon, spec.window.stride, lost
    )
    for array in (values, table, *stages):
        array.flags.writeable = False
    return replace(
        prepared,
        split=Split(train=_NONE, validation=_NONE, test=range(len(values))),
        transform=replace(fitted, stages=tuple(stages)),
        values=values,
        table=table,
        train=_empty(prepared.train),
        validation=_empty(prepared.validation),
        test=WindowSet(inputs=framed[0], targets=framed[1], origins=framed[2]),
    )


def _empty(windows: WindowSet) -> WindowSet:
    return WindowSet(inputs=windows.inputs[:0], targets=windows.targets[:0], origins=windows.origins[:0])
