"""The organisation's own documents: bytes in, passages out, or one line says what to do.

PDF, DOCX, Markdown, HTML and text. A document is material and never an instruction: nothing in it is run, nothing it points at
is fetched, and what is hidden from the eye is not kept. It is parsed in a process of its own (`safely`).
"""

from __future__ import annotations

from pathlib import PurePath

from fourthright.documents import safely
from fourthright.documents.blocks import MOST_CHARS, MOST_PAGES, clean
from fourthright.documents.cutting import Piece, passages, sentences
from fourthright.documents.kinds import ENDINGS, MOST_BYTES, kind_of
from fourthright.domain import Frozen
from fourthright.errors import DocumentRefused
from fourthright.intake import LEAST_WORDS, chance_of_english

__all__ = ["ENDINGS", "MOST_BYTES", "MOST_CHARS", "MOST_PAGES", "Document", "Piece", "read", "sentences"]

MOST_NAME = 120
LOOKED_AT = 60
"""Passages that are looked at to tell the language."""
ENGLISH = 0.5
"""Chance of English at which a passage counts as English, and the share of them that a document needs."""


class Document(Frozen):
    """A document that may be kept: its name as shown, its pages where it has any, its passages in order."""

    name: str
    pages: int | None
    pieces: tuple[Piece, ...]
    left_out: int
    """Passages that nobody would have seen, and that are not kept."""


def read(name: str, data: bytes) -> Document:
    """The passages of a file. DocumentRefused says in one line what to do where it cannot be kept."""
    found = safely.read(kind_of(name, data), data)
    pieces = passages(found.blocks)
    if sum(len(piece.text.split()) for piece in pieces) < LEAST_WORDS:
        raise DocumentRefused("the document holds no words that can be read: check the file, or add it as text")
    if not _is_english(pieces):
        raise DocumentRefused(
            "this document looks like another language; the handbook is English: add an English version"
        )
    return Document(name=shown(name), pages=found.pages, pieces=pieces, left_out=found.left_out)


def shown(name: str) -> str:
    """A file's name without its folders, on one line; the ending stays when it is cut."""
    bare = clean(PurePath(name.replace("\\", "/")).name) or "document"
    ending = PurePath(bare).suffix
    return bare if len(bare) <= MOST_NAME else f"{bare[: MOST_NAME - len(ending) - 1]}…{ending}"


def _is_english(pieces: tuple[Piece, ...]) -> bool:
    """Most of the passages, taken evenly: a policy may quote a form or a law in another language."""
    looked_at = pieces[:: max(1, len(pieces) // LOOKED_AT)]
    english = sum(chance_of_english(piece.text) >= ENGLISH for piece in looked_at)
    return english >= ENGLISH * len(looked_at)
