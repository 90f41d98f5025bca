"""Four seeds of one experiment, side by side in two slots, against one slot that takes them one by one.

The figure is of slots with one thread each: what a second slot adds where every slot has a processor. Slots have two
threads unless told otherwise, so on two processors one slot uses both; the table says what is left to gain then.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from lstm_core.study import repetition
from tests.bench.measure import Measurement, Table, spread
from tests.bench.training import OWNER, experiment, warm_queue

SEEDS = 4
TASK = (8_000, 24, 64, 64, 12)


def measure(rounds: int) -> Iterator[Measurement | Table]:
    seconds: dict[tuple[int, int], list[float]] = {(1, 1): [], (2, 1): [], (1, 2): [], (2, 2): []}
    for _ in range(max(rounds // 2, 1)):
        for (slots, threads), spent in seconds.items():
            spent.append(_seconds(slots, threads))
    one, two = (min(seconds[slots, 1]) for slots in (1, 2))
    n, length, units, _, epochs = TASK
    windows = SEEDS * n * epochs
    yield Measurement(
        name=f"{SEEDS} seeds on two slots, {n} windows x {length} steps, {units} units, {epochs} epochs each",
        value=one / two,
        target=1.7,
        unit="times one slot",
        more_is_better=True,
        detail=f"{windows / two:,.0f} against {windows / one:,.0f} windows a second, building and scoring included; "
        f"one thread each, {os.cpu_count()} processors",
    )
    yield Table(
        title=f"{SEEDS} seeds, from the click to the last result",
        columns=("slots", "threads each", "seconds, median (range)"),
        rows=[
            [str(slots), str(threads), spread(spent, ".1f")] for (slots, threads), spent in seconds.items()
        ],
    )


def _seconds(slots: int, threads: int) -> float:
    """From the click to the last result, the slots being warm and having trained before."""
    series, spec = experiment(*TASK)
    with (
        tempfile.TemporaryDirectory() as folder,
        warm_queue(Path(folder), slots=slots, threads=threads) as (store, queue),
    ):

        def repeat(token: str, chosen, n_seeds: int) -> float:
            began = time.perf_counter()
            specs = repetition.seed_specs(chosen, n_seeds)
            runs = repetition.start(store, queue, OWNER, specs, series, token=token).runs
            waited_for = {run.run_id for run in runs}
            # One small question, ten times a second: looking must not take from what is measured.
            while any(
                label.run_id in waited_for and not label.status.is_final for label in store.labels(OWNER)
            ):
                time.sleep(0.1)
            return time.perf_counter() - began

        short = spec.model_copy(update={"plan": spec.plan.model_copy(update={"epochs": 1})})
        repeat("warm", short, slots)
        return repeat("counted", spec, SEEDS)
