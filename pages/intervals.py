"""Page: bands around the forecasts of the test part, and what they held."""

import streamlit as st

from lstm_core.evaluation.intervals import adaptive, conformal, coverage
from lstm_core.series.words import counted
from pages._shell import opened, present, time_slider
from pages._shell.understanding import interval_bands, interval_offers, interval_panels

present.heading("Intervals", "How sure is it?")
run = time_slider.require("intervals")

verdict_place = st.container()
method, level, step, rate = interval_panels.choose(run)
with present.guard():
    made = interval_bands.bands_of(run, step=step, rate=rate)
    bands = made.of(method, level)
if bands is not None:
    verdict = interval_panels.verdict_of(run, bands, level)
    with verdict_place:
        opened.say(verdict)
    interval_panels.draw_bands(made, bands, level, verdict)
else:
    interval_offers.draw(made, method, level)

ahead = f", {counted(step, 'step')} ahead" if run.horizon > 1 else ""
st.subheader(f"What the bands held on the test part{ahead}", anchor=False)
interval_panels.draw_coverage(made)
st.subheader(f"The {level:.0%} bands over time", anchor=False)
interval_panels.draw_rolling(run, made.all(level), level, key="coverage_chart")
if run.horizon > 1:
    st.subheader("Further ahead", anchor=False)
    interval_panels.draw_half_widths(made, level)

present.explain(
    means="A band of 80% is to hold 80 of 100 truths. Split conformal takes the errors on the validation part, sorts "
    r"them by size and makes the $\lceil (n + 1) \cdot 0.8 \rceil$-th smallest the half width. That keeps "
    "the promise whatever the errors look like, as long as later errors are like them (exchangeable): on average over "
    "all windows, not for every kind of window. Adaptive conformal moves its level with every truth, "
    r"$\alpha \leftarrow \alpha + \gamma\,(1 - \text{level} - \text{missed})$, and so keeps its promise in the long "
    "run even when the series changes. A forecast several steps ahead learns only from truths known when it was made. "
    "Monte-Carlo dropout and quantile networks ask networks instead of errors: how far forecasts with other units left "
    "out lie apart, and where two networks put the edges themselves.",
    misleads="A promise over the whole test part may be broken for months and made up for later: look at the bands "
    "over time. Misses that come in clusters make the range of chance wider than it is drawn. The validation part also "
    "chose the best epoch, so its errors are a little too small. A band that never misses over many windows is too "
    "wide. Monte-Carlo dropout leaves out the noise of the series and usually holds too little; quantile networks "
    "learned on the train part alone. Only what they held on the test part tells whether to believe either.",
)
present.code(
    [
        conformal.split_conformal,
        conformal.conformal_rank,
        adaptive.adaptive_half_widths,
        coverage.interval_scores,
    ],
    run.prepared.settings,
)
present.next_step(
    "pages/residuals.py", "Look at what is left over", "Misses outside the bands may have a pattern."
)
