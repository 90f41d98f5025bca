"""Residuals: what the forecast leaves over, and whether a pattern is left in it."""

from functools import partial

import streamlit as st

from lstm_core.evaluation import residual_tests
from lstm_core.evaluation import residuals as room
from lstm_core.evaluation.table import residual_table
from lstm_core.figures import residuals as figures
from pages._shell import opened, present, state, time_slider
from pages._shell.understanding import coverage_panel, error_group_panel, residual_panels, worst_panel

present.heading("Residuals", "Is there still a pattern in what the forecast misses?")
run = time_slider.require("residuals")
theme = present.theme()
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
tests, overall = residual_panels.judge(run, left)
with verdict_place:
    opened.say(overall)

present.show(
    figures.plot_residuals(left, run.series, theme=theme),
    key="residuals_time_chart",
    alt=f"Residuals of the test part over time. {tests['mean'].verdict.sentence}",
    table=partial(residual_table, run.series, left),
    suffix=run.suffix,
)
st.caption("Residual = actual minus forecast. Above the line the forecast was too low.")
opened.remark(tests["mean"].verdict)

residual_panels.shape(left, tests)
residual_panels.pattern(run, left, tests)
residual_panels.spread(run, left, tests)
residual_panels.next_experiments(run, left, tests)
error_group_panel.draw(run, step=step)
coverage_panel.draw(run, step=step)
worst_panel.draw(run)

residual_panels.in_numbers(tests)
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
