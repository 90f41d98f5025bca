"""Forecast: actual against predicted, beside simple baselines, and the copy-cat check."""

import streamlit as st

from lstm_core.evaluation import baselines, classical, copycat, lag, quantile, scores
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.headline import flat_verdict
from lstm_core.evaluation.table import forecast_table
from lstm_core.figures.forecast import plot_forecast
from lstm_core.preparation.split import PARTS, Part
from lstm_core.recipe import prepare as recipe
from pages._shell import opened, present, state, time_slider
from pages._shell.data import transform_panel
from pages._shell.understanding import copy_panel, score_table, take_away

present.heading("Forecast", "Is the network better than repeating the last value?")
run = time_slider.require("forecast")
theme, unit, target = present.theme(), run.unit, run.prepared.values[:, 0]

with present.guard():
    made, lstm = run.all_forecasts(), run.network_forecasts()
board = scores.score_all(run.prepared, made, period=run.series.period)
check, naive_check = (lag.lag_check(made[key], target) for key in ("lstm", "naive"))
edge = run.run.spec.plan.edge
headline = score_table.headline(run, made["lstm"], board)
copies = lag.copycat_verdict(check, board, name=run.name)
opened.say(headline)
if edge is None:
    opened.say(copies)
if flat := flat_verdict(made["lstm"]):
    opened.say(flat)

with st.container(horizontal=True, vertical_alignment="bottom"):
    view = st.segmented_control(
        "Show",
        ("All parts", "Test part"),
        key=state.widget("forecast_view", "All parts"),
        required=True,
        help="The test part alone is closer; every score is computed on it in full, whatever is drawn.",
    )
    step = 1
    if run.horizon > 1:
        step = st.slider(
            "Steps ahead",
            1,
            run.horizon,
            key=state.widget("forecast_step", 1),
            help="Which step of the horizon is drawn: 1 is the row right after the window.",
        )
parts: tuple[Part, ...] = PARTS if view == "All parts" else ("test",)
shown: dict[Part, Forecast] = {part: lstm[part].at_step(step) for part in parts}
present.show(
    plot_forecast(
        run.series,
        run.target,
        shown,
        [one.at_step(step) for key, one in made.items() if key != "lstm"],
        split=run.prepared.split,
        theme=theme,
    ),
    key="forecast_chart",
    alt=f"Actual and forecast {step} ahead over time. {headline.sentence}",
    table=lambda: forecast_table(run.series, {part: {"lstm": shown[part]} for part in parts}),
    suffix=run.suffix,
)
st.caption(
    "Click a name in the key to show the baselines; drag over the chart to zoom in, double-click to zoom out. "
    "Train windows were seen while learning; only the test part is an honest score. "
    + transform_panel.way_back(run.prepared.spec.transform)
)

st.subheader("Scores on the test part", anchor=False)
if run.horizon > 1:
    st.caption(f"Over all {run.horizon} steps of the horizon together.")
if edge is not None:
    st.caption(quantile.NOT_THE_MIDDLE)
score_table.draw(board, made, unit=unit, suffix=run.suffix)
st.caption(present.safe(classical.in_words(run.classical()), limit=600))
st.download_button(
    "Download the forecasts as CSV",
    run.forecast_csv,
    file_name=f"forecast{run.suffix}.csv",
    mime="text/csv",
    key="download_forecast",
    icon=":material/download:",
    on_click="ignore",
    help="Every window of every part with date, actual value and all forecasts, in full precision.",
)

if edge is None:
    copy_panel.draw(run, made, (check, naive_check), copies)

with st.expander("The formulas with the numbers of this run", key="formulas", on_change="rerun") as formulas:
    if formulas.open:
        score_table.draw_formulas(board, unit=unit)
if run.horizon > 1:
    with st.expander("The error by steps ahead", key="by_step", on_change="rerun") as by_step:
        if by_step.open:
            score_table.draw_by_step(made)

take_away.draw(run)

present.explain(
    means="The skill says which share of the error of repeating the last value is saved. Below 0 the network is not "
    "worth its training. If the linear AR does as well, the series needs no network: a weighted sum is enough.",
    misleads="R² is high on any series with a trend, even for a copy of the last value, so read it beside the skill. "
    "A short test part makes every score uncertain. On a random walk the copy is the best forecast there is. A network "
    "that learned a quantile is meant to lie on one side: it is judged by its pinball loss and by the share of truths "
    "below it.",
)
present.code(
    [recipe.to_original, baselines.naive, scores.score, scores.skill, lag.lag_check, copycat.copy_check],
    run.prepared.settings,
)
present.next_step(
    "pages/residuals.py", "Look at what is left over", "A good score can hide a bias or an unused pattern."
)
