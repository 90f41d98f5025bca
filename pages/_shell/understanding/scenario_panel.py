"""Named scenarios of a run: kept, renamed, copied, deleted with undo, drawn together, taken away and brought back."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.errors import UserError
from lstm_core.evaluation.verdict import amount
from lstm_core.evaluation.what_if.outcome import Outcome
from lstm_core.evaluation.what_if.scenario import MAX_NAME, Scenario
from lstm_core.evaluation.what_if.scenario_table import scenario_table
from lstm_core.figures.what_if import MOST_SCENARIOS, plot_scenarios
from lstm_core.runs import scenarios
from pages._shell import present, services, state
from pages._shell.opened import OpenedRun
from pages._shell.understanding import draft_memory, what_if_draft
from pages._shell.understanding.what_if_draft import Desk

_SAID, _DELETED = "scenario_said", "scenario_deleted"


def draw(desk: Desk, outcome: Outcome) -> None:
    """Everything about the kept scenarios of the run, and the draft among them."""
    run = desk.run
    st.subheader("Scenarios", anchor=False)
    with present.guard():
        kept = scenarios.load(services.store(), services.owner(), run.run.run_id)
    _keep_draft(run, outcome)
    with st.container():
        refusal = state.recall(_SAID, "")
        if refusal:
            present.verdict("bad", present.safe(refusal, limit=2000))
    if kept:
        _manage(desk, kept)
    deleted = state.recall(_DELETED, None)
    if isinstance(deleted, Scenario):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"Deleted: {present.safe(deleted.name)}.", width="content")
            st.button(
                "Undo",
                key="scenario_undelete",
                icon=":material/undo:",
                on_click=_restore,
                args=(run, deleted),
            )
    _bring(run, kept, _together(desk, outcome, kept))


def forget() -> None:
    """Leave what was said about another run."""
    state.remember(_SAID, "")
    state.remember(_DELETED, None)


def _keep_draft(run: OpenedRun, outcome: Outcome) -> None:
    name = outcome.scenario.name
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Name",
            max_chars=MAX_NAME,
            key=state.follow_once("scenario_name", (run.run.run_id, name), name),
            help="A scenario is kept with the run. One with the same name is replaced.",
        )
        st.button(
            "Keep this scenario",
            key="scenario_keep",
            icon=":material/save:",
            disabled=not (outcome.scenario.changes or outcome.scenario.future),
            on_click=_keep,
            args=(run,),
        )


def _manage(desk: Desk, kept: scenarios.Scenarios) -> None:
    run = desk.run
    names = [one.name for one in kept]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            "Kept scenarios",
            names,
            key=state.offer("scenario_chosen", names),
            format_func=lambda one: _where(run, kept[names.index(one)]),
        )
        chosen = kept[names.index(name)]
        buttons: Sequence[tuple[str, str, str, Callable[..., None]]] = (
            ("Open", "scenario_open", "edit", _open),
            ("Duplicate", "scenario_copy", "content_copy", _copy),
            ("Delete", "scenario_delete", "delete", _delete),
        )
        for label, key, icon, act in buttons:
            st.button(label, key=key, icon=f":material/{icon}:", on_click=act, args=(run, chosen))
        with st.popover("Rename", icon=":material/title:", key="scenario_rename_box"):
            key = state.follow_once("scenario_new_name", (run.run.run_id, name), name)
            st.text_input("New name", max_chars=MAX_NAME, key=key)
            st.button("Rename", key="scenario_rename", type="primary", on_click=_rename, args=(run, name))
    draft_memory.way_back(desk, chosen.drawn_at, key="scenario_go")


def _where(run: OpenedRun, scenario: Scenario) -> str:
    """Name, and the window it was drawn on."""
    at = scenario.drawn_at
    if at is None:
        return scenario.name
    n_rows = len(run.prepared.values)
    place = f"forecast from {run.labels([at])[0]} on" if at < n_rows else "after the last row"
    return f"{scenario.name} (drawn on the {place})" if at < n_rows else f"{scenario.name} (drawn {place})"


def _together(desk: Desk, outcome: Outcome, kept: scenarios.Scenarios) -> Callable[[], pd.DataFrame] | None:
    """Draw the chosen scenarios on the window that is looked at; returns the numbers, None when there are none."""
    is_new = bool(outcome.n_edited) and outcome.scenario not in kept
    names = [one.name for one in kept]
    if not names:
        st.caption(
            "Nothing is kept yet. Scenarios that are kept can be drawn together, and taken away as files."
        )
        return None
    chosen = st.multiselect(
        "Drawn together",
        names,
        key=state.offer_many("scenario_shown", names, names[: MOST_SCENARIOS - 1]),
        max_selections=MOST_SCENARIOS - 1,
        help="All on the window that is looked at above. What is on the pencil is drawn with them.",
    )
    outcomes = list[Outcome]()
    for one in kept:
        if one.name in chosen:
            try:
                outcomes.append(desk.try_out(one))
            except UserError as error:
                st.markdown(
                    f":material/error: {present.safe(f'{one.name} does not fit here. {error.message}', limit=800)}"
                )
    if is_new:
        draft = outcome.scenario.model_copy(
            update={"name": f"{outcome.scenario.name} (on the pencil)"[:MAX_NAME]}
        )
        outcomes.append(desk.try_out(draft))
    return _chart(desk, outcomes) if outcomes else None


def _chart(desk: Desk, outcomes: list[Outcome]) -> Callable[[], pd.DataFrame]:
    run, unit = desk.run, desk.run.unit
    truth = None if np.isnan(desk.truth).all() else desk.truth

    def table() -> pd.DataFrame:
        return scenario_table(outcomes, run.prepared.spec.columns, desk.labels, desk.ahead)

    moved = "; ".join(f"{one.scenario.name} {_most(one, unit)}" for one in outcomes)
    st.markdown(f"Largest change of the forecast: {present.safe(moved, limit=1000)}.")
    style = {"name": run.target, "unit": unit, "theme": present.theme()}
    present.show(
        desk.drawn("together", outcomes, lambda: plot_scenarios(outcomes, truth, **style)),
        key="scenarios_chart",
        alt=f"Scenarios of one window with their forecasts. Largest change: {moved}.",
        table=table,
        suffix=run.suffix,
    )
    return table


def _most(outcome: Outcome, unit: str) -> str:
    largest = float(outcome.change[np.abs(outcome.change).argmax()])
    return f"{'+' if largest > 0 else ''}{amount(largest, unit)}"


def _bring(run: OpenedRun, kept: scenarios.Scenarios, table: Callable[[], pd.DataFrame] | None) -> None:
    """Take scenarios away as a file, and bring them back from one."""
    with st.expander("Export and import", key="scenario_files", on_change="rerun") as box:
        if not box.open:
            return
        st.caption(
            "To share scenarios, with a class for example, hand out the JSON file: whoever has a run of their own that "
            "reads the same columns uploads it here. Steps count back from the forecast, so it holds for any window, "
            "and is refused in words where a network does not look back so far."
        )
        if kept:
            st.download_button(
                "Download all as JSON",
                scenarios.to_json(kept),
                file_name="scenarios.json",
                mime="application/json",
                key="scenario_json",
                on_click="ignore",
            )
        if table is not None:
            st.download_button(
                "Download the drawn ones as CSV",
                present.csv_bytes(table()),
                file_name=f"scenarios{run.suffix}.csv",
                mime="text/csv",
                key="scenario_csv",
                on_click="ignore",
                help="Every value that is read or forecast, before and after.",
            )
        key = f"scenario_file_{state.recall('scenario_files_read', 0)}"
        st.file_uploader(
            "Scenarios as JSON",
            type="json",
            key=key,
            max_upload_size=1,
            on_change=_import,
            args=(run, key),
            help="A file that this page exported, of this run or another one with the same columns.",
        )


def _carry_out(run: OpenedRun, verb: Callable[..., scenarios.Scenarios], *arguments: object) -> bool:
    """Do something with the kept scenarios; a refusal is shown when the page is drawn. Whether it was done."""
    state.remember(_SAID, "")
    state.remember(_DELETED, None)
    try:
        verb(services.store(), services.owner(), run.run.run_id, *arguments)
    except UserError as error:
        state.remember(_SAID, error.message)
        return False
    return True


def _keep(run: OpenedRun) -> None:
    draft = what_if_draft.current(run).scenario
    try:
        name = scenarios.clean(state.widget_value("scenario_name"))
    except UserError as error:
        state.remember(_SAID, error.message)
        return
    named = draft.model_copy(update={"name": name})
    if _carry_out(run, scenarios.keep, named) and name != draft.name:
        what_if_draft.put(run, named)


def _open(run: OpenedRun, chosen: Scenario) -> None:
    what_if_draft.put(run, chosen)


def _copy(run: OpenedRun, chosen: Scenario) -> None:
    _carry_out(run, scenarios.add, (chosen,))


def _delete(run: OpenedRun, chosen: Scenario) -> None:
    if _carry_out(run, scenarios.remove, chosen.name):
        state.remember(_DELETED, chosen)


def _restore(run: OpenedRun, deleted: Scenario) -> None:
    _carry_out(run, scenarios.add, (deleted,))


def _rename(run: OpenedRun, name: str) -> None:
    _carry_out(run, scenarios.rename, name, state.widget_value("scenario_new_name"))


def _import(run: OpenedRun, key: str) -> None:
    uploaded = state.held(key)
    if uploaded is None:
        return
    state.remember("scenario_files_read", state.recall("scenario_files_read", 0) + 1)
    _carry_out(run, scenarios.add_file, uploaded.getvalue())
