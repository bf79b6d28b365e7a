"""What stands behind an id that a line cites, in words: a card, a note, a question of the bank or an own passage.

Every sentence of it has a place, so that what a line rests on can be marked in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal

from fourthright.domain import DIMENSIONS, Dimension, Frozen
from fourthright.entries import BankQuestion, Card, Kind, Note, Seed
from fourthright.knowledge import Knowledge

if TYPE_CHECKING:
    from fourthright.shelf import Passage

Shelf = Literal["card", "note", "question", "own"]

KINDS: dict[Kind, str] = {
    "office": "office",
    "engineering": "engineering",
    "sales": "sales",
    "support": "support",
    "retail": "retail",
    "warehouse": "warehouse",
    "manufacturing": "manufacturing",
    "kitchen": "kitchen",
    "care": "care",
    "teaching": "teaching",
    "field": "field service",
    "public": "public office",
    "driving": "driving",
    "leading": "leading a team",
}
"""Kinds of work as people say them."""
WHEN = {
    "general": None,
    "relapse": "when it has slipped back",
    "strength": "about a strength",
    "no_evidence": "before anything was seen",
    "commitment": "closed, to end with",
    "HR": "to ask HR",
}
"""The occasion of a question as people say it."""
EXPECTED = ("behaviour", "measure", "target", "first_step")
"""Places of a card that an expectation is made from."""
WHOLE = "text"
"""The place of what is one passage: a note, a question's own line, an own passage."""
_BLANK_LINE = re.compile(r"\n\s*\n")


class Line(Frozen):
    """One sentence of an entry; `heard` is what to listen for in the answer to a question."""

    place: str
    text: str
    heard: str = ""


class Part(Frozen):
    """Lines under one heading."""

    title: str
    lines: tuple[Line, ...]


class Cited(Frozen):
    """An entry to be read; `about` is one line under its title, `works` are the publications it rests on."""

    id: str
    shelf: Shelf
    title: str
    about: str
    parts: tuple[Part, ...]
    works: tuple[str, ...] = ()
    unlike: str | None = None
    """The id of the card that a card is most easily mistaken for."""

    def lines(self) -> Iterator[Line]:
        """Every line, in order."""
        for part in self.parts:
            yield from part.lines


def passage(entry_id: str, knowledge: Knowledge, own: Callable[[str], Passage | None] = lambda _: None) -> Cited | None:
    """What an id stands for; None when there is no such entry, or no more. `own` looks up an own passage by its id."""
    for card in knowledge.cards:
        if card.id == entry_id:
            return _card(card, knowledge)
    for note in knowledge.notes:
        if note.id == entry_id:
            return _note(note, knowledge)
    for question in knowledge.questions:
        if question.id == entry_id:
            return _question(question, knowledge)
    found = own(entry_id)
    return _own(found) if found else None


def behind_expectation(cited: Cited) -> frozenset[str]:
    """The places of an entry that an expectation rests on."""
    return frozenset(EXPECTED if cited.shelf == "card" else (WHOLE,))


def behind_question(cited: Cited, dimension: Dimension | None, text: str) -> frozenset[str]:
    """The places of an entry that a question rests on: of a card its question that shares most words with this one."""
    if cited.shelf != "card":
        return frozenset((WHOLE,))
    seeds = [line for line in cited.lines() if dimension and line.place.startswith(f"{dimension}-")]
    asked = _words(text)
    shared = {seed.place: len(asked & _words(seed.text)) / len(asked | _words(seed.text)) for seed in seeds}
    return frozenset(place for place, share in shared.items() if share == max(shared.values()))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _card(card: Card, knowledge: Knowledge) -> Cited:
    family = next(title for title, ids in knowledge.families.items() if card.id in ids)
    return Cited(
        id=card.id,
        shelf="card",
        title=card.fill(card.title),
        about=f"{family} · {', '.join(KINDS[kind] for kind in card.jobs)}",
        parts=tuple(_card_parts(card, knowledge)),
        works=_works(card.sources, knowledge),
        unlike=card.unlike.card,
    )


def _card_parts(card: Card, knowledge: Knowledge) -> Iterator[Part]:
    def some(title: str, *lines: tuple[str, str]) -> Part:
        return Part(title=title, lines=tuple(Line(place=at, text=_sentence(card.fill(text))) for at, text in lines))

    def listed(title: str, place: str, texts: tuple[str, ...]) -> Part:
        return some(title, *((f"{place}-{n}", text) for n, text in enumerate(texts, 1)))

    other = knowledge.card(card.unlike.card)
    yield some("What they do", ("behaviour", card.behaviour))
    yield some("How it is checked", ("measure", card.measure), ("measure_too", f"Or: {card.measure_too}"))
    yield some("Target (proposed)", ("target", f"{card.target}, {card.by_when}"), ("target_why", card.target_why))
    yield some("First step", ("first_step", card.first_step))
    yield some("Why it matters to others", ("payoff", card.payoff))
    yield listed("What may be behind it", "obstacles", card.obstacles)
    for dimension in DIMENSIONS:
        yield Part(title=f"Ask about {dimension}", lines=tuple(_seeds(card, dimension, card.questions[dimension])))
    yield listed("Find out first", "find_out", card.find_out)
    yield some("Likely reaction", ("reaction", card.reaction))
    yield some("What it is not", ("unlike", f"{other.fill(other.title)}: {card.unlike.because}"))
    yield listed("How people say it", "said", ("; ".join(card.labels), *(f"“{phrase}”" for phrase in card.phrases)))


def _seeds(card: Card, dimension: Dimension, seeds: tuple[Seed, ...]) -> Iterator[Line]:
    for n, seed in enumerate(seeds, 1):
        yield Line(place=f"{dimension}-{n}", text=card.fill(seed.text), heard=card.fill(seed.listen_for))


def _note(note: Note, knowledge: Knowledge) -> Cited:
    about = " · ".join(part for part in ("Note", note.step, note.dimension) if part)
    paragraphs = tuple(Line(place=WHOLE, text=text.strip()) for text in _BLANK_LINE.split(note.text))
    return Cited(
        id=note.id,
        shelf="note",
        title=note.title,
        about=about,
        parts=(Part(title="", lines=paragraphs),),
        works=_works(note.sources, knowledge),
    )


def _question(question: BankQuestion, knowledge: Knowledge) -> Cited:
    text = question.text.replace("{work}", "…")
    about = " · ".join(part for part in ("Question", question.step, question.dimension, WHEN[question.when]) if part)
    return Cited(
        id=question.id,
        shelf="question",
        title=text,
        about=about,
        parts=(Part(title="Ask", lines=(Line(place=WHOLE, text=text, heard=question.listen_for),)),),
        works=_works(question.sources, knowledge),
    )


def _own(found: Passage) -> Cited:
    return Cited(
        id=found.id,
        shelf="own",
        title=found.title,
        about="Your own document",
        parts=(Part(title="", lines=(Line(place=WHOLE, text=found.text),)),),
    )


def _works(ids: tuple[str, ...], knowledge: Knowledge) -> tuple[str, ...]:
    works = {work.id: work for work in knowledge.works}
    return tuple(", ".join(part for part in (works[i].title, works[i].by, works[i].where) if part) for i in ids)
