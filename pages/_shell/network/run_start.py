"""What a run would cost, and the button that starts it."""

import secrets

import streamlit as st

from lstm_core.errors import RunError, UserError
from lstm_core.network.spec import thousands
from lstm_core.runs.admission import Admission, admit
from lstm_core.runs.names import first_name
from lstm_core.runs.reading import duration
from lstm_core.series.record import Series
from lstm_core.training.plan import RunSpec
from pages._shell import cached, present, services, state
from pages._shell.studies import seeds_start

_TEACHES = (
    "Starts a run with these settings in the background. In every epoch the network sees each train window once, in "
    "batches; after each batch its weights w take a small step against the gradient of the loss, "
    "$w \\leftarrow w - \\eta\\, \\partial L / \\partial w$, with the learning rate η. The weights of the epoch with "
    "the lowest validation loss are kept."
)


def draw(spec: RunSpec, series: Series) -> None:
    """Draw cost, notes and the button; a refused run says why and cannot be started."""
    try:
        admission = admit(spec, series, services.settings())
    except UserError as refusal:
        present.verdict("bad", present.safe(refusal.message, limit=2000))
        admission = None
    if admission is not None:
        _draw_cost(spec, admission)
    clicked = st.button(
        "Train",
        key="train",
        type="primary",
        icon=":material/play_arrow:",
        shortcut="Ctrl+Enter",
        disabled=admission is None,
        help=_TEACHES,
        width="stretch",
    )
    seeds_start.draw(spec, series, None if admission is None else admission.cost.seconds, key="n_seeds")
    st.caption("The training goes on when you leave or close this page.")
    if clicked:
        try:
            start(spec, series)
        except RunError as error:
            present.verdict("bad", present.safe(error.message, limit=2000))
        else:
            st.rerun()


def start(spec: RunSpec, series: Series) -> None:
    """Start a run and look at it. The same choices again while it lives find the same run (double click)."""
    store, owner = services.store(), services.owner()
    digest, token, last = state.recall("train_token", ("", "", ""))
    alive = any(label.run_id == last and not label.status.is_final for label in store.labels(owner))
    if digest != spec.digest or not alive:
        token = secrets.token_hex(16)
    run = store.create(owner, spec, series, name=first_name(spec, series), token=token)
    cached.run_series.clear()  # the same numbers may have a new unit or season
    services.queue().submit(owner, run.run_id)
    state.remember("train_token", (spec.digest, token, run.run_id))
    state.select_run(run.run_id)


def _draw_cost(spec: RunSpec, admission: Admission) -> None:
    cost = admission.cost
    st.caption(
        f"{thousands(cost.parameters)} weights, {thousands(admission.n_windows)} train windows. "
        f"About {duration(cost.seconds)} for all {spec.plan.epochs} epochs, a guess within a factor of three; "
        f"about {present.number(cost.memory_bytes / 1e6, 'MB')} of memory."
    )
    for aside in admission.asides:
        st.caption(aside)
    for note in admission.notes:
        present.verdict("caution", note)
