"""Phrases out of a list, a CSV or a spreadsheet, and tables into them; no more rows than fit, values and no formulas.

The only module that imports openpyxl. What cannot be read is one clear line, an error of its own kind:

    BadInput
    ├── NoSuchColumn    the named column is not there; the message names those that are
    ├── TooManyRows     more phrases than one run takes
    ├── MergedCells     merged cells where the phrases or the headings stand
    ├── FormulaCell     a formula whose value is not stored in the file
    ├── Locked          protected with a password
    └── Damaged         no spreadsheet, or a broken one
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import chain, islice
from pathlib import PurePath
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from fourthright.domain import Frozen
from fourthright.errors import BadInput
from fourthright.intake import decode

MOST_ROWS = 2_000
"""Phrases in one run."""
MOST_BYTES = 4_000_000
"""Bytes of a list or a CSV: far above `MOST_ROWS` rows."""
MOST_PART_BYTES = 32_000_000
"""Bytes of a workbook's part that has to be held in memory whole, such as its table of texts."""
MOST_COLUMNS = 256
SHOWN_COLUMNS = 12
COLUMN_WIDTH = 32
CHUNK = 1 << 16

_MARK = re.compile(r"(?:[•·▪‣◦●○]+|(?:[-*–—>]+|\(?\d{1,3}[.):]|\(?[a-zA-Z][.)])(?=\s|$|[\"“„«'‘]))\s*(?:\[[ xX]\]\s*)?")
_QUOTES = (('"', '"'), ("“", "”"), ("„", "“"), ("„", "”"), ("«", "»"), ("‘", "’"), ("'", "'"))
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]+)(\d+):([A-Z]+)(\d+)\"")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DELIMITERS = ",;\t|"
_NO_DELIMITER = "\x1f"
_HEADINGS = frozenset("feedback phrase phrases comment comments text wording expectation expectations".split())
"""Headings that a table of one column is known by, where no column is named."""
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet program takes for the beginning of a formula."""
_BROKEN = (
    zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError, OSError,
)  # fmt: skip
"""What a parser of a broken workbook raises."""


class Table(Frozen):
    """A heading and rows of text."""

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class _Valueless(str):
    """A formula whose value the file does not hold."""

    __slots__ = ()


class NoSuchColumn(BadInput):
    """The column is not in the table, or has to be named."""


class TooManyRows(BadInput):
    """More phrases than one run takes."""


class MergedCells(BadInput):
    """Merged cells hide which row a phrase belongs to."""


class FormulaCell(BadInput):
    """A formula stands where a phrase should, and the file does not hold its value."""


class Locked(BadInput):
    """The workbook is protected with a password."""


class Damaged(BadInput):
    """This is no spreadsheet, or a broken one."""


def phrases(stream: BinaryIO, name: str, column: str | None = None, *, most: int = MOST_ROWS) -> tuple[str, ...]:
    """The phrases of a file, by the ending of its name: .csv, .tsv and .xlsx are tables, all else is one phrase a line.

    A row of a table without a phrase but with something else is an empty phrase; wholly empty rows and lines are left
    out. Raises BadInput, mostly one of the errors above.
    """
    ending = PurePath(name).suffix.lower()
    if ending in {".xlsx", ".xlsm", ".xls"}:
        found = from_xlsx(stream, column, most)
    elif ending in {".csv", ".tsv"}:
        found = from_csv(_text(stream), column, most)
    elif column is not None:
        raise NoSuchColumn("a list of lines has no columns: name a column for a CSV or XLSX file only")
    else:
        found = from_lines(_text(stream), most)
    if not found:
        raise BadInput("there is no phrase in it yet: write one a line, such as “more customer focus”")
    return found


def from_lines(text: str, most: int = MOST_ROWS) -> tuple[str, ...]:
    """One phrase a line, without bullets, numbering and quotation marks."""
    return _at_most(most, (bare(line) for line in text.splitlines() if line.strip()))


def from_csv(text: str, column: str | None, most: int = MOST_ROWS) -> tuple[str, ...]:
    """A column of a CSV; the delimiter is read off the text."""
    try:
        return _column(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True), column, most)
    except csv.Error:
        raise Damaged(
            "this CSV cannot be read: a quotation mark that is opened is never closed, or a cell is too long"
        ) from None


def from_xlsx(stream: BinaryIO, column: str | None, most: int = MOST_ROWS) -> tuple[str, ...]:
    """A column of the first sheet that is shown in a workbook, as values."""
    _refuse_what_is_no_workbook(stream)
    try:
        with (
            warnings.catch_warnings(),
            closing(_opened(stream, True)) as values,
            closing(_opened(stream, False)) as written,
        ):
            warnings.simplefilter("ignore")  # about what is left out when a workbook is saved; it is not
            sheet, source = _first(values), _first(written)
            _refuse_merged(sheet, column)
            return _column(_rows(sheet, source), column, most)
    except _BROKEN:
        raise Damaged("this workbook is damaged: open it, save it again as .xlsx and try once more") from None


def as_csv(table: Table) -> str:
    """A table as CSV; no cell begins like a formula."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([harmless(cell) for cell in row] for row in (table.heading, *table.rows))
    return out.getvalue()


def as_xlsx(table: Table) -> bytes:
    """A table as a workbook with one sheet, all cells text; no cell begins like a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Expectations")
    sheet.freeze_panes = "A2"
    for place in range(1, len(table.heading) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = COLUMN_WIDTH
    for number, row in enumerate((table.heading, *table.rows)):
        cells = [WriteOnlyCell(sheet, harmless(text)) for text in row]
        for cell in cells:
            cell.alignment, cell.font = Alignment(wrap_text=True, vertical="top"), Font(bold=number == 0)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula, without characters a workbook cannot hold."""
    text = _CONTROLS.sub("", cell)
    return f"'{text}" if text.startswith(_RISKY) else text


def bare(line: str) -> str:
    """A line without its bullet or number and without the quotation marks around it."""
    text = line.strip()
    mark = _MARK.match(text)
    text = text[mark.end() if mark else 0 :].strip().rstrip(",;")
    for opening, closing_mark in _QUOTES:
        if len(text) > 1 and text.startswith(opening) and text.endswith(closing_mark):
            return text[1:-1].strip()
    return text


def _text(stream: BinaryIO) -> str:
    raw = stream.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise TooManyRows(f"the file is too long: at most {MOST_BYTES // 1_000_000} MB, cut it into several")
    return decode(raw)


def _at_most(most: int, found: Iterable[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for phrase in found:
        if len(kept) == most:
            raise TooManyRows(f"there are more than {most:,} phrases: send at most {most:,} at a time")
        kept.append(phrase)
    return tuple(kept)


def _delimiter(text: str) -> str:
    """Commas, semicolons, tabs or bars: what the heading holds most of; none for a table of one column."""
    heading = _outside_quotes(text.lstrip().split("\n", 1)[0])
    likely = max(_DELIMITERS, key=heading.count)
    return likely if likely in heading else _NO_DELIMITER


def _outside_quotes(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)


def _column(rows: Iterable[Sequence[str]], name: str | None, most: int) -> tuple[str, ...]:
    """The cells of one column below the heading; a table of one column may do without a heading."""
    filled = ((number, cells) for number, cells in enumerate(rows, 1) if any(cell.strip() for cell in cells))
    number, head = next(filled, (0, ()))
    if not number:
        return ()
    at = _place(head, name)
    has_heading = name is not None or _folded(head[at]) in _HEADINGS
    found = filled if has_heading else chain([(number, head)], filled)
    return _at_most(most, (bare(_value(cells, at, number)) for number, cells in found))


def _value(cells: Sequence[str], at: int, row: int) -> str:
    cell = cells[at] if at < len(cells) else ""
    if isinstance(cell, _Valueless):
        raise FormulaCell(f"row {row} holds a formula without a value: copy the column and paste it as values")
    return cell


def _place(head: Sequence[str], name: str | None) -> int:
    """Where a column stands; without a name there must be one only."""
    named = [cell.strip() for cell in head if cell.strip()]
    if name is None:
        if len(named) == 1:
            return next(at for at, cell in enumerate(head) if cell.strip())
        raise NoSuchColumn(f"which column holds the phrases? Name one: {_listed(named)}")
    wanted = _folded(name)
    for at, cell in enumerate(head):
        if _folded(cell) == wanted:
            return at
    raise NoSuchColumn(f"there is no column with that name; there is: {_listed(named)}")


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{name[:40]}”" for name in names[:SHOWN_COLUMNS])
    return f"{shown} and {len(names) - SHOWN_COLUMNS} more" if len(names) > SHOWN_COLUMNS else shown


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _opened(stream: BinaryIO, values: bool) -> Any:
    from openpyxl import load_workbook

    return load_workbook(stream, read_only=True, data_only=values, keep_links=False)


def _first(book: Any) -> Any:
    """The first sheet that is shown."""
    sheet = next((sheet for sheet in book.worksheets if sheet.sheet_state == "visible"), None)
    if sheet is None:
        raise Damaged("this workbook has no sheet with cells")
    sheet.reset_dimensions()  # what a file says about its own size may be wrong
    return sheet


def _rows(sheet: Any, source: Any) -> Iterator[list[str]]:
    """The rows of a sheet as the text of their values."""
    both = (part.iter_rows(max_col=MOST_COLUMNS, values_only=True) for part in (sheet, source))
    for row, written in zip(*both, strict=True):
        yield [_cell(value, formula) for value, formula in zip(row, written, strict=True)]


def _cell(value: object, written: object) -> str:
    if value is None and isinstance(written, str) and written.startswith("="):
        return _Valueless(written)
    return "" if value is None else str(value)


def _refuse_what_is_no_workbook(stream: BinaryIO) -> None:
    """Locked or Damaged before anything is parsed, and nothing that would not fit into memory."""
    stream.seek(0)
    start = stream.read(len(_OLE))
    if start == _OLE:
        if any(_ENCRYPTED in chunk for chunk in _chunks(stream)):
            raise Locked("this workbook is protected with a password: save it without one and try again")
        raise Damaged("this is an old Excel file: save it as .xlsx or CSV and try again")
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = [part for part in archive.infolist() if part.filename.endswith((".xml", ".rels"))]
    except (zipfile.BadZipFile, ValueError, OSError):
        raise Damaged("this is no .xlsx file, or a damaged one: open it, save it as .xlsx and try again") from None
    if any(part.flag_bits & 1 for part in parts):
        raise Locked("this workbook is protected with a password: save it without one and try again")
    if any(part.file_size > MOST_PART_BYTES and "/worksheets/" not in part.filename for part in parts):
        raise TooManyRows("this workbook holds too much text: copy the column with the phrases into a file of its own")


def _refuse_merged(sheet: Any, column: str | None) -> None:
    """MergedCells where the heading or the column of the phrases is concerned."""
    from openpyxl.utils import column_index_from_string

    ranges = list(islice(_merged(sheet), MOST_ROWS))
    if not ranges:
        return
    heading, cells = _heading(sheet)
    across = next((r for r in ranges if int(r[1]) <= heading <= int(r[3])), None)
    at = 0 if across else _place(cells, column) + 1
    hit = across or next(
        (r for r in ranges if column_index_from_string(r[0]) <= at <= column_index_from_string(r[2])), None
    )
    if hit:
        raise MergedCells(f"the cells {hit[0]}{hit[1]}:{hit[2]}{hit[3]} are merged: unmerge them and try again")


def _heading(sheet: Any) -> tuple[int, list[str]]:
    """The number of the first row that is not empty, and its cells."""
    for number, row in enumerate(_rows(sheet, sheet), 1):
        if any(cell.strip() for cell in row):
            return number, row
    return 1, []


def _merged(sheet: Any) -> Iterator[tuple[str, str, str, str]]:
    """Merged ranges, read off the end of the sheet's own part: a streamed sheet does not tell them."""
    kept = b""
    with sheet._get_source() as source:
        for chunk in _chunks(source):
            kept = kept[-200:] + chunk
            for found in _MERGED.finditer(kept):
                yield tuple(part.decode() for part in found.groups())  # type: ignore[misc]


def _chunks(source: Any) -> Iterator[bytes]:
    while chunk := source.read(CHUNK):
        yield chunk
