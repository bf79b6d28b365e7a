"""The part of an observation to read out: one verbatim run of words that begins and ends where speech does."""

from __future__ import annotations

import re
from typing import NamedTuple

from fourthright.figures import cues
from fourthright.figures.numbers import Figure, singular

MAX_WORDS = 22
_FEW = 5
"""Words from which a run says enough to stand alone."""
_PER_WORD, _OVER_ROOM = 0.06, 0.35
_FORBIDDEN = 4.0
"""The price of an edge in the middle of a phrase: paid only where no other run fits."""
_TORN = 6.0
_LATER = 0.02
"""What each word before the run costs where no figure holds it in place."""
_LIST_MARK = re.compile(r"\(?\w{1,2}[.)]")
_MARK = re.compile(r"[,;:.!?)]+[\"\u201d]?$")
_NUMBER_NEXT = re.compile(r"\s(?:the\s)?\d")
_STRIPPED = ',;:.!?()"\u201c\u201d'


class Reach(NamedTuple):
    """What a run must hold, in characters, the figures in it, and what choosing it costs."""

    start: int
    end: int
    figures: tuple[Figure, ...] = ()
    cost: float = 0.0


class _Words(NamedTuple):
    """A text as words with their places; `plain` has them in lower case without marks."""

    text: str
    spans: tuple[tuple[int, int], ...]
    plain: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> _Words:
        found = list(re.finditer(r"\S+", text))
        plain = (m.group().lower().strip(_STRIPPED).replace("\u2019", "'") for m in found)
        return cls(text, tuple(m.span() for m in found), tuple(plain))

    def raw(self, n: int) -> str:
        return self.text[slice(*self.spans[n])]

    def at(self, place: int) -> int:
        """The word that a character belongs to."""
        return next((n for n, (_, end) in enumerate(self.spans) if end > place), len(self.spans) - 1)


def excerpt(text: str, reaches: tuple[Reach, ...], added: int, room: int) -> tuple[int, int]:
    """Start and end of the run that reads best around one of the reaches.

    `added` words will follow it; together they keep to MAX_WORDS, and to `room` where that costs no sense.
    """
    words = _Words.of(text)
    if not words.spans:
        return 0, len(text)
    runs = [run for reach in reaches for run in _runs(words, reach, added, room)]
    if runs:
        _, first, last = min(runs)
    else:
        first = words.at(reaches[0].start)
        last = min(len(words.spans), first + MAX_WORDS - added) - 1
    return words.spans[first][0], words.spans[last][1]


def _runs(words: _Words, reach: Reach, added: int, room: int) -> list[tuple[float, int, int]]:
    """Every run around a reach with its price; both ends are places of words."""
    held = bool(reach.figures)
    begin, need = (words.at(reach.start), _needed(words, reach)) if held else (len(words.spans) - 1, 0)
    ends = [(_end_cost(words, n), n) for n in range(need, len(words.spans))]
    failed = _failing(words, reach)
    runs = []
    for first in range(begin + 1):
        start = reach.cost + _start_cost(words, first, reach) + (0.0 if held else _LATER * first)
        for end, last in ends:
            if first <= last and last - first + 1 + added <= MAX_WORDS:
                unsaid = 1.5 if failed and not added and not failed <= set(range(first, last + 1)) else 0.0
                runs.append((start + end + unsaid + _run_cost(words, first, last, added, room), first, last))
    return runs


def _failing(words: _Words, reach: Reach) -> set[int]:
    """The word that tells of a failure in the clause of a reach, or anywhere without figures; empty where none does."""
    if not reach.figures:
        failed = cues.FAILED.search(words.text)
        return {words.at(failed.start())} if failed else set()
    edges = [0, *(m.end() for m in cues.CLAUSE_EDGE.finditer(words.text, 0, reach.start))]
    rest = cues.CLAUSE_EDGE.search(words.text, reach.end)
    failed = cues.FAILED.search(words.text, edges[-1], rest.start() if rest else len(words.text))
    return {words.at(failed.start())} if failed else set()


def _needed(words: _Words, reach: Reach) -> int:
    """The last word that must stay: what the last figure counts, and a word of what is said of it."""
    last, figure = words.at(reach.end - 1), reach.figures[-1]
    behind = range(last + 1, min(last + 6, len(words.spans)))
    noun = next((n for n in behind if figure.unit and singular(words.plain[n]) == figure.unit), last)
    if _MARK.search(words.raw(noun)):
        return noun
    said = _verb(words, noun)
    return noun if said is None else min(said + 1, len(words.spans) - 1)


def _verb(words: _Words, noun: int) -> int | None:
    """The verb within three words after a noun of the same clause."""
    for n in range(noun + 1, min(noun + 4, len(words.spans))):
        if _MARK.search(words.raw(n - 1)) or words.plain[n] in cues.JOINS:
            return None
        if words.plain[n] in cues.FINITE:
            return n
    return None


def _run_cost(words: _Words, first: int, last: int, added: int, room: int) -> float:
    said = words.text[words.spans[first][0] : words.spans[last][1]]
    count, whole = last - first + 1, last - first + 1 == len(words.spans)
    torn = said.count("(") != said.count(")") or (said.count('"') + said.count("\u201c") + said.count("\u201d")) % 2
    return (
        _PER_WORD * count
        + _OVER_ROOM * max(0, count + added - room)
        + (0.0 if whole or count >= _FEW else 0.75 * (_FEW - count))
        + (_TORN if torn and not whole else 0.0)
    )


def _start_cost(words: _Words, n: int, reach: Reach) -> float:
    """What it costs the ear to begin with a word: nothing at the beginning, most in the middle of a phrase."""
    if n == 0:
        return 1.0 if _LIST_MARK.fullmatch(words.raw(0)) else 0.0
    return _left_behind(words, reach) + _clause_start(words, n, reach)


def _left_behind(words: _Words, reach: Reach) -> float:
    """What is lost with the words before, where they name what is counted: "of those", "bounced 7 back"."""
    if not reach.figures:
        return 0.0
    if cues.OF_THOSE.match(words.text, reach.end):
        return 3.0
    return 1.0 if reach.figures[0].kind == "count" and reach.figures[0].unit is None else 0.0


def _clause_start(words: _Words, n: int, reach: Reach) -> float:
    before, here = words.plain[n - 1], words.plain[n]
    if here in cues.JOINS or (before in {"and", "or"} and here[:1].isdigit() and words.plain[n - 2][:1].isdigit()):
        return _FORBIDDEN
    if words.raw(n)[0] in '"\u201c':
        return 2.5
    subject = here in cues.SUBJECTS or here in cues.DETERMINERS or here[:1].isdigit()
    if _LIST_MARK.fullmatch(words.raw(n - 1)):
        return 0.0
    if _MARK.search(words.raw(n - 1)):
        return 1.8 if here in cues.FINITE else 0.3
    if before in cues.JOINS:
        return 0.5 if subject else 1.5
    if here in cues.SUBJECTS and before not in cues.PREPOSITIONS:
        return 0.8
    if _quantity(words, n, reach):
        if _is_subject(words, reach) and before not in cues.PREPOSITIONS:
            return 0.8
        return 3.5 if before in cues.PREPOSITIONS | {"is", "are", "was", "were"} else 2.5
    if before in cues.PREPOSITIONS or before in cues.DETERMINERS or before in cues.DANGLES:
        return _FORBIDDEN
    if here in cues.PREPOSITIONS:
        return 2.6
    return 1.5 if here.endswith("ing") and len(here) > 5 else _FORBIDDEN


def _quantity(words: _Words, n: int, reach: Reach) -> bool:
    """Whether a word begins the figure with all that belongs to it: "his last five", "more than 4", "only 4"."""
    begin = words.at(reach.start) if reach.figures else -1
    lead = set(words.plain[n:begin]) <= cues.BEFORE_QUANTITY
    return n <= begin <= n + 3 and lead and words.plain[n - 1] not in cues.BEFORE_QUANTITY


def _is_subject(words: _Words, reach: Reach) -> bool:
    return _verb(words, words.at(reach.figures[0].end - 1)) is not None


def _end_cost(words: _Words, n: int) -> float:
    """What it costs the ear to end with a word."""
    if n == len(words.spans) - 1:
        return 0.0
    if words.plain[n] in cues.DANGLES:
        return 2 * _FORBIDDEN
    if _MARK.search(words.raw(n)):
        return 0.8 if words.raw(n).endswith(":") else 0.2
    after, beyond = words.plain[n + 1], words.plain[min(n + 2, len(words.spans) - 1)]
    if after in cues.JOINS:
        if after == "and" and words.plain[n][:1].isdigit() and _NUMBER_NEXT.match(words.text, words.spans[n + 1][1]):
            return _FORBIDDEN
        alone = after == "and" and beyond not in cues.SUBJECTS | cues.DETERMINERS
        return 0.9 if alone else 0.4
    if after in cues.TIME_LEADS and beyond in cues.TIME_NOUNS:
        return 1.2
    if after in cues.COMPARED:
        return _FORBIDDEN
    if after in cues.PREPOSITIONS:
        named = beyond in cues.DETERMINERS or not words.raw(min(n + 2, len(words.spans) - 1))[:1].islower()
        return 1.2 if named else 2.5
    return 1.4 if after.endswith("ing") and len(after) > 5 else _FORBIDDEN
