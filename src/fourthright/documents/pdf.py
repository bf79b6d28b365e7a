"""PDF: the words on each page that an eye sees. The only module that imports pypdfium2.

A page that holds text nobody sees is refused: somebody put it there, and the rest of such a file is not to be trusted.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from fourthright.documents import printed
from fourthright.documents.blocks import MOST_CHARS, MOST_PAGES, Content, kept
from fourthright.documents.printed import Line
from fourthright.errors import DocumentRefused

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pypdfium2 import PdfDocument, PdfPage

SMALLEST = 3.0
"""Points: below this nobody reads a letter."""
LEAST_CONTRAST = 16
"""Of 255 shades of grey, between the darkest and the lightest point where a text stands."""
MOST_HIDDEN = 2
"""Letters on a page that may be out of sight: programs leave a stray one behind."""
FEWEST_LETTERS = 10
"""Letters below which a page with a picture is taken for a scan."""
MOST_POINTS = 3_000
"""The longer side of a page that is drawn point by point."""
_UNDRAWN = (3, 7)
"""Text render modes that draw nothing."""


class _Run(NamedTuple):
    """Characters that one command draws; the box is (left, bottom, right, top) in points."""

    start: int
    text: str
    size: float
    mode: int
    alpha: int
    box: tuple[float, float, float, float]

    @property
    def letters(self) -> int:
        return sum(c.isalnum() for c in self.text)


def pdf(data: bytes) -> Content:
    """A PDF file."""
    document = _opened(data)
    if not 0 < len(document) <= MOST_PAGES:
        raise DocumentRefused(f"the PDF has {len(document)} pages and {MOST_PAGES} fit: add the part that matters")
    lines, pictures, chars = list[Line](), 0, 0
    for number in range(len(document)):
        page = document[number]
        found = list(_lines(page, number + 1))
        chars += sum(len(line.text) for line in found)
        if chars > 2 * MOST_CHARS:
            break  # `kept` says that it is too much
        pictures += sum(c.isalnum() for line in found for c in line.text) < FEWEST_LETTERS and _has_picture(page)
        lines += found
        page.close()
    if pictures > len(document) / 2:
        raise DocumentRefused(
            "the pages are pictures, such as a scan: run text recognition, check the text, and add it as .docx or text"
        )
    return Content(pages=len(document), blocks=kept(printed.blocks(lines, len(document))))


def _opened(data: bytes) -> PdfDocument:
    from pypdfium2 import PdfDocument, PdfiumError, raw

    try:
        return PdfDocument(data)
    except PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise DocumentRefused("the document is locked with a password: save it without one and add that") from None
        raise DocumentRefused("the PDF is damaged: open it, save it anew as PDF and add that") from None


def _has_picture(page: PdfPage) -> bool:
    from pypdfium2 import raw

    return any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4))


def _lines(page: PdfPage, number: int) -> Iterator[Line]:
    from pypdfium2 import raw

    held = page.get_textpage()
    text = "".join(chr(raw.FPDFText_GetUnicode(held.raw, at)) for at in range(raw.FPDFText_CountChars(held.raw)))
    runs = list(_runs(held.raw, text))
    _refuse_hidden(page, number, runs)
    drawn = {at: run for run in runs for at in range(run.start, run.start + len(run.text))}
    start = 0
    for line in text.split("\n"):
        first = next((at for at in range(start, start + len(line)) if at in drawn and not text[at].isspace()), None)
        if first is not None:
            run, bold = drawn[first], "bold" in _font(held.raw, first).lower()
            yield Line(text=line.strip("\r "), page=number, size=round(run.size, 1), bold=bold, top=run.box[3])
        start += len(line) + 1
    held.close()


def _runs(held: ctypes.c_void_p, text: str) -> Iterator[_Run]:
    from pypdfium2 import raw

    def drawn_by(at: int) -> int | None:
        made = raw.FPDFText_GetTextObject(held, at)
        return ctypes.addressof(made.contents) if made else None

    for drawer, places in groupby(range(len(text)), drawn_by):
        if drawer is not None:
            at = list(places)
            yield _run(held, at[0], text[at[0] : at[-1] + 1])


def _run(held: ctypes.c_void_p, start: int, text: str) -> _Run:
    from pypdfium2 import raw

    matrix, shades = raw.FS_MATRIX(), [ctypes.c_uint() for _ in range(4)]
    raw.FPDFText_GetMatrix(held, start, matrix)
    raw.FPDFText_GetFillColor(held, start, *shades)
    size = raw.FPDFText_GetFontSize(held, start) * abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5
    mode = raw.FPDFTextObj_GetTextRenderMode(raw.FPDFText_GetTextObject(held, start))
    boxes = [_box(held, at) for at in (start, start + len(text) // 2, start + len(text) - 1)]
    left, bottom, right, top = zip(*boxes, strict=True)
    return _Run(start, text, size, mode, shades[3].value, (min(left), min(bottom), max(right), max(top)))


def _box(held: ctypes.c_void_p, at: int) -> tuple[float, float, float, float]:
    from pypdfium2 import raw

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(held, at, left, right, bottom, top)
    return left.value, bottom.value, right.value, top.value


def _font(held: ctypes.c_void_p, at: int) -> str:
    from pypdfium2 import raw

    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    raw.FPDFText_GetFontInfo(held, at, name, len(name), flags)
    return name.value.decode("utf-8", "replace")


def _refuse_hidden(page: PdfPage, number: int, runs: list[_Run]) -> None:
    said = [run for run in runs if run.letters]
    if not said:
        return
    drawn = page.render(scale=min(1.0, MOST_POINTS / max(page.get_size())), grayscale=True)
    shades, place = drawn.to_numpy(), drawn.get_posconv(page)

    def is_seen(run: _Run) -> bool:
        if run.mode in _UNDRAWN or run.alpha == 0 or run.size < SMALLEST:
            return False
        corners = place.to_bitmap(*run.box[:2]), place.to_bitmap(*run.box[2:])
        return _contrast(shades, *corners) >= LEAST_CONTRAST

    if sum(run.letters for run in said if not is_seen(run)) > MOST_HIDDEN:
        raise DocumentRefused(
            f"page {number} holds text that nobody sees (invisible, white, tiny, covered or off the page; some scans have it, "
            "too): save what is seen as .docx or text and add that"
        )


def _contrast(shades: NDArray[np.uint8], one: tuple[int, int], other: tuple[int, int]) -> int:
    """Between the darkest and the lightest point of a box; 0 off the page."""
    (left, right), (top, bottom) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    part = shades[max(top, 0) : max(bottom + 1, 0), max(left, 0) : max(right + 1, 0)]
    return int(part.max()) - int(part.min()) if part.size else 0
