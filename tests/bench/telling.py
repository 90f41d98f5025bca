"""What it costs to tell of a training: events in the store, snapshots, norms, the example, checkpoints.

A process with the environment of a slot trains the same experiment in turns with everything and with nothing but the
losses. `python -m tests.bench.telling ROUNDS` is that process. The same network built twice differs in speed by up to
6%, more than telling costs: so a round is several turns, and the figure compares medians.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from lstm_core.runs.slots import environment
from tests.bench.measure import Measurement, Table, spread
from tests.bench.rivals import ROOT

TASKS = {
    # windows, length, units, batch, epochs
    "long epochs": (5_000, 30, 50, 32, 12),
    "short epochs": (500, 24, 50, 32, 150),
}
TURNS = 3
"""Trainings of each side in a round."""


def measure(rounds: int) -> Iterator[Measurement | Table]:
    done = subprocess.run(
        ["nice", "-n", "19", sys.executable, "-m", "tests.bench.telling", str(rounds)],
        cwd=ROOT,
        env={**os.environ, **environment(threads=2)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    for name, (n, length, units, batch, epochs) in TASKS.items():
        everything, nothing = (median(told[name][side]) for side in ("everything", "nothing"))
        yield Measurement(
            name=f"Events, snapshots, norms, example; {n} windows x {length}, {units} units, {epochs} epochs",
            value=100 * (nothing / everything - 1),
            target=5,
            unit="% of training time",
            detail=f"{name}; {everything:,.0f} against {nothing:,.0f} windows a second; batch {batch}",
        )
    yield Table(
        title="Telling, windows a second, median (range)",
        columns=("experiment", "everything told", "only the losses"),
        rows=[
            [name, *(spread(told[name][side], ",.0f") for side in ("everything", "nothing"))]
            for name in TASKS
        ],
    )


def main(rounds: int) -> None:
    from lstm_core.runs import worker
    from lstm_core.runs.sql import SqlStore
    from lstm_core.runs.warm import warm_up
    from lstm_core.training.control import Unsteered
    from lstm_core.training.events import RunFinished
    from lstm_core.training.loop import Recording, train
    from tests.bench.training import OWNER, experiment

    warm_up()
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{Path(folder) / 'runs.sqlite3'}"
        store = SqlStore(address)

        def everything(series, spec) -> float:
            number = len(store.list_runs(OWNER))
            run = store.create(OWNER, spec, series, name=f"{number}", token=f"{number}")
            worker.execute(address, run.run_id)
            finished = store.read_events(OWNER, run.run_id)[-1][1]
            assert isinstance(finished, RunFinished), finished
            return finished.windows_per_second

        def nothing(series, spec) -> float:
            return train(
                spec, series, emit=lambda _: None, control=Unsteered(), recording=Recording.NONE
            ).windows_per_second

        told = {}
        for name, task in TASKS.items():
            chosen = experiment(*task)
            speeds: dict[str, list[float]] = {"everything": [], "nothing": []}
            for turn in range(rounds * TURNS + 1):
                for side in (everything, nothing) if turn % 2 else (nothing, everything):
                    speeds[side.__name__].append(side(*chosen))
            told[name] = {side: values[1:] for side, values in speeds.items()}  # the first turn warms up
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]))
