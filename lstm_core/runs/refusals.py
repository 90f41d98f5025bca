"""What a store says when it will not do what it was asked: cause and way out, in one sentence."""

from lstm_core.errors import RunError


def not_found() -> RunError:
    """Build the one answer to unknown, deleted and foreign ids."""
    return RunError(
        "This run does not exist, was deleted, or belongs to somebody else",
        advice="Choose a run from the list on the Training page.",
        field="run",
    )


def missing(what: str, advice: str, field: str) -> RunError:
    """Build the answer to a series, upload or artifact that is not there."""
    return RunError(f"{what} is not in the store", advice=advice, field=field)


def name_taken(name: str) -> RunError:
    """Build the refusal of a name that another run has."""
    return RunError(
        "Another of your runs has this name", received=name, advice="Choose another name.", field="run_name"
    )


def cannot_go_on(why: str, advice: str = "Train it again.", **words: str) -> RunError:
    """Build the refusal to continue a training."""
    return RunError(f"This training cannot go on: {why}", advice=advice, field="run", **words)
