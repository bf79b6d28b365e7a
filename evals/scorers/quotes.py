"""Are the manager's words the manager's words: every quote is looked up in the text as typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fourthright.domain import Prep

_ADDED = re.compile(r"\s*\([^()]*, computed\)$")
_QUOTED = re.compile(r"“([^”]+)”")
_CUT = re.compile(r"^\s*(?:…|\.\.\.)\s*|\s*(?:…|\.\.\.)\s*$")
"""A quote may be cut at either end, where it shows that it is."""
_MARKS = str.maketrans('“”"', "'''")


def quotes(prep: Prep) -> Iterator[tuple[str, str, bool]]:
    """Every quote on a page: where it stands, its words, whether the text has them exactly so."""
    text = prep.situation.text
    for o in prep.observations:
        yield f"observation {o.id}", o.quote, text[o.start : o.end] == o.quote
    for place, words in _lines(prep):
        yield place, words, words in text
    for place, said in _sayings(prep):
        for words in _QUOTED.findall(said):
            yield place, words, _said(words, text)


def misquoted(prep: Prep) -> list[str]:
    """The quotes that are not in the text, with where they stand."""
    return [f"{place}: {words}" for place, words, verbatim in quotes(prep) if not verbatim]


def _lines(prep: Prep) -> Iterator[tuple[str, str]]:
    for flag in prep.flags:
        yield f"flag {flag.trigger}", flag.quote
    for e in prep.expectations:
        if e.replaces:
            yield f"{e.id} replaces", e.replaces
        if e.baseline:
            yield f"{e.id} baseline", _CUT.sub("", _ADDED.sub("", e.baseline.text))
    for watch in prep.watch_for:
        yield "watch for", _CUT.sub("", watch.label)


def _sayings(prep: Prep) -> Iterator[tuple[str, str]]:
    if prep.start_with:
        yield "start with", prep.start_with.because
    for part in prep.your_part:
        yield "own part", part


def _said(words: str, text: str) -> bool:
    """Inside a sentence, blanks and the kind of quotation marks do not count."""
    return _folded(_CUT.sub("", words)) in _folded(text)


def _folded(text: str) -> str:
    return " ".join(text.translate(_MARKS).split())
