"""A table, or the reason why there is none, on its way from the reader's process: one line of JSON, then Arrow.

Never a pickle: the reader has just opened a stranger's file, and what it sends must not be able to run.
"""

import json
from typing import Any, BinaryIO, cast, get_type_hints

import pandas as pd
import pyarrow as pa
from pydantic import TypeAdapter

from lstm_core.errors import SeriesError
from lstm_core.series.table import Table

_TEXT = pd.StringDtype(na_value=float("nan"))
_HINTS = get_type_hints(Table)
_ABOUT: dict[str, TypeAdapter[Any]] = {
    part: TypeAdapter(_HINTS[part])
    for part in ("name", "options", "units", "steps", "findings", "kind", "sheets")
}
"""What reading a file finds out beside its cells, and how each part is checked on arrival."""
_PARTS = ("what", "received", "expected", "advice", "field")


def send_table(table: Table, sink: BinaryIO) -> None:
    """Write a table: what is known about it as a line, its cells as an Arrow stream."""
    about = {name: kind.dump_python(getattr(table, name), mode="json") for name, kind in _ABOUT.items()}
    _send_line({"table": about}, sink)
    # Missing numbers stay NaN: a mask beside them would be thrown away on arrival.
    arrays = [
        pa.array(column.to_numpy(), from_pandas=False)
        if pd.api.types.is_numeric_dtype(column)
        else pa.array(column, type=pa.large_string(), from_pandas=True)
        for _, column in table.frame.items()
    ]
    cells = pa.Table.from_arrays(arrays, names=list(table.columns))
    with pa.ipc.new_stream(sink, cells.schema) as stream:
        stream.write_table(cells)


def send_names(names: tuple[str, ...], sink: BinaryIO) -> None:
    """Write the names of sheets."""
    _send_line({"names": names}, sink)


def send_refusal(error: SeriesError, sink: BinaryIO) -> None:
    """Write why the file cannot be read."""
    _send_line({"refused": {part: getattr(error, part) for part in _PARTS}}, sink)


def receive(source: BinaryIO) -> Table | tuple[str, ...] | None:
    """Read what the reader sent; None when it sent nothing.

    Raises
    ------
    SeriesError
        The refusal that was sent.
    """
    line = source.readline()
    if not line:
        return None
    answer = cast("dict[str, Any]", json.loads(line))
    if "refused" in answer:
        parts = {part: str(answer["refused"][part]) for part in _PARTS}
        raise SeriesError(parts.pop("what"), **parts)
    if "names" in answer:
        return tuple(str(name) for name in answer["names"])
    with pa.ipc.open_stream(source) as stream:
        cells = stream.read_all()
    about = {name: kind.validate_python(answer["table"][name]) for name, kind in _ABOUT.items()}
    return Table(frame=cells.to_pandas(types_mapper={pa.large_string(): _TEXT}.get), **about)


def _send_line(answer: dict[str, Any], sink: BinaryIO) -> None:
    sink.write(json.dumps(answer).encode() + b"\n")
