"""Training: train in the background, watch the loss, find every run again."""

import streamlit as st

from lstm_core.delivery.source import recipe_functions
from lstm_core.preparation.defaults import default_preparation
from lstm_core.training.events import Status
from lstm_core.training.plan import RunSpec, settings
from pages._shell import adoption, controls, present, services, sources, state
from pages._shell.network import run_list, run_monitor, run_start, run_steering

present.heading("Training", "Does the loss keep falling on data the network does not learn from?")
runs = services.store().list_runs(services.owner())
asked = state.journey().selected_run
run = next((one for one in runs if one.run_id == asked), None)
if run is None and asked is not None:
    present.verdict(
        "caution", "The run in this address does not exist, was deleted, or belongs to somebody else."
    )

plan_column, watch_column = st.columns([1, 2], gap="medium")
with watch_column:
    run_monitor.draw(run)
    if run is not None and run.status.is_final:
        with st.container(horizontal=True):
            run_steering.draw_way_on(run, runs)
            adoption.button(run, "Change and train again", "train_again", icon=":material/tune:")
    if run is not None and run.status is Status.FINISHED:
        present.next_step(
            "pages/forecast.py", "See the forecast", "The network is trained: does it beat the baselines?"
        )
run_list.draw(runs)

with plan_column:
    series = present.require_series()
    journey = state.journey()
    plan = controls.plan(journey.plan)
    state.choose(plan=plan)
    with present.guard():
        spec = RunSpec(
            series_fingerprint=series.fingerprint,
            preparation=journey.preparation or default_preparation(series),
            network=journey.network,
            plan=plan,
            cleaning=sources.record_of(journey.source),
        )
    run_start.draw(spec, series)

present.explain(
    means="An epoch shows the network every train window once. The train loss says how well it knows them; the "
    "validation loss says how well that carries over to later rows, which it never learns from. Both are measured on "
    "scaled values, so they compare with each other. The weights of the best epoch on the validation part are kept.",
    misleads="A falling train loss alone proves nothing: a large network learns its windows by heart. The validation "
    "part also chose the best epoch, so its loss is a little too good; only the test part, which chose nothing, judges "
    "the forecast. Dropout acts while training only, which can put the train loss above the validation loss. With "
    "another seed the curve differs: small differences between runs mean little.",
)
with present.guard():
    source = recipe_functions("schedule", "learning_rate")
    source += recipe_functions("train", "build_optimizer", "build_rules", "train_network")
    present.code(source, settings(spec, series))
