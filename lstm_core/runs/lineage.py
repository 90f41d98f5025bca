"""A run that continues another one, as rows. All inside a caller's transaction."""

from sqlalchemy import Connection

from lstm_core.runs import contents, rows
from lstm_core.runs.moves import checkpoint_to_go_on, first_epochs, inherited, spec_to_go_on
from lstm_core.runs.store import CHECKPOINT


def go_on(connection: Connection, owner: str, run_id: str, *, token: str, epochs: int | None) -> str:
    """Add the run that continues a run, with its checkpoint and its curve up to there; see `RunStore.resume`."""
    row = rows.visible(connection, owner, run_id)
    told = [event for _, event in rows.read_events(connection, run_id)]
    parent = rows.to_run(row, told)
    child = rows.add(
        connection,
        owner,
        spec_to_go_on(parent, epochs),
        token=token,
        **inherited(parent, epochs),
    )
    rows.append(connection, child, first_epochs(told, parent.checkpoint))
    content = contents.artifact(connection, run_id, CHECKPOINT) or b""
    if epochs is not None:
        content = checkpoint_to_go_on(parent, content)
    contents.attach(connection, child, {CHECKPOINT: content})
    return child
