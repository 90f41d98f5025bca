"""New data: a trained network on files it has never met."""

from functools import partial

import streamlit as st

from lstm_core.evaluation.measure import measure_for
from lstm_core.evaluation.new_data import NewData, new_data_verdict, score_new
from lstm_core.evaluation.quantile import NOT_THE_MIDDLE
from lstm_core.evaluation.verdict import amount
from lstm_core.figures.forecast import plot_forecast
from lstm_core.preparation.carry_over import carry_over
from lstm_core.series.cleaning.record import apply_again
from lstm_core.series.source import SeriesSource
from lstm_core.series.words import counted
from pages._shell import cached, opened, present, reading_panel, services, state, time_slider
from pages._shell.data import new_files, series_words
from pages._shell.understanding import score_table

present.heading("New data", "Does the network hold on rows it has never met?")
run = time_slider.require("score")
owner, theme, unit = services.owner(), present.theme(), run.unit
measure = measure_for(run.run.spec.plan.edge)
load_upload = partial(services.store().load_upload, owner)


def work_out(source: SeriesSource) -> NewData:
    series = new_files.read(run, source, load_upload)
    return score_new(run.predict, run.prepared, run.series, series, label=run.name, measure=measure)


files = new_files.choose(run)
if not files:
    present.verdict("note", new_files.wanted(run))
else:
    with present.guard():
        source = new_files.source_of(run, files)
    if not reading_panel.settle(source, load_upload):
        present.stop()
    reading_panel.offer_again(source, load_upload)
    with present.guard():
        found = cached.look(owner, f"new data of {run.key}", source, partial(work_out, source))
    prepared, made = found.prepared, found.made
    answer = new_data_verdict(found, step=run.series.step, unit=unit, name=run.name)
    opened.say(answer)
    if found.n_seen:
        present.verdict(
            "caution",
            f"{counted(found.n_seen, 'row')} of this data were train rows: on those the score is no honest test.",
        )
    if found.n_outside:
        present.verdict(
            "caution",
            f"{counted(found.n_outside, 'row')} hold values outside the range of the train rows: the network was "
            "never asked about such values.",
        )
    step = 1
    if run.horizon > 1:
        step = st.slider(
            "Steps ahead", 1, run.horizon, key=state.widget("score_step", 1), help="Which step is drawn."
        )
    present.show(
        plot_forecast(
            found.series,
            run.target,
            {"test": made["lstm"].at_step(step)},
            [made[key].at_step(step) for key in ("naive", "seasonal_naive")],
            split=prepared.split,
            theme=theme,
        ),
        key="score_chart",
        alt=f"Actual and forecast on the new rows. {answer.sentence}",
        table=found.table,
        suffix=f"_new{run.suffix}",
    )
    ahead = ", ".join(amount(float(value)) for value in found.ahead[:12])
    more = f" and {len(found.ahead) - 12} more in the table" if len(found.ahead) > 12 else ""
    words = (
        f"Behind its newest row, {found.newest}, the {run.name} expects {ahead} {unit}".rstrip() + f"{more}."
    )
    st.markdown(present.safe(words, limit=400))
    if measure.quantile is not None:
        st.caption(NOT_THE_MIDDLE)
    score_table.draw(found.scores, made, unit=unit, suffix=f"_new{run.suffix}")
    series_words.steps(found.series)

present.explain(
    means="Nothing is learned here: repairs, steps, scaling and weights are those of the training. So this is what the "
    "network would have said had it been at work when these rows came in.",
    misleads="Rows that the network was trained on flatter it. A file of another kind (another step, another unit, "
    "another meter) can be read and scored, and the score then says little.",
)
present.code([apply_again, carry_over, score_new], run.prepared.settings)
present.next_step("pages/residuals.py", "Look at what is left over", "The residuals of the test part.")
