"""What the seeds of a repetition say together: scores, forecasts, and the way to each run."""

import pandas as pd
import streamlit as st

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.scores import CARDS
from lstm_core.figures.seeds import plot_forecast_band, plot_scores
from lstm_core.network.counts import called
from lstm_core.preparation.windows import Prepared
from lstm_core.series.record import Series
from lstm_core.study.bands import forecast_band
from lstm_core.study.repetition import Repetition
from lstm_core.study.spread import SeedSpread, spread_verdict
from lstm_core.study.table import forecast_table, seed_table, spread_table
from pages._shell import cached, present, services, state
from pages._shell.studies import study_monitor
from pages._shell.understanding.score_table import BASELINES

_ROWS = {"mean of the seeds": "Mean of the seeds", "standard deviation": "Standard deviation"}


def unit_of(found: Repetition) -> str:
    """Unit of the target; only the first column's is known."""
    series = series_of(found)
    return series.unit if found.spec.preparation.target == series.columns[0] else ""


def series_of(found: Repetition) -> Series:
    """Series the repetition was trained on."""
    return cached.run_series(services.owner(), found.spec.series_fingerprint, services.store())


def draw_lost(found: Repetition) -> None:
    """Name the runs that are over without a result, and say why."""
    study_monitor.draw_lost(found, {run.run_id: f"seed {run.spec.plan.seed}" for run in found.runs})


def draw_scores(found: Repetition, scores: SeedSpread) -> None:
    """Draw the dot of every finished seed beside the baselines."""
    unit = unit_of(found)
    present.show(
        plot_scores({called(found.spec.network): scores}, unit=unit, theme=present.theme()),
        key="seeds_score_chart",
        alt=f"Test MAE of each seed as a dot, beside the baselines. {spread_verdict(scores, unit).sentence}",
    )


def draw_forecasts(found: Repetition) -> None:
    """Draw the test forecasts of all finished seeds as one band."""
    series, spec = series_of(found), found.spec.preparation
    step = 1
    if spec.window.horizon > 1:
        step = st.slider(
            "Steps ahead",
            1,
            spec.window.horizon,
            key=state.widget("seeds_step", 1),
            help="Which step of the horizon is drawn: 1 is the row right after the window.",
        )
    prepared = cached.prepared(found.spec.series_fingerprint, spec, series)
    with present.guard():
        made = _forecasts(found, prepared)
    band = forecast_band(made, step=step)
    inside = f"{band.covered:.0%} of the actual values lie inside the band."
    present.show(
        plot_forecast_band(series, spec.target, band, theme=present.theme()),
        key="seeds_forecast_chart",
        alt=f"Actual values of the test part, and the forecasts of {len(band.seeds)} seeds as a band. {inside}",
        table=lambda: forecast_table(series, band, made),
    )
    width = present.number(band.width, band.unit)
    st.caption(
        f"On average the band is {present.safe(width)} wide, and {inside} It shows how far the seeds disagree, not how "
        "far the forecast may be off: where all seeds err in the same way, it is narrow and wrong."
        if len(band.seeds) > 1
        else "One seed is a line: a band needs at least two."
    )


def _forecasts(found: Repetition, prepared: Prepared) -> dict[int, Forecast]:
    done = found.finished
    made = cached.stored_forecasts(
        services.owner(), tuple(run.run_id for run in done), unit_of(found), prepared, services.store()
    )
    return {run.spec.plan.seed: one for run, one in zip(done, made, strict=True)}


def draw_tables(found: Repetition, scores: SeedSpread) -> None:
    """Draw mean and spread of every score beside the baselines, then one row per seed."""
    tips = {
        card.name: st.column_config.TextColumn(help=f"{card.reading} ${card.formula}$", alignment="right")
        for card in CARDS.values()
    }
    whole = spread_table(scores)
    shown = [
        {
            "Forecast": _ROWS.get(row["forecast"])
            or BASELINES.get(row["forecast"])
            or row["forecast"].capitalize()
        }
        | {card.name: _cell(row[key]) for key, card in CARDS.items()}
        for row in whole.to_dict("records")
    ]
    st.dataframe(pd.DataFrame(shown), hide_index=True, key="seeds_spread", column_config=tips)
    unit = unit_of(found) or "the unit of the target"
    st.caption(
        f"MAE and RMSE in {present.safe(unit)}, MSE in its square, sMAPE in percent. Baselines know no seed, so they "
        "have one value and no spread. Standard deviation: divisor n − 1."
    )
    each = seed_table(found)
    rows = [
        {"Seed": row["seed"], "State": row["status"], "Best epoch": _whole(row["best_epoch"])}
        | {card.name: _cell(row[key]) for key, card in CARDS.items()}
        | {"Seconds": _cell(row["seconds"])}
        for row in each.to_dict("records")
    ]
    right = {name: st.column_config.TextColumn(alignment="right") for name in ("Best epoch", "Seconds")}
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="seeds_rows", column_config=tips | right)
    with st.container(horizontal=True):
        _draw_download("Download the seeds as CSV", each, "seeds")
        _draw_download("Download the spread as CSV", whole, "seeds_spread")


def _draw_download(label: str, table: pd.DataFrame, name: str) -> None:
    st.download_button(
        label,
        present.csv_bytes(table),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"download_{name}",
        icon=":material/download:",
        on_click="ignore",
        help="In full precision; an empty cell is a value that does not exist.",
    )


def draw_opener(found: Repetition) -> None:
    """Let one run be opened: every other page then shows it."""
    names = {run.run_id: f"Seed {run.spec.plan.seed}" for run in found.runs}
    study_monitor.draw_opener("Open the run of one seed", names, key="open_seed")


def _cell(value: float | None) -> str:
    return "" if value is None or pd.isna(value) else present.number(value)


def _whole(value: float | None) -> str:
    return "" if value is None or pd.isna(value) else f"{value:.0f}"
