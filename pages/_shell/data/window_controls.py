"""Widget groups of the Windows page: window, scaling and split go in as a spec and come out as one."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.errors import PreparationError
from lstm_core.preparation.cautions import Caution
from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.split import SplitSpec, split
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.series.record import Series
from pages._shell import present, state
from pages._shell.controls import choices, field

KEYS = ("window_", "horizon", "stride", "transform_", "scaling", "split_by", "validation_", "test_", "gap")
"""What belongs to one series and must be forgotten with it."""
BESIDE = "padding"
"""Field of the cautions that stand beside their control."""
_SCALINGS = {
    "none": "none",
    "minmax": "min-max",
    "standard": "standard",
    "robust": "robust",
}
_POWERS = {"none": "none", "log": "log", "box-cox": "Box-Cox"}


def preparation(
    spec: PreparationSpec, series: Series, warn: Callable[[PreparationSpec], Iterable[Caution]]
) -> PreparationSpec:
    """Window, transform, scaling and split of a series; columns stay as they are.

    Parameters
    ----------
    warn : what is unsafe; what comes from padding is said under its switch
    """
    if state.recall("windows_of", "") != series.fingerprint:
        state.forget_widgets(*KEYS)
        state.remember("windows_of", series.fingerprint)
    left, right = st.columns(2, gap="large")
    with left:
        window = _window(spec.window, series.n_rows)
        beside_padding = st.container(key="padding_box")
        transform = _transform(spec.transform, series)
        scaling = _scaling(spec.scaling)
    with right:
        cut = _split(spec.split, series)
    chosen = {"window": window, "transform": transform, "scaling": scaling, "split": cut}
    spec = spec.model_copy(update=chosen)
    with beside_padding:
        for caution in (one for one in warn(spec) if one.field == BESIDE):
            present.verdict("caution", caution.what)
    return spec


def told_above(cautions: Iterable[Caution]) -> list[str]:
    """Cautions that do not stand beside their control, and a pointer to those that do."""
    cautions = tuple(cautions)
    above = [present.safe(one.what, limit=400) for one in cautions if one.field != BESIDE]
    beside = ["What is padded is unsafe: the reason stands beside its switch."]
    return above + (beside if len(above) < len(cautions) else [])


def _window(spec: WindowSpec, n_rows: int) -> WindowSpec:
    length: dict[str, Any] = field(WindowSpec, "length")
    length["max_value"] = min(length["max_value"], n_rows)
    chosen = st.slider(**length, key=state.widget("window_length", min(spec.length, length["max_value"])))
    with st.container(horizontal=True):
        horizon = st.number_input(
            **field(WindowSpec, "horizon"), step=1, key=state.widget("horizon", spec.horizon)
        )
        stride = st.number_input(
            **field(WindowSpec, "stride"), step=1, key=state.widget("stride", spec.stride)
        )
    padding = st.toggle(
        **field(WindowSpec, "padding"), key=state.widget("window_padding", spec.padding), disabled=chosen == 1
    )
    return WindowSpec(length=chosen, horizon=horizon, stride=stride, padding=padding)


def _transform(spec: TransformSpec, series: Series) -> TransformSpec:
    lag: dict[str, Any] = field(TransformSpec, "seasonal_lag")
    if series.period > 1:
        lag["help"] += f" The dates of this series suggest {series.period}."
    with st.container(horizontal=True, vertical_alignment="bottom"):
        power = st.segmented_control(
            field(TransformSpec, "power")["label"],
            choices(TransformSpec, "power"),
            format_func=_POWERS.__getitem__,
            key=state.widget("transform_power", spec.power),
            required=True,
            help=field(TransformSpec, "power")["help"],
        )
        seasonal = st.number_input(
            **lag,
            step=1,
            value=None,
            placeholder="none",
            key=state.widget("transform_seasonal_lag", spec.seasonal_lag),
        )
        difference = st.toggle(
            **field(TransformSpec, "difference"),
            key=state.widget("transform_difference", bool(spec.difference)),
        )
    return TransformSpec(
        power=power or spec.power,
        seasonal_lag=None if seasonal is None else int(seasonal),
        difference=1 if difference else 0,
    )


def _scaling(spec: ScalingSpec) -> ScalingSpec:
    kind = st.segmented_control(
        "Scaling",
        choices(ScalingSpec, "kind"),
        format_func=lambda one: _SCALINGS[one],
        key=state.widget("scaling", spec.kind),
        required=True,
        help="How each column is brought to a common size: `scaled = (value − centre) / spread`. Min-max takes the "
        "smallest value and the range, standard the mean and the standard deviation, robust the median and the range "
        "between the quartiles. All are fitted on the train rows only.",
    )
    lower = spec.lower
    if kind == "minmax":
        lower = st.segmented_control(
            "Range",
            choices(ScalingSpec, "lower"),
            format_func=lambda low: f"{low} to 1".replace("-", "−"),
            key=state.widget("scaling_lower", spec.lower),
            required=True,
            help=field(ScalingSpec, "lower")["help"],
        )
    return ScalingSpec(kind=kind or spec.kind, lower=lower if lower is not None else spec.lower)


def _split(spec: SplitSpec, series: Series) -> SplitSpec:
    by_date = False
    if series.is_dated:
        by_date = (
            st.segmented_control(
                "Split by",
                ("share", "date"),
                key=state.widget("split_by", "date" if spec.test_start else "share"),
                required=True,
                help="The series is cut along time, oldest rows first: train, then validation, then test. Rows are "
                "never shuffled: a shuffled split lets the network see the future it is tested on.",
            )
            == "date"
        )
    if by_date:
        starts = _dates(spec, series)
    else:
        starts = {
            name: st.slider(
                **field(SplitSpec, name),
                step=0.01,
                format="percent",
                key=state.widget(name, getattr(spec, name)),
            )
            for name in ("validation_fraction", "test_fraction")
        } | {"validation_start": None, "test_start": None}
    bounds: dict[str, Any] = field(SplitSpec, "gap")
    bounds["max_value"] = min(bounds["max_value"], series.n_rows // 4)
    gap = st.number_input(**bounds, step=1, key=state.widget("gap", min(spec.gap, bounds["max_value"])))
    return SplitSpec.model_validate(spec.model_dump() | starts | {"gap": gap})


def _dates(spec: SplitSpec, series: Series) -> dict[str, date]:
    assert isinstance(series.index, pd.DatetimeIndex)  # the caller asked `is_dated`
    try:
        parts = split(series, spec)
        start = {"validation_start": parts.validation.start, "test_start": parts.test.start}
    except PreparationError:
        start = {"validation_start": series.n_rows * 7 // 10, "test_start": series.n_rows * 8 // 10}
    first, last = series.index[0].date(), series.index[-1].date()
    return {
        name: st.date_input(
            field(SplitSpec, name)["label"],
            min_value=first,
            max_value=last,
            key=state.widget(name, getattr(spec, name) or series.index[int(np.int64(row))].date()),
            help="The first row on or after this day starts the part.",
        )
        for name, row in start.items()
    }
