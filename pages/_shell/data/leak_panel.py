"""The leak check of the Windows page: every way for the future to reach the network, green or red."""

from functools import partial

import streamlit as st

from lstm_core.preparation.leaks import LeakCheck, check_leaks, find_leaks
from lstm_core.preparation.windows import PreparationSpec, Prepared
from lstm_core.series.record import Series
from pages._shell import cached, present, state

_MARKS = {
    "good": ":green[:material/check_circle:]",
    "note": ":blue[:material/info:]",
    "caution": ":orange[:material/error:]",
    "bad": ":red[:material/cancel:]",
}
_WORDS = {"good": "no leak", "note": "no leak, worth knowing", "caution": "look closer", "bad": "leak"}


def check(series: Series, prepared: Prepared) -> tuple[LeakCheck, ...]:
    """Look at every way in, once for these choices."""
    source = state.journey().source
    cleaning = source.cleaning if source else None
    look = partial(check_leaks, series, prepared, cleaning=cleaning)
    settings = (prepared.spec, cleaning, series.period)
    return cached.pattern(series.fingerprint, prepared.spec.target, "leaks", settings, look)


def verdicts(checks: tuple[LeakCheck, ...], spec: PreparationSpec) -> None:
    """Say every leak at the top of the page, in red, with the honest choice, and offer it where it is one click."""
    for leak in find_leaks(checks):
        present.verdict("bad", f"**Leak.** {_words(leak)}")
        _offer(leak, spec)


def draw(checks: tuple[LeakCheck, ...], spec: PreparationSpec, columns: tuple[str, ...]) -> None:
    """List what was looked at and what was found; columns that leak can be left out, and read again.

    Parameters
    ----------
    columns : of the series
    """
    st.subheader(
        "Does the future leak in?",
        anchor=False,
        help="A leak is knowledge that no forecast can have in time: the network scores well here and fails in use.",
    )
    leaks = len(find_leaks(checks))
    found = f"**{leaks} of them {'leaks' if leaks == 1 else 'leak'}.**" if leaks else "none of them leaks."
    st.markdown(f"{len(checks)} ways in were looked at: {found}")
    for check in checks:
        with st.container(key=f"leak_{check.key}"):
            st.markdown(
                f"{_MARKS[check.tone]} **{check.asks}** {_words(check)} :gray[({_WORDS[check.tone]})]"
            )
            if check not in find_leaks(checks):
                _offer(check, spec)
    if left_out := [name for name in columns if name not in spec.columns]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"Not read by the network: {present.safe(', '.join(left_out), limit=300)}.", width="content"
            )
            st.button("Read them again", key="read_all", on_click=_read_all, args=(spec, columns))


def _offer(check: LeakCheck, spec: PreparationSpec) -> None:
    """Button that leaves the columns of a check out; nothing when it names none."""
    if check.columns:
        st.button(
            f"Leave {present.safe(', '.join(check.columns), limit=60)} out",
            key=f"leave_out_{check.key}",
            on_click=_leave_out,
            args=(spec, check.columns),
            help="The network then reads the other columns only. The series keeps all of them.",
        )


def _leave_out(spec: PreparationSpec, columns: tuple[str, ...]) -> None:
    features = tuple(name for name in spec.features if name not in columns)
    state.choose(preparation=spec.model_copy(update={"features": features}))


def _read_all(spec: PreparationSpec, columns: tuple[str, ...]) -> None:
    features = tuple(name for name in columns if name != spec.target)
    state.choose(preparation=spec.model_copy(update={"features": features}))


def _words(check: LeakCheck) -> str:
    return present.safe(f"{check.seen} {check.honest}".rstrip(), limit=1000)
