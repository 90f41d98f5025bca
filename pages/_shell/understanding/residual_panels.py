"""The panels of the Residuals page: shape, what the size depends on, memory, and the tests in numbers."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from lstm_core.doctor import bias, forecasts
from lstm_core.doctor.rules import diagnose
from lstm_core.evaluation import residuals as room
from lstm_core.evaluation.baselines import season_in_use
from lstm_core.evaluation.quantile import overall_quantile_verdict, quantile_tests
from lstm_core.evaluation.residual_tests import ResidualTest, overall_verdict
from lstm_core.evaluation.residual_tests import diagnose as diagnose_residuals
from lstm_core.evaluation.residuals import Residuals
from lstm_core.evaluation.verdict import Verdict
from lstm_core.figures import residuals as figures
from pages._shell import cached, opened, present, state
from pages._shell.diagnosis import doctor_case, doctor_findings
from pages._shell.opened import OpenedRun

Tests = Mapping[str, ResidualTest]


def judge(run: OpenedRun, left: Residuals) -> tuple[dict[str, ResidualTest], Verdict]:
    """Every test by its key, and what they say together; a run that learned a quantile has tests of its own."""
    edge, period = run.run.spec.plan.edge, season_in_use(run.prepared, run.series.period)

    def make() -> tuple[ResidualTest, ...]:
        if edge is None:
            return diagnose_residuals(left, period=period)
        return quantile_tests(left, edge, period=period)

    found = cached.measured(run.key, "residual tests", (left.step, left.part), make)
    overall = overall_verdict(found) if edge is None else overall_quantile_verdict(found, edge)
    return {test.key: test for test in found}, overall


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
            st.caption(
                "Q-Q plot: on the line means normal. Dots above it at the right end, or below it at the left, are "
                "misses larger than a normal would make; the other way round they are smaller."
            )
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


def spread(run: OpenedRun, left: Residuals, tests: Tests) -> None:
    """How the size of the misses changes over time."""
    st.subheader("Spread over time", anchor=False)
    if rolling := room.rolling_spread(left):
        present.show(
            figures.plot_rolling_spread(rolling, run.series, theme=present.theme()),
            key="residuals_spread_chart",
            alt=f"Standard deviation of the residuals over time. {tests['clusters'].verdict.sentence}",
            table=lambda: pd.DataFrame(
                {"time": run.labels(rolling.rows), "standard deviation": rolling.spread}
            ),
            suffix=run.suffix,
        )
        st.caption(
            f"Standard deviation of the newest {rolling.n_in} residuals; dashed: of all of them. Of a steady spread "
            "with normal misses 19 of 20 values lie in the band."
        )
    opened.remark(tests["clusters"].verdict)


def next_experiments(run: OpenedRun, left: Residuals, tests: Tests) -> None:
    """What the Doctor says about the same residuals: its experiments, and the way to its charts.

    It looks one step ahead, at the best epoch; elsewhere its words would be about other residuals.
    """
    asked = {
        "mean": bias.bias,
        "memory": forecasts.pattern_left,
        "size": forecasts.uneven_misses,
        "clusters": forecasts.uneven_misses,
    }
    rules = {rule.key for key, rule in asked.items() if tests[key].verdict.tone == "caution"}
    if not rules or left.step != 1 or run.epoch is not None:
        return
    with present.guard():
        case = doctor_case.of_run(run.run).case
    found = [finding for finding in diagnose(case).findings if finding.rule.key in rules]
    if not found:
        return
    st.markdown("**Next experiment.** The Doctor finds the same in this run:")
    with st.container(horizontal=True, vertical_alignment="center", key="residuals_experiments"):
        for finding in found:
            doctor_findings.experiment(finding, run.run, run.series)
        st.page_link("pages/doctor.py", label="See its charts", icon=":material/stethoscope:")


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
