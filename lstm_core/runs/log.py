"""A run as somebody follows it: only what is new is read and folded."""

from lstm_core.runs.store import RunStore
from lstm_core.training.events import RunState, fold


class RunLog:
    """The state of one run, brought up to date by `refresh`. One per reader; it cannot go stale, only lag.

    Attributes
    ----------
    state : RunState
        Fold of all events read so far. Its status is QUEUED until the worker has begun.
    """

    def __init__(self, store: RunStore, owner: str, run_id: str) -> None:
        self._store, self._owner, self._run_id = store, owner, run_id
        self._last = 0
        self.state = RunState()

    def refresh(self) -> RunState:
        """Read what happened since the last time.

        Raises
        ------
        RunError
            If the run is gone.
        """
        news = self._store.read_events(self._owner, self._run_id, after=self._last)
        if news:
            self._last = news[-1][0]
            self.state = fold((event for _, event in news), self.state)
        return self.state
