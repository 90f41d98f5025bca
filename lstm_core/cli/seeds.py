"""`lstm-explorer run --seeds N`: the same training with several seeds, and how far the results lie apart."""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lstm_core.runs.queue import RunQueue
    from lstm_core.runs.store import RunStore
    from lstm_core.series.record import Series
    from lstm_core.study.repetition import Repetition
    from lstm_core.training.plan import RunSpec

LOOK_EVERY = 0.2


def repeat(
    store: "RunStore", specs: "Sequence[RunSpec]", series: "Series", *, out: Path | None, as_json: bool
) -> None:
    """Train every spec in slots of this command's own, tell the spread, and end with 1 if a run has no result."""
    from lstm_core.cli.report import write_folder
    from lstm_core.delivery.tables import table_csv
    from lstm_core.study.spread import seed_spread, spread_verdict
    from lstm_core.study.table import seed_table

    found = _train(store, specs, series)
    scores = seed_spread(found)
    if out is not None:
        for run in found.finished:
            folder = out / f"seed-{run.spec.plan.seed}"
            folder.mkdir(exist_ok=True)
            write_folder(folder, store, store.get(run.owner, run.run_id), series)
        table = seed_table(found)
        rows = table.astype(object).where(table.notna(), "").itertuples(index=False, name=None)
        (out / "seeds.csv").write_bytes(table_csv([str(name) for name in table.columns], rows))
    if as_json:
        click.echo(json.dumps(_summary(found), allow_nan=False, ensure_ascii=False, indent=2))
    elif scores.n:
        click.echo(spread_verdict(scores, series.unit).sentence)
    for run in found.lost:
        click.echo(
            f"Seed {run.spec.plan.seed}: {run.state.message or f'the run was {run.status}.'}", err=True
        )
    if found.lost:
        sys.exit(1)


def _train(store: "RunStore", specs: "Sequence[RunSpec]", series: "Series") -> "Repetition":
    import secrets

    from lstm_core.cli.run import OWNER
    from lstm_core.runs.queue import RunQueue
    from lstm_core.settings import Settings
    from lstm_core.study.repetition import start

    slots = min(Settings().slots, len(specs))
    queue = RunQueue(store, Settings(slots=slots), takes_over=False)
    try:
        made = start(store, queue, OWNER, specs, series, token=secrets.token_hex(16))
        click.echo(f"Starting {slots} training slots; TensorFlow takes some seconds to load.", err=True)
        return _follow(store, queue, made, slots=slots)
    finally:
        queue.close()


def _follow(store: "RunStore", queue: "RunQueue", made: "Repetition", *, slots: int) -> "Repetition":
    """Tell how far it is whenever a run begins or ends; Ctrl+C cancels all."""
    from lstm_core.runs.log import RunLog
    from lstm_core.study.progress import progress
    from lstm_core.study.repetition import group
    from lstm_core.study.trials import cancel

    owner = made.runs[0].owner
    logs = {run.run_id: RunLog(store, owner, run.run_id) for run in made.runs}
    found, last = made, ()
    while found.live:
        try:
            time.sleep(LOOK_EVERY)
            found = next(one for one in group(store.list_runs(owner)) if one.study == made.study)
            seen = tuple(run.status for run in found.runs)
            if seen != last:
                told = {run_id: log.refresh() for run_id, log in logs.items()}
                click.echo(progress(found, told, slots=slots).text, err=True)
            last = seen
        except KeyboardInterrupt:
            cancel(queue, owner, found)
    return found


def _summary(found: "Repetition") -> dict[str, Any]:
    """Scores of every seed and their spread as one object that JSON can hold."""
    from dataclasses import asdict

    from lstm_core.evaluation.scores import CARDS
    from lstm_core.study.spread import seed_spread

    scores = seed_spread(found)
    return {
        "study": found.study,
        "runs": [
            {
                "run_id": run.run_id,
                "seed": run.spec.plan.seed,
                "status": str(run.status),
                "best_epoch": run.state.finished.best_epoch if run.state.finished else None,
                "scores": run.state.finished.scores if run.state.finished else None,
            }
            for run in found.runs
        ],
        "spread": {key: asdict(one) if (one := scores.of(key)) else None for key in CARDS},
        "baselines": {name: dict(told) for name, told in scores.baselines.items()},
    }
