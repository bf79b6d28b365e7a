"""Lines as they stand on printed pages, put together into headings and paragraphs again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

from fourthright.documents.blocks import Block

LARGER = 1.12
"""How much larger than most of the text a line is set that is a heading."""
MOST_HEADING_WORDS = 12
WIDE = 1.35
"""Times the usual distance of two lines at which a paragraph ends."""
AT_THE_EDGE = 2
"""Lines at the top and at the bottom of a page that may be a running head or foot."""
RUNNING_PAGES, RUNNING_SHARE = 3, 0.4
"""Pages, and share of them, on which such a line stands again."""

_DIGITS = re.compile(r"\d+")
_POINT = re.compile(r"[•·▪‣◦●○*–—-]\s|\(?(?:\d{1,3}|[a-z])[.)]\s")
_SOFT = ("\x02", "\ufffe", "\u00ad")
"""How a hyphen at the end of a line is marked that is none of the word's."""


class Line(NamedTuple):
    """A line of a page: its size in points and its upper edge, counted from the bottom of the page."""

    text: str
    page: int
    size: float
    bold: bool
    top: float


def blocks(lines: Sequence[Line], pages: int) -> Iterator[Block]:
    """Headings and paragraphs in order, without what runs along the edges of the pages."""
    own = _without_running(lines, pages)
    if not own:
        return
    usual = _usual_size(own)
    pitch = median([a.top - b.top for a, b in pairwise(own) if a.page == b.page and a.top > b.top] or [0.0])
    for heading, run in groupby(own, key=lambda line: _is_heading(line, usual)):
        for part in _parts(list(run), 2 * pitch if heading else WIDE * pitch):
            yield Block(kind="heading" if heading else "text", text=_joined(part), page=part[0].page)


def _without_running(lines: Sequence[Line], pages: int) -> list[Line]:
    by_page = [list(run) for _, run in groupby(lines, key=lambda line: line.page)]
    edges = [{_form(line) for line in (*page[:AT_THE_EDGE], *page[-AT_THE_EDGE:])} for page in by_page]
    often = Counter(form for page in edges for form in page)
    running = {form for form, count in often.items() if count >= max(RUNNING_PAGES, RUNNING_SHARE * pages)}
    return [
        line
        for page in by_page
        for place, line in enumerate(page)
        if not (_form(line) in running and (place < AT_THE_EDGE or place >= len(page) - AT_THE_EDGE))
    ]


def _form(line: Line) -> str:
    return _DIGITS.sub("0", line.text)


def _usual_size(lines: Sequence[Line]) -> float:
    """The size that most letters are set in."""
    sizes = Counter[float]()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0]


def _is_heading(line: Line, usual: float) -> bool:
    stands_out = line.size >= LARGER * usual or (line.bold and line.size >= usual and line.text[-1:] not in ".,;")
    return stands_out and len(line.text.split()) <= MOST_HEADING_WORDS


def _parts(lines: Sequence[Line], gap: float) -> Iterator[list[Line]]:
    part = [lines[0]]
    for before, line in pairwise(lines):
        apart = before.page != line.page or not 0 <= before.top - line.top <= gap
        if apart or _POINT.match(line.text):
            yield part
            part = []
        part.append(line)
    yield part


def _joined(lines: Sequence[Line]) -> str:
    text = ""
    for line in lines:
        if text.endswith(_SOFT):
            text = text[:-1] + line.text
        elif text.endswith("-") and text[-2:-1].isalpha():
            text += line.text
        else:
            text += f" {line.text}"
    return text
