"""What kind of file some bytes are, told by the bytes and never by the name."""

from typing import Literal

from lstm_core.errors import SeriesError
from lstm_core.series.record import Step

FileKind = Literal["text", "Excel", "Parquet"]

_AS_CSV = "Save its table as CSV (UTF-8) or as .xlsx."
_PICTURE = "Export the numbers behind the picture as CSV."
_UNPACK = "Unpack it first and upload the table inside."
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "a PNG image", _PICTURE),
    (b"\xff\xd8\xff", "a JPEG image", _PICTURE),
    (b"GIF87a", "a GIF image", _PICTURE),
    (b"GIF89a", "a GIF image", _PICTURE),
    (b"%PDF", "a PDF document", "Copy its table into a spreadsheet and save it as CSV."),
    (b"PK\x05\x06", "an empty zip archive", _AS_CSV),
    (b"\x1f\x8b", "a compressed file (gzip)", "Unzip it first and upload the table inside."),
    (b"BZh91AY&SY", "a compressed file (bzip2)", _UNPACK),
    (b"\xfd7zXZ", "a compressed file (xz)", _UNPACK),
    (b"\x28\xb5\x2f\xfd", "a compressed file (zstd)", _UNPACK),
    (b"7z\xbc\xaf", "a 7-Zip archive", _UNPACK),
    (b"Rar!\x1a", "a RAR archive", _UNPACK),
    (b"ARROW1\x00", "an Arrow or Feather file", "Save the table as Parquet or CSV."),
    (b"FEA1", "a Feather file", "Save the table as Parquet or CSV."),
    (b"ORC\x03", "an ORC file", "Save the table as Parquet or CSV."),
    (b"SQLite format 3", "an SQLite database", "Export the table as CSV."),
    (b"\x89HDF", "an HDF5 file", "Save the table as Parquet or CSV."),
    (b"\x93NUMPY", "a NumPy array", "Save the table as CSV, with names for its columns."),
    (b"MATLAB 5.0 MAT-file", "a MATLAB file", "Export the table as CSV."),
    (b"{\\rtf", "a rich text document", _AS_CSV),
)
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ENDINGS: dict[str, FileKind] = {
    ".xlsx": "Excel",
    ".xls": "Excel",
    ".xlsm": "Excel",
    ".xlsb": "Excel",
    ".parquet": "Parquet",
    ".pq": "Parquet",
    ".csv": "text",
    ".tsv": "text",
    ".txt": "text",
}
_WHAT: dict[FileKind, str] = {
    "text": "plain text",
    "Excel": "an Excel workbook",
    "Parquet": "a Parquet file",
}


def identify(source: bytes, name: str) -> FileKind:
    """Tell what a file is by its first and last bytes.

    Every zip archive counts as Excel here; `workbook` looks inside, in a process of its own.

    Raises
    ------
    SeriesError
        Empty (B1), another kind of file (B10, B11, B94, B95, B104), or text that calls itself a workbook (B93).
    """
    kind: FileKind = "text"
    if source.startswith(_ZIP):
        kind = "Excel"
    elif is_parquet(source):
        kind = "Parquet"
    else:
        refuse_other_kinds(source)
    if kind == "text" and _named(name) in ("Excel", "Parquet"):
        raise SeriesError(
            f"The name says that this is {_WHAT[_ENDINGS[_ending(name)]]}, but the file holds plain text",
            received=f"a text file called {_ending(name)}",
            expected="a file that is what its name says",
            advice="If it is a text table, give it a name that ends in .csv and upload it again.",
            field="upload",
        )
    return kind


def misnamed(kind: FileKind, name: str) -> tuple[Step, ...]:
    """Note that a file is another kind of table than its name says."""
    if _named(name) in (None, kind):
        return ()
    detail = (
        f"The file is {_WHAT[kind]}, although its name ends in {_ending(name)}; it was read as what it is."
    )
    return (Step(name="kind of file", count=1, detail=detail),)


def is_parquet(source: bytes) -> bool:
    """Whether bytes begin as a Parquet file does; a text column may be called PAR1 too."""
    return source[:4] in (b"PAR1", b"PARE") and (source[-4:] == source[:4] or source[4:5] < b"\x20")


def refuse_other_kinds(source: bytes) -> None:
    """Refuse what is empty or by its first bytes no table of ours (B1, B10, B11, B94, B95).

    Raises
    ------
    SeriesError
        Names the kind and the cure.
    """
    if not source:
        raise empty()
    for magic, what, advice in _MAGIC:
        if source.startswith(magic):
            raise not_a_table(what, advice)
    if source.startswith(_OLE):
        if _ENCRYPTED in source:
            raise encrypted("Excel workbook")
        raise not_a_table("an old Excel workbook (.xls)", "Open it and save it as .xlsx or as CSV (UTF-8).")


def not_a_table(what: str, advice: str) -> SeriesError:
    """Build the refusal of a file that is something else."""
    return SeriesError(
        f"This is {what}, not a table",
        expected="a text table (CSV), an Excel workbook (.xlsx) or a Parquet file",
        advice=advice,
        field="upload",
    )


def encrypted(what: str) -> SeriesError:
    """Build the refusal of a file that asks for a password or a key (B95, B103)."""
    return SeriesError(
        f"The {what} is encrypted",
        expected="a file that opens without a password",
        advice="Save it without the password, and upload it again.",
        field="upload",
    )


def empty() -> SeriesError:
    """Build the refusal of a file without anything in it (B1, B2)."""
    return SeriesError(
        "The file is empty",
        expected="a header and rows of values",
        advice="Upload another file.",
        field="upload",
    )


def _ending(name: str) -> str:
    return next((ending for ending in _ENDINGS if name.lower().endswith(ending)), "")


def _named(name: str) -> FileKind | None:
    return _ENDINGS.get(_ending(name))
