"""Whether the selected run could read the windows chosen now."""

import streamlit as st

from lstm_core.errors import NetworkError, RunError
from lstm_core.network.match import check_inputs
from lstm_core.training.events import Status
from pages._shell import cached, present, services, state


def draw(n_features: int, window_length: int) -> None:
    """Say whether the selected run accepts windows of this width, and what must change if not."""
    selected, store, owner = state.journey().selected_run, services.store(), services.owner()
    if selected is None:
        return
    try:
        run = store.get(owner, selected)
        if run.status is not Status.FINISHED:
            return
        weights = cached.weights(owner, selected, store)
    except RunError:
        return  # deleted meanwhile, or somebody else's: the pages of the run say so
    st.subheader("Would the selected run read these windows?", anchor=False)
    try:
        check_inputs(run.spec.network, weights, n_features=n_features)
    except NetworkError as refusal:
        present.verdict("caution", present.safe(refusal.message, limit=1000))
        return
    trained_on = run.spec.preparation.window.length
    length = "the length it was trained on" if trained_on == window_length else f"trained on {trained_on}"
    present.verdict(
        "note",
        f"Yes: {present.safe(run.name)} reads {n_features} column{'s' * (n_features > 1)} per step, and the windows "
        f"have as many. Their {window_length} steps ({length}) need no new weights: every step uses the same ones.",
    )
