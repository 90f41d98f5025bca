"""Page: the same settings with several seeds, and how much of a result is luck."""

import streamlit as st

from lstm_core.errors import UserError
from lstm_core.runs.admission import admit
from lstm_core.study import comparison
from lstm_core.study import spread as room
from lstm_core.study.repetition import group, seed_specs
from lstm_core.training.plan import settings
from pages._shell import opened, present, services, state
from pages._shell.studies import seeds_compare, seeds_monitor, seeds_results, seeds_start, study_start

present.heading("Seeds", "How much of this result is luck?")
studies = group(services.store().list_runs(services.owner()))
selected = state.journey().selected_run
shown = next((one for one in studies if selected in {run.run_id for run in one.runs}), None)
shown = shown or next(iter(studies), None)


def draw_start() -> None:
    """Offer to repeat the settings chosen on the pages before."""
    if shown is not None and state.journey().source is None:
        st.caption("Choose a series on the Series page first.")
        return
    series = present.require_series()
    try:
        spec = study_start.chosen(series)
        seconds = admit(spec, series, services.settings()).cost.seconds
    except UserError as refusal:
        present.verdict("bad", present.safe(refusal.message, limit=2000))
        return
    st.caption(f"{study_start.brief(spec, series)}, seeds from {spec.plan.seed} on.")
    seeds_start.draw(spec, series, seconds, key="repeat_seeds")


if shown is None:
    present.verdict("note", "There is no repetition yet. One run alone cannot say how much of it is luck.")
    draw_start()
    present.stop()

with st.container(horizontal=True, vertical_alignment="bottom"):
    by_run = {one.runs[0].run_id: one for one in studies}
    st.selectbox(
        "Repetition",
        list(by_run),
        format_func=lambda run_id: seeds_compare.label(by_run[run_id]) if run_id in by_run else "deleted",
        key=state.follow("study", shown.runs[0].run_id),
        on_change=state.select_run_from,
        args=("study",),
        help="Runs with the same settings and different seeds.",
    )
    with st.popover("Repeat again", icon=":material/repeat:", key="repeat_menu"):
        draw_start()

if selected is not None and selected not in {run.run_id for run in shown.runs}:
    st.caption(
        "The run chosen on top was trained with one seed. Below is your newest repetition, of other runs."
    )
scores = room.seed_spread(shown)
opened.say(room.spread_verdict(scores, seeds_results.unit_of(shown)))
seeds_results.draw_lost(shown)
if shown.live:  # what moves comes first
    seeds_monitor.draw(shown)
if scores.n:
    seeds_results.draw_scores(shown, scores)
if not shown.live:
    seeds_monitor.draw(shown)
if scores.n:
    st.subheader("Forecast on the test part", anchor=False)
    seeds_results.draw_forecasts(shown)
    st.subheader("Scores", anchor=False)
    seeds_results.draw_tables(shown, scores)
seeds_results.draw_opener(shown)
seeds_compare.draw(shown, [one for one in studies if one.study != shown.study])

present.explain(
    means="A seed decides the first weights, the order of the windows and what dropout hides. Nothing about the series "
    "or the settings differs between these runs, so whatever differs between their results is luck. The standard "
    "deviation says how far a single run usually is from the mean of many.",
    misleads="With three seeds the spread itself is uncertain: the true standard deviation may be half or six times as "
    "large. The best of several seeds is not a better network, it is a luckier one: report the mean. The band is no "
    "forecast interval; it leaves out everything that all seeds get wrong together. Runs with the same seed and "
    "settings repeat each other on one machine; another processor or version may round differently.",
)
with present.guard():
    literal = settings(shown.spec, seeds_results.series_of(shown)) | {"seeds": list(shown.seeds)}
    present.code([seed_specs, room.spread, comparison.welch, comparison.pooled_deviation], literal)
if any(run.run_id == selected for run in shown.finished):
    present.next_step(
        "pages/forecast.py", "See the forecast of this seed", "The spread is known; now look inside."
    )
