"""Is there anything to learn? Tests for noise, and what simple forecasts miss by, before any training (F22)."""

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.arrays import TimeValues
from lstm_core.diagnostics.learnable import ALPHA, Learnability
from lstm_core.diagnostics.spectrum import forecastability
from lstm_core.diagnostics.yardsticks import Yardsticks, lay_yardsticks
from lstm_core.network.spec import thousands
from pages._shell import cached, present
from pages._shell.data.pattern_panels import Seen


def draw(learnable: Learnability, seen: Seen, *, n_known: int, season: int, order: int, unit: str) -> None:
    """Both tables, with what they mean below.

    Parameters
    ----------
    n_known : rows before the test part, which simple forecasts may be tried on
    season, order : rows that simple forecasts repeat and read
    """
    look = partial(_look, seen.values, n_known, season, order)
    settings = (n_known, season, order)
    yardsticks, omega, omega_steps = cached.pattern(
        seen.fingerprint, seen.column, "learnable", settings, look
    )
    st.subheader("Is there anything to learn?", anchor=False)
    st.markdown("**Is it more than noise?**")
    st.dataframe(_tests(learnable, omega, omega_steps), hide_index=True, key="noise_tests", row_height=36)
    st.caption(
        "White noise has the same power at every frequency, so its spectrum is flat and its forecastability "
        r"$\Omega = 1 - H/\log m$ is 0 ($H$: entropy of the spectrum over $m$ frequencies, Goerg 2013). A random "
        "walk has noise for steps."
    )
    st.markdown("**What does a simple forecast miss by?**")
    if yardsticks is None:
        st.caption("Too few rows before the test part, or values that never change: nothing to compare.")
        return
    st.dataframe(_errors(yardsticks, unit), hide_index=True, key="yardsticks", row_height=36)
    st.caption(
        f"{yardsticks.verdict} One row ahead, on the newest {thousands(yardsticks.n_scored)} of the "
        f"{thousands(yardsticks.n_scored + yardsticks.n_fitted)} rows taken before the test part."
        + _against_all_rows(yardsticks, learnable, unit)
    )


def _look(
    values: TimeValues, n_known: int, season: int, order: int
) -> tuple[Yardsticks | None, float, float]:
    steps = np.diff(values) if len(values) > 1 else values
    return (
        lay_yardsticks(values[:n_known], season=season, order=order),
        forecastability(values),
        forecastability(steps),
    )


def _tests(learnable: Learnability, omega: float, omega_steps: float) -> pd.DataFrame:
    rows = [
        ("Values are white noise (Ljung-Box)", _p(learnable.p_values), _rejected(learnable.p_values)),
        (
            "Steps are white noise: a random walk (Ljung-Box)",
            _p(learnable.p_steps),
            _rejected(learnable.p_steps),
        ),
        (
            "Variance of a step that earlier steps explain",
            f"{learnable.explained:.0%}",
            "0% for a random walk",
        ),
        (
            "Forecastability Ω of the values",
            present.number(omega),
            "0 for noise, 1 for a pure cycle or trend",
        ),
        ("Forecastability Ω of the steps", present.number(omega_steps), "0 for a random walk"),
    ]
    return pd.DataFrame(rows, columns=["Question", "Number", "Reading"])


def _errors(yardsticks: Yardsticks, unit: str) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Forecast": one.name,
                "Mean miss": present.number(one.error, unit),
                "Skill": "reference" if one.key == "naive" else _share(one.skill),
            }
            for one in yardsticks.forecasts
        ]
    )


def _against_all_rows(yardsticks: Yardsticks, learnable: Learnability, unit: str) -> str:
    """Why repeating the last value misses by another amount here than at the top of the page; "" where it does not."""
    newest = next(one.error for one in yardsticks.forecasts if one.key == "naive")
    here, overall = present.number(newest, unit), present.number(learnable.naive_error, unit)
    if here == overall:
        return ""
    return f" Repeating the last value misses by {here} on these newest rows and by {overall} over all rows."


def _share(skill: float) -> str:
    return f"{skill:+.0%}".replace("-", "−") if np.isfinite(skill) else "not defined"


def _p(value: float) -> str:
    if not np.isfinite(value):
        return "not defined"
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"


def _rejected(p_value: float) -> str:
    if not np.isfinite(p_value):
        return "not defined"
    return "no, there is a memory" if p_value < ALPHA else "could well be"
