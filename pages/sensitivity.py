"""Page 8: nudge each step of a window and see the forecast move."""

import pandas as pd
import streamlit as st

from lstm_core.evaluation import sensitivity as room
from lstm_core.evaluation.headline import reach_verdict, strongest_verdict
from lstm_core.evaluation.table import effect_table
from lstm_core.evaluation.verdict import amount
from lstm_core.figures import sensitivity as figures
from pages._shell import nudge_controls, opened, present, time_slider, transform_panel

# Steps of the network that the picture over all windows may cost, about three seconds at 50 units.
LARGEST_WORK = 4_000_000

present.heading("Sensitivity", "Which past steps move the forecast, and how far?")
run = time_slider.require("sensitivity")
theme, unit = present.theme(), run.unit
test, columns, transform = run.prepared.test, run.prepared.spec.columns, run.prepared.spec.transform
length, n_windows = run.prepared.spec.reach, len(run.prepared.test)

verdict_place = st.container()
nudge = nudge_controls.nudge(run)
share, sample, step, feature = nudge.share, nudge.sample, nudge.step, nudge.feature

origin = int(test.origins[sample])
rows = range(origin - length, origin)
labels = run.labels(rows)
size_text = amount(float(run.sizes(share)[feature]), unit if feature == 0 else "")
forecast_label = run.labels([origin])[0]
st.caption(
    present.safe(
        f"δ = {share:.1f} standard deviations = {size_text} of {columns[feature]}. The window reads "
        f"{labels[transform.n_lost]} to {labels[-1]} and forecasts from {forecast_label} on. Nudging every step both "
        f"ways takes {2 * length * len(columns)} forecasts. {transform_panel.nudged(transform)}".rstrip(),
        limit=1000,
    )
)
with present.guard():
    effects = run.step_effects(range(sample, sample + 1), share, step)
lag, _ = effects.strongest(0)
strongest = strongest_verdict(effects, 0, label=labels[length - lag], unit=unit)
with verdict_place:
    opened.say(strongest)

window = run.prepared.values[rows.start : rows.stop]
present.show(
    figures.with_unit(
        figures.plot_step_effects(effects, 0, feature, window=window, labels=labels, theme=theme),
        unit,
        feature,
    ),
    key="sensitivity_chart",
    alt=f"Values of the window, and the change of the forecast for a nudge of each step. {strongest.sentence}",
    table=effect_table(effects, 0, window, labels),
    suffix=run.suffix,
)
in_unit = f" [{present.safe(unit)}]" if unit else ""
st.caption(
    f"Above: the window. Middle: how far the forecast moves{in_unit} when only that step is nudged up (filled) or "
    "down (hatched); mirror images mean that the network acts like a straight line here. Below: the same for every "
    "column nudged up; purple raises the forecast, orange lowers it."
)

st.subheader("Over the test windows", anchor=False)
steps = 2 * length * run.prepared.spec.window.length * len(columns)
every = max(-(-n_windows * steps // LARGEST_WORK), 1)
with present.guard():
    over_all = run.step_effects(range(0, n_windows, every), share, step).over_windows()
reach = reach_verdict(over_all, n_lost=transform.n_lost)
st.markdown(present.safe(reach.sentence, limit=600))
present.show(
    figures.plot_effect_spread(over_all, feature, unit=unit, theme=theme),
    key="sensitivity_spread_chart",
    alt=f"Median effect of a nudge up by step, with the 10% to 90% range over windows. {reach.sentence}",
    table=pd.DataFrame(
        {
            "steps before": range(length, 0, -1),
            "10%": over_all.low[:, feature],
            "median": over_all.median[:, feature],
            "90%": over_all.high[:, feature],
        }
    ),
    suffix=run.suffix,
)
if every > 1:
    st.caption(f"Every {every}th of {n_windows} windows, because a long window makes each one costly.")

present.explain(
    means="A tall bar is a step the forecast leans on; up and down with the same sign of nudge means that a higher "
    "value there gives a higher forecast. Steps far back without bars are steps the network does not use: a shorter "
    "window would do.",
    misleads="A nudge makes windows that never occur, most of all when neighbours move together: the network is asked "
    "about data it has not seen. Only one step moves at a time, so steps that matter together look weak. It explains "
    "the network, not the world.",
)
present.code([room.nudge_each_step, room.sensitivity], run.prepared.settings)
present.next_step("pages/gates.py", "Look inside the cell", "See which gate lets the strongest step through.")
