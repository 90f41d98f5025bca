"""Start a backtest: how many folds, how long, from which rows they learn, where they lie, what it costs."""

from functools import partial

import streamlit as st

from lstm_core.errors import UserError
from lstm_core.figures.backtest import plot_folds
from lstm_core.figures.series import time_title
from lstm_core.series.assemble import assemble
from lstm_core.series.record import Series
from lstm_core.study.backtest import fold_trials, span_of
from lstm_core.study.fold_cleaning import CleanAgain
from lstm_core.study.folds import DEFAULT_FOLDS, FoldSpec, default_rows, fold_limits, lay_out
from lstm_core.study.progress import seconds_of
from lstm_core.training.plan import RunSpec
from pages._shell import cached, present, services, state
from pages._shell.controls import field
from pages._shell.studies import study_start


def draw(series: Series) -> None:
    """Draw the choices, the folds they give, the cost and the button that starts them all or none."""
    try:
        spec = study_start.chosen(series)
        folds = _choose(spec, series)
        laid = lay_out(series, spec.preparation, folds)
        look = partial(_seconds, spec, series, folds)
        seconds = cached.pattern(
            series.fingerprint,
            spec.preparation.target,
            "backtest cost",
            (spec.digest, folds.model_dump_json()),
            look,
        )
    except UserError as refusal:
        present.verdict("bad", present.safe(refusal.message, limit=2000))
        return
    st.caption(f"{study_start.brief(spec, series)}, seed {spec.plan.seed}.")
    if _is_cleaned(spec, series) and _cleaner(spec, series) is None:
        present.verdict(
            "caution",
            "The file of this series is gone, so its cleaning cannot be learned anew for each fold: filled and cleaned "
            "values of early folds may know a little of later rows. Upload it again for an honest backtest.",
        )
    present.show(
        plot_folds(
            {fold.number: span_of(series, fold.parts) for fold in laid},
            time_title=time_title(series),
            theme=present.theme(),
            what="fold",
        ),
        key="backtest_plan_chart",
        alt=f"{folds.n_folds} folds over time: train, validation and test rows of each, one below the other.",
    )
    if st.button(
        f"Train {folds.n_folds} folds",
        key="start_backtest",
        type="primary",
        icon=":material/event_repeat:",
        width="stretch",
        help="Trains the same settings anew for every fold, on nothing but the rows before its test block. Scaler and "
        "transform are fitted anew too.",
    ):
        _start(spec, series, folds)
    st.caption(study_start.cost(folds.n_folds, seconds))


def _start(spec: RunSpec, series: Series, folds: FoldSpec) -> None:
    """Start a backtest and look at it."""
    try:
        with st.spinner("Cleaning each fold on its own rows", show_time=True):
            trials = fold_trials(spec, series, folds, again=_cleaner(spec, series))
        runs = study_start.begin("backtest", (spec.digest, folds), trials)
    except UserError as error:
        present.verdict("bad", present.safe(error.message, limit=2000))
        return
    state.select_run(runs[0].run_id)
    st.rerun()


def _cleaner(spec: RunSpec, series: Series) -> CleanAgain | None:
    """What cleans the file of the series anew; None where nothing was cleaned, or the file is gone."""
    if spec.cleaning is None or not _is_cleaned(spec, series):
        return None
    source, roles = spec.cleaning.source, spec.cleaning.roles
    owner, store = services.owner(), services.store()
    try:
        table = cached.table(owner, source.unread, lambda sha256: store.load_upload(owner, sha256))
    except UserError:
        return None
    observed = cached.observations(owner, source.unread, roles.reading, table)
    return lambda cleaning: assemble(table, roles, observed, cleaning)


def _is_cleaned(spec: RunSpec, series: Series) -> bool:
    """Whether repairs or steps learned from rows, or filled gaps with a look at both sides."""
    return bool(series.filled.any() or (spec.cleaning and spec.cleaning.source.cleaning.steps))


def _seconds(spec: RunSpec, series: Series, folds: FoldSpec) -> float:
    return seconds_of(fold_trials(spec, series, folds), services.settings())


def _choose(spec: RunSpec, series: Series) -> FoldSpec:
    """Number of folds, size of a block, and what happens to old rows."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        n_folds = st.number_input(
            **field(FoldSpec, "n_folds"),
            step=1,
            key=state.widget("backtest_folds", DEFAULT_FOLDS),
        )
        least, most = fold_limits(series, spec.preparation, n_folds)
        usual = default_rows(series, spec.preparation, n_folds)
        rows = st.number_input(
            "Rows in a test block",
            least,
            most,
            step=1,
            # Other folds or another series have other limits: a key of their own, so that no old value is out of them.
            key=state.widget(f"backtest_rows_{n_folds}_{series.fingerprint[:8]}_{least}_{most}", usual),
            disabled=least == most,
            help=f"How many rows each fold forecasts: {least} to {most} here. The blocks stand side by side and end at "
            f"the last row. {usual} fill the test part.",
        )
        train = st.segmented_control(
            "Train part",
            ("expanding", "sliding"),
            format_func=str.capitalize,
            key=state.widget("backtest_train", "expanding"),
            required=True,
            help=FoldSpec.model_fields["train"].description,
        )
    return FoldSpec(n_folds=int(n_folds), rows=int(rows), train=train or "expanding")
