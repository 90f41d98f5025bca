"""Every error a person can meet.

::

    CoreError
    |-- UserError            a choice or a file that cannot work; says what to do
    |   |-- SeriesError      the file or the series
    |   |   `-- ReadingCancelled   nothing is wrong with the file: somebody did not want to wait
    |   |-- PreparationError split, scaling, windows
    |   |-- NetworkError     layers and shapes
    |   `-- RunError         starting, finding or changing a run
    `-- TrainingFailed       a training that started and could not finish; not the user's fault
        `-- Diverged         the loss stopped being a number

A message is built in one place and has up to four parts: what happened; received; expected; what to do.
"""

from pydantic import ValidationError


class CoreError(Exception):
    """Root of all errors raised on purpose by `lstm_core`."""


class UserError(CoreError):
    """A choice or an input that cannot work, with its cure.

    Parameters
    ----------
    what : str
        What is wrong and where, as a sentence.
    received, expected : str, optional
        What was given and what would have been accepted, without a full stop.
    advice : str, optional
        What to do about it, as a sentence.
    field : str, optional
        Key of the control that can cure it (`window_length`, `upload`, ...).
    """

    def __init__(
        self, what: str, *, received: str = "", expected: str = "", advice: str = "", field: str = ""
    ) -> None:
        self.what, self.received, self.expected = what, received, expected
        self.advice, self.field = advice, field
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """All parts as one paragraph of plain text."""
        parts = [self.what.rstrip(".") + "."]
        if self.received:
            parts.append(f"Received: {self.received}.")
        if self.expected:
            parts.append(f"Expected: {self.expected}.")
        if self.advice:
            parts.append(self.advice)
        return " ".join(parts)

    def __reduce__(self) -> tuple:
        """Rebuild from the parts: `Exception` would only pickle the message (errors cross processes)."""
        return (_rebuild, (type(self), self.what, self.received, self.expected, self.advice, self.field))


def _rebuild(
    kind: type[UserError], what: str, received: str, expected: str, advice: str, field: str
) -> UserError:
    return kind(what, received=received, expected=expected, advice=advice, field=field)


class SeriesError(UserError):
    """The file or the series cannot be used as it is."""


class ReadingCancelled(SeriesError):
    """Reading a file was cancelled; nothing is known to be wrong with it."""


class PreparationError(UserError):
    """Split, scaling and windows do not fit the series."""


class NetworkError(UserError):
    """The layers do not make a network, or the network does not fit the data."""


class RunError(UserError):
    """A run cannot be started, found or changed."""


class TrainingFailed(CoreError):
    """A training that started and could not finish."""


class Diverged(TrainingFailed):
    """The loss became NaN or infinite."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch
        super().__init__(
            f"The training diverged at epoch {epoch}: the loss is no longer a number. "
            "Lower the learning rate, set a clip norm of 1, or use the tanh activation."
        )

    def __reduce__(self) -> tuple:
        """Rebuild from the epoch, not from the message."""
        return (Diverged, (self.epoch,))


def explain_validation(error: ValidationError, *, kind: type[UserError] = UserError) -> UserError:
    """Turn pydantic's complaint about a spec into a `UserError` in the house's words.

    Only the first problem is told: one cure at a time.
    """
    first = error.errors()[0]
    context = first.get("ctx", {})
    place = ".".join(str(part) for part in first["loc"]) or "the settings"
    limits = {key: context[key] for key in ("ge", "gt", "le", "lt", "expected") if key in context}
    words = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than", "expected": "one of"}
    return kind(
        f"{place} does not have a usable value: {first['msg'].removeprefix('Value error, ')}",
        received=f"{place}={first['input']!r}"[:200],
        expected=", ".join(f"{words[key]} {value}" for key, value in limits.items()),
        field=str(first["loc"][-1]) if first["loc"] else "",
    )
