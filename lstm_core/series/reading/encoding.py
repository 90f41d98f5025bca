"""From bytes to text: what is not a text table is refused by name, the rest is decoded."""

import codecs
import re

from charset_normalizer import from_bytes

from lstm_core.errors import SeriesError
from lstm_core.series.reading.kinds import empty, is_parquet, not_a_table, refuse_other_kinds
from lstm_core.series.record import Step

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
    _refuse_tables_of_other_kinds(source)
    if encoding is not None:
        text, name, steps = _decode_as(source, encoding), encoding, ()
    else:
        text, name, steps = _detect(source)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise empty()
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


def _refuse_tables_of_other_kinds(source: bytes) -> None:
    refuse_other_kinds(source)
    if source.startswith(b"PK\x03\x04"):
        raise not_a_table(
            "a zip archive or an Excel workbook", "Unpack it first and upload the table inside."
        )
    if is_parquet(source):
        raise not_a_table("a Parquet file", "Give it a name that ends in .parquet.")


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
