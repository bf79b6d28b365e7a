"""Looking through the guidance: all of a shelf, or what fits the words of a manager, the best first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from fourthright.domain import Dimension, Frozen
from fourthright.entries import BankQuestion, Card, Kind, Note
from fourthright.knowledge import Knowledge
from fourthright.overlap import Overlap

if TYPE_CHECKING:
    from fourthright.retrieval import Index
    from fourthright.shelf import Found

MOST_FOUND = 10
"""Results of a search; farther down they are hardly about it."""
SHARED = 0.5
"""Share of the best question's overlap in words from which another one is shown too."""


class Result(Frozen):
    """An entry in a list: its title, and one line that tells whether it is worth opening."""

    id: str
    title: str
    line: str


class Wanted(Frozen):
    """What is looked for; a filter that does not suit a shelf is not looked at there."""

    query: str = ""
    family: str | None = None
    kind: Kind | None = None
    dimension: Dimension | None = None


class Guidance:
    """The handbook, to be looked through."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._families = {card_id: family for family, ids in knowledge.families.items() for card_id in ids}
        self._cards = {card.id: card for card in knowledge.cards}
        self._notes = {note.id: note for note in knowledge.notes}
        self._questions = {question.id: question for question in knowledge.questions}

    def cards(self, wanted: Wanted, index: Index | None) -> tuple[Result, ...]:
        """The cards by family, or those that fit the query; `index` is needed for a query."""
        found: Iterable[str] = self._families
        if index and wanted.query:
            found = (hit.id for hit in index.cards(wanted.query, len(self._cards)))
        chosen = (self._cards[i] for i in found)
        return _first(wanted, (self._card(card) for card in chosen if self._suits(card, wanted)))

    def notes(self, wanted: Wanted, index: Index | None) -> tuple[Result, ...]:
        """The notes, or those that fit the query; `index` is needed for a query."""
        found: Iterable[str] = self._notes
        if index and wanted.query:
            found = (hit.id for hit in index.notes(wanted.query, len(self._notes)))
        chosen = (self._notes[i] for i in found)
        return _first(wanted, (_note(n) for n in chosen if wanted.dimension in (None, n.dimension)))

    def questions(self, wanted: Wanted) -> tuple[Result, ...]:
        """The questions of the bank, or those that share words with the query."""
        found: Iterable[str] = self._sharing(wanted.query) if wanted.query else self._questions
        chosen = (self._questions[i] for i in found)
        return _first(wanted, (_question(q) for q in chosen if wanted.dimension in (None, q.dimension)))

    def _suits(self, card: Card, wanted: Wanted) -> bool:
        in_family = wanted.family in (None, self._families[card.id])
        return in_family and (wanted.kind is None or wanted.kind in card.jobs)

    def _sharing(self, query: str) -> list[str]:
        overlap = self._overlap(query)
        least = SHARED * max(overlap.values(), default=0.0)
        near = {question_id: share for question_id, share in overlap.items() if share and share >= least}
        return sorted(near, key=lambda question_id: -near[question_id])

    @cached_property
    def _overlap(self) -> Overlap:
        return Overlap({q.id: f"{q.text} {q.listen_for}" for q in self._knowledge.questions})

    def _card(self, card: Card) -> Result:
        said = ", ".join(card.labels[:4])
        return Result(id=card.id, title=card.fill(card.title), line=f"{self._families[card.id]}. People say: {said}")


def own(found: Iterable[Found]) -> tuple[Result, ...]:
    """Passages of the organisation's own guidance, in the order in which they were found."""
    return tuple(Result(id=each.passage.id, title=each.passage.title, line=each.words) for each in found)


def _first(wanted: Wanted, results: Iterator[Result]) -> tuple[Result, ...]:
    return tuple(results)[: MOST_FOUND if wanted.query else None]


def _note(note: Note) -> Result:
    first = note.text.split("\n", 1)[0].replace("*", "")
    return Result(id=note.id, title=note.title, line=f"“{note.ask[0]}”" if note.ask else first)


def _question(question: BankQuestion) -> Result:
    placed = ", ".join(part for part in (question.dimension, question.step) if part)
    heard = f". Listen for: {question.listen_for}" if question.listen_for else ""
    return Result(id=question.id, title=question.text.replace("{work}", "…"), line=f"{placed}{heard}".capitalize())
