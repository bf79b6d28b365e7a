"""Says of every figure in a line of the page whether it is the manager's own or proposed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from fourthright.domain import Number, Observation
from fourthright.figures.grammar import either, word_set
from fourthright.figures.numbers import Figure, figures, singular, smooth

_NEAR = 40
"""Characters before a figure that show whether it is an aim, and up to a mark that calls it proposed."""
_REACH = 48
"""Characters on either side of a figure that say what it counts."""

_PROPOSED = re.compile(r"[^().;]{0,80}\([^()]{0,40}\bproposed\b", re.IGNORECASE)
_ALL_PROPOSED = re.compile(r"\s*\(?proposed\b\)?\s*:", re.IGNORECASE)
_AIM = either(
    "at_most at_least within no_more_than no_fewer_than no_less_than no_later_than up_to fewer_than less_than "
    "more_than for over every per in next target:? below above under by after before each first about"
)
_AIM_BEFORE = re.compile(
    rf"\b{_AIM}(?:\s{either('the next first coming')})*\s$",
    re.IGNORECASE,
)
_CONTENT = re.compile(r"[^\W\d_]{3,}")
_COMMON = word_set(
    "the and for with was were has had have not but his her their this that from out one two last next week day month "
    "hour minute year time per each every most least within more than about after before she they him them are who "
    "when where what which then also only just all any its did does been being proposed computed today target first "
    "there over into will agreed three four five six seven eight nine ten"
)


class Mention(NamedTuple):
    """A figure with the content words around it; `aimed` where the line aims at it ("at most 3", "within 2 weeks")."""

    figure: Figure
    words: frozenset[str]
    beside: str
    """The two words before and the one after, with the figure."""
    aimed: bool


def mentions(text: str) -> tuple[Mention, ...]:
    """Every figure of a text with the words that say what it counts."""
    plain = smooth(text)
    return tuple(Mention(f, _around(plain, f), _beside(plain, f), _aimed(plain, f)) for f in figures(text))


def origins(line: str, observations: Sequence[Observation]) -> tuple[Number, ...]:
    """Every figure of a line: `situation`, with the observations where it counts the same thing, or `proposed`."""
    given = [(o.id, mentions(o.quote)) for o in observations]
    return tuple(_number(line, mention, given) for mention in mentions(line))


def proposed(line: str, end: int) -> bool:
    """Whether what ends at `end` is marked "(proposed)" in the rest of its sentence, or its whole line is."""
    return bool(_PROPOSED.match(line, end) or _ALL_PROPOSED.match(line))


def same(mine: Mention, theirs: Mention) -> bool:
    """Whether a figure of a line has the value of one in a quote and, as far as the words show, counts the same thing.

    A length of time, and a number that the line aims at, needs a second word in common beside its unit.
    """
    figure, other = mine.figure, theirs.figure
    if {figure.kind, other.kind} == {"count", "share"}:
        return not mine.aimed and _part_or_whole(mine, theirs)
    alike = figure.kind == other.kind or {figure.kind, other.kind} == {"count", "ordinal"}
    if not alike or figure.value != other.value or figure.total != other.total:
        return False
    if mine.beside == theirs.beside != figure.text.lower():
        return True
    shared = mine.words & theirs.words
    one_unit = figure.unit is not None and figure.unit == other.unit
    match figure.kind:
        case "time" | "date" | "money":
            return True
        case "name":
            return figure.unit == other.unit
        case "percent":
            return bool(shared)
        case "share":
            return one_unit or bool(shared)
    if figure.kind == "duration" or mine.aimed:
        return one_unit and bool(shared - {figure.unit})
    return one_unit or (bool(shared) and None in {figure.unit, other.unit})


def _part_or_whole(mine: Mention, theirs: Mention) -> bool:
    """Whether a count is the part or the whole of a share, of the same thing: "8 charts", "none of the 8 charts"."""
    figure, other = mine.figure, theirs.figure
    count, share = (figure, other) if figure.kind == "count" else (other, figure)
    one_unit = figure.unit is not None and figure.unit == other.unit
    return count.value in {share.value, share.total} and (one_unit or bool(mine.words & theirs.words))


def _number(line: str, mention: Mention, given: Sequence[tuple[str, tuple[Mention, ...]]]) -> Number:
    figure = mention.figure
    if not proposed(line, figure.end):
        ids = tuple(name for name, theirs in given if any(same(mention, other) for other in theirs))
        if ids:
            return Number.model_validate({"text": figure.text, "origin": "situation", "from": ids})
    return Number(text=figure.text, origin="proposed")


def _beside(text: str, figure: Figure) -> str:
    before = text[max(0, figure.start - _NEAR) : figure.start].split()[-2:]
    after = text[figure.end : figure.end + _NEAR].split()[:1]
    return " ".join((*before, figure.text, *after)).strip(".,;:!? ").lower()


def _aimed(text: str, figure: Figure) -> bool:
    return bool(_AIM_BEFORE.search(text[max(0, figure.start - _NEAR) : figure.start]))


def _around(text: str, figure: Figure) -> frozenset[str]:
    """The content words near a figure, within its sentence, in the singular."""
    before = re.split(r"[.;\n]\s", text[max(0, figure.start - _REACH) : figure.start])[-1]
    after = re.split(r"[.;\n](?:\s|$)", text[figure.end : figure.end + _REACH], maxsplit=1)[0]
    return frozenset(singular(word) for word in _CONTENT.findall(f"{before} {after}".lower())) - _COMMON
