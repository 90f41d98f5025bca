"""The leak check of the Windows page: every way for the future to reach the network, green or red."""

import streamlit as st

from lstm_core.preparation.leaks import LeakCheck, find_leaks
from pages._shell import present

_MARKS = {
    "good": ":green[:material/check_circle:]",
    "note": ":blue[:material/info:]",
    "caution": ":orange[:material/error:]",
    "bad": ":red[:material/cancel:]",
}
_WORDS = {"good": "no leak", "note": "no leak, worth knowing", "caution": "look closer", "bad": "leak"}


def verdicts(checks: tuple[LeakCheck, ...]) -> None:
    """Say every leak at the top of the page, in red, with the honest choice."""
    for leak in find_leaks(checks):
        present.verdict("bad", f"**Leak.** {_words(leak)}")


def draw(checks: tuple[LeakCheck, ...]) -> None:
    """List what was looked at and what was found."""
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


def _words(check: LeakCheck) -> str:
    return present.safe(f"{check.seen} {check.honest}".rstrip(), limit=1000)
