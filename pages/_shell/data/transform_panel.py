"""The transform in words, in the numbers of this run, and as a picture; and how a forecast comes back from it."""

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.figures.transform import plot_transform
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import Prepared
from lstm_core.series.record import Series
from pages._shell import present


def draw(series: Series, prepared: Prepared, unit: str) -> None:
    """Formula, one value worked through, before and after, and what it means for trend, season and forecast."""
    spec = prepared.spec.transform
    if not spec.is_active:
        return
    st.subheader("Transform", anchor=False)
    st.markdown("  \n".join(_worked(prepared, unit)))
    present.show(
        plot_transform(series, prepared, theme=present.theme()),
        key="transform_chart",
        alt=f"The target over time, and below it what the network reads before it is scaled: {spec.brief}.",
        table=lambda: pd.DataFrame(
            {"time": series.index, "value": prepared.values[:, 0], "transformed": prepared.table[:, 0]}
        ),
    )
    st.caption("\n".join(f"- {one}" for one in [*_effects(spec), *_ways_back(spec)]))


def way_back(spec: TransformSpec) -> str:
    """How a forecast comes back to original units, and what kind of forecast that makes it."""
    return " ".join(_ways_back(spec))


def _ways_back(spec: TransformSpec) -> list[str]:
    told = []
    if spec.lags:
        told.append(
            "The network forecasts changes; each is added to the value it changes, which is known at the origin or "
            "forecast before, so errors add up over the horizon."
        )
    if spec.power != "none":
        told.append(
            "The forecast is a median, not a mean: a network that hits the middle of the transformed values hits, "
            "back in original units, the value that half of the outcomes exceed. The mean usually lies higher."
        )
    return told


def nudged(spec: TransformSpec) -> str:
    """What a nudge is when the target is transformed; "" when it is not."""
    told = []
    if spec.is_active:
        told.append("Values of the series are nudged, and transformed again.")
    if spec.lags:
        counts = (
            "The row before the window counts too, because a difference is taken of it"
            if spec.n_lost == 1
            else f"The {spec.n_lost} rows before the window count too, because differences are taken of them"
        )
        told.append("δ is measured on the differences of the target, which are what the network reads.")
        told.append(
            f"{counts}; where the forecast is added to a row, that row moves it by the whole nudge even if the network "
            "ignores it."
        )
    if spec.power != "none":
        told.append("A nudge down ends at the lowest train value, because the power ends at 0.")
    return " ".join(told)


def _worked(prepared: Prepared, unit: str) -> list[str]:
    """One line per step: its formula with the numbers of the last train row."""
    spec, fitted, row = prepared.spec.transform, prepared.transform, prepared.split.train.stop - 1
    value, lines = float(prepared.values[row, 0]), []
    if fitted.exponent == 0 and spec.power == "log":
        lines.append(f"**Logarithm.** log({_exact(value)}) = {_exact(float(np.log(value)))}.")
    elif fitted.exponent is not None:
        changed = fitted.stages[0][row] if fitted.stages else prepared.table[row, 0]
        numbers = (
            f"λ = {fitted.exponent:g} and {_exact(fitted.size)}, the geometric mean, are learned from all "
        )
        numbers += f"{len(prepared.split.train)} train rows"
        lines.append(_box_cox(value, fitted.exponent, fitted.size, float(changed), numbers))
    after = [*fitted.stages[1:], prepared.table[:, 0]]
    for lag, stage, changed in zip(spec.lags, fitted.stages, after, strict=False):
        name = "Difference" if lag == 1 else f"Seasonal difference of {lag} rows"
        lines.append(
            f"**{name}.** value − value {lag} {'row' if lag == 1 else 'rows'} before = {_exact(float(stage[row]))} − "
            f"{_subtracted(float(stage[row - lag]))} = {_exact(float(changed[row]))}."
        )
    return [f"Of the last train row, {present.number(value, unit, digits=6)}:", *lines]


def _exact(value: float) -> str:
    """Six digits, so that a reader who computes along gets the same three."""
    return present.number(value, digits=6)


def _subtracted(value: float) -> str:
    return f"({_exact(value)})" if value < 0 else _exact(value)


def _box_cox(value: float, exponent: float, size: float, changed: float, numbers: str) -> str:
    """Formula of Box and Cox; `numbers` names what was learned, and from how many rows."""
    learned = f"{numbers}: divided by it, they vary least at this λ, where the likelihood is highest."
    if exponent == 0:
        return (
            f"**Box-Cox.** log({_exact(value)} / {_exact(size)}) = {_exact(changed)}. {learned} At 0 it is the "
            "logarithm; below 0 it is not looked for, because the way back would be infinite at forecasts that happen."
        )
    return (
        f"**Box-Cox.** (({_exact(value)} / {_exact(size)})^{exponent:g} − 1) / {exponent:g} = {_exact(changed)}. "
        f"{learned}"
    )


def _effects(spec: TransformSpec) -> list[str]:
    """What it does to trend, season and swings."""
    told = []
    if spec.power != "none":
        told.append(
            "Swings that grow with the level become equally large; growth by percents becomes a line."
        )
    if spec.seasonal_lag:
        told.append(
            "The seasonal difference takes out what repeats every season, and turns a straight trend into a level."
        )
    if spec.difference:
        told.append(
            "The difference turns a trend into a level, so test rows look like train rows again; it makes noise "
            "louder, because every step holds the noise of two rows."
        )
    return told
