"""Cleaning on page 1: every repair and step in order, with its count, its picture and its undo."""

import streamlit as st

from lstm_core.figures.cleaning import plot_stage, shown_columns
from lstm_core.preparation.defaults import with_columns
from lstm_core.series.assemble import Assembled
from lstm_core.series.cleaning.spec import Cleaning
from lstm_core.series.cleaning.workpiece import Stage
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.source import SeriesSource
from lstm_core.series.table import Table
from lstm_core.series.words import counted
from pages._shell import present, state
from pages._shell.controls import field
from pages._shell.data import series_words, step_controls

_REPAIRS = {
    "missing_codes": "Codes marked as missing",
    "sort": "Sort by date",
    "regular_step": "Regular step",
    "duplicates": "Rows with the same date",
    "missing_dates": "Insert absent dates",
    "gaps": "Fill gaps",
}
_MOST_UNDONE = 20


def draw(source: SeriesSource, roles: ColumnRoles, table: Table, made: Assembled | None) -> None:
    """List of all repairs and steps, the controls to add one, and the picture of the one that is looked at.

    Parameters
    ----------
    made : what the list gives; None when it cannot be done, which the page says elsewhere
    """
    st.subheader("Cleaning", anchor=False)
    stages = {stage.key: stage for stage in made.stages} if made else {}
    for place, (key, title) in enumerate(_titles(source.cleaning, stages, roles).items(), start=1):
        told = _told(stages.get(key), waits=made is None)
        _draw_entry(f"{place}. **{present.safe(title)}**{told}", key, source, roles)
    if not stages and not source.cleaning.steps and not roles.missing_codes:
        st.caption(
            "No repair and no step: the series is as the table gives it."
            if made
            else "The list stands here once there is a series."
        )
    if source.cleaning.steps or _history(source):
        st.button(
            "Undo the last change",
            key="undo_step",
            icon=":material/undo:",
            on_click=_undo,
            args=(source, roles),
        )
    if source.cleaning.steps or "gaps" in stages:
        until = ""
        if made and made.last_known is not None:
            until = f", up to {series_words.moment(made.last_known, made.series.step)}"
        share = f"Rows to learn from: {source.cleaning.known_share:.0%}{until}"
        with st.expander(share, key="known_share_box"):
            _draw_known_share(source, roles)
    columns = tuple(map(str, made.stages[-1].after.columns)) if made and made.stages else roles.columns
    with st.expander("Add a step", icon=":material/add:", key="add_step_panel"):
        step = step_controls.draw(columns, step_controls.text_columns(table, roles))
        if step is not None and st.button("Add the step", key="add_step", type="primary"):
            _add(source, step, roles)
            st.rerun()
    if made:
        _draw_look(made, source.cleaning, roles)


def settle(columns: tuple[str, ...]) -> None:
    """Give the windows the columns of a changed list: new ones become inputs, vanished ones leave."""
    before = state.recall("columns_before", tuple[str, ...]())
    preparation = state.journey().preparation
    if before and preparation is not None and set(preparation.columns) <= {*before, *columns}:
        state.choose(preparation=with_columns(preparation, before, columns))
    state.remember("columns_before", ())
    state.remember("columns_now", columns)


def _titles(cleaning: Cleaning, stages: dict[str, Stage], roles: ColumnRoles) -> dict[str, str]:
    """Key and words of everything on the list, in the order it is done.

    Codes marked as missing stand on it also while the gaps they left are not filled, so that they can be taken back.
    """
    marked = any(code.column in roles.columns for code in roles.missing_codes)
    codes = {"missing_codes"} if marked else set[str]()
    repairs = {key: title for key, title in _REPAIRS.items() if key in stages or key in codes}
    steps = {
        f"step {place}": f"{step.kind.capitalize()}: {step.words}"
        for place, step in enumerate(cleaning.steps)
    }
    return repairs | steps


def _told(stage: Stage | None, *, waits: bool) -> str:
    """How often an entry was done and what it did, in Markdown behind its title; or why it was not."""
    if stage is None:
        told = (
            "Takes effect when the refusal at the top of the page is cured."
            if waits
            else "Nothing to do in these rows."
        )
        return f"  \n:gray[{told}]"
    count = f"{stage.steps[0].count:,}".replace(",", "\u202f")
    details = " ".join(step.detail for step in stage.steps)
    return f" · {count}  \n:gray[{present.safe(details, limit=400)}]"


def _draw_entry(words: str, key: str, source: SeriesSource, roles: ColumnRoles) -> None:
    title, way_out = st.columns([5, 1], vertical_alignment="center")
    title.markdown(words)
    way_out.button(
        "Remove",
        key=f"remove_{key.replace(' ', '_')}",
        icon=":material/close:",
        type="tertiary",
        on_click=_remove,
        args=(source, roles, key),
        help="Take this out of the list; everything behind it is done again without it.",
    )


def _draw_known_share(source: SeriesSource, roles: ColumnRoles) -> None:
    share = st.slider(
        **field(Cleaning, "known_share"),
        step=0.01,
        format="percent",
        key=state.widget("known_share", source.cleaning.known_share),
        width=320,
    )
    if share != source.cleaning.known_share:
        _change(source, source.cleaning.model_copy(update={"known_share": share}), roles)
        st.rerun()


def _draw_look(made: Assembled, cleaning: Cleaning, roles: ColumnRoles) -> None:
    titles = _titles(cleaning, {stage.key: stage for stage in made.stages}, roles)
    if not titles:
        return
    wanted = state.recall("stage_wanted", "")
    state.remember("stage_wanted", "")
    key = state.follow("stage", wanted) if wanted in titles else state.widget("stage", None)
    looked_at = st.selectbox(
        "Before and after",
        options=list(titles),
        format_func=lambda one: titles.get(str(one), ""),
        placeholder="Choose a step to look at",
        key=key,
        index=None,
        help="The rows before a step, dotted, and behind it.",
    )
    stage = next((stage for stage in made.stages if stage.key == looked_at), None)
    if stage is None:
        return
    shown = ", ".join(shown_columns(stage))
    n_touched = int(stage.touched.any(axis=1).sum())
    present.show(
        plot_stage(stage, theme=present.theme(), unit=made.series.unit),
        "stage_chart",
        alt=f"{titles[stage.key]}: {shown} before and after, {counted(n_touched, 'row')} marked.",
    )


def _add(source: SeriesSource, step: step_controls.StepSpec, roles: ColumnRoles) -> None:
    steps = (*source.cleaning.steps, step)
    _change(source, source.cleaning.model_copy(update={"steps": steps}), roles)
    state.remember("stage_wanted", f"step {len(steps) - 1}")


def _remove(source: SeriesSource, roles: ColumnRoles, key: str) -> None:
    """Take an entry out of the list; a repair goes back to its default."""
    state.forget_widgets("stage")
    if key in _REPAIRS:
        off = False if key == "sort" else getattr(ColumnRoles(target=roles.target), key)
        new = source.model_copy(update={"roles": roles.model_copy(update={key: off})})
        state.choose(source=new, preparation=state.journey().preparation)
        state.forget_widgets(key)
        return
    place, steps = int(key.removeprefix("step ")), source.cleaning.steps
    fewer = (*steps[:place], *steps[place + 1 :])
    _change(source, source.cleaning.model_copy(update={"steps": fewer}), roles)


def _undo(source: SeriesSource, roles: ColumnRoles) -> None:
    """Take the last change back; in a session that made none, the last step."""
    without_last = source.cleaning.model_copy(update={"steps": source.cleaning.steps[:-1]})
    *older, last = _history(source) or [without_last]
    _change(source, last, roles)
    state.remember("cleaning_before", (_name(source), older))
    state.forget_widgets("stage", "known_share")


def _change(source: SeriesSource, cleaning: Cleaning, roles: ColumnRoles) -> None:
    """Take another list, and keep the old one for the undo; the windows keep their choices."""
    history = [*_history(source), source.cleaning][-_MOST_UNDONE:]
    state.remember("cleaning_before", (_name(source), history))
    if not state.recall("columns_before", tuple[str, ...]()):
        state.remember("columns_before", state.recall("columns_now", tuple[str, ...]()))
    if cleaning.texts != roles.text:
        source = source.model_copy(update={"roles": roles.model_copy(update={"text": cleaning.texts})})
    state.choose(
        source=source.model_copy(update={"cleaning": cleaning}), preparation=state.journey().preparation
    )
    state.forget_widgets("step_")


def _history(source: SeriesSource) -> list[Cleaning]:
    name, lists = state.recall("cleaning_before", (("", "", ""), list[Cleaning]()))
    return lists if name == _name(source) else []


def _name(source: SeriesSource) -> tuple[str, str, str]:
    return source.kind, source.sample, source.sha256
