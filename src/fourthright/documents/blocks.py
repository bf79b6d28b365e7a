"""What a document is read into: headings and paragraphs in order, cleaned of characters that nobody sees."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Literal

from fourthright.domain import Frozen
from fourthright.errors import DocumentRefused

MOST_CHARS = 2_000_000
"""Characters of text in one document."""
MOST_PAGES = 500

_UNSEEN = ("Cc", "Cf", "Co", "Cs", "Cn")
"""Unicode categories without a visible sign: controls, direction overrides, zero-width marks, tags."""
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}


class Block(Frozen):
    """A heading or a paragraph; `page` counts from 1 where the format has pages."""

    kind: Literal["heading", "text"] = "text"
    text: str
    page: int | None = None


class Content(Frozen):
    """All that was read: `left_out` counts the passages that are hidden from the eye and were not kept."""

    pages: int | None = None
    blocks: tuple[Block, ...]
    left_out: int = 0


def clean(text: str) -> str:
    """The text on one line, ligatures undone, without characters that cannot be seen."""
    shown = (
        " " if c.isspace() else c
        for c in text.translate(_LIGATURES)
        if c.isspace() or unicodedata.category(c) not in _UNSEEN
    )
    return " ".join("".join(shown).split())


def kept(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with words in them, cleaned. DocumentRefused as soon as there is too much text."""
    return tuple(_counted(blocks))


def _counted(blocks: Iterable[Block]) -> Iterator[Block]:
    total = 0
    for block in blocks:
        text = clean(block.text)
        total += len(text)
        if total > MOST_CHARS:
            raise DocumentRefused(
                f"the document has more than {MOST_CHARS:,} characters: keep the part that guides conversations about work"
            )
        if any(c.isalnum() for c in text):
            yield block.model_copy(update={"text": text})
