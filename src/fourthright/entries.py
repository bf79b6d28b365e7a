"""What the handbook is made of, as typed values: cards, questions, notes, rules, triggers, labels, meanings and word lists.

Pure: each entry checks itself; what links one entry to another is checked by `knowledge`.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from fourthright.domain import DIMENSIONS, Dimension, Level, Purpose, Severity, StepName, Text

SlotName = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Kind = Literal[
    "office",
    "engineering",
    "sales",
    "support",
    "retail",
    "warehouse",
    "manufacturing",
    "kitchen",
    "care",
    "teaching",
    "field",
    "public",
    "driving",
    "leading",
]
"""Kinds of work; "public" is a public office."""


def slots_in(text: str) -> tuple[str, ...]:
    """The `{slot}` names in a template, in order."""
    return tuple(name for _, name, _, _ in string.Formatter().parse(text) if name)


class Entry(BaseModel):
    """A piece of a knowledge file: immutable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _whole_words(words: Iterable[str], patterns: Iterable[str] = ()) -> re.Pattern[str]:
    escaped = (re.escape(word).replace("\\ ", "[ -]") for word in sorted(words, key=len, reverse=True))
    return re.compile("|".join((*(rf"\b{word}\b" for word in escaped), *patterns)) or "(?!)", re.IGNORECASE)


class Slot(Entry):
    """A hole in a card's wording, filled with the manager's own words or else with `default`."""

    default: Text
    ask: Text
    """What the words in the hole name, as the model reads it."""


class Seed(Entry):
    """A question of a card, with what to listen for in the answer."""

    text: Text
    listen_for: Text


class LookAlike(Entry):
    """The card that one is most easily mistaken for, and how to tell them apart."""

    card: Id
    because: Text


class Card(Entry):
    """One observable behaviour: what people call its absence, how it is measured, where to start, what to ask."""

    id: Id
    title: Text
    work: Text
    """A gerund phrase that fits after "What gets in the way of"."""
    slots: dict[SlotName, Slot] = Field(default_factory=dict)
    labels: Annotated[tuple[Text, ...], Field(min_length=2)]
    phrases: Annotated[tuple[Text, ...], Field(min_length=5)]
    """How managers put it, typos and anger included; what retrieval matches."""
    behaviour: Text
    measure: Text
    measure_too: Text
    """Another way to measure the same behaviour, where the first cannot be had."""
    target: Text
    target_why: Text
    by_when: Text
    first_step: Text
    payoff: Text
    """Why it matters to others, as one sentence the manager can say in Enforce."""
    safety: bool = False
    """One failure risks life, injury, security or great loss: a full-marks target is fair."""
    questions: dict[Dimension, Annotated[tuple[Seed, ...], Field(min_length=2)]]
    find_out: Annotated[tuple[Text, ...], Field(min_length=2, max_length=4)]
    obstacles: Annotated[tuple[Text, ...], Field(min_length=2, max_length=4)]
    """Likely causes that are neither fault nor will."""
    unlike: LookAlike
    reaction: Text
    jobs: Annotated[tuple[Kind, ...], Field(min_length=1)]
    sources: Annotated[tuple[Id, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _every_slot_is_declared(self) -> Self:
        if missing := set(DIMENSIONS) - set(self.questions):
            raise ValueError(f"no questions for {', '.join(sorted(missing))}")
        used = {name for text in self.templates() for name in slots_in(text)}
        if used != set(self.slots):
            raise ValueError(f"slots used {sorted(used)} and slots declared {sorted(self.slots)} differ")
        return self

    def templates(self) -> Iterator[str]:
        """Every text of the card that may hold a slot."""
        yield from (self.title, self.work, self.behaviour, self.measure, self.measure_too, self.target, self.by_when)
        yield from (self.first_step, self.payoff, self.reaction, *self.find_out, *self.obstacles)
        for seeds in self.questions.values():
            for seed in seeds:
                yield from (seed.text, seed.listen_for)

    def fill(self, template: str, values: dict[str, str] | None = None) -> str:
        """A template of this card with its slots filled from `values`, else from the defaults."""
        filled = template.format_map({name: slot.default for name, slot in self.slots.items()} | (values or {}))
        return filled[:1].upper() + filled[1:] if template[:1] in "{" or template[:1].isupper() else filled


class Said(Entry):
    """What managers say about one card's behaviour, in many trades and moods; where `card` is none, what no card answers."""

    card: Id | None
    words: Annotated[tuple[Text, ...], Field(min_length=2)]


class BankQuestion(Entry):
    """A question of the bank; `{work}` takes a card's gerund phrase."""

    id: Id
    dimension: Dimension | None
    step: StepName
    purpose: Purpose = "explore"
    when: Literal["general", "relapse", "strength", "no_evidence", "commitment", "HR"] = "general"
    text: Text
    listen_for: str
    sources: Annotated[tuple[Id, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _only_the_work_slot(self) -> Self:
        if extra := set(slots_in(self.text)) - {"work"}:
            raise ValueError(f"unknown slots {sorted(extra)}; a bank question may only use {{work}}")
        return self


class Note(Entry):
    """A passage of the method in our own words: Markdown with front matter."""

    id: Id
    title: Text
    dimension: Dimension | None = None
    step: StepName | None = None
    ask: tuple[Text, ...] = ()
    """How a manager would look for it."""
    sources: Annotated[tuple[Id, ...], Field(min_length=1)]
    text: Text


class Rule(Entry):
    """A named criterion as the manager reads it."""

    id: Id
    applies_to: Literal["expectation", "question", "page"]
    severity: Severity
    text: Text
    reason: Text
    source: Id


class Trigger(Entry):
    """A safeguard: the words that fire it, the reason and the route that are shown."""

    id: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    level: Level
    title: Text
    reason: Text
    route: Text
    cues: tuple[Text, ...] = ()
    """Regular expressions, matched without regard to case."""
    spared: tuple[Text, ...] = ()
    """Regular expressions for ordinary talk that only looks like a cue."""
    examples: tuple[Text, ...] = ()
    """Whole sentences that a text is compared with by meaning."""
    say: Text | None = None
    """What the manager says to HR (or the emergency route) when the page is withheld."""
    hand_over: tuple[Text, ...] = ()
    ask: tuple[Text, ...] = ()
    find_out: tuple[Text, ...] = ()
    meanwhile: Text | None = None
    """What goes on as usual until the route has answered."""
    sources: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _a_withheld_page_has_words(self) -> Self:
        for pattern in (*self.cues, *self.spared):
            try:
                re.compile(pattern, re.IGNORECASE)
            except re.error as error:
                raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
        if self.level != "FLAG" and not (self.say and self.hand_over and self.ask and self.meanwhile):
            raise ValueError(f"a {self.level} trigger needs say, hand_over, ask and meanwhile")
        return self


class Label(Entry):
    """A vague phrase and what to look at instead of it."""

    words: Annotated[tuple[Text, ...], Field(min_length=1)]
    look_at: Text
    becomes: Text
    """The phrase translated: a behaviour a camera would show."""

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Any of its words, whole, in any case."""
        return _whole_words(self.words)


class Meaning(Entry):
    """What people say of a kind of behaviour, and the cards that it may stand for."""

    words: Annotated[tuple[Text, ...], Field(min_length=1)]
    cards: tuple[Id, ...]
    """The likeliest first; none where the words say too little about any one card."""


class WordList(Entry):
    """Words or patterns of the language that code sorts and checks with, and where they come from."""

    id: Id
    origin: Text
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    """Regular expressions, matched without regard to case."""

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """All words (whole words, any case) and patterns as one alternation."""
        return _whole_words(self.words, self.patterns)


class SourceWork(Entry):
    """A publication that knowledge rests on."""

    id: Id
    title: Text
    by: Text
    year: int | None = None
    where: str | None = None
