"""The panels of the Intervals page: where its bands come from, what they held, and how that came and went."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.evaluation.intervals.adaptive import RATE
from lstm_core.evaluation.intervals.bands import LEVELS, METHODS, Bands, Method, count_crossings
from lstm_core.evaluation.intervals.conformal import least_errors
from lstm_core.evaluation.intervals.coverage import Coverage, coverage_verdict, measure, rolling, rolling_size
from lstm_core.evaluation.intervals.monte_carlo import N_DRAWS
from lstm_core.evaluation.residuals import residuals
from lstm_core.evaluation.table import row_times
from lstm_core.evaluation.verdict import Verdict, amount, part_of
from lstm_core.figures import intervals as figures
from lstm_core.series.words import counted
from lstm_core.study.quantiles import edge_quantiles
from pages._shell import present, state
from pages._shell.opened import OpenedRun
from pages._shell.understanding.interval_bands import RunBands

RATES = (0.002, 0.005, RATE, 0.02, 0.05, 0.1)
_METHOD_HELP = (
    "Split conformal: the errors of the validation part say how wide. Adaptive conformal: the same, and it learns from "
    "every truth of the test part once it is known. Monte-Carlo dropout: many forecasts with units left out at random. "
    "Quantile networks: two networks trained to the edges of the band."
)
_TIPS = {
    "Held": "Share of the truths of the test part that lay inside the bands.",
    "Chance": "Bands that keep their promise are measured in here 95 times of 100 in so many windows, were they "
    "independent. Split conformal promises its level on average over the errors it might have been given, so few "
    "validation windows make its range wider (beta-binomial); the other ranges are binomial.",
    "Mean width": "Mean of upper minus lower edge. Of two methods that hold what they promise, the narrower says more.",
    "Interval score": r"Mean of $(u - l) + \frac{2}{1 - \text{level}}\,\max(l - y,\ y - u,\ 0)$: width plus a fine for "
    "every truth outside. Smaller is better (Winkler 1972).",
}
_BRIEF: dict[Method, str] = {
    "split": "Split",
    "adaptive": "Adaptive",
    "dropout": "Dropout",
    "quantiles": "Quantiles",
}
"""Words that fit beside each other on a phone; everywhere else the methods have their full names."""
_OFF = {-1: "too narrow", 0: "fits", 1: "too wide"}


def choose(run: OpenedRun) -> tuple[Method, float, int, float]:
    """Draw the controls above the chart: method, level, steps ahead, and the rate of adaptive bands."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        method = st.segmented_control(
            "Method",
            list(METHODS),
            format_func=_BRIEF.__getitem__,
            key=state.widget("interval_method", "split"),
            required=True,
            help=_METHOD_HELP,
        )
        level = st.segmented_control(
            "Level",
            LEVELS,
            format_func=lambda share: f"{share:.0%}",
            key=state.widget("interval_level", 0.8),
            required=True,
            help="Share of the truths that the band is to hold. A higher level makes a wider band.",
        )
        step = 1
        if run.horizon > 1:
            step = st.slider(
                "Steps ahead",
                1,
                run.horizon,
                key=state.widget("interval_step", 1),
                help="Which step of the horizon the bands belong to. Each step has its own width.",
            )
        rate = state.recall("interval_rate", RATE)
        if method == "adaptive":
            rate = st.select_slider(
                "Rate",
                RATES,
                key=state.widget("interval_rate", rate),
                help="How far one truth moves the level: up after a miss, down after a hit. Larger rates follow a "
                "change sooner and swing more.",
            )
            state.remember("interval_rate", rate)
    return method or "split", level or LEVELS[1], step, rate


def verdict_of(run: OpenedRun, bands: Bands, level: float) -> Verdict:
    """What the bands of one level held, and why not more or less."""
    found = measure(bands)[bands.levels.index(level)]
    then, now = (residuals(run.network_forecast(part), step=bands.step) for part in ("validation", "test"))
    return coverage_verdict(found, calibrated_on=then.values, errors=now.values, unit=run.unit)


def draw_bands(made: RunBands, bands: Bands, level: float, verdict: Verdict) -> None:
    """Draw the forecasts of the test part with the bands of one level."""
    run = made.run
    present.show(
        figures.plot_bands(run.series, run.target, bands, level, theme=present.theme()),
        key="intervals_chart",
        alt=f"Actual and forecast over the test part with the {level:.0%} band. {verdict.sentence}",
        table=lambda: _table(run, bands, level),
        suffix=run.suffix,
    )
    st.caption(_origin(made, bands, level))


def draw_coverage(made: RunBands) -> None:
    """Draw what the bands of every method and level held."""
    run = made.run
    found = [
        one for level in LEVELS for bands in made.all(level) for one in measure(bands) if one.level == level
    ]
    st.dataframe(
        pd.DataFrame([_cells(one, run.unit) for one in found]),
        hide_index=True,
        height="content",
        key="coverage",
        column_config={name: st.column_config.TextColumn(help=tip) for name, tip in _TIPS.items()},
    )
    exact = pd.DataFrame(
        [{name: getattr(one, name) for name in Coverage.__dataclass_fields__} for one in found]
    )
    st.download_button(
        "Download the coverage as CSV",
        present.csv_bytes(exact),
        file_name=f"coverage{run.suffix}.csv",
        mime="text/csv",
        key="download_coverage",
        icon=":material/download:",
        on_click="ignore",
        help="The table in full precision.",
    )


def draw_rolling(run: OpenedRun, made: Sequence[Bands], level: float, *, key: str) -> None:
    """Draw how the coverage of one level came and went over the test part."""
    size = rolling_size(len(run.prepared.test))
    shown = [rolling(bands, level=level, size=min(size, len(bands.actual))) for bands in made]
    if all(len(one.rows) == 1 for one in shown):
        st.info(
            f"{counted(size, 'test window')} give a single share, so there is nothing to follow over time."
        )
        return
    lows = " ".join(
        f"{METHODS[one.method]}: between {one.shares.min():.0%} and {one.shares.max():.0%}." for one in shown
    )
    present.show(
        figures.plot_rolling(run.series, shown, theme=present.theme()),
        key=key,
        alt=f"Share of the last {size} windows whose {level:.0%} band held, over time. {lows}",
        table=lambda: _rolling_table(run, made, level, size),
        suffix=run.suffix,
    )
    st.caption(
        f"Dashed line: what is promised. Grey: where 95 of 100 such shares lie by chance alone, were the {size} "
        "windows independent. Below it the bands are too narrow for that time."
    )


def draw_half_widths(made: RunBands, level: float) -> None:
    """Draw how wide the bands are further ahead."""
    run, widths = made.run, made.half_widths(level)
    first, last = widths["split"][[0, -1]]
    present.show(
        figures.plot_half_widths(widths, unit=run.unit, theme=present.theme()),
        key="half_width_chart",
        alt=f"Mean half width of the {level:.0%} bands by steps ahead: {amount(first, run.unit)} one step ahead, "
        f"{amount(last, run.unit)} at the end of the horizon.",
        table=pd.DataFrame({"steps_ahead": np.arange(1, run.horizon + 1), **widths}),
        suffix=run.suffix,
    )


def _origin(made: RunBands, bands: Bands, level: float) -> str:
    """Where the bands come from, in words."""
    if bands.method in ("split", "adaptive"):
        words = _of_errors(made.run, bands, level)
    elif bands.method == "dropout":
        n, n_test = len(bands.actual), len(made.run.prepared.test)
        windows = f"{n} test windows" if n == n_test else f"the newest {n} of {n_test} test windows"
        words = (
            f"{N_DRAWS} forecasts of {windows}, each with other units left out at random, as in the training. The "
            "band lies between their quantiles. It tells how unsure the weights are and leaves out the noise of the "
            "series itself, so it usually holds too little."
        )
    else:
        words = _of_quantiles(made, bands, level)
    if unlimited := int(bands.unbounded[bands.levels.index(level)].sum()):
        words += f" {unlimited} of {len(bands.actual)} bands have no limit and reach the edge of the chart."
    return present.safe(words, limit=600)


def _of_errors(run: OpenedRun, bands: Bands, level: float) -> str:
    n, power = len(run.prepared.validation), run.prepared.transform.spec.power
    ahead, unit = f"{counted(bands.step, 'step')} ahead", run.unit or "the unit of the target"
    words = f"Half widths come from the errors of {n} validation windows, {ahead}."
    if bands.method == "adaptive":
        words += " Each follows the newest errors that were known when its forecast was made."
    elif power == "none":
        words += f" They are the same for every window, in {unit}."
    if power != "none":
        scale = {"log": "logarithm", "box-cox": "Box-Cox transform"}[power]
        words += (
            f" Errors are measured on the {scale} that the network reads and brought back through its inverse, so "
            f"that the bands, in {unit}, grow with the level."
        )
    if n < least_errors(level):
        words += f" A limit at {level:.0%} needs at least {least_errors(level)} windows."
    return words


def _of_quantiles(made: RunBands, bands: Bands, level: float) -> str:
    low, high = edge_quantiles(level)
    crossed = count_crossings(np.asarray(made.edges(level)), step=bands.step)
    words = (
        "Two networks with the settings and the seed of this one, at their best epochs, trained to the quantiles "
        f"{low:.4g} and {high:.4g}. "
    )
    if not crossed:
        return words + "They cross nowhere."
    return words + (
        f"At {crossed} of {len(bands.actual)} windows they cross: there the lower one of the two is the lower edge."
    )


def _cells(one: Coverage, unit: str) -> dict[str, str]:
    width = present.number(one.width, unit) if np.isfinite(one.width) else "none has a limit"
    if 0 < one.unbounded < one.n:
        width += f", {one.unbounded} without a limit"
    return {
        "Level": f"{one.level:.0%}",
        "Method": METHODS[one.method],
        "Held": part_of(one.held),
        "Chance": f"{one.low:.0%} to {one.high:.0%}",
        "Verdict": "no limit" if one.unbounded == one.n else _OFF[one.off],
        "Mean width": width,
        "Interval score": present.number(one.score, unit) if np.isfinite(one.score) else "∞",
        "Windows": str(one.n),
    }


def _table(run: OpenedRun, bands: Bands, level: float) -> pd.DataFrame:
    at = bands.levels.index(level)
    return pd.DataFrame(
        {
            "time": row_times(run.series, bands.rows),
            "actual": bands.actual,
            "forecast": bands.predicted,
            "lower": bands.lower[at],
            "upper": bands.upper[at],
            "held": bands.held[at],
        }
    )


def _rolling_table(run: OpenedRun, made: Sequence[Bands], level: float, size: int) -> pd.DataFrame:
    pieces = []
    for bands in made:
        one = rolling(bands, level=level, size=min(size, len(bands.actual)))
        times = row_times(run.series, one.rows)
        pieces.append(pd.DataFrame({"time": times, "method": bands.method, "held": one.shares}))
    return pd.concat(pieces, ignore_index=True)
