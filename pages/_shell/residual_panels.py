"""The panels of the Residuals page: shape, what the size depends on, memory, and the tests in numbers."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from lstm_core.evaluation import residuals as room
from lstm_core.evaluation.residual_tests import ResidualTest
from lstm_core.evaluation.residuals import Residuals
from lstm_core.figures import residuals as figures
from pages._shell import opened, present, state
from pages._shell.opened import OpenedRun

Tests = Mapping[str, ResidualTest]


def shape(left: Residuals, tests: Tests) -> None:
    """Histogram and quantiles."""
    theme, unit = present.theme(), left.unit
    first, second = st.columns(2)
    with first:
        st.subheader("Shape", anchor=False)
        n_bins = st.slider(
            "Bins",
            5,
            100,
            key=state.widget("residuals_bins", 30),
            help="How many bars the residuals are counted into. Few hide the shape, many show only noise.",
        )
        present.show(
            figures.plot_histogram(room.histogram(left, n_bins=n_bins), unit=unit, theme=theme),
            key="residuals_histogram_chart",
            alt=f"Histogram of the residuals in {n_bins} bins under a normal curve. {tests['normal'].verdict.sentence}",
        )
        opened.remark(tests["normal"].verdict)
    with second:
        st.subheader("Against a normal curve", anchor=False)
        if points := room.normal_quantiles(left):
            present.show(
                figures.plot_quantiles(points, unit=unit, theme=theme),
                key="residuals_quantiles_chart",
                alt=f"Quantiles of the residuals against those of a normal. {tests['normal'].verdict.sentence}",
            )
            st.caption("Q-Q plot: on the line means normal; ends that leave the line mean more large misses.")
        else:
            st.info("A Q-Q plot needs at least three different residuals.")


def pattern(run: OpenedRun, left: Residuals, tests: Tests) -> None:
    """Residuals over the forecast, and how they remember each other."""
    theme = present.theme()
    first, second = st.columns(2)
    with first:
        st.subheader("Against the forecast", anchor=False)
        present.show(
            figures.plot_against_predicted(left, theme=theme),
            key="residuals_predicted_chart",
            alt=f"Residuals over the forecast. {tests['size'].verdict.sentence}",
        )
        opened.remark(tests["size"].verdict)
        opened.remark(tests["clusters"].verdict)
    with second:
        st.subheader("Memory", anchor=False)
        if memory := room.memory(left):
            present.show(
                figures.plot_memory(memory, theme=theme),
                key="residuals_memory_chart",
                alt=f"Autocorrelation of the residuals by lag. {tests['memory'].verdict.sentence}",
                table=pd.DataFrame({"lag": range(1, len(memory.acf) + 1), "acf": memory.acf}),
                suffix=run.suffix,
            )
        opened.remark(tests["memory"].verdict)


def in_numbers(tests: Tests) -> None:
    """Every test with its statistic."""
    with st.expander("The tests in numbers"):
        numbers = [
            (one.name, one.hypothesis, present.number(one.statistic), present.number(one.p_value))
            for one in tests.values()
        ]
        chance = "How often chance alone gives at least this statistic. Below 0.05 chance is doubted."
        st.dataframe(
            pd.DataFrame(numbers, columns=["Test", "Doubts that", "Statistic", "p-value"]),
            hide_index=True,
            column_config={"p-value": st.column_config.TextColumn(help=chance)},
        )
