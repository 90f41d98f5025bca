"""The bench of the What-if page: pencil, sliders and table over one draft, and the forecast that follows."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.errors import UserError
from lstm_core.evaluation.verdict import amount
from lstm_core.evaluation.what_if.outcome import Outcome, derived_columns
from lstm_core.evaluation.what_if.scenario import Scenario, steps_back
from lstm_core.evaluation.what_if.verdicts import change_verdict, range_verdict
from lstm_core.figures.series import time_title
from lstm_core.figures.theme import Theme, axis_label
from lstm_core.figures.what_if import plot_change
from pages._shell import opened, present, state
from pages._shell.understanding import draft_memory, pencil, what_if_draft
from pages._shell.understanding.what_if_draft import Desk, Draft

_SHAPES = {
    "step": "Step: all by one size",
    "spike": "Spike: a peak in the middle",
    "ramp": "Ramp: grows to its size",
    "gap": "Gap: values are missing",
    "scale": "Scale: times a factor",
    "shift": "Shift: later or earlier",
}
_FILLINGS = {"line": "a straight line", "last": "the last value"}
TABLE_ROWS = 240


def draw(desk: Desk) -> Outcome:
    """Every way to edit the draft, its verdict and its charts; returns what the draft does.

    While a stroke is drawn that is what it did before: so the charts below stand still, and the pencil is quick.
    """
    draft = what_if_draft.current(desk.run)
    # What comes and goes has a place of its own: else whatever stands below it would be made anew, under the hand.
    answer, window, below, others = (st.container() for _ in range(4))
    filling = state.recall_widget("what_if_filling", "line")
    unit = desk.run.unit
    with answer:
        outcome = _outcome(desk, draft.scenario)
        opened.say(change_verdict(outcome, unit=unit))
    with window:
        data = pencil_data(desk, draft, outcome, filling)
        pencil.draw(data, on_commands=lambda: what_if_draft.obey_pencil(desk))
    with below:
        if draft.refusal:
            present.verdict("bad", present.safe(f"Not done. {draft.refusal}", limit=2000))
        outside = range_verdict(outcome, target=desk.run.target, unit=unit, labels=desk.labels)
        if outside is not None:
            opened.remark(outside)
        _say_derived(desk, outcome)
        draft_memory.say(desk, draft)
    with others:
        _filling()
        outcome = _outcome(desk, draft.settled) if draft.live else outcome
        _sliders(desk, filling)
        _table(desk, draft, outcome)
        _change(desk, outcome)
    return outcome


def _outcome(desk: Desk, scenario: Scenario) -> Outcome:
    """What a scenario does; one that does not fit these rows is shown as the reason, with the window as it is."""
    try:
        return desk.try_out(scenario)
    except UserError as error:
        if not (scenario.changes or scenario.future):
            with present.guard():
                raise
        present.verdict("bad", present.safe(f"This scenario does not fit here. {error.message}", limit=2000))
    with present.guard():
        return desk.try_out(Scenario(name=scenario.name))


def _filling() -> None:
    st.segmented_control(
        "A gap is read as",
        list(_FILLINGS),
        format_func=_FILLINGS.__getitem__,
        required=True,
        key=state.widget("what_if_filling", "line"),
        help="A network cannot read nothing. Missing values are filled before it reads them: by a straight line "
        "between the values beside the gap, or by the last value before it.",
    )


def pencil_data(desk: Desk, draft: Draft, outcome: Outcome, filling: str) -> dict[str, Any]:
    """What the pencil draws, original units."""
    run, feature = desk.run, desk.feature
    train = run.prepared.values[: run.prepared.split.train.stop, feature]
    unit = run.unit if feature == 0 else ""
    of_target = feature == 0
    ahead = [None if np.isnan(one) else float(one) for one in desk.truth] if of_target else []
    return {
        "run": run.run.run_id,
        "column": desk.column,
        "origin": desk.origin,
        "unit": unit,
        "axis": axis_label(desk.column, unit),
        "time_title": time_title(run.series),
        "labels": desk.labels,
        "ahead_labels": desk.ahead if of_target else [],
        "n_ahead": desk.steps if of_target else 0,
        "values": outcome.read_before[:, feature].tolist(),
        "edited": outcome.read_after[:, feature].tolist(),
        "before": outcome.before.tolist() if of_target else [],
        "after": outcome.after.tolist() if of_target else [],
        "truth": ahead,
        "first": run.prepared.spec.reach - steps_back(run.prepared.spec, desk.column),
        "reads_levels": not of_target or not run.prepared.spec.transform.lags,
        "low": float(train.min()),
        "high": float(train.max()),
        "nudge": float(f"{(float(train.std()) or 1.0) / 10:.1g}"),
        "filling": filling,
        "ack": draft.acknowledged,
        "ack_of": draft.pencil,
        "can_undo": bool(draft.past),
        "can_redo": bool(draft.ahead),
        "can_reset": bool(draft.scenario.changes or draft.scenario.future),
        "colours": _colours(present.theme()),
    }


def _colours(theme: Theme) -> dict[str, str]:
    names = ("text", "muted", "grid", "surface", "actual", "forecast", "baseline", "train", "warning")
    return {name: getattr(theme, name) for name in names}


def _say_derived(desk: Desk, outcome: Outcome) -> None:
    """Which computed inputs follow what was changed, and which stand as they were."""
    followed = [one for one in desk.plan.derived if _differs(outcome, one.place)]
    if followed:
        names = ", ".join(present.safe(one.name) for one in followed)
        st.markdown(
            f":material/sync_alt: Made anew from what you changed, as the cleaning makes them: {names}."
        )
    made = derived_columns(desk.run.prepared, desk.run.run.spec.cleaning)
    left = [name for name in made if name not in [one.name for one in desk.plan.derived]]
    if left and _differs(outcome, 0):
        names = ", ".join(present.safe(name) for name in left)
        st.markdown(
            f":material/error: Computed from the target when the data were cleaned, and left as they were: {names}. "
            "Change them too, if they are to follow."
        )


def _differs(outcome: Outcome, place: int) -> bool:
    return bool((outcome.read_before[:, place] != outcome.read_after[:, place]).any())


def _sliders(desk: Desk, filling: str) -> None:
    with st.expander("Paint a shape with sliders", key="what_if_sliders", on_change="rerun") as box:
        if not box.open:
            return
        most = steps_back(desk.run.prepared.spec, desk.column)
        count = state.recall("what_if_painted", 0)
        paint = {"on_change": _paint, "args": (desk, filling, most)}
        with st.container(horizontal=True, vertical_alignment="bottom"):
            kind = st.selectbox(
                "Shape",
                list(_SHAPES),
                format_func=_SHAPES.__getitem__,
                key=state.widget("what_if_kind", "step"),
                help="What happens to the steps that are marked.",
            )
            if most > 1:
                st.slider(
                    "Steps before the forecast",
                    1,
                    most,
                    key=state.widget("what_if_steps_marked", (1, min(3, most))),
                    help="1 is the newest row that the network reads.",
                    **paint,
                )
            _size(desk, kind, most, paint)
            st.button(
                "Keep this shape, paint another",
                key="what_if_next_shape",
                on_click=state.remember,
                args=("what_if_painted", count + 1),
                help="Until you press this, the sliders move one and the same shape.",
            )
        if kind == "gap":
            st.button("Paint the gap", key="what_if_paint_gap", on_click=_paint, args=(desk, filling, most))


def _size(desk: Desk, kind: str, most: int, paint: dict[str, Any]) -> None:
    key = f"what_if_size_{kind}"
    if kind == "scale":
        st.slider(
            "Factor", 0.0, 3.0, step=0.05, key=state.widget(key, 1.0), help="1 changes nothing.", **paint
        )
    elif kind == "shift" and most > 1:
        most_later = min(most - 1, 100)
        words = "Above 0: what happened comes later. Below: earlier."
        st.slider("Steps later", -most_later, most_later, key=state.widget(key, 0), help=words, **paint)
    elif kind in ("step", "spike", "ramp"):
        train = desk.run.prepared.values[: desk.run.prepared.split.train.stop, desk.feature]
        spread = float(train.std()) or 1.0
        unit = desk.run.unit if desk.feature == 0 else ""
        share = st.slider(
            "Size [standard deviations]",
            -3.0,
            3.0,
            step=0.1,
            key=state.widget(key, 0.0),
            help=f"One standard deviation of {present.safe(desk.column)} over the train rows is "
            f"{present.safe(amount(spread, unit))}.",
            **paint,
        )
        st.markdown(f"= {present.safe(amount(share * spread, unit))}")


def _paint(desk: Desk, filling: str, most: int) -> None:
    """Make the sliders' shape, in place of what they made before; a callback."""
    kind = state.held("what_if_kind")
    end, start = state.held("what_if_steps_marked") if most > 1 else (1, 1)
    size = 0.0 if kind == "gap" else float(state.held(f"what_if_size_{kind}"))
    if kind in ("step", "spike", "ramp"):
        train = desk.run.prepared.values[: desk.run.prepared.split.train.stop, desk.feature]
        size *= float(train.std()) or 1.0
    shape = {
        "kind": kind,
        "column": desk.column,
        "start": start,
        "end": end,
        "size": size,
        "filling": filling,
    }
    stroke = f"sliders-{state.recall('what_if_painted', 0)}-{kind}-{desk.column}-{desk.origin}"
    what_if_draft.change(desk, shape, stroke=stroke)


def _table(desk: Desk, draft: Draft, outcome: Outcome) -> None:
    with st.expander("Edit as a table", key="what_if_table_box", on_change="rerun") as box:
        if not box.open:
            return
        columns, spec = desk.run.prepared.spec.columns, desk.run.prepared.spec
        frame = pd.DataFrame(
            {
                "time": desk.labels,
                **{name: outcome.read_after[:, place] for place, name in enumerate(columns)},
                "as it was": outcome.read_before[:, desk.feature],
            }
        )
        key = f"what_if_table_{desk.origin}_{draft.version}"
        st.data_editor(
            frame,
            key=key,
            hide_index=True,
            height=TABLE_ROWS,
            disabled=["time", "as it was"],
            column_config={"as it was": st.column_config.NumberColumn(f"{desk.column} as it was")},
            on_change=what_if_draft.change_from_table,
            args=(desk, key),
        )
        told = "Oldest row first. An emptied cell is a gap."
        if spec.reach > spec.window.length and len(columns) > 1:
            told += f" Further inputs are read in the newest {spec.window.length} rows only."
        st.caption(told)


def _change(desk: Desk, outcome: Outcome) -> None:
    truth = None if np.isnan(desk.truth).all() else desk.truth
    unit = desk.run.unit
    change = outcome.change
    at = int(np.abs(change).argmax())
    table = {"time": desk.ahead, "before": outcome.before, "after": outcome.after, "difference": change}
    style = {"labels": desk.ahead, "name": desk.run.target, "unit": unit, "theme": present.theme()}
    present.show(
        desk.drawn("change", [outcome], lambda: plot_change(outcome, truth, **style)),
        key="what_if_chart",
        alt=f"Forecast before and after, and their difference: {amount(float(change[at]), unit)} at {desk.ahead[at]}, "
        "where it is largest.",
        table=pd.DataFrame(table | ({} if truth is None else {"came true": truth})),
        suffix=desk.run.suffix,
    )
