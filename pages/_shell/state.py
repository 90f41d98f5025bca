"""The journey: a person's choices. The only file that touches the session and the address bar.

Choices only: anything computable from them lives in the cache, anything a training did lives in the run
store. So nothing in here can be stale.
"""

import base64
import zlib
from collections.abc import Collection, Sequence
from typing import Any, TypeVar

import streamlit as st
from pydantic import BaseModel, ConfigDict
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lstm_core.errors import CoreError
from lstm_core.network.spec import NetworkSpec
from lstm_core.preparation.windows import PreparationSpec
from lstm_core.runs.names import RUN_ID
from lstm_core.series.layout.combine import FileChoice
from lstm_core.series.source import SeriesSource
from lstm_core.training.plan import TrainingPlan

T = TypeVar("T")

_JOURNEY = "_journey"
_ADDRESS = "journey"
_UNSEEN = "_unseen_widgets"
_LONGEST_JOURNEY = 64_000
_OF_THE_RUN = ("selected_run", "epoch", "window")
_LONGEST_NUMBER = 9
"""Digits of an epoch or a window in an address, at most."""


class Journey(BaseModel):
    """What has been chosen so far.

    Attributes
    ----------
    source : where the series comes from; None before page 1
    preparation : split, scaling and window; None until a series is chosen (pages then use the default for it)
    network, plan : always usable
    selected_run : id of the run that the pages of a finished run look at; also in the address bar
    epoch : epoch of that run to look at, None for its best one; also in the address bar
    window : test window of that run to look at, counted from 1, None for the newest one; also in the address bar
    beyond : whether the rows after the last one are looked at instead, where a page can
    beside : id of the run that the selected one is compared with, where a page can compare the two
    experiment : the last run that the doctor's button started, and the run it was an experiment on
    new_files : files that trained networks are scored on, in the order in which they take the places of the run's own
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: SeriesSource | None = None
    preparation: PreparationSpec | None = None
    network: NetworkSpec = NetworkSpec()
    plan: TrainingPlan = TrainingPlan()
    selected_run: str | None = None
    epoch: int | None = None
    window: int | None = None
    beyond: bool = False
    beside: str | None = None
    experiment: tuple[str, str] | None = None
    new_files: tuple[FileChoice, ...] = ()


def journey() -> Journey:
    """Return the choices of this session."""
    return st.session_state.setdefault(_JOURNEY, Journey())


def to_address(choices: Journey) -> str:
    """Choices that differ from the defaults, as text for an address; run, epoch, window have their own parameters."""
    chosen = choices.model_dump_json(exclude_defaults=True, exclude=set(_OF_THE_RUN))
    return base64.urlsafe_b64encode(zlib.compress(chosen.encode(), 9)).decode().rstrip("=")


def from_address(text: str) -> Journey | None:
    """Choices of `to_address`; None when the text is damaged, too long or from another version."""
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        chosen = zlib.decompressobj().decompress(packed, _LONGEST_JOURNEY)
        return Journey.model_validate_json(chosen)
    except (ValueError, zlib.error, CoreError):
        return None


def choose(**choices: object) -> Journey:
    """Replace choices by name.

    A new `source` drops the preparation, which belonged to the old series; a new run drops epoch and place of the old.
    """
    current = journey()
    if "selected_run" in choices and choices["selected_run"] != current.selected_run:
        choices = {"epoch": None, "window": None, "beyond": False, **choices}
    if "source" in choices and choices["source"] != current.source:
        choices.setdefault("preparation", None)
        of_it = ("target", "features", "window_", "transform_", "scaling", "split_by", "validation_", "test_")
        forget_widgets(*of_it, "horizon")
    st.session_state[_JOURNEY] = current.model_copy(update=choices)
    return st.session_state[_JOURNEY]


def widget(key: str, value: object, *, anew: bool = False) -> str:
    """Give a widget its start value and return its key: `st.slider(..., key=state.widget("n_lags", 20))`.

    Always use this instead of the widget's own `value=` or `index=`: only a value set through the session
    reaches the browser again after `forget_widgets` (a widget whose key was merely deleted keeps showing the
    old value). What is given is given again in every run until one is `drawn`: Streamlit sends it once, and a run
    that another one overtakes (with the news that the browser is dark) is not sent. The widget would show its
    minimum, and with the next click choose it. `anew` gives `value` in place of what the widget holds.
    """
    unseen = st.session_state.setdefault(_UNSEEN, set())
    if anew or key not in st.session_state:
        st.session_state[key] = value
        unseen.add(key)
    elif key in unseen:
        st.session_state[key] = st.session_state[key]
    return key


def drawn() -> None:
    """Tell that a run has been drawn to its end."""
    st.session_state.pop(_UNSEEN, None)


def still_offers(key: str, options: Collection[object]) -> bool:
    """Whether a widget's choice is among its options; Streamlit would take the first option in its place."""
    return key not in st.session_state or st.session_state[key] in options


def offer(key: str, options: Sequence[T]) -> str:
    """Let a select box choose the first of its options when what it held is none of them; returns its key."""
    return widget(key, options[0], anew=st.session_state.get(key) not in options)


def offer_many(key: str, options: Sequence[T], start: Sequence[T]) -> str:
    """Let a box of several choices keep those that are still options; new options are chosen. Returns its key."""
    before = st.session_state.get(f"_{key}_offered", ())
    chosen = st.session_state.get(key, start)
    kept = [one for one in options if one in chosen or (one not in before and one in start)]
    st.session_state[f"_{key}_offered"] = tuple(options)
    return widget(key, kept, anew=st.session_state.get(key) != kept)


def recall_widget(key: str, default: T) -> T:
    """What a widget says that is drawn further down the page."""
    return st.session_state.get(key) or default


def widget_value(key: str) -> str:
    """Text that a widget holds; for its callback."""
    return str(st.session_state[key])


def held(key: str) -> Any:
    """Whatever a table or a component of ours holds; for its callback."""
    return st.session_state[key]


def forget_widgets(*prefixes: str) -> None:
    """Let widgets whose key starts with a prefix take their value from the journey again.

    Call it in a callback, before widgets are drawn, and draw them with `key=state.widget(key, value)`.
    """
    for key in [key for key in st.session_state if isinstance(key, str) and key.startswith(prefixes)]:
        del st.session_state[key]


def select_run(run_id: str | None) -> None:
    """Make a run the one that is looked at, here and in the address bar."""
    choose(selected_run=run_id)


def select_run_from_widget() -> None:
    """Take over what the run list in the journey strip says; a callback."""
    if _is_choice(chosen := st.session_state["run"]):
        choose(selected_run=chosen)


def _is_choice(chosen: str | None) -> bool:
    """Whether a person chose this run, or none, from a list.

    A select box answers with the label of its option. When the label has changed since it was drawn (a run was
    renamed), Streamlit hands over the old label instead of the option: that is no choice. Nor is what comes with the
    clock of a live part of the page, which no list is part of: such a look brings what the browser showed when it was
    sent, and that may be the run before the one that a click has just started.
    """
    context = get_script_run_ctx()
    by_the_clock = context is not None and context.fragment_ids_this_run
    return not by_the_clock and (chosen is None or RUN_ID.fullmatch(chosen) is not None)


def follow(key: str, value: object) -> str:
    """Make a widget show `value`, whatever it showed before; returns its key. The journey is the truth, it follows.

    Every page's widget needs a key of its own: Streamlit keeps the value under the key over a switch of pages, but
    starts the new page's widget without it.
    """
    return widget(key, value, anew=st.session_state.get(key) != value)


def follow_once(key: str, about: object, value: object) -> str:
    """Give a widget a new start value whenever what it is about changes; returns its key.

    In between it keeps what a person made of it.
    """
    changed = st.session_state.get(f"_{key}_about") != about
    st.session_state[f"_{key}_about"] = about
    return widget(key, value, anew=changed)


def select_run_from(key: str) -> None:
    """Look at the run that the widget with this key says; a callback."""
    if (chosen := st.session_state[key]) is not None and _is_choice(chosen):
        choose(selected_run=chosen)


def compare_from(key: str) -> None:
    """Compare with the run that the widget with this key says; a callback."""
    if _is_choice(chosen := st.session_state[key]):
        choose(beside=chosen)


def choose_epoch(epoch: int | None) -> None:
    """Look at the selected run as it was at an epoch; None: at its best one."""
    choose(epoch=epoch)


def choose_epoch_from_widget(key: str) -> None:
    """Take over what a slider over the epochs says; a callback."""
    choose(epoch=int(st.session_state[key]))


def choose_window(window: int) -> None:
    """Look at a test window of the selected run, counted from 1; also a button's callback."""
    choose(window=window, beyond=False)


def choose_window_from_widget(key: str) -> None:
    """Take over what a slider over the test windows says; a callback."""
    choose_window(int(st.session_state[key]))


def choose_place_from_widget(key: str, beyond: str) -> None:
    """Look at what comes after the last row if the widget says `beyond`, else at a test window; a callback."""
    choose(beyond=st.session_state[key] == beyond)


def sync_with_address() -> bool:
    """Restore a fresh session from the address, then write the choices there. False if the address was damaged.

    So a refresh loses nothing and a copied address shows what its sender saw. Streamlit drops query parameters on
    every page switch, so the frame calls this on every run. Only a fresh session reads: a click that overtakes
    the browser's address bar would otherwise bring old choices back.
    """
    readable = True
    if _JOURNEY not in st.session_state:
        text = st.query_params.get(_ADDRESS)
        restored = from_address(text) if text else Journey()
        readable = restored is not None
        chosen = restored or Journey()
        st.session_state[_JOURNEY] = chosen.model_copy(
            update={
                "selected_run": st.query_params.get("run"),
                "epoch": _number_in_address("epoch"),
                "window": _number_in_address("window"),
            }
        )
    choices = journey()
    is_default = choices == Journey(**{name: getattr(choices, name) for name in _OF_THE_RUN})
    wanted = {
        _ADDRESS: None if is_default else to_address(choices),
        "run": choices.selected_run,
        "epoch": None if choices.epoch is None else str(choices.epoch),
        "window": None if choices.window is None else str(choices.window),
    }
    for key, value in wanted.items():
        if value is None:
            st.query_params.pop(key, None)
        elif st.query_params.get(key) != value:
            st.query_params[key] = value
    return readable


def _number_in_address(name: str) -> int | None:
    """Epoch or window that the address names, counted from 1; None when it names none, or something that is none."""
    text = st.query_params.get(name, "")
    return int(text) or None if text.isdecimal() and len(text) <= _LONGEST_NUMBER else None


def remember(key: str, value: object) -> None:
    """Keep a small choice that is no part of a run (an undo, a confirmation) for this session."""
    st.session_state[f"_{key}"] = value


def recall(key: str, default: T) -> T:
    """Return what `remember` kept."""
    return st.session_state.get(f"_{key}", default)
