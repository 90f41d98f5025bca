"""Page: how far back the network looks, and which window length pays."""

import streamlit as st

from lstm_core.evaluation.explanation import reach as room
from lstm_core.evaluation.explanation.reach import memory_verdict
from lstm_core.figures.memory import plot_memory
from lstm_core.preparation.windows import recipe_settings
from lstm_core.study import length_scores as scoring
from lstm_core.study import lengths
from lstm_core.study.trials import find_studies
from pages._shell import opened, present, services
from pages._shell.studies import lengths_panel, memory_panels, study_monitor

present.heading("Memory", "How far back does the network look, and which window length pays?")
runs = services.store().list_runs(services.owner())
subject = memory_panels.subject(runs)
run = subject.opened
found = memory_panels.sweep_of(subject, find_studies(runs, "lengths"))

pull, said = None, []
scores, names = None, {}
if found is not None:
    with present.guard():
        scores = scoring.length_scores(found)
if run is None:
    present.verdict(
        "note",
        "No finished run is open, so nothing is known about what a network uses. ACF and PACF tell what the series "
        "itself remembers.",
    )
else:
    pull = memory_panels.pull_of(run)
    length, n_lost = run.prepared.spec.window.length, run.prepared.spec.transform.n_lost
    tried = scores.longer_pays(length) if scores else None
    said.append(memory_verdict(pull, length, n_lost=n_lost, longer_pays=tried))
if scores is not None:
    said.append(scoring.length_verdict(scores, subject.unit))
for verdict in said:
    opened.say(verdict)
if found is not None:
    names = {one.run_id: f"window {one.spec.preparation.window.length}" for one in found.runs}
    study_monitor.draw_lost(found, names)
    study_monitor.draw(found)

farthest = max(pull.longest if pull else 1, scores.lengths[-1] if scores and scores.lengths else 1)
with present.guard():
    series_memory = memory_panels.correlogram(subject, farthest)
if series_memory is None and pull is None and not (scores and scores.lengths):
    present.verdict("caution", "ACF and PACF are not defined: the series never changes.")
    present.stop()
present.show(
    plot_memory(
        series_memory,
        theme=present.theme(),
        unit=subject.unit,
        pull=pull,
        errors=scores if scores and scores.lengths else None,
        window=run.prepared.spec.window.length if run else None,
    ),
    key="memory_chart",
    alt=" ".join(one.sentence for one in said) or "ACF and PACF of the series.",
    table=memory_panels.numbers(pull, scores),
    suffix=run.suffix if run else "",
)
if run is not None and pull is not None:
    st.caption(
        f"Pull: how far the forecast moves on average over {pull.n} test windows when the value so many steps back is "
        "nudged by one standard deviation, up or down. Dashed: the memory; dotted: the window ends. Below: what the "
        "series remembers of itself; points outside the band stand out."
    )
    memory_panels.draw_columns(pull)

st.subheader("Which window length pays?", anchor=False)
if found is not None and scores is not None and scores.lengths:
    n_test = len(lengths.origins_judged(subject.series, found.spec.preparation))
    st.caption(lengths_panel.how_it_was_trained(found, n_test))
    lengths_panel.draw_use(subject, found, scores)
    capital = {key: name.capitalize() for key, name in names.items()}
    study_monitor.draw_opener("Open the run of one length", capital, key="open_length")
if found is not None and found.live:
    st.caption("The lengths are being trained. Another sweep can be started when they are done or cancelled.")
else:
    lengths_panel.draw_start()

present.explain(
    means="**Memory** is the smallest lag within which 95% of the summed pull lies: what lies further back decides "
    "less than a twentieth of how the forecast moves. A memory well below the window length means that a shorter "
    "window may do; a pull that has not faded at the oldest step, that a longer one may help. The **knee** is the "
    "shortest window whose error on the validation part is at most 2% above the lowest one; the test part does not "
    "choose, so its error is an honest check of the choice.",
    misleads="Memory is that of this trained network, not of the world: a badly trained one may use less than there "
    "is. Steps that only matter together look weak, for one is nudged at a time. One seed per length: a difference of "
    "a few percent may be luck, so repeat the two best on the Seeds page. Short trainings favour short windows, and "
    "a longer window has fewer windows to train on. The validation part also chose the best epoch, so its errors "
    "are a little too small; and one test part is one stretch of time: check the choice with a backtest.",
)
present.code(
    [room.reach, room.Reach.memory, scoring.knee, lengths.lengths_around],
    recipe_settings(subject.series, subject.preparation),
)
present.next_step("pages/backtest.py", "Test it at other times", "One test part is one stretch of time.")
