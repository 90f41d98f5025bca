"""Trials: ordinary runs that belong to one study, started together and found again by its id."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lstm_core.runs.queue import RunQueue
from lstm_core.runs.store import Run, RunStore
from lstm_core.series.record import Series
from lstm_core.training.events import Status
from lstm_core.training.plan import RunSpec

Kind = Literal["seeds", "backtest", "lengths", "quantiles"]
"""What differs between the runs of a study: the seed, the time it is tested at, the length of the window, the edge of a
band that it learns."""
_NAMED: Mapping[str, Kind] = {"backtest": "backtest", "lengths": "lengths", "quantiles": "quantiles"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One run that a study asks for.

    Attributes
    ----------
    series : what it is trained on; trials of one study may differ in it
    name : of the run
    """

    spec: RunSpec
    series: Series
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Runs that were started together.

    Attributes
    ----------
    study : id that the runs share
    runs : at least one; a run that was resumed stands in for the one it resumes
    """

    study: str
    runs: tuple[Run, ...]

    @property
    def spec(self) -> RunSpec:
        """Settings of the first run."""
        return self.runs[0].spec

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


def study_id(kind: Kind, token: str) -> str:
    """Id of a study of a kind; that of a repetition is the bare token."""
    return f"{kind}-{token}" if kind in _NAMED else token


def kind_of(study: str) -> Kind:
    """Kind of a study, from its id."""
    return _NAMED.get(study.partition("-")[0], "seeds")


def start_trials(
    store: RunStore, queue: RunQueue, owner: str, trials: Sequence[Trial], *, study: str
) -> tuple[Run, ...]:
    """Let the runs of a study wait in the queue, in this order: all of them or none.

    The same study again finds the same runs (double click).

    Parameters
    ----------
    study : from `study_id`

    Raises
    ------
    RunError
        If so many runs have no room in the queue; there is then no run of this study.
    """
    if found := in_studies(store.list_runs(owner)).get(study):
        return tuple(found)
    queue.check_room(owner, len(trials))
    made = tuple(
        store.create(owner, one.spec, one.series, name=one.name, token=f"{study}-{number}", study=study)
        for number, one in enumerate(trials, start=1)
    )
    queue.submit(owner, *(run.run_id for run in made))
    return made


def cancel(queue: RunQueue, owner: str, study: Study) -> None:
    """Stop every run of a study that is not over."""
    for run in study.live:
        queue.cancel(owner, run.run_id)


def in_studies(runs: Iterable[Run]) -> dict[str, list[Run]]:
    """Runs by study, in the order in which they come; those of none are left out."""
    studies: dict[str, list[Run]] = {}
    for run in runs:
        if run.study is not None:
            studies.setdefault(run.study, []).append(run)
    return studies


def without_resumed(members: Iterable[Run]) -> list[Run]:
    """Runs of one study without those that another one resumes: those with a result last, and the newest of each."""
    members = list(members)
    resumed = {run.parent for run in members}
    leaves = [run for run in members if run.run_id not in resumed]
    return sorted(leaves, key=lambda run: (run.status is Status.FINISHED, run.created_at))


def find_studies(runs: Iterable[Run], kind: Kind) -> list[Study]:
    """Studies of a kind among runs, in the order in which their first run comes; one run per experiment, oldest first.

    Two runs of one experiment (equal digests) are a run that was lost and the one that resumed it.
    """
    found = []
    for study, members in in_studies(runs).items():
        if kind_of(study) != kind:
            continue
        began = {run.spec.digest: run.created_at for run in sorted(members, key=_age, reverse=True)}
        chosen = {run.spec.digest: run for run in without_resumed(members)}
        ordered = sorted(chosen.values(), key=lambda run: began[run.spec.digest])
        found.append(Study(study=study, runs=tuple(ordered)))
    return found


def _age(run: Run) -> tuple[object, str]:
    return run.created_at, run.run_id
