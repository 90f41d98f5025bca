"""Page: what comes after the last row, and what the network is worth when it reads its own forecasts."""

from functools import partial

import streamlit as st

from lstm_core.evaluation.ahead import closed_loop, outlook, recursion
from lstm_core.evaluation.table import row_times
from lstm_core.figures.ahead import plot_growth, plot_outlook, plot_run
from pages._shell import opened, present, time_slider, window_choice
from pages._shell.understanding import ahead_choice, ahead_loops

present.heading("Ahead", "What comes after the last row?")
run = time_slider.require("ahead")
theme, unit, name = present.theme(), run.unit, run.name

verdict_place = st.container()
with present.guard():
    chosen = ahead_choice.choose(run)
    seen = ahead_loops.look(run, chosen)
    held = None
    if seen.validation and seen.test:
        held = outlook.coverage_ahead(seen.validation, seen.test, run.prepared.transform)
steps, season = chosen.loop.steps, chosen.bearings.season
headline = outlook.outlook_verdict(
    seen.outlook,
    seen.test,
    last=("" if run.series.is_dated else "row ") + run.labels([run.series.n_rows - 1])[0],
    target=run.target,
    unit=unit,
    name=name,
)
with verdict_place:
    opened.say(headline)

present.show(
    plot_outlook(
        run.series,
        run.target,
        seen.outlook,
        n_known=max(2 * steps, run.prepared.spec.reach, min(2 * season, 5 * steps)),
        name=name,
        theme=theme,
    ),
    key="ahead_chart",
    alt=f"The newest rows and the forecast of {steps} rows to come. {headline.sentence}",
    table=partial(seen.outlook.table, run.series),
    suffix=run.suffix,
)
opened.remark(outlook.bands_verdict(seen.outlook, held))
if seen.notes:
    st.caption(present.safe(seen.notes, limit=600))
st.caption(
    present.safe(chosen.loop.plan.words(run.prepared.spec.features) if steps > run.horizon else "", limit=600)
    + " The network was trained on the train part only; this forecast reads the newest rows, which it never learned "
    "from. It lies right of the dashed line."
)

st.subheader("How far can it run on its own?", anchor=False)
if seen.test is None:
    st.info(f"The test part has fewer than {steps} rows. Choose fewer steps.", icon=":material/info:")
else:
    growth = closed_loop.growth_verdict(seen.test, unit=unit, name=name)
    opened.say(growth)
    present.show(
        plot_growth(seen.test, horizon=run.horizon, name=name, unit=unit, theme=theme, beside=chosen.beside),
        key="ahead_growth_chart",
        alt=f"Mean absolute error by steps ahead. {growth.sentence}",
        table=seen.test.table,
        suffix=run.suffix,
    )
    starts = "every row" if seen.test.every == 1 else f"every {seen.test.every}th row, to stay quick,"
    st.caption(
        f"Over {len(seen.test.closed)} starts, from {starts} of the test part that has {steps} rows behind it. Open "
        "loop: the network is told the truth before every step. Closed loop: it reads its own forecasts. "
        + ahead_loops.compare(seen.test, name, unit)
    )
    n_whole = int((run.prepared.test.origins + steps <= run.series.n_rows).sum())
    start = window_choice.choose(run, page="ahead", help="Where the run below begins.", usual=n_whole or None)
    free = ahead_loops.free(run, chosen, int(run.prepared.test.origins[start]))
    present.show(
        plot_run(run.series, run.target, free, n_before=run.prepared.spec.reach, name=name, theme=theme),
        key="ahead_run_chart",
        alt=f"Open and closed loop over {len(free.rows)} rows of the test part beside what came true.",
        table=lambda: free.table(row_times(run.series, free.rows)),
        suffix=run.suffix,
    )
    if len(free.rows) < steps:
        st.caption(
            f"Only {len(free.rows)} rows are known from here on: choose an earlier window to see more."
        )

present.explain(
    means="Up to its horizon the network forecasts at once. Further on, its own forecasts stand where the truth is not "
    "known yet, so every miss is read again and misses add up. A band holds as large a share of the truths as its name "
    "says, if the series goes on as it did over the validation rows.",
    misleads="A long closed loop settles on a level, a line or a cycle of the network's own, and looks calm doing so: "
    "only the bands and the growing error tell how little is known. Neighbouring starts share most of their rows, so "
    "bands from few validation rows are a guess. Further inputs that go on by a rule are wrong as soon as they move.",
)
present.code(
    [recursion.forecast_ahead, closed_loop.run_part, outlook.look_ahead],
    {"steps": steps, "fed_back": chosen.loop.fed_back, "rule": chosen.loop.plan.rule, "season": season},
)
present.next_step(
    "pages/intervals.py",
    "See how sure it is",
    "A band is a promise; measure whether it is kept, window by window.",
)
