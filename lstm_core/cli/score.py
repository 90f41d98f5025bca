"""`lstm-explorer score`: a finished run on a new file, cleaned as the file of the run was."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lstm_core.evaluation.new_data import NewData
    from lstm_core.runs.store import Run
    from lstm_core.series.record import Series


@click.command()
@click.argument("run_id")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path), help="CSV file for every forecast.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def score(run_id: str, files: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    """Score a finished run on a new FILE and tell what comes behind its newest row.

    RUN_ID is what `lstm-explorer run` printed last, or what stands behind run= in the address of a page. Nothing is
    learned from the file. For a run on several files give as many new ones, in the same order: they are joined as those
    were. Exit code 2: the file does not fit the run.
    """
    from functools import partial

    from lstm_core.cli.run import OWNER
    from lstm_core.delivery.tables import table_csv
    from lstm_core.evaluation.measure import measure_for
    from lstm_core.evaluation.new_data import score_new
    from lstm_core.network.counts import called
    from lstm_core.network.forward import forward
    from lstm_core.network.weights import Weights
    from lstm_core.preparation.windows import prepare
    from lstm_core.runs.artifacts import arrays_from_bytes
    from lstm_core.runs.sql import SqlStore
    from lstm_core.settings import Settings

    store = SqlStore(Settings().store_url)
    run = store.get(OWNER, run_id)
    weights = Weights.from_arrays(arrays_from_bytes(store.load_artifact(OWNER, run_id, "weights")))
    series = store.load_series(OWNER, run.spec.series_fingerprint)
    found = score_new(
        partial(forward, run.spec.network, weights),
        prepare(series, run.spec.preparation),
        series,
        _read(run, files),
        label=called(run.spec.network),
        measure=measure_for(run.spec.plan.edge),
    )
    if out is not None:
        table = found.table()
        header, rows = [str(name) for name in table.columns], table.itertuples(index=False, name=None)
        out.write_bytes(table_csv(header, rows))
    click.echo(_json(found) if as_json else _text(found, run, series))


def _read(run: "Run", files: "Sequence[str]") -> "Series":
    """Read the files as the run's were: by its record, or where there is none with the columns of the run."""
    from lstm_core.cli.files import Wanted, find_source, read_series
    from lstm_core.series.cleaning.record import apply_again
    from lstm_core.series.source import load_table

    kept, columns = run.spec.cleaning, run.spec.preparation
    if kept is None:
        return read_series(Wanted(names=files, target=columns.target, features=columns.features))[0]
    source, contents = find_source(Wanted(names=files, kept=kept))
    return apply_again(load_table(source, contents.__getitem__), kept).series


def _json(found: "NewData") -> str:
    told = {
        "windows": len(found.made["lstm"]),
        "scores": {key: one.to_dict() for key, one in found.scores.items()},
        "judged_by": found.measure.key,
        "error": found.error,
        "reference": found.reference,
        "newest_row": found.newest,
        "ahead": found.ahead.tolist(),
        "rows_trained_on": found.n_seen,
        "rows_outside_training_range": found.n_outside,
    }
    return json.dumps(told, allow_nan=False, ensure_ascii=False, indent=2)


def _text(found: "NewData", run: "Run", series: "Series") -> str:
    from lstm_core.evaluation.new_data import new_data_verdict
    from lstm_core.evaluation.verdict import amount
    from lstm_core.network.counts import called

    name = called(run.spec.network)
    verdict = new_data_verdict(found, step=series.step, unit=series.unit, name=name)
    lines = [verdict.sentence]
    if found.n_seen:
        lines.append(
            f"{found.n_seen:,} rows of this file were train rows: on those the score is no honest test."
        )
    if found.n_outside:
        lines.append(f"{found.n_outside:,} rows hold values outside the range of the train rows.")
    told = ", ".join(amount(float(value)) for value in found.ahead)
    return "\n".join([*lines, f"Behind {found.newest}: {told} {series.unit}".rstrip()])
