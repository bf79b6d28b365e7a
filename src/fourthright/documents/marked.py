"""Markdown and plain text. The only module that imports markdown_it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fourthright.documents import web
from fourthright.documents.blocks import Block, Content, kept
from fourthright.intake import decode

MOST_HEADING_WORDS = 8
_BETWEEN = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*•]|\(?\d{1,3}[.)])\s)")
"""An empty line, or the beginning of the next point of a list."""
_ENDED = re.compile(r"[.!?;:,…]$")


def text(data: bytes) -> Content:
    """A text file: paragraphs stand between empty lines; a short one without an end is a heading."""
    return Content(blocks=kept(_paragraphs(decode(data))))


def markdown(data: bytes) -> Content:
    """A Markdown file, read as the page that it makes: what its HTML hides is left out there."""
    from markdown_it import MarkdownIt

    rendered = MarkdownIt("commonmark", {"html": True}).enable("table").render(_without_front_matter(decode(data)))
    return web.content(rendered)


def _without_front_matter(source: str) -> str:
    return re.sub(r"\A---\r?\n.*?\r?\n---[ \t]*(?:\r?\n|\Z)", "", source, count=1, flags=re.DOTALL)


def _paragraphs(source: str) -> Iterator[Block]:
    paragraphs = [part.strip() for part in _BETWEEN.split(source.replace("\r\n", "\n").replace("\r", "\n"))]
    for place, paragraph in enumerate(paragraphs):
        last = place == len(paragraphs) - 1
        yield Block(kind="heading" if _is_heading(paragraph) and not last else "text", text=paragraph)


def _is_heading(paragraph: str) -> bool:
    one_line = "\n" not in paragraph and not _ENDED.search(paragraph)
    return one_line and len(paragraph.split()) <= MOST_HEADING_WORDS
