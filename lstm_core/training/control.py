"""How a training is steered from outside: wishes come in, checkpoints go out."""

from typing import Protocol

from lstm_core.errors import CoreError
from lstm_core.training.checkpoint import Checkpoint
from lstm_core.training.events import Wish


class Paused(CoreError):
    """The training stood still until its slot was wanted; its checkpoint is stored. Not a failure."""


class Control(Protocol):
    """What the loop asks of whoever runs it."""

    def wish(self) -> Wish:
        """Newest wish known; quick, because it is asked after every execution."""
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
