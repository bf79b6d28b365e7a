"""How a Word document's words look, as far as it is needed to tell headings and what an eye sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from fourthright.documents.styles import BLACK, LEAST_CONTRAST, WHITE, Colour, contrast

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SMALLEST = 6
"""Half points: below this nobody reads a letter."""
NARROWEST = 10
"""Per cent of a letter's width below which nobody reads it."""
BODY = "9"
"""The level of an outline that is no heading."""
MOST_BASES = 20
"""Styles that a style may rest on, one on the other."""

_HEX = re.compile(r"[0-9A-Fa-f]{6}")
_HEADING = re.compile(r"heading \d|title|subtitle", re.IGNORECASE)
_OFF = ("0", "false", "off")
_HIGHLIGHTS = {
    "black": BLACK,
    "darkBlue": (0, 0, 128),
    "blue": (0, 0, 255),
    "darkRed": (128, 0, 0),
    "darkGreen": (0, 100, 0),
}


class Dressed(NamedTuple):
    """How words look: their colour, None where the program picks one that is seen; sizes in half points."""

    heading: bool = False
    colour: Colour | None = None
    ground: Colour = WHITE
    size: int = 22
    width: int = 100
    hidden: bool = False
    bold: bool = False

    @property
    def is_seen(self) -> bool:
        """Whether an eye can read the words."""
        pale = self.colour is not None and contrast(self.colour, self.ground) < LEAST_CONTRAST
        return not (self.hidden or pale or self.size < SMALLEST or self.width < NARROWEST)


def local(tag: str) -> str:
    """A name without its namespace."""
    return tag.rpartition("}")[2]


def child(element: Element | None, *path: str) -> Element | None:
    """The first element down this path of names."""
    for name in path:
        element = next((part for part in element if local(part.tag) == name), None) if element is not None else None
    return element


def attribute(element: Element | None, name: str = "val") -> str | None:
    """An attribute by its name without the namespace."""
    pairs = element.attrib.items() if element is not None else ()
    return next((value for key, value in pairs if local(key) == name), None)


class Styles:
    """The styles of one document; `root` is its part of styles."""

    def __init__(self, root: Element | None) -> None:
        parts = [] if root is None else [part for part in root if local(part.tag) == "style"]
        self._styles = {attribute(part, "styleId") or "": part for part in parts}
        self._usual = next((attribute(p, "styleId") for p in parts if _is_usual(p)), None)
        self._plain = self._dressed(child(root, "docDefaults", "rPrDefault", "rPr"), Dressed())

    def paragraph(self, paragraph: Element, ground: Colour) -> Dressed:
        """How a paragraph's words look where the words say nothing else."""
        look = self._plain._replace(ground=ground)
        style = attribute(child(paragraph, "pPr", "pStyle")) or self._usual
        for part in self._chain(style):
            look = self._dressed(child(part, "rPr"), look)._replace(ground=self.ground(child(part, "pPr"), look.ground))
            look = look._replace(heading=look.heading or _is_heading(part))
        return look._replace(
            heading=look.heading or _is_outlined(paragraph), ground=self.ground(child(paragraph, "pPr"), look.ground)
        )

    def run(self, run: Element, look: Dressed) -> Dressed:
        """How the words of a run look inside their paragraph."""
        own = child(run, "rPr")
        for part in self._chain(attribute(child(own, "rStyle"))):
            look = self._dressed(child(part, "rPr"), look)
        return self._dressed(own, look)

    def ground(self, properties: Element | None, before: Colour) -> Colour:
        """What words are printed on, with these properties of a paragraph, a cell or a run."""
        highlight = attribute(child(properties, "highlight"))
        return _HIGHLIGHTS.get(highlight or "") or _hex(attribute(child(properties, "shd"), "fill")) or before

    def ground_of_table(self, table: Element, before: Colour) -> Colour:
        """The ground of a table's cells; the darkest of its style, which colours some rows and says so too freely to follow."""
        own = self.ground(child(table, "tblPr"), before)
        shades = [
            shade
            for part in self._chain(attribute(child(table, "tblPr", "tblStyle")))
            for found in part.iter()
            if local(found.tag) == "shd" and (shade := _hex(attribute(found, "fill")))
        ]
        return max(shades, key=lambda shade: contrast(shade, WHITE), default=own)

    def _chain(self, style: str | None) -> Iterator[Element]:
        """A style and those it rests on, the most general first."""
        chain: list[Element] = []
        while style in self._styles and len(chain) < MOST_BASES:
            chain.append(self._styles[style])
            style = attribute(child(chain[-1], "basedOn"))
        return reversed(chain)

    def _dressed(self, properties: Element | None, look: Dressed) -> Dressed:
        if properties is None:
            return look
        colour = child(properties, "color")
        return look._replace(
            colour=look.colour if colour is None else _colour(colour),
            ground=self.ground(properties, look.ground),
            size=_number(child(properties, "sz"), look.size),
            width=_number(child(properties, "w"), look.width),
            hidden=_switch(child(properties, "vanish"), look.hidden),
            bold=_switch(child(properties, "b"), look.bold),
        )


def _is_usual(style: Element) -> bool:
    return attribute(style, "type") == "paragraph" and (attribute(style, "default") or "0") not in _OFF


def _is_heading(style: Element) -> bool:
    name = attribute(child(style, "name")) or ""
    return bool(_HEADING.fullmatch(name)) or _is_outlined(style)


def _is_outlined(element: Element) -> bool:
    return (attribute(child(element, "pPr", "outlineLvl")) or BODY) != BODY


def _colour(element: Element) -> Colour | None:
    pale = (attribute(element, "themeColor") or "") in ("background1", "light1")
    return _hex(attribute(element)) or (WHITE if pale else None)


def _hex(value: str | None) -> Colour | None:
    if value is None or not _HEX.fullmatch(value):
        return None
    return int(value[:2], 16), int(value[2:4], 16), int(value[4:], 16)


def _switch(element: Element | None, before: bool) -> bool:
    return before if element is None else (attribute(element) or "1").lower() not in _OFF


def _number(element: Element | None, before: int) -> int:
    value = attribute(element) or ""
    return int(value) if value.isdigit() else before
