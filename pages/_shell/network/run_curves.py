"""The curves of a run, live and after: losses, learning rate, lengths of gradient and weights, and the example."""

from functools import partial

import pandas as pd
import streamlit as st

from lstm_core.figures.curves import plot_curves
from lstm_core.figures.example import plot_example
from lstm_core.network.spec import NetworkSpec
from lstm_core.runs.reading import best_epoch
from lstm_core.runs.store import Run
from lstm_core.training.events import RunState
from lstm_core.training.example import example, mean_error
from pages._shell import cached, live_chart, present, services, state


def draw(run: Run, told: RunState) -> None:
    """Draw everything that grows with the epochs. Heights are fixed from the start, so that nothing jumps."""
    with st.container(horizontal=True):
        log = st.toggle(
            "Logarithmic loss axis",
            key=state.widget("log_loss", False),
            help="Equal distances are equal ratios: small improvements late in the training become visible.",
        )
        norms = st.toggle(
            "Gradient and weights",
            key=state.widget("norms", False),
            help="Length of the gradient, the mean over the batches of an epoch before clipping, and of all weights: "
            "$\\sqrt{\\sum_i g_i^2}$ and $\\sqrt{\\sum_i w_i^2}$.",
        )
    curves = partial(
        plot_curves,
        plan=run.spec.plan,
        theme=present.theme(),
        log=log,
        norms=norms,
        penalised=is_penalised(run.spec.network),
    )
    if run.status.is_final:
        present.show(curves(told), "loss_chart", alt=_alt(told), table=_table(told))
    else:
        live_chart.show(curves(told), curves(RunState()), "loss_chart", alt=_alt(told))
    if norms:
        st.caption(_norms_read(run, told))
    if told.example is not None or not run.status.is_final:
        _draw_example(run, told)


def is_penalised(network: NetworkSpec) -> bool:
    """Whether the losses hold penalties on weights."""
    return any(layer.l1 or layer.l2 or layer.recurrent_l1 or layer.recurrent_l2 for layer in network.layers)


def _norms_read(run: Run, told: RunState) -> str:
    """How to read the lengths; what is missing is said."""
    if told.epochs and told.epochs[-1].gradient_norm is None:
        return "This run was trained before the lengths were recorded."
    reading = (
        "A gradient that grows from epoch to epoch explodes: lower the learning rate or the clip norm. One that falls "
        "towards 0 while the loss is still high vanishes: the network no longer learns from early steps. Weights that "
        "grow without end belong to a network that learns by heart."
    )
    if run.spec.plan.clipnorm is None:
        return f"{reading} This run does not clip."
    return (
        f"{reading} While the gradient stays below the dotted line, little or nothing is clipped: Keras compares the "
        "gradient of each weight array, which is never longer than the whole, with the clip norm."
    )


def _draw_example(run: Run, told: RunState) -> None:
    """Draw the forecast of the same rows after every few epochs: what the falling loss looks like."""
    spec = run.spec.preparation
    series = cached.run_series(run.owner, run.spec.series_fingerprint, services.store())
    shown = example(cached.prepared(series.fingerprint, spec, series))
    unit = series.unit if spec.target == series.columns[0] else ""
    words = f"The last {len(shown.rows)} rows of the validation part"
    if told.example is not None:
        now = present.number(mean_error(shown, told.example), unit)
        words += f": after epoch {told.example.epoch} the forecast misses them by {now} on average"
        first = told.first_example
        if first is not None and first.epoch != told.example.epoch:
            words += f", after epoch {first.epoch} by {present.number(mean_error(shown, first))}"
    st.markdown("**Forecast while it trains**", help=_EXAMPLE_HELP)
    draw = partial(plot_example, series, spec.target, shown, theme=present.theme())
    figure = draw(told=told.example, first=told.first_example)
    if run.status.is_final:
        present.show(figure, "example_chart", alt=f"{words}.")
    else:
        live_chart.show(figure, draw(told=None, first=None), "example_chart", alt=f"{words}.")
    st.caption(present.safe(f"{words}.", limit=300))


_EXAMPLE_HELP = (
    "The same rows are forecast again and again while the network trains, each block from the window before it. "
    "The network does not learn from these rows. Forecasts are drawn at most twice a second."
)


def _alt(told: RunState) -> str:
    best = best_epoch(told)
    if best is None:
        return "Train and validation loss: no epoch is over yet."
    last = told.epochs[-1]
    rate = f" The learning rate is now {last.learning_rate:.3g}." if last.learning_rate else ""
    return (
        f"Train and validation loss over {len(told.epochs)} epochs, now {last.loss:.3g} and {last.val_loss:.3g}; the "
        f"lowest validation loss is {best.val_loss:.3g} at epoch {best.epoch}.{rate}"
    )


def _table(told: RunState) -> pd.DataFrame:
    columns = {
        "epoch": "epoch",
        "train loss": "loss",
        "validation loss": "val_loss",
        "learning rate": "learning_rate",
        "gradient norm": "gradient_norm",
        "weight norm": "weight_norm",
        "seconds": "seconds",
    }
    return pd.DataFrame(
        {title: [getattr(ended, name) for ended in told.epochs] for title, name in columns.items()}
    )
