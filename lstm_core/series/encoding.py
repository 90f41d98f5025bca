"""From bytes to text: what is not a text table is refused by name, the rest is decoded."""

import codecs
import re

from charset_normalizer import from_bytes

from lstm_core.errors import SeriesError
from lstm_core.series.record import Step

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89PNG", "a PNG image", "Export the numbers behind the picture as CSV."),
    (b"\xff\xd8\xff", "a JPEG image", "Export the numbers behind the picture as CSV."),
    (b"GIF87a", "a GIF image", "Export the numbers behind the picture as CSV."),
    (b"GIF89a", "a GIF image", "Export the numbers behind the picture as CSV."),
    (b"%PDF", "a PDF document", "Copy its table into a spreadsheet and save it as CSV."),
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "Open it and save the table as CSV (UTF-8)."),
    (b"PK\x05\x06", "an empty zip archive", "Save the table as CSV (UTF-8)."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "Open it and save the table as CSV (UTF-8)."),
    (b"\x1f\x8b", "a compressed file (gzip)", "Unzip it first and upload the CSV inside."),
    (b"BZh91AY&SY", "a compressed file (bzip2)", "Unpack it first and upload the CSV inside."),
    (b"\xfd7zXZ", "a compressed file (xz)", "Unpack it first and upload the CSV inside."),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it first and upload the CSV inside."),
    (b"PAR1\x15", "a Parquet file", "Save the table as CSV (UTF-8)."),
    (b"ARROW1\x00", "an Arrow file", "Save the table as CSV (UTF-8)."),
    (b"SQLite format 3", "an SQLite database", "Export the table as CSV."),
    (b"\x89HDF", "an HDF5 file", "Save the table as CSV (UTF-8)."),
)
_WEB_PAGE = re.compile(r"\s*(<!doctype\s+html|<html|<head|<body|<\?xml|<!--)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SAVE_AS = "Open the file in a spreadsheet or an editor and save it as CSV with UTF-8 encoding."
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(source: bytes, encoding: str | None) -> tuple[str, str, tuple[Step, ...]]:
    """Turn bytes into text.

    Parameters
    ----------
    encoding : str or None
        Name of the encoding; None detects it: byte order mark, UTF-8, Windows-1252, then a guess.

    Returns
    -------
    text, encoding, steps

    Raises
    ------
    SeriesError
        Empty file (B1), another kind of file (B10-B12), binary bytes (B9), unknown encoding (B8).
    """
    refuse_other_kinds(source)
    if encoding is not None:
        text, name, steps = _decode_as(source, encoding), encoding, ()
    else:
        text, name, steps = _detect(source)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise _empty()
    if _WEB_PAGE.match(text[:200]):
        raise SeriesError(
            "This looks like a web page, not a table",
            received=text.strip()[:40],
            expected="rows of values with a separator between them",
            advice="Open the link in a browser and save the CSV itself.",
            field="upload",
        )
    if control := _CONTROL.search(text):
        line = len(re.findall(r"\r\n|\r|\n", text[: control.start()])) + 1
        raise SeriesError(
            f"There are binary bytes at line {line}",
            received=f"the character code {ord(control.group())}",
            expected="text only",
            advice=_SAVE_AS,
            field="upload",
        )
    return text, name, steps


def refuse_other_kinds(source: bytes) -> None:
    """Refuse what is empty or by its first bytes something else than text (B1, B10, B11)."""
    if not source:
        raise _empty()
    for magic, kind, advice in _MAGIC:
        if source.startswith(magic):
            raise SeriesError(
                f"This is {kind}, not a CSV", expected="a text file", advice=advice, field="upload"
            )


def _empty() -> SeriesError:
    return SeriesError(
        "The file is empty",
        expected="a header and rows of values",
        advice="Upload another file.",
        field="upload",
    )


def _decode_as(source: bytes, encoding: str) -> str:
    try:
        return source.decode(encoding)
    except LookupError:
        raise SeriesError(
            f"There is no encoding called '{encoding[:40]}'",
            expected="utf-8, utf-16, cp1252, latin-1 or another known name",
            field="encoding",
        ) from None
    except (UnicodeError, ValueError):
        raise SeriesError(
            f"The file cannot be read as {encoding}",
            expected="bytes of that encoding",
            advice="Let the encoding be detected, or choose another one.",
            field="encoding",
        ) from None


def _detect(source: bytes) -> tuple[str, str, tuple[Step, ...]]:
    if source.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise SeriesError("The file is encoded as UTF-32", expected="UTF-8", advice=_SAVE_AS, field="upload")
    for bom, name in _BOMS:
        if source.startswith(bom):
            text = _decode_as(source, name)
            return text, name, () if name == "utf-8-sig" else (_decoded("UTF-16", text),)
    try:
        return source.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError as error:
        return _detect_legacy(source, error)


def _detect_legacy(source: bytes, error: UnicodeDecodeError) -> tuple[str, str, tuple[Step, ...]]:
    """Bytes that are not UTF-8: Windows-1252 unless they are mixed or mostly not text."""
    head = source[:1_000_000]
    lossy = head.decode("utf-8", errors="replace")
    if any(ord(letter) > 127 and letter != "\ufffd" for letter in lossy):
        line = source[: error.start].count(b"\n") + 1
        raise SeriesError(
            f"Several encodings are mixed: line {line} is not UTF-8, other lines are",
            expected="one encoding in the whole file",
            advice=_SAVE_AS,
            field="upload",
        )
    best = None
    try:
        text, name = source.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        best = from_bytes(source[:100_000]).best()
        name = best.encoding if best else ""
        text = _decode_as(source, name) if name else ""
    # Text tables are digits, letters and separators; a foreign code page such as EBCDIC is not.
    plain = sum(letter < 128 for letter in head)
    if not text or plain < 0.5 * len(head):
        raise SeriesError(
            "The encoding of the file is unknown", expected="UTF-8", advice=_SAVE_AS, field="upload"
        )
    return text, name, (_decoded("Windows-1252" if name == "cp1252" else name, text),)


def _decoded(name: str, text: str) -> Step:
    first_line = text.lstrip("\ufeff\r\n").splitlines()[:1]
    return Step(
        name="decode",
        count=1,
        detail=f"The file is not UTF-8; it was read as {name}. Its first line: {' '.join(first_line)[:80]}",
    )
