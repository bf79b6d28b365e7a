"""Where things stand today, in the manager's own words, with what code can work out from their numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from fourthright.domain import Frozen, Number, NumberOrigin, Observation
from fourthright.figures.comparing import Worked, is_standard, standard_clause, worked
from fourthright.figures.cues import CLAUSE_EDGE, OWN_ACT
from fourthright.figures.excerpt import Reach, excerpt
from fourthright.figures.numbers import Figure, figures, smooth
from fourthright.figures.rates import FoundRate, Rate, rate_in

ROOM = 14
"""Words that are still read out in one breath."""
LONGEST = 1_000
"""Characters of one observation that are read: far more than a baseline holds."""
_WORTH_PER_CENT = 40
"""From this total on, "7 in 100" says more than "14 of 200"."""
_NEXT_SENTENCE = 8
"""Characters that may lie between an observation and the one that gives its standard."""
_MOST_REACHES = 6
"""Figures of one observation that a baseline may be told around."""
_PER_RANK, _PER_PLACE, _OWN_ACT = 1.5, 0.5, 2.0
"""What a lesser figure, and one later in the text, costs beside the best."""
_RANKS = {"percent": 3, "count": 3, "duration": 2, "time": 2, "money": 2, "ordinal": 1, "date": 1}
_COMPARED, _UNCLEAR_RATE = 5, 4


class Today(Frozen):
    """Today's baseline: `text` is verbatim from one observation, save for an appended "(…, computed)"."""

    text: str
    numbers: tuple[Number, ...]
    observation_ids: Annotated[tuple[str, ...], Field(min_length=1)]
    rate: Rate | None
    standard: str | None


class _Reading(Frozen):
    """One observation read for its numbers; `also` names the observation that gives the standard."""

    observation: Observation
    found: tuple[Figure, ...]
    share: FoundRate | None
    work: Worked | None
    standard: str | None
    also: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        if self.work or (self.share and self.share.rate.failing is not None):
            return _COMPARED
        return _UNCLEAR_RATE if self.share else max((_RANKS.get(f.kind, 0) for f in self.found), default=0)


def today(observations: Sequence[Observation], room: int = ROOM) -> Today | None:
    """The best baseline among the seen observations of one concern; None when nothing was seen.

    It has about `room` words where that costs no sense, and never more than 22, with what is computed.
    """
    readings = [_with_standard(_read(o), observations) for o in observations if o.kind == "seen"]
    return _told(max(readings, key=lambda reading: reading.rank), room) if readings else None


def worked_figures(text: str) -> tuple[Figure, ...]:
    """Every number that code can work out from the sentences of a text."""
    sentences = [s for s in re.split(r"(?<=[.!?;])\s+|\n", smooth(text)) if re.search(r"\d|\w{3}", s)]
    read = [(sentence, figures(sentence)) for sentence in sentences]
    whole = [(sentence, found) for sentence, found in read if found]
    joined = [f"{first} {second}" for (first, one), (second, other) in pairwise(read) if one and len(other) == 1]
    works = [worked(sentence, found) for sentence, found in (*whole, *((text, figures(text)) for text in joined))]
    return tuple(figure for work in works if work for figure in figures(work.text))


def _read(observation: Observation) -> _Reading:
    text = smooth(observation.quote[:LONGEST])
    found = figures(text)
    share = rate_in(text, found)
    work = worked(text, found)
    if share and work and share.figures[0].start >= work.start and share.figures[-1].end <= work.end:
        work = None
    return _Reading(observation=observation, found=found, share=share, work=work, standard=standard_clause(text, found))


def _with_standard(reading: _Reading, observations: Sequence[Observation]) -> _Reading:
    """A reading with the standard that the very next sentence gives, where both count the same thing."""
    if reading.work or reading.share or reading.standard or not reading.found:
        return reading
    here = reading.observation
    for other in observations:
        text = smooth(other.quote[:LONGEST])
        found = figures(text)
        follows = 0 <= other.start - here.end <= _NEXT_SENTENCE and other.kind in {"seen", "background"}
        if follows and len(found) == 1 and is_standard(text, found[0]):
            both = f"{smooth(here.quote[:LONGEST])}, {text}"
            work, standard = worked(both, figures(both)), standard_clause(text, found)
            return reading.model_copy(update={"work": work, "standard": standard, "also": (other.id,)})
    return reading


def _told(reading: _Reading, room: int) -> Today:
    quote, rate = reading.observation.quote, reading.share.rate if reading.share else None
    added = _added(reading)
    start, end = excerpt(smooth(quote[:LONGEST]), _reaches(reading), len(added.split()), room)
    here, ids = (reading.observation.id,), (reading.observation.id, *reading.also)
    inside = [f for f in reading.found if start <= f.start and f.end <= end]
    numbers = [_number(quote[f.start : f.end], "situation", here) for f in inside]
    if reading.work:
        numbers.append(_number(reading.work.text, "computed", ids, reading.work.formula))
    if rate and (share := _per_hundred(rate)):
        numbers.append(_number(share, "computed", here, f"100 x {rate.count} / {rate.total}"))
    end = max(start + len(quote[start:end].rstrip(" ,;.:")), *(f.end for f in inside), start)
    text = quote[start:end] + (f" {added}" if added else "")
    return Today(text=text, numbers=tuple(numbers), observation_ids=ids, rate=rate, standard=reading.standard)


def _number(text: str, origin: NumberOrigin, ids: tuple[str, ...], formula: str | None = None) -> Number:
    return Number.model_validate({"text": text, "origin": origin, "from": ids, "formula": formula})


def _added(reading: _Reading) -> str:
    parts = [reading.work.text if reading.work else None, _per_hundred(reading.share.rate) if reading.share else None]
    told = "; ".join(part for part in parts if part)
    return f"({told}, computed)" if told else ""


def _per_hundred(rate: Rate) -> str | None:
    if rate.total < _WORTH_PER_CENT or rate.total == 100:
        return None
    share = round(100 * rate.count / rate.total)
    return f"{share} in 100" if share else None


def _of_the_person(reading: _Reading) -> tuple[Figure, ...]:
    """The figures outside the clause that gives the standard: where things stand is not where they should."""
    if reading.standard is None or reading.also:
        return reading.found
    start = smooth(reading.observation.quote).find(reading.standard)
    outside = tuple(f for f in reading.found if not start <= f.start < start + len(reading.standard))
    return outside or reading.found


def _of_the_manager(text: str, figure: Figure) -> bool:
    """Whether the clause of a figure tells what the manager did, other than looking: "I took photos twice"."""
    edges = [0, *(m.end() for m in CLAUSE_EDGE.finditer(text, 0, figure.start))]
    return bool(OWN_ACT.match(text, edges[-1]))


def _reaches(reading: _Reading) -> tuple[Reach, ...]:
    """What must stay: the figures of the difference or of the rate, else one figure, the best first; else nothing."""
    if reading.work and not reading.also:
        work = reading.work
        inside = tuple(f for f in reading.found if work.start <= f.start < work.end)
        return (Reach(work.start, work.end, inside),)
    if reading.share:
        made_of = reading.share.figures
        return (Reach(min(f.start for f in made_of), max(f.end for f in made_of), made_of),)
    text = smooth(reading.observation.quote[:LONGEST])
    best = sorted(_of_the_person(reading), key=lambda f: -_RANKS.get(f.kind, 0))[:_MOST_REACHES]
    top = _RANKS.get(best[0].kind, 0) if best else 0
    return tuple(
        Reach(
            f.start,
            f.end,
            (f,),
            _PER_RANK * (top - _RANKS.get(f.kind, 0)) + _PER_PLACE * place + _OWN_ACT * _of_the_manager(text, f),
        )
        for place, f in enumerate(best)
    ) or (Reach(0, 0),)
