"""Blocks cut into passages of about 80 to 150 words, at headings, paragraphs and sentences; each knows its page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from fourthright.documents.blocks import Block
from fourthright.domain import Frozen
from fourthright.pieces.grammar import ABBREVIATION

FEWEST, MOST = 80, 150
"""Words: a passage that has reached the first ends with its paragraph, none is longer than the second."""
LEAST = 30
"""Words below which what is left under a heading joins the passage before it."""
MOST_HEADING = 120
"""Characters of a heading that are kept."""

_END = re.compile(r"""(?:(?<=[.!?…])|(?<=[.!?…]["”’)\]]))\s+(?=["“‘(\[]?[A-Z0-9•])""")


_ENDS = (".", "!", "?", "…", ":", ";", '"', "”", ")")
_LONGEST = 12
"""Characters before a full stop that show whether it ends an abbreviation."""


class Piece(Frozen):
    """A passage before it has an id: the page it begins on, the heading it stands under, its words."""

    page: int | None
    heading: str | None
    text: str


class _Sentence(Frozen):
    text: str
    page: int | None
    ends_paragraph: bool

    @property
    def words(self) -> int:
        return len(self.text.split())


def passages(blocks: Iterable[Block]) -> tuple[Piece, ...]:
    """The passages of a document in order."""
    return tuple(piece for heading, paragraphs in _sections(blocks) for piece in _pieces(heading, paragraphs))


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph, verbatim but for the blanks between them."""
    ends = [found.end() for found in _END.finditer(text) if not ABBREVIATION.search(text[: found.start()][-_LONGEST:])]
    return [text[a:b].strip() for a, b in zip([0, *ends], [*ends, len(text)], strict=True) if text[a:b].strip()]


def _sections(blocks: Iterable[Block]) -> Iterator[tuple[str | None, list[Block]]]:
    heading: str | None = None
    for kind, run in groupby(blocks, key=lambda block: block.kind):
        if kind == "heading":
            heading = list(run)[-1].text[:MOST_HEADING]
        else:
            yield heading, list(run)


def _pieces(heading: str | None, paragraphs: list[Block]) -> Iterator[Piece]:
    for group in _groups([sentence for block in paragraphs for sentence in _cut(block)]):
        yield Piece(page=group[0].page, heading=heading, text=" ".join(sentence.text for sentence in group))


def _groups(said: list[_Sentence]) -> list[list[_Sentence]]:
    groups: list[list[_Sentence]] = [[]]
    for sentence in said:
        words = sum(one.words for one in groups[-1])
        if groups[-1] and (words + sentence.words > MOST or _is_whole(groups[-1], words, sentence.page)):
            groups.append([])
        groups[-1].append(sentence)
    if len(groups) > 1 and sum(one.words for one in groups[-1]) < LEAST and groups[-1][0].page == groups[-2][0].page:
        last = groups.pop()
        groups[-1] += last
    return [group for group in groups if group]


def _is_whole(group: list[_Sentence], words: int, next_page: int | None) -> bool:
    """Whether a passage may end here: its paragraph is over and it is long enough, or it would run on to another page."""
    return (words >= FEWEST and group[-1].ends_paragraph) or (
        next_page != group[0].page and group[-1].text.endswith(_ENDS)
    )


def _cut(block: Block) -> Iterator[_Sentence]:
    parts = [part for sentence in sentences(block.text) for part in _short(sentence)]
    for place, part in enumerate(parts, 1):
        ends = place == len(parts) and part.endswith(_ENDS)  # a paragraph may run over to the next page
        yield _Sentence(text=part, page=block.page, ends_paragraph=ends)


def _short(sentence: str) -> Iterator[str]:
    """A sentence without an end, such as a long table, in runs of at most `MOST` words."""
    words = sentence.split()
    for start in range(0, len(words), MOST):
        yield " ".join(words[start : start + MOST])
