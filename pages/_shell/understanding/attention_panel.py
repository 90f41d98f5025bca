"""What attention looks at: its weights under the window, and what they do not say."""

import pandas as pd
import streamlit as st

from lstm_core.figures.attention import plot_attention
from lstm_core.network.focus import Focus, crop_focus, describe_focus, measure_focus
from pages._shell import cached, present
from pages._shell.opened import OpenedRun


def draw(run: OpenedRun, target: pd.Series, *, window: int, shown: slice, step: int) -> None:
    """Draw the weights of one test window beside those of all.

    Parameters
    ----------
    target : the shown steps of the window in original units
    window, step : chosen test window, and chosen step among the shown ones; counted from 0
    shown : which steps of the window `target` holds
    """
    spec = run.run.spec.network
    st.subheader("What attention looks at", anchor=False)
    with present.guard():
        weights = cached.attention(run.key, spec, run.weights, run.prepared.test.inputs)
    focus = measure_focus(weights, sample=window)
    verdict = describe_focus(focus)
    present.verdict("note", verdict)
    part = crop_focus(focus, shown)
    present.show(
        plot_attention(part, target, step=step, theme=present.theme()),
        key="attention_chart",
        alt=f"Share of the attention every step of the window gets. {verdict}",
        table=_frame(part, target),
        suffix=run.suffix,
    )
    st.caption(
        "The last step asks, every step answers: the better its hidden state fits the one of the last step, the more "
        "it counts. "
        + _SCORES[spec.attention]
        + " The forecast reads the weighted mean of all hidden states."
    )
    st.markdown(
        ":material/error: A weight is not an effect. Hidden states carry what earlier steps said, so a step with "
        "little weight may still matter, and one with much may only repeat its neighbours. What moves the forecast is "
        "measured on the **Sensitivity** page: compare the two."
    )


_SCORES = {
    "dot": r"Score of a step: $s_t = a\, h_T \cdot h_t$, with one learned number $a$; its weight: "
    r"$e^{s_t} / \sum_k e^{s_k}$.",
    "additive": r"Score of a step: $s_t = \sum_j a_j \tanh(h_{T,j} + h_{t,j})$, with one learned number $a_j$ per "
    r"column; its weight: $e^{s_t} / \sum_k e^{s_k}$.",
    "none": "",
}


def _frame(focus: Focus, target: pd.Series) -> pd.DataFrame:
    shares = {"weight": focus.here, "mean": focus.mean, "10%": focus.low, "90%": focus.high}
    return pd.DataFrame(
        {str(target.index.name or "step"): target.index, str(target.name): target.to_numpy()} | shares
    )
