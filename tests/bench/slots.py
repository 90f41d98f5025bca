"""Four seeds of one experiment, side by side in two slots, against one slot that takes them one by one."""

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
    seconds: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(max(rounds // 2, 1)):
        for slots, spent in seconds.items():
            spent.append(_seconds(slots))
    n, length, units, _, epochs = TASK
    windows = SEEDS * n * epochs
    yield Measurement(
        name=f"{SEEDS} seeds on two slots, {n} windows x {length} steps, {units} units, {epochs} epochs each",
        value=min(seconds[1]) / min(seconds[2]),
        target=1.7,
        unit="times one slot",
        more_is_better=True,
        detail=f"{windows / min(seconds[2]):,.0f} against {windows / min(seconds[1]):,.0f} windows a second, "
        f"building and scoring included; {os.cpu_count()} processors",
    )
    yield Table(
        title=f"{SEEDS} seeds, from the click to the last result",
        columns=("slots", "seconds, median (range)"),
        rows=[[str(slots), spread(spent, ".1f")] for slots, spent in seconds.items()],
    )


def _seconds(slots: int) -> float:
    """From the click to the last result, the slots being warm and having trained before."""
    series, spec = experiment(*TASK)
    with (
        tempfile.TemporaryDirectory() as folder,
        warm_queue(Path(folder), slots=slots) as (store, queue),
    ):

        def repeat(token: str, chosen, n_seeds: int) -> float:
            began = time.perf_counter()
            specs = repetition.seed_specs(chosen, n_seeds)
            runs = repetition.start(store, queue, OWNER, specs, series, token=token).runs
            while not all(store.get(OWNER, run.run_id).status.is_final for run in runs):
                time.sleep(0.05)
            return time.perf_counter() - began

        short = spec.model_copy(update={"plan": spec.plan.model_copy(update={"epochs": 1})})
        repeat("warm", short, slots)
        return repeat("counted", spec, SEEDS)
