"""Phrases come out of lists, CSVs and workbooks as they are meant, and what cannot be read is one clear line."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from fourthright.errors import BadInput
from fourthright.sheets import (
    Damaged,
    FormulaCell,
    Locked,
    MergedCells,
    NoSuchColumn,
    Table,
    TooManyRows,
    as_csv,
    as_xlsx,
    bare,
    from_csv,
    from_lines,
    harmless,
    phrases,
)


def _xlsx(rows: Sequence[Sequence[object]], merge: str | None = None) -> io.BytesIO:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))  # type: ignore[union-attr]
    if merge:
        book.active.merge_cells(merge)  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def _as_excel_writes_it(texts: str) -> io.BytesIO:
    """A workbook whose phrase stands in the table of texts that all sheets share."""
    kept = io.BytesIO()
    with zipfile.ZipFile(_xlsx([["feedback"], ["?"]])) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            raw = old.read(name)
            raw = raw.replace(b't="inlineStr"><is><t>?</t></is>', b't="s"><v>0</v>')
            raw = raw.replace(b"</Types>", _SHARED.encode() + b"</Types>")
            new.writestr(name, raw)
        new.writestr("xl/sharedStrings.xml", texts)
    return kept


_SHARED = (
    '<Override PartName="/xl/sharedStrings.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
_TEXTS = (
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<si><r><t>be </t></r><r><t>nicer</t></r></si></sst>"
)


def _stream(text: str, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO(text.encode(encoding))


ROWS = (("Name", "Feedback"), ("A", "more customer focus"), ("B", "be more strategic"))


@pytest.mark.parametrize(
    ("line", "phrase"),
    [
        ("- more customer focus", "more customer focus"),
        ("•more customer focus", "more customer focus"),
        ("3. more customer focus", "more customer focus"),
        ("(2) “more customer focus”", "more customer focus"),
        ("b) 'more customer focus',", "more customer focus"),
        ("- [ ] more customer focus", "more customer focus"),
        ("«more customer focus»;", "more customer focus"),
        ("more follow-through - always", "more follow-through - always"),
        ("24/7 attitude", "24/7 attitude"),
        ("-", ""),
        ("7.", ""),
    ],
)
def test_a_line_loses_its_mark_and_its_quotation_marks(line: str, phrase: str) -> None:
    assert bare(line) == phrase


def test_a_list_is_one_phrase_a_line_whatever_the_line_ends() -> None:
    text = "\ufeff1. a positive attitude\r\n\r\n2. more customer focus\rbe more strategic\n"
    assert phrases(_stream(text), "-") == ("a positive attitude", "more customer focus", "be more strategic")


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_of_a_csv_is_read_off_its_heading(mark: str) -> None:
    text = f'Name{mark}Feedback\r\nA{mark}"be nicer{mark} really"\r\nB{mark}\r\n{mark}\r\n'
    assert phrases(_stream(text, "utf-8-sig"), "x.CSV", " feedback ") == (f"be nicer{mark} really", "")


def test_a_csv_of_one_column_keeps_its_commas() -> None:
    assert from_csv("feedback\nmore focus, less talk\n", None) == ("more focus, less talk",)
    assert from_csv("more focus\nless talk\n", None) == ("more focus", "less talk")


def test_a_workbook_gives_the_column_below_its_heading() -> None:
    assert phrases(_xlsx(ROWS), "t.xlsx", "feedback") == ("more customer focus", "be more strategic")
    assert phrases(_xlsx((*ROWS, ("C", None), (None, None), ("D", 7))), "t.xlsx", "Feedback")[2:] == ("", "7")


def test_the_first_sheet_that_is_shown_is_read() -> None:
    book = Workbook()
    book.active.append(["feedback"])  # type: ignore[union-attr]
    book.active.append(["hidden"])  # type: ignore[union-attr]
    shown = book.create_sheet("shown")
    shown.append(["feedback"])
    shown.append(["be nicer"])
    book.active.sheet_state = "hidden"  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    assert phrases(out, "t.xlsx") == ("be nicer",)


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
def test_a_wrong_column_is_told_which_there_are(name: str) -> None:
    def stream() -> io.BytesIO:
        return _xlsx(ROWS) if name.endswith("xlsx") else _stream("Name,Feedback\nA,be nicer\n")

    with pytest.raises(NoSuchColumn, match="“Name”, “Feedback”"):
        phrases(stream(), name, "comments")
    with pytest.raises(NoSuchColumn, match="which column"):
        phrases(stream(), name)


def test_a_list_has_no_columns() -> None:
    with pytest.raises(NoSuchColumn, match="no columns"):
        phrases(_stream("be nicer"), "list.txt", "feedback")


@pytest.mark.parametrize("merge", ["A1:B1", "B2:B3", "A3:B3"])
def test_merged_cells_are_named(merge: str) -> None:
    with pytest.raises(MergedCells, match=merge):
        phrases(_xlsx(ROWS, merge), "t.xlsx", "Feedback")


def test_cells_merged_elsewhere_do_no_harm() -> None:
    assert len(phrases(_xlsx((*ROWS, ("", "rude", "note", "")), "C4:D4"), "t.xlsx", "Feedback")) == 3


def test_a_formula_without_a_value_is_named_by_its_row_and_one_in_another_column_does_no_harm() -> None:
    with pytest.raises(FormulaCell, match="row 3"):
        phrases(_xlsx((("Feedback", "n"), ("rude", 1), ("=A2", 2))), "t.xlsx", "Feedback")
    assert phrases(_xlsx((("Feedback", "n"), ("rude", "=1+1"))), "t.xlsx", "Feedback") == ("rude",)


def test_a_formula_counts_as_the_value_the_file_holds() -> None:
    made = _xlsx((("Feedback",), ('=LOWER("RUDE")',)))
    kept = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(kept, "w") as new:
        for part in old.namelist():
            raw = (
                old.read(part)
                .replace(b'<c r="A2"><f>', b'<c r="A2" t="str"><f>')
                .replace(b"</f><v />", b"</f><v>rude</v>")
            )
            new.writestr(part, raw.replace(b"</f><v></v>", b"</f><v>rude</v>"))
    assert phrases(kept, "t.xlsx") == ("rude",)


@pytest.mark.parametrize(
    ("raw", "kind", "line"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 900 + "EncryptedPackage".encode("utf-16-le"), Locked, "password"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 900, Damaged, "old Excel file"),
        (b"name,feedback\n", Damaged, "no .xlsx file"),
        (b"", Damaged, "no .xlsx file"),
        (b"PK\x03\x04 and then nothing", Damaged, "no .xlsx file"),
    ],
)
def test_what_is_no_workbook_is_one_line(raw: bytes, kind: type[BadInput], line: str) -> None:
    with pytest.raises(kind, match=line):
        phrases(io.BytesIO(raw), "t.xlsx", "feedback")


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_a_workbook_with_a_broken_part_is_damaged(part: str) -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(_xlsx(ROWS)) as old, zipfile.ZipFile(kept, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name)[:40] if name == part else old.read(name))
    with pytest.raises(Damaged, match="damaged"):
        phrases(kept, "t.xlsx", "Feedback")


def test_a_byte_changed_in_a_workbook_is_damage_or_does_no_harm() -> None:
    whole = _xlsx(ROWS).getvalue()
    for at in range(0, len(whole), 61):
        torn = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        with suppress(BadInput):
            assert all(isinstance(phrase, str) for phrase in phrases(io.BytesIO(torn), "t.xlsx", "Feedback"))


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("Feedback\nzu wenig Tempo für uns\n".encode("cp1252"), "not UTF-8"),
        ("Feedback\nrude\n".encode("utf-16"), "UTF-16"),
        (b'Feedback\n"rude\n', "quotation mark"),
        (b"", "no phrase"),
        (b"feedback\n", "no phrase"),
    ],
)
def test_a_csv_that_cannot_be_read_is_one_line(raw: bytes, line: str) -> None:
    with pytest.raises(BadInput, match=line):
        phrases(io.BytesIO(raw), "t.csv")


def test_more_phrases_than_fit_are_refused_in_every_form() -> None:
    many = ["feedback", *["rude"] * 11]
    for stream, name in (
        (_stream("\n".join(many)), "t.txt"),
        (_stream("\n".join(many)), "t.csv"),
        (_xlsx([[m] for m in many]), "t.xlsx"),
    ):
        with pytest.raises(TooManyRows, match="more than 10"):
            phrases(stream, name, most=10)


def test_a_million_rows_are_refused_without_being_held(tmp_path: Path) -> None:
    path = tmp_path / "many.xlsx"
    row = b'<row><c t="inlineStr"><is><t>be nicer</t></is></c></row>'
    with zipfile.ZipFile(_xlsx([["feedback"]])) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name == "xl/worksheets/sheet1.xml":
                before, after = old.read(name).split(b"</sheetData>")
                with new.open(name, "w") as sheet:
                    sheet.write(before)
                    for _ in range(1_000):
                        sheet.write(row * 1_000)
                    sheet.write(b"</sheetData>" + after)
            else:
                new.writestr(name, old.read(name))
    tracemalloc.start()
    try:
        with path.open("rb") as stream, pytest.raises(TooManyRows, match="more than 2,000"):
            phrases(stream, "many.xlsx", "feedback")
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_texts_that_sheets_share_are_read() -> None:
    assert phrases(_as_excel_writes_it(_TEXTS), "t.xlsx") == ("be nicer",)
    with pytest.raises(Damaged, match="damaged"):
        phrases(_as_excel_writes_it(_TEXTS[:90]), "t.xlsx")


def test_a_table_of_texts_that_would_not_fit_into_memory_is_refused_unread() -> None:
    with pytest.raises(TooManyRows, match="too much text"):
        phrases(_as_excel_writes_it(_TEXTS + " " * 33_000_000), "t.xlsx")


@pytest.mark.parametrize("cell", ["=1+1", "+41", "-rude", "@home", "\tx", '=HYPERLINK("http://x")'])
def test_no_cell_that_is_written_is_a_formula(cell: str) -> None:
    table = Table(heading=("Phrase",), rows=((cell,),))
    assert harmless(cell).startswith("'")
    assert as_csv(table).splitlines()[1].lstrip('"').startswith("'")
    written = load_workbook(io.BytesIO(as_xlsx(table))).active["A2"]  # type: ignore[index]
    assert written.data_type == "s"
    assert written.value.startswith("'")


def test_a_written_table_is_read_back() -> None:
    table = Table(heading=("Phrase", "Note"), rows=(("more, “customer” focus", "a\nb"), ("rude\x00", "")))
    assert phrases(io.BytesIO(as_csv(table).encode()), "t.csv", "phrase") == ("more, “customer” focus", "rude")
    assert phrases(io.BytesIO(as_xlsx(table)), "t.xlsx", "phrase") == ("more, “customer” focus", "rude")


def test_lines_without_a_phrase_keep_their_place() -> None:
    assert from_lines("- rude\n-\n\n- late") == ("rude", "", "late")
