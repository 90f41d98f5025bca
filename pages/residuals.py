"""Page 7: what the forecast leaves over, and whether a pattern is left in it."""

from functools import partial

import pandas as pd
import streamlit as st

from lstm_core.evaluation import residual_tests
from lstm_core.evaluation import residuals as room
from lstm_core.evaluation.table import residual_table
from lstm_core.figures import residuals as figures
from pages._shell import error_group_panel, opened, present, state, time_slider

present.heading("Residuals", "Is there still a pattern in what the forecast misses?")
run = time_slider.require("residuals")
theme, unit = present.theme(), run.unit
with present.guard():
    lstm = run.forecasts()["lstm"]

verdict_place, step = st.container(), 1
if run.horizon > 1:
    step = st.slider(
        "Steps ahead",
        1,
        run.horizon,
        key=state.widget("residuals_step", 1),
        help="Residuals of this step of the horizon. Several steps ahead they remember each other by nature.",
    )
left = room.residuals(lstm, step=step)
tests = {test.key: test for test in residual_tests.diagnose(left, period=run.series.period)}
with verdict_place:
    opened.say(residual_tests.overall_verdict(tuple(tests.values())))

present.show(
    figures.plot_residuals(left, run.series, theme=theme),
    key="residuals_time_chart",
    alt=f"Residuals of the test part over time. {tests['mean'].verdict.sentence}",
    table=partial(residual_table, run.series, left),
    suffix=run.suffix,
)
st.caption("Residual = actual minus forecast. Above the line the forecast was too low.")
opened.remark(tests["mean"].verdict)

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

error_group_panel.draw(run, step=step)

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
present.explain(
    means="A forecast that used everything leaves noise: around zero, without memory, of steady size. Memory means "
    "that yesterday's miss tells something about today's, so a better forecast exists. A mean away from zero is a "
    "bias, and the easiest flaw to cure.",
    misleads="With thousands of residuals a test finds flaws too small to matter, with twenty it misses large ones: "
    "read the sizes, not only p. One outlier makes residuals look far from normal. These tests see linear memory "
    "only.",
)
present.code(
    [room.residuals, residual_tests.mean_test, residual_tests.memory_test, residual_tests.size_test],
    run.prepared.settings,
)
present.next_step(
    "pages/sensitivity.py", "See what moves the forecast", "The misses are known; now nudge the inputs."
)
