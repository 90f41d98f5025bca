"""A repetition: the same settings with seed, seed + 1, ..., each an ordinary run, all of one study."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lstm_core.errors import RunError
from lstm_core.runs.queue import RunQueue
from lstm_core.runs.store import Run, RunStore, first_name
from lstm_core.series.record import Series
from lstm_core.training.events import Status
from lstm_core.training.plan import RunSpec

DEFAULT_SEEDS, MAX_SEEDS = 3, 20
LARGEST_SEED = 2**32 - 1
_SEED_IN_NAME = re.compile(r", seed \d+(?= \(\d+\)$|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """Runs of one study: equal settings, different seeds.

    Attributes
    ----------
    study : id that the runs share
    runs : one per seed, by seed; a run that was resumed stands in for the one it resumes
    """

    study: str
    runs: tuple[Run, ...]

    @property
    def name(self) -> str:
        """Name of the first run, without its seed."""
        return _SEED_IN_NAME.sub("", self.runs[0].name)

    @property
    def spec(self) -> RunSpec:
        """Settings of the first seed."""
        return self.runs[0].spec

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seed of each run."""
        return tuple(run.spec.plan.seed for run in self.runs)

    @property
    def finished(self) -> tuple[Run, ...]:
        """Runs with a result."""
        return tuple(run for run in self.runs if run.status is Status.FINISHED)

    @property
    def live(self) -> tuple[Run, ...]:
        """Runs that are not over."""
        return tuple(run for run in self.runs if not run.status.is_final)

    @property
    def lost(self) -> tuple[Run, ...]:
        """Runs that are over without a result."""
        return tuple(run for run in self.runs if run.status.is_final and run.status is not Status.FINISHED)


def seed_specs(spec: RunSpec, n_seeds: int) -> tuple[RunSpec, ...]:
    """Same spec with seed, seed + 1, ..., `n_seeds` of them.

    Raises
    ------
    RunError
        If there would be none, too many, or a seed beyond the largest one.
    """
    if not 1 <= n_seeds <= MAX_SEEDS:
        raise RunError(
            "A repetition needs another number of seeds",
            received=f"{n_seeds}",
            expected=f"1 to {MAX_SEEDS}",
            field="n_seeds",
        )
    first = spec.plan.seed
    if first + n_seeds - 1 > LARGEST_SEED:
        raise RunError(
            f"{n_seeds} seeds from {first} on go beyond the largest seed",
            expected=f"a first seed of at most {LARGEST_SEED - n_seeds + 1}",
            advice="Choose a smaller seed.",
            field="seed",
        )
    plans = (spec.plan.model_copy(update={"seed": first + step}) for step in range(n_seeds))
    return tuple(spec.model_copy(update={"plan": plan}) for plan in plans)


def start(
    store: RunStore, queue: RunQueue, owner: str, specs: Sequence[RunSpec], series: Series, *, token: str
) -> Repetition:
    """Let a repetition wait in the queue: all of its runs or none.

    The same `token` again finds the same runs (double click).

    Parameters
    ----------
    specs : from `seed_specs`
    token : names the study

    Raises
    ------
    RunError
        If so many runs have no room in the queue; there is then no run of this study.
    """
    if found := [run for run in store.list_runs(owner) if run.study == token]:
        return group(found)[0]
    queue.check_room(owner, len(specs))
    made = [
        store.create(
            owner, spec, series, name=seed_name(spec, series), token=f"{token}-{spec.plan.seed}", study=token
        )
        for spec in specs
    ]
    queue.submit(owner, *(run.run_id for run in made))
    return Repetition(study=token, runs=tuple(made))


def seed_name(spec: RunSpec, series: Series) -> str:
    """Name of one run of a repetition: `Sunspots, 24 → 1, 50 units, seed 43`."""
    return f"{first_name(spec, series)}, seed {spec.plan.seed}"


def cancel(queue: RunQueue, owner: str, repetition: Repetition) -> None:
    """Stop every run of a repetition that is not over."""
    for run in repetition.live:
        queue.cancel(owner, run.run_id)


def group(runs: Iterable[Run]) -> list[Repetition]:
    """Repetitions among runs, in the order in which their first run comes.

    A run that another one resumes is left out: its child trained the same seed to the end.
    """
    studies: dict[str, list[Run]] = {}
    for run in runs:
        if run.study is not None:
            studies.setdefault(run.study, []).append(run)
    return [Repetition(study=study, runs=_by_seed(members)) for study, members in studies.items()]


def _by_seed(members: Sequence[Run]) -> tuple[Run, ...]:
    """One run per seed: the one with a result, else the newest."""
    resumed = {run.parent for run in members}
    leaves = [run for run in members if run.run_id not in resumed]
    leaves.sort(key=lambda run: (run.status is Status.FINISHED, run.created_at))
    chosen = {run.spec.plan.seed: run for run in leaves}
    return tuple(chosen[seed] for seed in sorted(chosen))
