"""How far a study is, in numbers and words, and what it will cost."""

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lstm_core.runs.admission import admit
from lstm_core.runs.reading import duration, pace
from lstm_core.runs.store import Run
from lstm_core.settings import Settings
from lstm_core.study.trials import Study, Trial
from lstm_core.training.events import RunState

OVERHEAD = 2.0
"""Seconds around every training: building the network, scoring, storing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyProgress:
    """How far a study is.

    Attributes
    ----------
    n, done, lost, training, waiting : runs; `lost` are over without a result
    share : of the whole work, 0 to 1
    seconds_left : a guess, None while nothing is known or nothing is left
    """

    n: int
    done: int
    lost: int
    training: int
    waiting: int
    share: float
    seconds_left: float | None

    @property
    def text(self) -> str:
        """`5 of 8 done, 2 training, 1 waiting, about 20 s left`."""
        parts = [f"{self.done} of {self.n} done"]
        parts += [f"{count} {word}" for count, word in self._rest() if count]
        if self.seconds_left is not None:
            parts.append(f"about {duration(self.seconds_left)} left")
        return ", ".join(parts)

    def _rest(self) -> tuple[tuple[int, str], ...]:
        return (self.lost, "without a result"), (self.training, "training"), (self.waiting, "waiting")


def progress(study: Study, told: Mapping[str, RunState], *, slots: int) -> StudyProgress:
    """Measure how far a study is.

    The guess of the time left takes a run to last as long as the finished ones of the same study did on
    average, and as long as all its epochs would while none is finished; the work left is shared by the slots. It
    knows nothing of other runs in the queue.

    Parameters
    ----------
    told : state with the curve, by run id
    slots : trainings at the same time
    """
    live = study.live
    training = [run for run in live if told[run.run_id].started is not None]
    ended = [run.state.finished.seconds + OVERHEAD for run in study.finished if run.state.finished]
    usual = sum(ended) / len(ended) if ended else _longest(training, told)
    left = {run.run_id: _left(run, told[run.run_id], usual) for run in live}
    n, over = len(study.runs), len(study.runs) - len(live)
    begun = sum(1 - left[run.run_id] / usual for run in live) if usual else 0.0
    at_once = min(slots, len(live))
    return StudyProgress(
        n=n,
        done=len(study.finished),
        lost=len(study.lost),
        training=len(training),
        waiting=len(live) - len(training),
        share=min(max((over + begun) / n, 0.0), 1.0),
        # No slot can be done before its longest run is, nor before its share of all the work is.
        seconds_left=max(*left.values(), sum(left.values()) / at_once) if usual and live else None,
    )


def _longest(training: list[Run], told: Mapping[str, RunState]) -> float | None:
    """How long the slowest training would take with all its epochs; None before its first epoch."""
    whole = []
    for run in training:
        state, plan = told[run.run_id], run.spec.plan
        each = pace(state, plan).seconds_per_epoch
        if each is not None:
            whole.append(each * plan.epochs + OVERHEAD)
    return max(whole, default=None)


def _left(run: Run, state: RunState, usual: float | None) -> float:
    if usual is None:
        return 0.0
    most = pace(state, run.spec.plan).seconds_left
    left = max(usual - state.seconds, 0.0)
    return left if most is None else min(left, most)


def seconds_of_all(seconds: float, *, n_seeds: int, slots: int) -> float:
    """Time of a repetition on empty slots, from the time of one run: `seconds x ceil(n / slots)`."""
    return seconds * math.ceil(n_seeds / slots)


def seconds_of_trials(seconds: Sequence[float], *, slots: int) -> float:
    """Time of unequal runs on empty slots: each takes the first slot that is free, in the order of the queue."""
    free = [0.0] * slots
    for one in seconds:
        heapq.heappush(free, heapq.heappop(free) + one + OVERHEAD)
    return max(free)


def seconds_of(trials: Sequence[Trial], limits: Settings) -> float:
    """About how long the runs of a study take on empty slots, in seconds.

    Raises
    ------
    UserError
        If one of them may not start (`admission.admit`).
    """
    costs = [admit(one.spec, one.series, limits).cost.seconds for one in trials]
    return seconds_of_trials(costs, slots=limits.slots)
