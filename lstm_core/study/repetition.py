"""A repetition: the same settings with seed, seed + 1, ..., each an ordinary run, all of one study."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lstm_core.errors import RunError
from lstm_core.runs.names import first_name
from lstm_core.runs.queue import RunQueue
from lstm_core.runs.store import Run, RunStore
from lstm_core.series.record import Series
from lstm_core.study.trials import Study, Trial, in_studies, kind_of, start_trials, without_resumed
from lstm_core.training.plan import RunSpec

DEFAULT_SEEDS, MAX_SEEDS = 3, 20
LARGEST_SEED = 2**32 - 1
_SEED_IN_NAME = re.compile(r", seed \d+(?= \(\d+\)$|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition(Study):
    """Runs of one study: equal settings, different seeds.

    Its runs are one per seed, by seed.
    """

    @property
    def name(self) -> str:
        """Name of the first run, without its seed."""
        return _SEED_IN_NAME.sub("", self.runs[0].name)

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seed of each run."""
        return tuple(run.spec.plan.seed for run in self.runs)


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
    runs = start_trials(store, queue, owner, seed_trials(specs, series), study=token)
    return Repetition(study=token, runs=_by_seed(runs))


def seed_trials(specs: Iterable[RunSpec], series: Series) -> tuple[Trial, ...]:
    """One run per seed, with the seed in its name."""
    return tuple(Trial(spec=spec, series=series, name=seed_name(spec, series)) for spec in specs)


def seed_name(spec: RunSpec, series: Series) -> str:
    """Name of one run of a repetition: `Sunspots, 24 → 1, 50 units, seed 43`."""
    return f"{first_name(spec, series)}, seed {spec.plan.seed}"


def group(runs: Iterable[Run]) -> list[Repetition]:
    """Repetitions among runs, in the order in which their first run comes.

    A run that another one resumes is left out: its child trained the same seed to the end.
    """
    return [
        Repetition(study=study, runs=_by_seed(members))
        for study, members in in_studies(runs).items()
        if kind_of(study) == "seeds"
    ]


def _by_seed(members: Iterable[Run]) -> tuple[Run, ...]:
    """One run per seed: the one with a result, else the newest."""
    chosen = {run.spec.plan.seed: run for run in without_resumed(members)}
    return tuple(chosen[seed] for seed in sorted(chosen))
