"""Repetitions as tables to take away, full precision."""

from collections.abc import Mapping

import pandas as pd

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.scores import CARDS
from lstm_core.evaluation.table import row_times
from lstm_core.series.record import Series
from lstm_core.study.bands import ForecastBand, LossBand
from lstm_core.study.repetition import Repetition
from lstm_core.study.spread import SeedSpread


def seed_table(repetition: Repetition) -> pd.DataFrame:
    """One row per seed: how it ended, its best epoch, its scores on the test part; empty where there is none."""
    rows = []
    for seed, run in zip(repetition.seeds, repetition.runs, strict=True):
        finished = run.state.finished
        told = finished.scores.get("lstm", {}) if finished is not None else {}
        rows.append(
            {
                "seed": seed,
                "status": str(run.status),
                "best_epoch": None if finished is None else finished.best_epoch,
                "seconds": None if finished is None else finished.seconds,
                **{key: told.get(key) for key in CARDS},
                "message": run.state.message,
                "run_id": run.run_id,
            }
        )
    return pd.DataFrame(rows)


def spread_table(scores: SeedSpread) -> pd.DataFrame:
    """Mean, standard deviation, lowest and highest of every score over the seeds, and the baselines' scores."""
    spreads = {key: scores.of(key) for key in CARDS}
    rows = [
        {"forecast": name, **{key: getattr(one, field) if one else None for key, one in spreads.items()}}
        for name, field in (
            ("mean of the seeds", "mean"),
            ("standard deviation", "deviation"),
            ("lowest", "low"),
            ("highest", "high"),
        )
    ]
    rows += [
        {"forecast": name, **{key: told.get(key) for key in CARDS}} for name, told in scores.baselines.items()
    ]
    return pd.DataFrame(rows)


def loss_table(band: LossBand) -> pd.DataFrame:
    """One row per epoch: how many runs trained it, and the band of both losses over them."""
    return pd.DataFrame(
        {
            "epoch": band.epochs,
            "runs": band.n,
            **{
                f"{name} {which}": getattr(losses, field)
                for name, losses in (("train", band.train), ("validation", band.validation))
                for which, field in (("median", "middle"), ("lowest", "low"), ("highest", "high"))
            },
        }
    )


def forecast_table(series: Series, band: ForecastBand, made: Mapping[int, Forecast]) -> pd.DataFrame:
    """One row per window: time, truth, the band, and every seed's forecast, original units."""
    return pd.DataFrame(
        {
            "time": row_times(series, band.rows),
            "actual": band.actual,
            "median": band.band.middle,
            "lowest": band.band.low,
            "highest": band.band.high,
            **{f"seed {seed}": one.at_step(band.step).predicted[:, 0] for seed, one in made.items()},
        }
    )
