"""Where a number comes from, written behind it: "(proposed)" or "(computed)", once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fourthright.domain import Number, NumberOrigin
from fourthright.figures import figures

_ALREADY = re.compile(r",?\s*\(?(?:proposed|computed)\b", re.IGNORECASE)
_ANY_MARK = re.compile(r"\s*\((?:proposed|computed)\)", re.IGNORECASE)


def marked(text: str, numbers: Sequence[Number], *, baseline: bool = False) -> str:
    """The text with its numbers' origins; where all of them are proposed, one mark stands at the end.

    A baseline holds the manager's own or computed numbers only: a proposed one of the same value is not meant there.
    """
    found = _found(text, _by_text(numbers, baseline))
    if not found or _ANY_MARK.search(text):
        return text
    if {origin for _, _, origin in found} == {"proposed"}:
        bare = text.rstrip(".")
        return f"{bare} (proposed){text[len(bare) :]}"
    for _, end, origin in reversed(found):
        if origin != "situation" and not _ALREADY.match(text, end):
            text = f"{text[:end]} ({origin}){text[end:]}"
    return text


def unmarked(text: str) -> str:
    """The text without any mark of origin."""
    return _ANY_MARK.sub("", text)


def stands_in(number: str, text: str) -> bool:
    """Whether a text has this number, not only as a part of a longer one."""
    return bool(_whole(number).search(text))


def _whole(number: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,:]){re.escape(number)}(?!\w|[.,:]\d)", re.IGNORECASE)


def _by_text(numbers: Sequence[Number], baseline: bool) -> dict[str, NumberOrigin]:
    chosen: dict[str, NumberOrigin] = {}
    for number in numbers:
        if number.text not in chosen or (number.origin == "proposed") != baseline:
            chosen[number.text] = number.origin
    return chosen


def _counts(text: str, hit: re.Match[str]) -> bool:
    """Whether what is written like a number is one here: "the next one" holds the word of "one page" and no number."""
    return hit[0] != "one" or any(figure.start <= hit.start() < figure.end for figure in figures(text))


def _found(text: str, origins: dict[str, NumberOrigin]) -> list[tuple[int, int, NumberOrigin]]:
    """Where each number stands, the longer one where two overlap, in order."""
    spans: list[tuple[int, int, NumberOrigin]] = []
    for number in sorted(origins, key=len, reverse=True):
        for hit in _whole(number).finditer(text):
            if _counts(text, hit) and all(hit.end() <= start or end <= hit.start() for start, end, _ in spans):
                spans.append((hit.start(), hit.end(), origins[number]))
    return sorted(spans)
