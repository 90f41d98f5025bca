"""The buttons that steer a run: pause, one epoch, resume, stop; and, after its end, go on from where it stood."""

import secrets
from collections.abc import Sequence

import streamlit as st

from lstm_core.errors import RunError
from lstm_core.runs.moves import can_go_on, can_train_longer
from lstm_core.runs.store import Run
from lstm_core.training.events import Status, Wish
from lstm_core.training.plan import TrainingPlan
from pages._shell import controls, services, state

_EPOCH = (
    "Train one epoch, then stand still: the network sees every train window once, in batches, and each batch moves "
    "the weights one small step. Watch what one pass does to the curve."
)
_BUTTONS = {
    "pause": (
        Wish.PAUSE,
        "Pause",
        "pause",
        "Stand still at the end of this epoch. Nothing is lost: weights, optimiser and random numbers stay as they "
        "are, and the training goes on as if it had never stopped.",
    ),
    "resume": (
        Wish.GO,
        "Resume",
        "play_arrow",
        "Go on until the last epoch, or until the patience is used up. The result is the one it would have had "
        "without the pause.",
    ),
    "step": (Wish.STEP, "One epoch", "skip_next", _EPOCH),
    "finish": (
        Wish.FINISH,
        "Stop and keep",
        "task_alt",
        "Stop now and keep the weights of the best epoch so far, as if it had been the last one: you get the scores "
        "and the forecast.",
    ),
    "cancel": (
        Wish.CANCEL,
        "Cancel",
        "stop_circle",
        "Stop now, without a forecast. The curve is kept, and the training can be resumed from its last checkpoint.",
    ),
}
"""By key: the wish, the label, the icon, and what the button teaches."""


def draw(run: Run, *, has_epochs: bool) -> None:
    """Draw what can be asked of a live run; what it is about to do already cannot be asked again.

    Parameters
    ----------
    has_epochs : whether there is a best epoch yet that could be kept
    """
    with st.container(horizontal=True, gap="small"):
        for key in _offered(run):
            wish, label, icon, teaches = _BUTTONS[key]
            st.button(
                label,
                key=key,
                icon=f":material/{icon}:",
                shortcut="Esc" if wish is Wish.CANCEL else None,
                disabled=wish is run.wish
                or _is_ending(run, wish)
                or (wish is Wish.FINISH and not has_epochs),
                help=teaches,
                on_click=_ask,
                args=(run.run_id, wish),
            )


def draw_way_on(run: Run, runs: Sequence[Run]) -> None:
    """Draw how a run that is over goes on: from its checkpoint, or with more epochs."""
    draw_resume(run, runs, key="go_on", primary=True)
    if can_train_longer(run):
        _draw_longer(run, runs)


def draw_resume(run: Run, runs: Sequence[Run], *, key: str, primary: bool = False) -> None:
    """Draw the button that continues a lost or stopped run, where there is something to continue."""
    if not can_go_on(run):
        return
    st.button(
        "Resume",
        key=key,
        icon=":material/resume:",
        type="primary" if primary else "secondary",
        help=f"A new run goes on after epoch {run.checkpoint} of {run.spec.plan.epochs}, with the same weights, "
        "optimiser and random numbers: its result is the one this run would have had. The curve comes along.",
        on_click=_go_on,
        args=(run, runs, None),
    )


def parent_name(run: Run, runs: Sequence[Run]) -> str | None:
    """Name of the run that a run continues; None when it continues none, or one that was deleted."""
    return next((other.name for other in runs if other.run_id == run.parent), None)


def _offered(run: Run) -> tuple[str, ...]:
    if run.status in (Status.QUEUED, Status.STARTING):
        return ("cancel",)
    first = "pause" if run.status is Status.RUNNING and run.wish is Wish.GO else "resume"
    return first, "step", "finish", "cancel"


def _is_ending(run: Run, wish: Wish) -> bool:
    """Whether the run is about to end, so that this wish comes too late."""
    return run.wish is Wish.CANCEL or (run.wish is Wish.FINISH and wish is not Wish.CANCEL)


def _ask(run_id: str, wish: Wish) -> None:
    try:
        services.queue().ask(services.owner(), run_id, wish)
    except RunError:
        state.select_run(None)


def _draw_longer(run: Run, runs: Sequence[Run]) -> None:
    done, planned = run.checkpoint or 0, run.spec.plan.epochs
    most = controls.field(TrainingPlan, "epochs")["max_value"]
    if done >= most:
        return
    with st.popover("Train longer", icon=":material/add_circle:", key="longer_menu"):
        epochs = st.number_input(
            "Epochs in all",
            min_value=done + 1,
            max_value=most,
            step=10,
            key=state.widget(f"longer_{run.run_id}", min(done + max(planned // 2, 10), most)),
            help=f"This run has trained {done}. A new run goes on from there and keeps what the optimiser has learned "
            "about the size of its steps.",
        )
        st.button(
            "Train longer",
            key="longer",
            type="primary",
            icon=":material/play_arrow:",
            on_click=_go_on,
            args=(run, runs, int(epochs)),
        )


def _go_on(run: Run, runs: Sequence[Run], epochs: int | None) -> None:
    """Continue a run as a new one and look at it; a child that lives is the one to look at (double click)."""
    asked = (run.run_id, epochs)
    former, token, last = state.recall("go_on_token", ((), "", ""))
    alive = [label.run_id for label in services.store().labels(services.owner()) if not label.status.is_final]
    sibling = next((one.run_id for one in runs if one.parent == run.run_id and one.run_id in alive), None)
    if sibling is not None:
        _show(sibling)
        return
    if former != asked or last not in alive:
        token = secrets.token_hex(16)
    try:
        child = services.store().resume(services.owner(), run.run_id, token=token, epochs=epochs)
        services.queue().submit(services.owner(), child.run_id)
    except RunError as error:
        state.remember("run_problem", error.message)
        return
    state.remember("go_on_token", (asked, token, child.run_id))
    _show(child.run_id)


def _show(run_id: str) -> None:
    """Look at a run that goes on. The browser stays where it is, perhaps far below the progress: say where that is."""
    state.select_run(run_id)
    st.toast("The training goes on. Its progress stands at the top of this page.", icon=":material/resume:")
