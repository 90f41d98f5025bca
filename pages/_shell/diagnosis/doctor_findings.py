"""The doctor's findings on the page: a card each, with its picture, its words and the experiment to try."""

from dataclasses import replace

import streamlit as st

from lstm_core.doctor.case import Case
from lstm_core.doctor.finding import Finding, Rule, Severity
from lstm_core.doctor.rules import Diagnosis, diagnose
from lstm_core.doctor.table import NEEDS
from lstm_core.errors import UserError
from lstm_core.figures.doctor import plot_evidence
from lstm_core.runs.admission import admit
from lstm_core.runs.store import Run
from lstm_core.series.record import Series
from lstm_core.training.events import RunState
from pages._shell import present, services, state
from pages._shell.diagnosis import doctor_case
from pages._shell.network import run_start

LONGEST = 900
_MARKS: dict[Severity, tuple[str, str]] = {
    "bad": (":red[:material/cancel:]", "serious"),
    "caution": (":orange[:material/error:]", "worth a change"),
    "note": (":blue[:material/info:]", "worth knowing"),
}


def say(diagnosis: Diagnosis) -> None:
    """Answer the page's question: the most severe finding, or how much was looked at in vain."""
    if diagnosis.findings:
        top = diagnosis.findings[0]
        more = len(diagnosis.findings) - 1
        rest = f" {more} more below." if more else ""
        present.verdict(top.sign.severity, present.safe(top.sentence, limit=LONGEST) + rest)
        return
    count = f"{len(diagnosis.quiet)} rules looked at the series, the curves, the units and the forecasts"
    if diagnosis.blind:
        blind = f"{len(diagnosis.blind)} could not look, for reasons told below"
        present.verdict(
            "note", f"Nothing found: {count}, and none of them fired. But {blind}: this is no all-clear."
        )
        return
    present.verdict("good", f"Nothing found: {count}, and none of them fired.")


def card(finding: Finding, run: Run, series: Series) -> None:
    """Draw one finding."""
    rule, sign = finding.rule, finding.sign
    icon, weight = _MARKS[sign.severity]
    with st.container(border=True, key=f"finding_{rule.key}"):
        st.markdown(f"#### {icon} {rule.name} :gray[· {weight}]")
        picture, words = st.columns([3, 2], gap="medium")
        with picture:
            present.show(
                plot_evidence(sign.evidence, theme=present.theme()),
                key=f"{rule.key}_chart",
                alt=f"{rule.name}: {sign.seen}",
            )
        with words:
            st.markdown(f"**Seen.** {present.safe(sign.seen, limit=LONGEST)}")
            st.markdown(f"**Means.** {present.safe(sign.means, limit=LONGEST)}")
            st.markdown(f"**Next.** {present.safe(sign.advice, limit=LONGEST)}")
            experiment(finding, run, series)
            st.caption(
                f"Source: {', '.join(rule.rows)}",
                help=f"Rows of the documents that this product grew from. The rule fires when {rule.fires}.",
            )


def experiment(finding: Finding, run: Run, series: Series) -> None:
    """Offer the next run that a finding asks for, where there is one; or say what comes first."""
    if (first := finding.waits_for) is not None:
        waiting = f"**{finding.rule.name}** waits for **{first.name}**"
        st.caption(f"{waiting}, found as well: until that is mended, no experiment can tell what helps here.")
        return
    tried = finding.sign.experiment
    if tried is None:
        return
    clicked = st.button(
        f"{tried.label}, same seed",
        key=f"experiment_{finding.rule.key}",
        icon=":material/science:",
        help="Starts a run that differs from this one in that one thing and in nothing else. When it is over, "
        "the Doctor compares the two.",
    )
    if not clicked:
        return
    try:
        admit(tried.spec, series, services.settings())
        run_start.start(tried.spec, series)
    except UserError as refusal:
        present.verdict("bad", present.safe(refusal.message, limit=2000))
        return
    state.choose(experiment=(state.journey().selected_run, run.run_id), beside=run.run_id)
    st.switch_page("pages/training.py")


def silent(diagnosis: Diagnosis, case: Case) -> None:
    """List the rules that found nothing and those that could not look, closed."""
    with st.expander(f"What was looked for and not found ({len(diagnosis.quiet)})", key="quiet_rules"):
        st.markdown("\n".join(f"- **{rule.name}**: {rule.fires}." for rule in diagnosis.quiet))
    if diagnosis.blind:
        with st.expander(f"What could not be looked for ({len(diagnosis.blind)})", key="blind_rules"):
            st.markdown("\n".join(f"- **{rule.name}** {why_blind(rule, case)}." for rule in diagnosis.blind))


def why_blind(rule: Rule, case: Case) -> str:
    """Why a rule could not look at a case."""
    if not rule.fits(case):
        return f"judges forecasts of the middle; this run learned the quantile {case.edge:g}"
    return f"needs {NEEDS[rule.needs]}"


def beside_curve(run: Run, told: RunState) -> None:
    """Say the top finding of a run that is over in one sentence, and show the way to the rest.

    Parameters
    ----------
    told : the run's whole curve, which runs in lists come without
    """
    try:
        found = diagnose(doctor_case.of_run(replace(run, state=told)).case).findings
    except UserError:
        return  # the series is gone, or the settings never fitted it: the page says so elsewhere
    if not found:
        st.markdown(":material/check_circle: The doctor finds nothing to change.")
        return
    icon, _ = _MARKS[found[0].sign.severity]
    st.markdown(f"{icon} {present.safe(found[0].sentence, limit=LONGEST)}")
    st.page_link("pages/doctor.py", label="See all findings", icon=":material/stethoscope:")
