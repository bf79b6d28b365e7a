"""HTML: the words a person sees, under their headings. Nothing a page points at is fetched, nothing in it is run.

The only module that imports selectolax.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fourthright.documents import styles
from fourthright.documents.blocks import Block, Content, kept
from fourthright.errors import DocumentRefused

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_MOST_NODES = 400_000
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_BLOCKS = _HEADINGS | frozenset(
    "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer form header "
    "hr html legend li main ol p pre section summary table tbody tfoot thead tr ul".split()
)
_CELLS = frozenset(("td", "th"))
_NO_TEXT = frozenset(
    "head script style template noscript iframe object embed svg math canvas audio video nav select textarea button".split()
)
"""Elements without words of the document; browsers run them, fetch them or use them to get about."""
_WITHOUT_SCRIPTS = re.compile(r"<noscript\b(?:(?!</?script).)*?</noscript\s*>", re.IGNORECASE | re.DOTALL)
"""What browsers show only where scripts are off; in the head of a page the parser would take it for text."""
_DECLARED = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{3,20})""", re.IGNORECASE)


def html(data: bytes) -> Content:
    """An HTML file; what is hidden from the eye is left out and counted."""
    return content(_decoded(data))


def content(source: str) -> Content:
    """The words of an HTML text."""
    from selectolax.lexbor import LexborHTMLParser

    page = LexborHTMLParser(_WITHOUT_SCRIPTS.sub(" ", source))
    reader = _Reader(page)
    return Content(blocks=kept(reader.blocks()), left_out=reader.left_out)


def _decoded(data: bytes) -> str:
    declared = _DECLARED.search(data[:4096])
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        encoding = declared[1].decode("ascii") if declared else "utf-8-sig"
    try:
        return data.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
    except (UnicodeDecodeError, LookupError):
        raise DocumentRefused(
            "the page's characters cannot be read: open it in a browser, save it again as a web page in UTF-8, and add that"
        ) from None


class _Reader:
    """Walks a page once, with how text looks at each place; without recursion, since pages may nest without end."""

    def __init__(self, page: LexborHTMLParser) -> None:
        self.left_out = 0
        self._root = page.root
        self._styled = _styled(page)
        self._said: list[str] = []
        self._heading = False

    def blocks(self) -> Iterator[Block]:
        """Headings and paragraphs in order."""
        if self._root is None:
            return
        waiting: list[tuple[LexborNode | None, str, styles.Look]] = [(self._root, "", styles.Look())]
        seen = 0
        while waiting:
            node, closing, look = waiting.pop()
            if node is None:
                yield from self._closed(closing)
                continue
            if (seen := seen + 1) > _MOST_NODES:
                raise DocumentRefused(
                    "the page is built of too many parts: copy its text into a text file and add that"
                )
            if node.is_text_node:
                self._hear(node, look)
            elif node.is_element_node:
                yield from self._entered(node, look, waiting)
        yield from self._flushed()

    def _entered(
        self, node: LexborNode, look: styles.Look, waiting: list[tuple[LexborNode | None, str, styles.Look]]
    ) -> Iterator[Block]:
        tag = node.tag or ""
        style = self._style(node)
        if tag in _NO_TEXT:
            return
        if _is_hidden(node, style):
            self.left_out += any(c.isalnum() for c in node.text(deep=True))
            return
        if tag in _BLOCKS:
            yield from self._flushed()
            self._heading = tag in _HEADINGS
        waiting.append((None, tag, look))
        inside = styles.looked(style, look)
        waiting += [(child, "", inside) for child in reversed(list(node.iter(include_text=True)))]

    def _closed(self, tag: str) -> Iterator[Block]:
        if tag in _CELLS and self._said:
            self._said.append("; ")
        if tag in _BLOCKS:
            yield from self._flushed()
            self._heading = False

    def _flushed(self) -> Iterator[Block]:
        text = "".join(self._said).strip(" ;\n\t")
        self._said.clear()
        if text:
            yield Block(kind="heading" if self._heading else "text", text=text)

    def _hear(self, node: LexborNode, look: styles.Look) -> None:
        text = node.text_content or ""
        if look.readable:
            self._said.append(text)
        else:
            self.left_out += any(c.isalnum() for c in text)

    def _style(self, node: LexborNode) -> styles.Declarations:
        given = node.attributes
        own = {"color": (given.get("color") or "").lower()} if node.tag == "font" and given.get("color") else {}
        if given.get("bgcolor"):
            own["background-color"] = (given["bgcolor"] or "").lower()
        return self._styled.get(node.mem_id, {}) | own | styles.declarations(given.get("style") or "")


def _is_hidden(node: LexborNode, style: styles.Declarations) -> bool:
    closed = node.tag == "dialog" and "open" not in node.attributes
    return closed or "hidden" in node.attributes or styles.hides(style)


def _styled(page: LexborHTMLParser) -> dict[int, dict[str, str]]:
    """What the page's own style sheets declare for each element; later rules win."""
    found: dict[int, dict[str, str]] = {}
    for sheet in page.css("style"):
        for selector, declared in styles.rules(sheet.text(deep=True)):
            for node in _selected(page, selector):
                found.setdefault(node.mem_id, {}).update(declared)
    return found


def _selected(page: LexborHTMLParser, selector: str) -> list[LexborNode]:
    from selectolax.lexbor import SelectolaxError

    try:
        return page.css(selector)
    except SelectolaxError:  # a selector for what is not in the text, such as the state of a button
        return []
