"""Windows: how the series becomes what a network reads and is asked for."""

import streamlit as st

from lstm_core.errors import UserError
from lstm_core.network.spec import thousands
from lstm_core.preparation.cautions import Caution, find_cautions
from lstm_core.preparation.defaults import default_preparation
from lstm_core.preparation.windows import PreparationSpec
from lstm_core.recipe import prepare as recipe
from lstm_core.recipe.transform import fit_power, transform_target, undo_transform
from lstm_core.series.words import counted
from pages._shell import cached, present, state
from pages._shell.data import leak_panel, transform_panel, window_controls, window_panels

present.heading("Windows", "What does the network read, and what is it asked for?")
series = present.require_series()
with present.guard():
    default = default_preparation(series)  # refuses what is too short, whatever was chosen
preparation = state.journey().preparation or default

answer = st.container()


def warn(chosen: PreparationSpec) -> tuple[Caution, ...]:
    """What is unsafe; nothing where the windows do not fit, which is said elsewhere."""
    try:
        made = cached.prepared(series.fingerprint, chosen, series)
    except UserError:
        return ()
    return find_cautions(made, masking=state.journey().network.masking)


spec = window_controls.preparation(preparation, series, warn)
with answer:
    try:
        prepared = cached.prepared(series.fingerprint, spec, series)
    except UserError as refusal:
        present.verdict("bad", present.safe(refusal.message, limit=2000))
        st.caption("The rest of the journey keeps the last settings that fit.")
        present.stop()
    state.choose(preparation=spec)  # only what fits, so that every later page can rely on it
    counts = {part: len(prepared.part(part)) for part in ("train", "validation", "test")}
    steps, features = prepared.train.inputs.shape[1:]
    cautions = warn(spec)
    sentence = (
        f"{thousands(counts['train'])} windows to train on, {thousands(counts['validation'])} to choose the best "
        f"epoch, {thousands(counts['test'])} for the honest score. Each holds {steps} rows of {features} "
        f"{'column' if features == 1 else 'columns'} and asks for the next "
        f"{'row' if spec.window.horizon == 1 else f'{spec.window.horizon} rows'}."
    )
    leaks = leak_panel.check(series, prepared)
    leak_panel.verdicts(leaks, spec)
    present.verdict(
        "caution" if cautions else "good",
        "\n\n".join([sentence, *window_controls.told_above(cautions)]),
    )

unit = series.unit if spec.target == series.columns[0] else ""
window_panels.sliding_window(series, prepared)

st.subheader("Shapes", anchor=False)
window_panels.shapes(prepared)

transform_panel.draw(series, prepared, present.safe(unit))

st.subheader("Scaling", anchor=False)
window_panels.fitted(prepared, present.safe(unit))

leak_panel.draw(leaks, spec, series.columns)

present.explain(
    means="A window is one exercise for the network: the rows it reads, and the row or rows after them that it is "
    "asked for. The train windows teach. The validation windows choose the epoch at which training was best. The test "
    "windows are the newest rows, looked at once, for the honest score. The scaler knows the train rows only, so "
    "nothing of the future leaks into the past.",
    misleads="Neighbouring windows share almost all of their rows: a thousand windows are not a thousand independent "
    "exercises. A random split would put near copies of the test windows into training and flatter the score. When the "
    "series trends, test values may lie outside the range the scaler and the network have seen.",
)
steps_of_transform = [fit_power, transform_target, undo_transform] if spec.transform.is_active else []
present.code(
    [
        recipe.split_points,
        *steps_of_transform,
        recipe.fit_scaling,
        recipe.scale,
        recipe.frame_windows,
        recipe.prepare_arrays,
    ],
    prepared.settings,
)
present.next_step(
    "pages/network.py",
    "Build the network",
    f"It will read {counted(steps, 'row')} of {counted(features, 'column')} at a time.",
)
