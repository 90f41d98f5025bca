"""Page: systematic debugging, from the data over the network to regularisation."""

import streamlit as st

from lstm_core.doctor.checkup import STAGES, check_up, first_red
from lstm_core.evaluation.verdict import Tone
from pages._shell import present
from pages._shell.diagnosis import doctor_case, doctor_findings

ICONS: dict[Tone, str] = {
    "good": ":green[:material/check_circle:]",
    "caution": ":orange[:material/error:]",
    "bad": ":red[:material/cancel:]",
    "note": ":gray[:material/pending:]",
}

present.heading("Debugging", "At which step does it go wrong?")
run = doctor_case.selected()
with present.guard():
    over = run if run is not None and run.status.is_final else None
    subject = doctor_case.of_run(over) if over else doctor_case.of_choices()
checks = check_up(subject)
red = first_red(checks)

if red is not None:
    stuck = checks[red]
    words = f"Stop at step {red + 1}: {stuck.question} {stuck.seen} {stuck.advice}"
    present.verdict("bad", present.safe(words, limit=doctor_findings.LONGEST))
else:
    counts = {tone: sum(check.tone == tone for check in checks) for tone in ICONS}
    waits = "cannot be told of this run" if over else "wait for a training"
    open_ones = f", {counts['note']} {waits}" if counts["note"] else ""
    present.verdict(
        "caution" if counts["caution"] else "good",
        f"No step is red: {counts['good']} are fine, {counts['caution']} worth a look{open_ones}.",
    )
st.caption(
    f"Looked at: the run {present.safe(over.name)}."
    if over
    else "Looked at: the choices on the pages before; nothing is trained yet."
)


def draw(number: int) -> None:
    """Draw one step; those behind the first red one are greyed: cure that first."""
    check, later = checks[number], red is not None and number > red
    with st.container(border=not later, key=f"step_{check.key}"):
        if later:
            st.markdown(f":gray[{number + 1}. {check.question} Cure step {(red or 0) + 1} first.]")
            return
        words, ways = st.columns([3, 1], vertical_alignment="center")
        with words:
            st.markdown(f"{ICONS[check.tone]} **{number + 1}. {check.question}**")
            st.markdown(present.safe(check.seen, limit=doctor_findings.LONGEST))
            if check.tone != "good":
                st.markdown(f"**Next.** {present.safe(check.advice, limit=doctor_findings.LONGEST)}")
        with ways:
            if st.button(
                check.label, key=f"go_{check.key}", icon=":material/arrow_forward:", width="stretch"
            ):
                st.switch_page(check.page)
            if check.finding is not None and over:
                st.page_link("pages/doctor.py", label="See the finding", icon=":material/stethoscope:")


for stage, title in STAGES.items():
    st.subheader(title, anchor=False)
    for number, check in enumerate(checks):
        if check.stage == stage:
            draw(number)

present.explain(
    means="Most failed trainings fail at their data, and most cures are tried at the network. The order saves "
    "that time: data first, then whether the network can learn at all, and only then whether it learns too much. "
    "Stop at the first red step, cure it, train again, and start from the top.",
    misleads="A green step means that this check found nothing, not that nothing is there. Amber steps are "
    "weighed by you: a note about few windows is no reason to stop when no longer series exists.",
)
with present.guard():
    present.code([check_up, first_red], subject.prepared.settings)
if over:
    present.next_step(
        "pages/doctor.py", "See the evidence", "The doctor shows the picture behind every finding."
    )
else:
    present.next_step("pages/training.py", "Train", "The remaining steps need a training to look at.")
