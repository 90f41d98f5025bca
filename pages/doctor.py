"""Page: what is wrong with a training, and what to try next."""

import streamlit as st

from lstm_core.doctor.opening import open_case
from lstm_core.doctor.rules import diagnose
from pages._shell import present
from pages._shell.diagnosis import doctor_case, doctor_findings, doctor_panels

present.heading("Doctor", "What is wrong with this training, and what should you try next?")
run = doctor_case.require()
with present.guard():
    subject = doctor_case.of_run(run)
diagnosis = diagnose(subject.case)

doctor_findings.say(diagnosis)
if doctor_panels.is_experiment(run):
    doctor_panels.before_after(run, subject)
if diagnosis.findings:
    st.subheader("Findings", anchor=False)
for finding in diagnosis.findings:
    doctor_findings.card(finding, run, subject.series)
if not doctor_panels.is_experiment(run):
    doctor_panels.before_after(run, subject)
doctor_findings.silent(diagnosis, subject.case)
doctor_panels.why_scale(subject)

present.explain(
    means="Every rule looks at one thing: the curves, the gates and units on sample windows, the input as it "
    "reaches the network, or the forecasts beside those of simple baselines. Causes stand before what they "
    "cause, so the first finding is the one to act on. An experiment changes one thing and keeps the seed: what "
    "differs afterwards comes from that one thing, or from luck.",
    misleads="A rule knows thresholds, not your problem. A finding on a run that is good enough needs no cure, "
    "and a run without findings can still be useless: no rule knows what error you can live with. The rules look "
    "at one run with one seed; two runs that differ by a few percent may change places with another seed. "
    "Choosing among many experiments by their test score makes that score too good.",
)
with present.guard():
    looks = [finding.rule.look for finding in diagnosis.findings[:3]]
    present.code([open_case, diagnose, *looks], subject.prepared.settings)
present.next_step(
    "pages/debugging.py",
    "Go through it step by step",
    "The same questions in order: data, network, regularisation.",
)
