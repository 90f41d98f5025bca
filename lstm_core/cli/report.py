"""What a finished run has to say: as an object, as text, as a folder."""

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from lstm_core.delivery.script import render_script
from lstm_core.delivery.tables import series_csv, table_csv
from lstm_core.evaluation.classical import NAMES, fit_classical, told_by
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.lag import lag_check
from lstm_core.evaluation.scores import forecasts, score_all
from lstm_core.evaluation.table import forecast_table
from lstm_core.evaluation.verdict import amount
from lstm_core.network.counts import called
from lstm_core.network.forward import forward
from lstm_core.network.weights import Weights
from lstm_core.preparation.split import PARTS, Part
from lstm_core.preparation.windows import Prepared, prepare
from lstm_core.runs.artifacts import arrays_from_bytes
from lstm_core.runs.store import Run, RunStore
from lstm_core.series.record import Series
from lstm_core.training.events import RunFailed, Status
from lstm_core.training.plan import RunSpec

CSV, SCRIPT = "series.csv", "script.py"
BASELINES = {"naive": "last value", "seasonal_naive": "last season", "linear_ar": "linear AR"} | NAMES


def summarise(store: RunStore, run: Run, series: Series) -> dict[str, Any]:
    """The run as one object that JSON can hold; what a failed run does not have is None."""
    state, prepared = run.state, prepare(series, run.spec.preparation)
    finished = state.finished
    summary: dict[str, Any] = {
        "run_id": run.run_id,
        "series": {
            "name": series.name,
            "rows": series.n_rows,
            "columns": list(series.columns),
            "fingerprint": series.fingerprint,
        },
        "windows": {part: len(prepared.part(part)) for part in PARTS},
        "network": called(run.spec.network),
        "n_parameters": state.started.n_parameters if state.started else None,
        "epochs": len(state.epochs),
        "best_epoch": state.best_epoch,
        "scores": finished.scores if finished else None,
        "skill_vs_naive": _skill(finished.scores) if finished else None,
        "copies_last_value": None,
        "best_shift": None,
        "parity": finished.parity if finished else None,
        "seconds": finished.seconds if finished else state.seconds,
        "windows_per_second": finished.windows_per_second if finished else None,
        "diverged": _diverged(store, run),
    }
    if finished:
        made = _forecasts(store, run, series, prepared, "test")
        check = lag_check(made["lstm"], prepared.values[:, 0])
        summary |= {"copies_last_value": check.copies_last_value, "best_shift": check.best_shift}
        summary["scores"] = {**finished.scores, **_classical(prepared, series)}
    return summary


def to_text(summary: Mapping[str, Any], series: Series) -> str:
    """The same for a person."""
    windows = summary["windows"]
    lines = [
        f"{summary['series']['name']}: {summary['series']['rows']} rows, windows: "
        + ", ".join(f"{windows[part]} {part}" for part in PARTS),
        f"Best epoch {summary['best_epoch']} of {summary['epochs']}, {summary['n_parameters']} weights, "
        f"{summary['seconds']:.1f} s",
        "",
        f"{'Test part':<12}{'MAE':>12}{'RMSE':>12}{'MASE':>8}",
    ]
    for key, scores in summary["scores"].items():
        mase = "-" if scores["mase"] is None else f"{scores['mase']:.3g}"
        name = BASELINES.get(key, summary["network"])
        lines.append(f"{name:<12}{amount(scores['mae']):>12}{amount(scores['rmse']):>12}{mase:>8}")
    skill = summary["skill_vs_naive"]
    if skill is not None:
        verb = "beats" if skill > 0 else "does not beat"
        unit = f" {series.unit}" if series.unit else ""
        lines += [
            "",
            f"The {summary['network']} {verb} repeating the last value "
            f"(skill {skill:+.1%}, MAE in{unit or ' its units'}).",
        ]
    if summary["copies_last_value"]:
        lines.append("It copies the last value: it has learned next to nothing.")
    return "\n".join([*lines, f"Run {summary['run_id']}"])


def write_folder(folder: Path, store: RunStore, run: Run, series: Series) -> None:
    """Write predictions.csv, history.csv, spec.json, script.py and series.csv."""
    prepared = prepare(series, run.spec.preparation)
    made: dict[Part, dict[str, Forecast]] = {
        part: _forecasts(store, run, series, prepared, part) for part in PARTS
    }
    table = forecast_table(series, made)
    header, rows = [str(name) for name in table.columns], table.itertuples(index=False, name=None)
    (folder / "predictions.csv").write_bytes(table_csv(header, rows))
    curve = [[ended.epoch, ended.loss, ended.val_loss, ended.seconds] for ended in run.state.epochs]
    (folder / "history.csv").write_bytes(table_csv(["epoch", "loss", "val_loss", "seconds"], curve))
    spec = json.dumps(run.spec.model_dump(mode="json"), indent=2, ensure_ascii=False)
    (folder / "spec.json").write_text(spec + "\n", encoding="utf-8")
    write_script(folder, run.spec, series)


def write_script(folder: Path, spec: RunSpec, series: Series) -> None:
    """Write script.py and series.csv."""
    (folder / SCRIPT).write_text(render_script(spec, series, csv_name=CSV), encoding="utf-8")
    (folder / CSV).write_bytes(series_csv(series, spec.preparation.columns))


def _forecasts(
    store: RunStore, run: Run, series: Series, prepared: Prepared, part: Part
) -> dict[str, Forecast]:
    weights = Weights.from_arrays(arrays_from_bytes(store.load_artifact(run.owner, run.run_id, "weights")))
    predict = partial(forward, run.spec.network, weights)
    return forecasts(
        prepared, predict, period=series.period, part=part, unit=series.unit, label=called(run.spec.network)
    )


def _classical(prepared: Prepared, series: Series) -> dict[str, dict[str, float | None]]:
    """Scores of ETS and Theta on the test part, as far as they could be fitted: a run keeps none of them."""
    fitted = fit_classical(prepared, period=series.period)
    made = told_by(fitted, prepared, "test", unit=series.unit)
    return {key: one.to_dict() for key, one in score_all(prepared, made, period=series.period).items()}


def _skill(scores: Mapping[str, Mapping[str, float | None]]) -> float | None:
    mae, reference = scores["lstm"]["mae"], scores["naive"]["mae"]
    return 1 - mae / reference if mae is not None and reference else None


def _diverged(store: RunStore, run: Run) -> bool:
    if run.status is not Status.FAILED:
        return False
    events = [event for _, event in store.read_events(run.owner, run.run_id)]
    return any(isinstance(event, RunFailed) and event.cause == "diverged" for event in events)
