"""How a training is steered from outside: wishes come in, checkpoints go out."""

from typing import Protocol, runtime_checkable

from lstm_core.errors import CoreError
from lstm_core.training.checkpoint import Checkpoint
from lstm_core.training.events import Wish


class Cancelled(CoreError):
    """Somebody wants the run to end, and it has no result. Not a failure."""


class Enough(CoreError):
    """Somebody wants the run to end with what it has: the best epoch so far. It never leaves `train`."""


class Paused(CoreError):
    """The training stood still until its slot was wanted; its checkpoint is stored. Not a failure."""


@runtime_checkable
class Control(Protocol):
    """What the loop asks of whoever runs it."""

    def wish(self) -> Wish:
        """Newest wish known; quick, because it is asked after every execution.

        A wish for one step is used up by the `RunPaused` that answers it: from then on this says `PAUSE`, until
        somebody wishes for something else.
        """
        ...

    def wait(self) -> bool:
        """Wait a moment while the training is paused. False: the slot is wanted, give it up."""
        ...

    def wants_checkpoint(self) -> bool:
        """Whether the last checkpoint is old enough for a new one; asked at the end of every epoch."""
        ...

    def save(self, checkpoint: Checkpoint) -> None:
        """Store a checkpoint in place of the one before; it is safe when this returns or soon after."""
        ...


class Unsteered:
    """The control of a training that nobody steers: it goes on to its end."""

    def wish(self) -> Wish:
        """Say that it goes on."""
        return Wish.GO

    def wait(self) -> bool:
        """Give the slot up; it never comes to that."""
        return False

    def wants_checkpoint(self) -> bool:
        """Ask for none."""
        return False

    def save(self, checkpoint: Checkpoint) -> None:
        """Keep none."""
