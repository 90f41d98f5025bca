"""Further inputs that are known ahead: what each is taken to be after the last known row, to be changed in a table."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st
from pydantic import ValidationError

from lstm_core.errors import PreparationError, explain_validation
from lstm_core.evaluation.what_if.outcome import Outcome
from lstm_core.evaluation.what_if.scenario import FutureInput
from pages._shell import present, state
from pages._shell.understanding import what_if_draft
from pages._shell.understanding.what_if_draft import Desk


def draw(desk: Desk, outcome: Outcome) -> None:
    """Table of the further inputs ahead, as far as the forecast reads them; nothing for a run without any."""
    names = desk.run.prepared.spec.features
    if not names:
        return
    st.subheader("Inputs that are known ahead", anchor=False)
    n_needed = len(outcome.future_after)
    if not n_needed:
        horizon = desk.run.horizon
        st.caption(
            f"Up to {horizon} {'step' if horizon == 1 else 'steps'} ahead the network reads nothing that comes after "
            "the window. Choose more steps ahead above, and the further inputs in between are asked for here."
        )
        return
    values = {name: outcome.future_after[:, place] for place, name in enumerate(names)}
    following = [one.name for one in desk.plan.derived]
    key = f"what_if_future_{desk.origin}_{desk.steps}_{what_if_draft.current(desk.run).version}"
    st.data_editor(
        pd.DataFrame({"time": desk.ahead[:n_needed], **values}),
        key=key,
        hide_index=True,
        disabled=["time", *following],
        on_change=_take_over,
        args=(desk, key),
    )
    told = desk.plan.words(names)
    if len(following) < len(names):
        told += " A cell you change holds for this scenario."
    st.caption(present.safe(told, limit=1000))


def _take_over(desk: Desk, key: str) -> None:
    """Give the edited cells to the draft; an emptied cell follows the rule again. A callback."""
    cells: Mapping[int, Mapping[str, float | None]] = state.held(key)["edited_rows"]
    draft = what_if_draft.current(desk.run).scenario
    given = {(one.step, one.column): one for one in draft.future}
    try:
        for row, edited in cells.items():
            for column, value in edited.items():
                place = (int(row) + 1, column)
                given.pop(place, None)
                if value is not None:
                    given[place] = FutureInput(step=place[0], column=column, value=value)
    except ValidationError as error:
        what_if_draft.refuse(desk.run, explain_validation(error, kind=PreparationError))
        return
    what_if_draft.try_to_put(
        desk, draft.model_copy(update={"future": tuple(given.values()), "drawn_at": desk.origin})
    )
