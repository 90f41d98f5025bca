"""Training against plain Keras `fit`, raw PyTorch and Darts: the same task, in turns, within the same minutes.

The task: equal train and validation windows in float32, one LSTM layer, a linear head on its last state, Adam at
0.001, mean squared error, a new order every epoch, validation after every epoch. Darts learns at every step of a
window (see `plain_darts`). Ours does what a click does: norms, snapshots, the example, events in the store and a chart.
Every process has its libraries imported before the clock starts, as a warm slot has. All train with the threads that
they take by themselves (ours: two, as a slot has) and, in the first round, with one thread too. The
figure of a side is its best round, since other work only ever slows; the table says median and range.
"""

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from lstm_core.preparation.windows import prepare
from lstm_core.runs.queue import RunQueue
from lstm_core.runs.sql import SqlStore
from lstm_core.series.record import Series
from lstm_core.training.plan import RunSpec
from tests.bench.measure import Measurement, Table, spread
from tests.bench.rivals import Answer, Rival, all_running
from tests.bench.training import experiment, train_in_slot, warm_queue

EPOCHS = 10
SHAPES = (
    # windows, length, units, batch, how many times plain Keras
    (5_000, 30, 50, 32, 2.0),
    (8_000, 96, 64, 64, 1.3),
    (8_000, 24, 128, 128, 1.3),
)
KERAS, DARTS = "plain Keras fit", "Darts RNNModel"
Side = tuple[str, str]
"""Name and threads."""
OURS: Side = ("LSTM Explorer", "default")
OURS_WITH_ONE: Side = ("LSTM Explorer", "1")
Ours = tuple[SqlStore, RunQueue]


def measure(rounds: int) -> Iterator[Measurement | Table]:
    with (
        tempfile.TemporaryDirectory() as folder,
        warm_queue(Path(folder), slots=1) as ours,
        warm_queue(Path(folder), slots=1, threads=1) as with_one,
        all_running() as others,
    ):
        yield _first_point(*ours)
        for n, length, units, batch, times_keras in SHAPES:
            series, spec = experiment(n, length, units, batch, EPOCHS)
            answers = _compete(
                Path(folder), {OURS: ours, OURS_WITH_ONE: with_one}, others, (series, spec), rounds
            )
            title = f"{n} windows x {length} steps, {units} units, batch {batch}"
            yield from _verdicts(title, answers, {KERAS: times_keras, DARTS: 1.0})
            yield _table(title, answers)


def _first_point(store: SqlStore, queue: RunQueue) -> Measurement:
    """Seconds from the click to the first loss point that a page could draw."""
    answer = train_in_slot(store, queue, *experiment(500, 24, 50, 32, 20))
    return Measurement(
        name="First loss point after the click, warm slot", value=answer.first_loss, target=3.0, unit="s"
    )


def _compete(
    folder: Path,
    ours: Mapping[Side, Ours],
    others: Sequence[Rival],
    experiment: tuple[Series, RunSpec],
    rounds: int,
) -> dict[Side, list[Answer]]:
    """Answers of every side, round by round."""
    task = _task(folder, *experiment)
    answers: dict[Side, list[Answer]] = defaultdict(list)
    for number in range(rounds):
        for side, queue in ours.items():
            if number == 0 or side == OURS:
                answers[side].append(train_in_slot(*queue, *experiment))
        for rival in others:
            if number == 0 or not rival.one_thread:
                answers[rival.name, rival.threads].append(rival.fit(task))
    return answers


def _task(folder: Path, series: Series, spec: RunSpec) -> dict[str, object]:
    """Windows in a file, and what to do with them."""
    prepared = prepare(series, spec.preparation)
    path = folder / "arrays.npz"
    np.savez(
        path,
        inputs=prepared.train.inputs,
        targets=prepared.train.targets,
        validation_inputs=prepared.validation.inputs,
        validation_targets=prepared.validation.targets,
    )
    return {
        "file": str(path),
        "epochs": spec.plan.epochs,
        "units": spec.network.layers[0].units,
        "batch": spec.plan.batch_size,
    }


def best(answers: Sequence[Answer]) -> float:
    return max(answer.windows_per_second for answer in answers)


def _verdicts(
    title: str, answers: Mapping[Side, Sequence[Answer]], targets: Mapping[str, float]
) -> Iterator[Measurement]:
    ours = best(answers[OURS])
    for name, target in targets.items():
        if theirs := answers.get((name, "default")):
            yield Measurement(
                name=f"Training, {title}",
                value=ours / best(theirs),
                target=target,
                unit=f"times {name}",
                more_is_better=True,
                detail=f"{ours:,.0f} against {best(theirs):,.0f} windows a second",
            )


def _table(title: str, answers: Mapping[Side, Sequence[Answer]]) -> Table:
    ours = answers[OURS]
    first, total = (min(getattr(answer, name) for answer in ours) for name in ("first_loss", "total"))

    def row(side: Side, theirs: Sequence[Answer]) -> list[str]:
        fastest = [min(getattr(answer, name) for answer in theirs) for name in ("first_loss", "total")]
        return [
            *side,
            f"{best(theirs):,.0f}",
            spread([answer.windows_per_second for answer in theirs], ",.0f"),
            f"{best(ours) / best(theirs):.2f}",
            f"{fastest[0]:.2f}",
            f"{fastest[1]:.2f}",
            f"{fastest[0] / first:.2f} / {fastest[1] / total:.2f}",
            f"{theirs[-1].loss:.4f}",
        ]

    return Table(
        title=f"{title}, {EPOCHS} epochs",
        columns=(
            "who",
            "threads",
            "windows/s, best",
            "median (range)",
            "ours is times faster",
            "first loss, s",
            "all epochs, s",
            "ours is times sooner, first / all",
            "last loss",
        ),
        rows=[row(side, theirs) for side, theirs in answers.items()],
    )
