"""A situation cut into verbatim pieces, and each piece sorted by what it is: seen, a label, a guess, hearsay and so on.

`split` knows only punctuation and joining words. `Sorter` knows the word lists `sort-*`: it cuts finer where a fact and
something else share a sentence, and says whether the words decide clearly or a language model may overrule.
"""

from __future__ import annotations

import re

from fourthright.domain import Frozen, ObservationKind
from fourthright.knowledge import Knowledge
from fourthright.pieces.cutting import Cutter, Span
from fourthright.pieces.likeness import Embeds, Likeness
from fourthright.pieces.weighing import Verdict, Weigher

__all__ = ["Piece", "Sorter", "split"]

_NUMBER = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several)"
_COUNTED = re.compile(
    rf"\btwice\b|\b{_NUMBER} times\b|\b{_NUMBER} (?:out )?of (?:the )?(?:\w+ )?{_NUMBER}\b", re.IGNORECASE
)
"""Counted is seen: "three times since August"."""
_NEW_COUNT = re.compile(rf"(?:\w+ ){{0,2}}?(?:twice|{_NUMBER})\b(?: \w+){{0,3}}? (?:s?he|they)\b", re.IGNORECASE)
"""A clause that counts something of its own: "twice last week she left the room unlocked"."""


class Piece(Frozen):
    """A verbatim span of the situation; `sure` is False where a language model may sort it otherwise."""

    id: str
    text: str
    start: int
    end: int
    kind: ObservationKind
    sure: bool


def split(text: str) -> tuple[Span, ...]:
    """Spans (start, end) of sentences and clauses in order; only blanks, marks and joining words lie between them."""
    return tuple(Cutter(text).spans())


class Sorter:
    """Sorts a situation's pieces by the word lists `sort-*`; calling it gives pieces o1, o2, … in order.

    With an embedder, pieces are also compared by meaning with the sentences of `sort-example-*`.
    """

    def __init__(self, knowledge: Knowledge, embedder: Embeds | None = None) -> None:
        self._weigh = Weigher(knowledge)
        self._likeness = Likeness(knowledge, embedder) if embedder else None

    def __call__(self, text: str, embedder: Embeds | None = None) -> tuple[Piece, ...]:
        cutter = Cutter(text)
        found: list[tuple[Span, Verdict]] = []
        for span in cutter.spans():
            if found and cutter.turns_after(found[-1][0][1]):
                found[-1] = (found[-1][0], found[-1][1].before_a_turn())
            found += self._parts(cutter, span, found[-1][1] if found else None)
        if self._likeness and found:
            votes = self._likeness.votes([text[slice(*span)] for span, _ in found], embedder)
            found = [(span, verdict.leaning(shares)) for (span, verdict), shares in zip(found, votes, strict=True)]
        return tuple(
            Piece(
                id=f"o{n}",
                text=text[start:end],
                start=start,
                end=end,
                kind=verdict.kind,
                sure=verdict.sure or (verdict.kind == "seen" and bool(_COUNTED.search(text[start:end]))),
            )
            for n, ((start, end), verdict) in enumerate(found, 1)
        )

    def _parts(self, cutter: Cutter, span: Span, before: Verdict | None) -> list[tuple[Span, Verdict]]:
        """A span cut where its clauses are of different kinds; a clause that says little stays with its neighbour."""
        groups: list[tuple[Span, Verdict]] = []
        for atom in cutter.atoms(*span):
            verdict = self._weigh(cutter.text[slice(*atom)], groups[-1][1] if groups else before)
            alike = groups and (groups[-1][1].kind == verdict.kind or verdict.weak or groups[-1][1].weak)
            if alike and not _another_count(cutter.text, groups[-1][0], atom):
                (start, _), earlier = groups.pop()
                groups.append(((start, atom[1]), earlier.with_next(verdict)))
            else:
                groups.append((atom, verdict))
        return groups if len(groups) > 1 else [(span, groups[0][1])]


def _another_count(text: str, before: Span, here: Span) -> bool:
    """Whether two clauses of a sentence count two different things, so that each is an observation of its own."""
    return bool(_COUNTED.search(text, *before) and _NEW_COUNT.match(text, *here))
