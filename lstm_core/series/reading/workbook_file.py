"""The zip archive around a workbook: whether it is one of ours, and how far it unpacks, before anything parses it."""

import contextlib
import io
import zipfile
import zlib
from xml.parsers import expat

from lstm_core.errors import SeriesError
from lstm_core.series.reading.kinds import not_a_table
from lstm_core.settings import Settings

_SAVE = "Open it and save it as .xlsx or as CSV (UTF-8)."
_OTHER_PARTS: tuple[tuple[str, str, str], ...] = (
    ("xl/vbaProject.bin", "an Excel workbook with macros (.xlsm)", "Save it as .xlsx, without the macros."),
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)", _SAVE),
    ("word/document.xml", "a Word document", "Copy its table into a spreadsheet and save it as CSV."),
    (
        "ppt/presentation.xml",
        "a PowerPoint presentation",
        "Copy its table into a spreadsheet and save it as CSV.",
    ),
    ("Index/Document.iwa", "a Numbers or Pages document", "Export it as .xlsx or as CSV."),
)
_WORKBOOK = "xl/workbook.xml"
_MACROS = b"macroEnabled"
_PROLOG = 65_536
"""Bytes of a part in which its root element must begin."""


def check_parts(source: bytes) -> None:
    """Look at the list of parts, and at the beginning of each that is XML.

    Raises
    ------
    SeriesError
        The archive is damaged, is something else (B93, B94), has macros (B99), unpacks to more than the memory limit
        (B96, B97), or a part declares entities (B98).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            names = archive.namelist()
            _refuse_others(archive, names)
            _refuse_large(sum(part.file_size for part in archive.infolist()))
            for name in names:
                if name.endswith((".xml", ".rels")):
                    with archive.open(name) as part:
                        _refuse_entities(part.read(_PROLOG))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError):
        raise SeriesError(
            "The workbook is damaged or cut off",
            expected="a complete .xlsx file",
            advice="Save it once more, and upload that file.",
            field="upload",
        ) from None


def _refuse_others(archive: zipfile.ZipFile, names: list[str]) -> None:
    for part, what, advice in _OTHER_PARTS:
        if part in names:
            raise not_a_table(what, advice)
    if "mimetype" in names and archive.read("mimetype").startswith(b"application/vnd.oasis.opendocument"):
        raise not_a_table("an OpenDocument file (.ods)", _SAVE)
    if _WORKBOOK not in names:
        held = ", ".join(name for name in names if not name.endswith("/"))[:80] or "nothing"
        raise not_a_table(f"a zip archive (in it: {held})", "Unpack it first and upload the table inside.")
    if "[Content_Types].xml" in names and _MACROS in archive.read("[Content_Types].xml"):
        raise not_a_table(*_OTHER_PARTS[0][1:])


def _refuse_large(n_bytes: int) -> None:
    """A part cannot unpack to more than the archive says: `zipfile` stops there."""
    limit = Settings().reader_memory_mb
    if n_bytes > limit * 1_000_000:
        raise SeriesError(
            "The workbook unpacks to more than the memory limit",
            received=f"{n_bytes / 1e6:,.0f} MB unpacked",
            expected=f"at most {limit:,} MB",
            advice="Keep only the table you need, or save it as CSV.",
            field="upload",
        )


def _refuse_entities(beginning: bytes) -> None:
    """Refuse a document type: no workbook has one, and entities unpack without end or read other files (B98)."""
    parser = expat.ParserCreate()
    met: list[str] = []
    parser.StartDoctypeDeclHandler = lambda *_: met.append("document type")
    parser.StartElementHandler = lambda *_: met.append("element")
    with contextlib.suppress(expat.ExpatError):  # told as damage by whoever reads the part
        parser.Parse(beginning, False)
    # Where no element begins in so many bytes, something is hidden behind them.
    if met[:1] == ["document type"] or (not met and len(beginning) == _PROLOG):
        raise SeriesError(
            "The workbook declares XML entities, which no spreadsheet does",
            expected="an .xlsx file as Excel or LibreOffice saves it",
            advice="Open it in a spreadsheet, save it as .xlsx once more, and upload that file.",
            field="upload",
        )
