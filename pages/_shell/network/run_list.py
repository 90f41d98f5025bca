"""The runs of a person: what they were, how good they are; open, resume, rename, delete."""

import streamlit as st

from lstm_core.errors import RunError
from lstm_core.evaluation.measure import measure_for
from lstm_core.network.counts import in_brief
from lstm_core.runs.names import MAX_NAME
from lstm_core.runs.reading import amount_or_none, duration
from lstm_core.runs.store import Run
from lstm_core.training.events import Status
from pages._shell import adoption, present, services, state
from pages._shell.network import run_groups, run_steering

SHOWN = 8
_BADGES = {
    Status.QUEUED: ("gray", "schedule"),
    Status.STARTING: ("blue", "hourglass_top"),
    Status.RUNNING: ("blue", "directions_run"),
    Status.PAUSED: ("violet", "pause_circle"),
    Status.FINISHED: ("green", "check_circle"),
    Status.FAILED: ("red", "cancel"),
    Status.CANCELLED: ("gray", "stop_circle"),
    Status.INTERRUPTED: ("orange", "power_off"),
}


def draw(runs: list[Run]) -> None:
    """Draw the newest runs, each with what can be done to it."""
    st.subheader("Your runs", anchor=False)
    _draw_undo()
    adoption.draw_undo()
    if problem := state.recall("run_problem", ""):
        state.remember("run_problem", "")
        present.verdict("bad", present.safe(problem, limit=2000))
    if not runs:
        st.caption("None yet. A run stays here until you delete it, whatever happens to this page.")
        return
    listed = run_groups.entries(runs)
    everything = len(listed) > SHOWN and st.toggle(
        f"Show all {len(runs)} runs", key=state.widget("all_runs", False)
    )
    for entry in listed if everything else listed[:SHOWN]:
        if len(entry) == 1:
            _draw_run(entry[0], runs)
        else:
            run_groups.draw(entry, lambda run: _draw_run(run, runs))


def _draw_run(run: Run, runs: list[Run]) -> None:
    is_open = run.run_id == state.journey().selected_run
    colour, icon = _BADGES[run.status]
    with st.container(border=True, key=f"run_{run.run_id}"):
        words, actions = st.columns(2, vertical_alignment="center")
        with words:
            st.markdown(f"**{present.safe(run.name)}** :{colour}-badge[:material/{icon}: {run.status}]")
            st.caption(facts(run))
            if run.parent is not None:
                st.caption(f":material/subdirectory_arrow_right: {_descent(run, runs)}")
        with actions, st.container(horizontal=True, horizontal_alignment="right", gap="xsmall"):
            _draw_actions(run, runs, is_open=is_open)


def _descent(run: Run, runs: list[Run]) -> str:
    name = run_steering.parent_name(run, runs)
    return "continues a run that was deleted" if name is None else f"continues {present.safe(name)}"


def _draw_actions(run: Run, runs: list[Run], *, is_open: bool) -> None:
    st.button(
        "Opened" if is_open else "Open",
        key=f"open_{run.run_id}",
        disabled=is_open,
        on_click=state.select_run,
        args=(run.run_id,),
    )
    run_steering.draw_resume(run, runs, key=f"resume_{run.run_id}")
    adoption.button(run, "Use its settings", f"use_{run.run_id}")
    with st.popover("Rename", key=f"rename_menu_{run.run_id}"):
        st.text_input(
            "New name",
            max_chars=MAX_NAME,
            key=state.widget(f"name_{run.run_id}", run.name),
            on_change=_rename,
            args=(run.run_id,),
            help="Press Enter to rename. Two of your runs cannot have the same name.",
        )
    with st.popover("Delete", key=f"delete_menu_{run.run_id}"):
        st.markdown("Delete this run, its curve and its network? You can undo it for an hour.")
        st.button(
            "Yes, delete it",
            key=f"delete_{run.run_id}",
            type="primary",
            on_click=_delete,
            args=(run.run_id, run.name),
        )


def facts(run: Run) -> str:
    """Series, network, best epoch, test score and duration of a run, as far as there are any."""
    window = run.spec.preparation.window
    shape = f"{window.length} → {window.horizon} steps"
    parts = [present.safe(run.series_name), shape, in_brief(run.spec.network)]
    if (finished := run.state.finished) is not None:
        measure, error = measure_for(run.spec.plan.edge), ""
        if finished.scores:
            error = amount_or_none(finished.scores["lstm"].get(measure.key), run_groups.of_target(run))
        parts += [
            f"best epoch {finished.best_epoch}",
            f"test {measure.name} {error}" if error else "",
            duration(finished.seconds).replace(" ", "\u00a0"),
        ]
    return " · ".join(part for part in parts if part)


def _rename(run_id: str) -> None:
    key = f"name_{run_id}"
    try:
        services.store().rename(services.owner(), run_id, state.widget_value(key))
    except RunError as error:
        state.remember("run_problem", error.message)
        state.forget_widgets(key)


def _delete(run_id: str, name: str) -> None:
    try:
        services.store().delete(services.owner(), run_id)
    except RunError as error:
        state.remember("run_problem", error.message)
        return
    if state.journey().selected_run == run_id:
        state.select_run(None)
    state.remember("deleted_run", (run_id, name))


def _draw_undo() -> None:
    deleted = state.recall("deleted_run", ("", ""))
    if not deleted[0]:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"Deleted **{present.safe(deleted[1])}**.", width="content")
        st.button("Undo", key="undo_delete", icon=":material/undo:", on_click=_restore, args=(deleted[0],))


def _restore(run_id: str) -> None:
    state.remember("deleted_run", ("", ""))
    try:
        services.store().restore(services.owner(), run_id)
    except RunError as error:
        state.remember("run_problem", error.message)
