"""DOCX: the words of a Word document that an eye sees. The only module that imports defusedxml.

Two parts of the file are read, the text and its styles. Pictures, comments, macros, templates and links are never opened; a
document that hides text is refused, as is one that carries macros.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import IO, TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from fourthright.documents import styles
from fourthright.documents.blocks import Block, Content, kept
from fourthright.documents.wordstyles import Dressed, Styles, child, local
from fourthright.errors import DocumentRefused

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_UNPACKED = 60_000_000
"""Bytes of one part, unpacked."""
MOST_DECLARED = 1_000_000_000
"""Bytes that all parts together say they unpack to."""
MOST_PARTS = 5_000
MOST_RATIO, SMALL = 150, 2_000_000
"""Times that a part of more than so many bytes may be larger than it is packed."""
MOST_HIDDEN = 2
"""Letters that may be out of sight: programs leave a stray one behind."""
MOST_HEADING_WORDS = 10
CHUNK = 1 << 16

_MAIN = re.compile(r"word/document\d*\.xml")
_MACRO = re.compile(r"vbaproject\.bin$|/activex/|vbadata\.xml$", re.IGNORECASE)
_SKIPPED = frozenset("del moveFrom instrText delText pPr rPr Fallback sdtPr tblPr tcPr trPr sectPr".split())
"""What is deleted, a duplicate, or says how the words look."""
_BLANKS = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}


def docx(data: bytes) -> Content:
    """A Word document without macros."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            main = _main_part(archive)
            looks = (
                Styles(_parsed(archive, "word/styles.xml")) if "word/styles.xml" in archive.namelist() else Styles(None)
            )
            return Content(blocks=kept(_Reader(looks).blocks(_parsed(archive, main))))
    except (zipfile.BadZipFile, zlib.error, ParseError, KeyError, EOFError, NotImplementedError, OSError, RuntimeError):
        raise DocumentRefused(
            "the Word file is damaged or locked: open it, save it again as .docx and add that"
        ) from None


def _main_part(archive: zipfile.ZipFile) -> str:
    parts = archive.infolist()
    if any(_MACRO.search(part.filename) for part in parts):
        raise DocumentRefused("this Word file carries macros: save it as .docx without them and add that")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_DECLARED:
        raise _bomb()
    main = next((part.filename for part in parts if _MAIN.fullmatch(part.filename)), None)
    if main is None:
        raise DocumentRefused("there is no Word document in this file: save it anew as .docx and add that")
    return main


def _parsed(archive: zipfile.ZipFile, name: str) -> Element:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import parse

    with archive.open(name) as packed:
        unpacked = _unpacked(packed, archive.getinfo(name).compress_size)
    try:
        root: Element = parse(BytesIO(unpacked), forbid_dtd=True).getroot()
    except DefusedXmlException:
        raise DocumentRefused(
            "the Word file declares entities, as no word processor does: open it, save it again as .docx and add that"
        ) from None
    return root


def _unpacked(packed: IO[bytes], size: int) -> bytes:
    """A part's bytes, counted while they are unpacked: what a file declares may be a lie."""
    found = bytearray()
    while chunk := packed.read(CHUNK):
        found += chunk
        if len(found) > MOST_UNPACKED or (len(found) > SMALL and len(found) > MOST_RATIO * size):
            raise _bomb()
    return bytes(found)


def _bomb() -> DocumentRefused:
    return DocumentRefused("the Word file unpacks to far too much: open it, save it again as .docx and add that")


class _Reader:
    """Walks the text once."""

    def __init__(self, looks: Styles) -> None:
        self._looks = looks
        self._count = self._hidden = 0

    def blocks(self, root: Element) -> Iterator[Block]:
        """Headings and paragraphs in order; the rows of a table are paragraphs."""
        body = child(root, "body")
        if body is not None:
            yield from self._inside(body, styles.WHITE)

    def _inside(self, element: Element, ground: styles.Colour) -> Iterator[Block]:
        for part in element:
            match local(part.tag):
                case "p":
                    yield from self._paragraph(part, ground)
                case "tbl":
                    yield from self._table(part, ground)
                case name if name not in _SKIPPED:
                    yield from self._inside(part, ground)

    def _table(self, table: Element, ground: styles.Colour) -> Iterator[Block]:
        ground = self._looks.ground_of_table(table, ground)
        for row in _within(table, "tr"):
            cells = list(_within(row, "tc"))
            texts = [
                " ".join(b.text for b in self._inside(c, self._looks.ground(child(c, "tcPr"), ground))) for c in cells
            ]
            if any(texts):
                yield Block(text="; ".join(text for text in texts if text.strip()))

    def _paragraph(self, paragraph: Element, ground: styles.Colour) -> Iterator[Block]:
        self._count += 1
        dressed = self._looks.paragraph(paragraph, ground)
        text, bold = "", True
        for run, said in _runs(paragraph):
            look = self._looks.run(run, dressed)
            self._see(said, look)
            text += said
            bold = bold and (look.bold or not said.strip())
        if text.strip():
            heading = dressed.heading or (
                bold and len(text.split()) <= MOST_HEADING_WORDS and text.strip()[-1] not in ".,;"
            )
            yield Block(kind="heading" if heading else "text", text=text)
        for box in (part for part in paragraph.iter() if local(part.tag) == "txbxContent"):
            yield from self._inside(box, ground)

    def _see(self, said: str, look: Dressed) -> None:
        if not look.is_seen:
            self._hidden += sum(c.isalnum() for c in said)
        if self._hidden > MOST_HIDDEN:
            raise DocumentRefused(
                f"paragraph {self._count} holds text that nobody sees (hidden, white or tiny): show it or delete it in Word, "
                "save the document and add it again"
            )


def _within(element: Element, name: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, those of a table inside it not among them."""
    for part in element:
        if local(part.tag) == name:
            yield part
        elif local(part.tag) not in ("p", "tbl", "tc", "del"):
            yield from _within(part, name)


def _runs(element: Element) -> Iterator[tuple[Element, str]]:
    """The runs of a paragraph and their words, those of text boxes in it not among them."""
    for part in element:
        name = local(part.tag)
        if name == "r":
            yield part, "".join(_words(part))
        elif name not in _SKIPPED and name not in ("p", "txbxContent"):
            yield from _runs(part)


def _words(run: Element) -> Iterator[str]:
    for part in run:
        name = local(part.tag)
        yield (part.text or "") if name == "t" else _BLANKS.get(name, "")
