"""From a Parquet file to a table: its metadata first, its cells only when they fit.

Called in the reader's process only (`reader`): 175 KB can hold 20 million rows, and a damaged file can crash its
library.
"""

import json
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
from pyarrow import compute
from pyarrow import parquet as arrow_parquet

from lstm_core.errors import SeriesError
from lstm_core.series.reading.header import clean_names
from lstm_core.series.reading.ingest import no_rows, too_many_columns, too_many_rows, type_text
from lstm_core.series.reading.kinds import encrypted
from lstm_core.series.reading.numbers import detect_decimal
from lstm_core.series.record import Step
from lstm_core.series.table import ReadOptions, Table
from lstm_core.series.words import counted
from lstm_core.settings import Settings

_TEXT = pd.StringDtype(na_value=float("nan"))
_INDEX = "__index_level_"
_LOOKED_AT = 200
"""Text cells of a column that show the decimal mark."""
_CELL = 8
"""Bytes of a number once it is read."""
_TYPES: tuple[tuple[str, str], ...] = (
    ("is_nested", "lists, structures or maps"),
    ("is_decimal", "decimal numbers of a fixed length"),
    ("is_duration", "durations"),
    ("is_interval", "intervals of time"),
    ("is_binary", "bytes"),
    ("is_large_binary", "bytes"),
    ("is_fixed_size_binary", "bytes"),
    ("is_binary_view", "bytes"),
)


def read_parquet(source: bytes, name: str, options: ReadOptions) -> Table:
    """Read a Parquet file.

    Raises
    ------
    SeriesError
        Encrypted (B103), damaged (B101), more rows or columns than the limit, judged by the metadata alone (B100), a
        column of a type that holds neither numbers, dates nor text (B81, B102), or no rows.
    """
    limits = Settings()
    try:
        file = _open(source)
        columns = _columns_in_order(file.schema_arrow)
        _check_shape(file.metadata, len(columns), options, limits)
        _check_types(file.schema_arrow)
        cells = _read_groups(file, columns, options, limits)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, MemoryError):
            raise
        raise _damaged(str(error)) from None
    return _as_table(cells, name, options)


def _open(source: bytes) -> arrow_parquet.ParquetFile:
    if source[-4:] == b"PARE" or source[:4] == b"PARE":
        raise encrypted("Parquet file")
    if source[-4:] != b"PAR1":
        raise _damaged("")
    return arrow_parquet.ParquetFile(pa.BufferReader(source), page_checksum_verification=True)


def _damaged(complaint: str) -> SeriesError:
    if "crypt" in complaint.lower():
        return encrypted("Parquet file")
    return SeriesError(
        "The Parquet file is damaged or cut off",
        expected="a complete Parquet file",
        advice="Write it or download it once more, and upload that file.",
        field="upload",
    )


def _columns_in_order(schema: pa.Schema) -> list[str]:
    """Names of the columns, those that pandas kept as the index first, as `reset_index` would do (B105)."""
    kept = json.loads((schema.metadata or {}).get(b"pandas", b"{}")).get("index_columns", [])
    index = [name for name in kept if isinstance(name, str) and name in schema.names]
    return [*index, *(name for name in schema.names if name not in index)]


def _check_shape(
    metadata: arrow_parquet.FileMetaData, n_columns: int, options: ReadOptions, limits: Settings
) -> None:
    """Refuse what is too large before a single cell is read (B26, B83, B100)."""
    if n_columns > limits.max_columns or metadata.num_columns > 10 * limits.max_columns:
        raise too_many_columns(max(n_columns, metadata.num_columns), limits)
    if metadata.num_rows > limits.max_rows and (options.last_rows or metadata.num_rows) > limits.max_rows:
        raise too_many_rows(metadata.num_rows, limits)
    if metadata.num_rows == 0 or n_columns == 0:
        raise no_rows()


def _check_types(schema: pa.Schema) -> None:
    """Refuse columns that hold neither numbers, dates nor text, by name and type (B81, B102)."""
    for column in schema:
        kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        held = next((words for test, words in _TYPES if getattr(pa.types, test)(kind)), None)
        if held is not None:
            raise SeriesError(
                f"Column '{clean_names([column.name])[0][0]}' holds {held}",
                received=f"the type {str(column.type)[:60]}",
                expected="numbers, dates or text",
                advice="Leave the column out, or convert it to numbers (float64) or text before saving.",
                field="upload",
            )


def _read_groups(
    file: arrow_parquet.ParquetFile, columns: list[str], options: ReadOptions, limits: Settings
) -> pa.Table:
    """Cells of the row groups that are needed: all, or those that hold the last rows."""
    groups, n_rows, n_bytes = [], 0, 0
    for place in reversed(range(file.metadata.num_row_groups)):
        if options.last_rows is not None and n_rows >= options.last_rows:
            break
        group = file.metadata.row_group(place)
        groups.insert(0, place)
        n_rows += group.num_rows
        n_bytes += max(group.total_byte_size, group.num_rows * len(columns) * _CELL)
    if n_bytes > limits.reader_memory_mb * 1e6:
        raise SeriesError(
            "The Parquet file unpacks to more than the memory limit",
            received=f"at least {n_bytes / 1e6:,.0f} MB for {n_rows:,} rows",
            expected=f"at most {limits.reader_memory_mb:,} MB",
            advice="Keep only the columns and the rows you need, or write smaller row groups.",
            field="upload",
        )
    cells = file.read_row_groups(groups, use_pandas_metadata=False).select(columns)
    cells.validate(full=True)
    return cells


@dataclass(frozen=True, slots=True)
class _Column:
    """A column as the table holds it: numbers, or text."""

    cells: pd.Series
    yes_or_no: bool = False


def _as_table(cells: pa.Table, name: str, options: ReadOptions) -> Table:
    names, named = clean_names(
        ["index" if column.startswith(_INDEX) else column for column in cells.column_names]
    )
    columns = {new: _convert(column) for new, column in zip(names, cells.columns, strict=True)}
    frame = pd.DataFrame({new: column.cells for new, column in columns.items()})
    text = frame.select_dtypes("str")
    sample = [cell for column in text for cell in text[column].head(_LOOKED_AT)]
    logical = [new for new, column in columns.items() if column.yes_or_no]
    return type_text(
        Table(
            frame=frame,
            name=name,
            options=ReadOptions(
                last_rows=options.last_rows,
                decimal=options.decimal or detect_decimal(sample),
                thousands=options.thousands,
                signs=options.signs,
            ),
            steps=(*named, *_logical_step(logical)),
            kind="Parquet",
        )
    )


def _convert(column: pa.ChunkedArray) -> _Column:
    """Numbers as int64 or float64, all else as text, dates in ISO."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    kind = column.type
    yes_or_no = pa.types.is_boolean(kind)
    if yes_or_no:
        column = column.cast(pa.int8())
    if pa.types.is_null(kind):
        column = column.cast(pa.float64())
    if pa.types.is_integer(column.type) and not column.null_count and not pa.types.is_uint64(column.type):
        return _Column(pd.Series(column.cast(pa.int64()).to_numpy()), yes_or_no)
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return _Column(pd.Series(column.cast(pa.float64(), safe=False).to_numpy()), yes_or_no)
    if pa.types.is_timestamp(kind):
        column = _moments(column)
    text = compute.call_function(
        "coalesce", [column.cast(pa.large_string()), pa.scalar("", pa.large_string())]
    )
    text = compute.call_function("utf8_trim_whitespace", [text])
    return _Column(text.to_pandas(types_mapper={pa.large_string(): _TEXT}.get))


def _moments(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Moments in whole seconds where nothing is lost, so that they read `2020-01-31 12:00:00`."""
    zone = column.type.tz
    try:
        return column.cast(pa.timestamp("s", tz=zone))
    except pa.ArrowInvalid:
        return column.cast(pa.timestamp("us", tz=zone), safe=False)


def _logical_step(names: list[str]) -> tuple[Step, ...]:
    detail = f"{counted(len(names), 'column')} of true and false read as 1 and 0: {', '.join(names)[:200]}."
    return (Step(name="yes or no", count=len(names), detail=detail),) if names else ()
