"""Below the findings: before and after an experiment, and why large numbers hurt."""

import pandas as pd
import streamlit as st

from lstm_core.doctor.case import Case
from lstm_core.doctor.comparison import Comparison, changes, compare, error_of
from lstm_core.doctor.green import Subject
from lstm_core.errors import UserError
from lstm_core.evaluation.measure import measure_for
from lstm_core.evaluation.scores import skill
from lstm_core.evaluation.verdict import amount, percent
from lstm_core.figures.doctor import plot_before_after, plot_squashing
from lstm_core.preparation.saturation import gate_histogram, squash
from lstm_core.preparation.split import Part
from lstm_core.runs.store import Run
from lstm_core.training.events import Status
from pages._shell import opened, present, services, state
from pages._shell.diagnosis import doctor_case

_OVER = (Status.FINISHED, Status.FAILED)
LARGEST = 1e6


def is_experiment(run: Run) -> bool:
    """Whether the run is the last one that the doctor's buttons started."""
    return _examined(run) is not None


def _examined(run: Run) -> str | None:
    """Id of the run that this one is an experiment on; None when it is none."""
    after, before = state.journey().experiment or ("", "")
    return before if after == run.run_id else None


def before_after(run: Run, subject: Subject) -> None:
    """Compare the run with an earlier one that differs in one setting; nothing is drawn when there is none."""
    kin = _kin(run)
    if not kin:
        return
    st.subheader("Before and after", anchor=False)
    wanted = (state.journey().beside, _examined(run), next(iter(kin)))
    chosen = st.selectbox(
        "Compare with",
        list(kin),
        format_func=lambda run_id: kin.get(run_id, "deleted"),
        key=state.follow("compare_with", next(one for one in wanted if one in kin)),
        on_change=state.compare_from,
        args=("compare_with",),
        help="Earlier runs on the same series that differ from this one in a single setting.",
    )
    try:
        other = services.store().get(services.owner(), chosen)
        before = doctor_case.of_run(other)
    except UserError as error:
        present.verdict("bad", present.safe(error.message, limit=2000))
        return
    found = compare(before.case, subject.case)
    opened.say(found.verdict)
    present.show(
        plot_before_after(before.case.epochs, subject.case.epochs, theme=present.theme()),
        key="before_after_chart",
        alt=f"Validation loss of both runs as a share of its first value. {found.verdict.sentence}",
    )
    st.dataframe(_table(found, before.case, subject.case), hide_index=True)
    for word, rules in {"Gone": found.gone, "New": found.come}.items():
        st.markdown(f"**{word}:** {', '.join(rule.name for rule in rules) or 'no finding'}.")
    st.page_link("pages/seeds.py", label="Repeat it with several seeds", icon=":material/casino:")


def _kin(run: Run) -> dict[str, str]:
    """Earlier runs that differ in one setting, newest first, with what to call them."""
    kin = {}
    for other in services.store().list_runs(services.owner()):
        same = other.spec.series_fingerprint == run.spec.series_fingerprint
        if not same or other.created_at >= run.created_at or other.status not in _OVER:
            continue
        different = changes(other.spec, run.spec)
        if len(different) == 1 and different[0].name != "Seed":
            change = different[0]
            kin[other.run_id] = f"{other.name} · {change.name}: {change.before} there, {change.after} here"
    return kin


def _table(found: Comparison, before: Case, after: Case) -> pd.DataFrame:
    change = found.changes[0]
    rows = [(change.name, change.before, change.after)]
    what = measure_for(after.edge).title
    does: dict[Part, str] = {"validation": "which chooses", "test": "which checks"}
    for part, what_for in does.items():
        rows.append((f"{what} on the {part} part, {what_for}", _error(before, part), _error(after, part)))
    if before.edge is None and after.edge is None:
        rows.append(("Skill against the last value, test part", _skill(before), _skill(after)))
    return pd.DataFrame(rows, columns=["", "Before", "After"])


def _error(case: Case, part: Part) -> str:
    error = error_of(case, part)
    return "no forecast" if error is None else amount(error, case.unit)


def _skill(case: Case) -> str:
    board = case.boards.get("test")
    gained = skill(board["lstm"], board["naive"]) if board else None
    return percent(gained) if gained is not None else "not defined"


def why_scale(subject: Subject) -> None:
    """Three reasons for scaling, with what sigmoid and tanh make of 0..1 and of 0..1 000 000."""
    with st.expander(
        "Why large numbers hurt: three reasons to scale", key="why_scale", on_change="rerun"
    ) as box:
        if not box.open:
            return
        small, large, gates = squash(1.0), squash(LARGEST), gate_histogram(subject.prepared)
        scaled = f"scaled as in this run, {gates.scaled_saturated:.0%}"
        if subject.case.is_unscaled:
            scaled = "and this run does not scale them"
        st.markdown(
            f"- **Saturation.** A sigmoid of 0..1 gives {small.sigmoid[0]:.2f} to {small.sigmoid[-1]:.2f}; of 0..1 "
            "000 000 it gives 1 for everything but 0. A gate that is always fully open decides nothing. With one "
            f"weight of 1, {gates.raw_saturated:.0%} of this series' raw values would put a gate there; {scaled}.\n"
            f"- **Gradient.** Learning follows the slope. Its mean is {small.slope:.3f} over 0..1 (at most 0.25) "
            f"and {large.slope:.2g} over 0..1 000 000: almost nothing comes back through a gate at its end.\n"
            "- **Convergence.** The loss is squared, so an error of 1 000 000 weighs a million million times as "
            "much as one of 1. No learning rate suits both, and every column of another size wants another one.\n\n"
            "Scaling may be skipped for columns that are 0 or 1 already (yes/no, one-hot) and for values of about "
            "that size."
        )
        present.show(
            plot_squashing(small, large, theme=present.theme()),
            key="squashing_chart",
            alt="Over 0..1 sigmoid and tanh rise gently; over 0..1 000 000 both are 1 from the first step on.",
        )
