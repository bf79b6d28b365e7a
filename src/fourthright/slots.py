"""The blanks of a card, filled with the manager's own words: noun phrases read off the text, never made up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, create_model

from fourthright.domain import Frozen
from fourthright.embedding import Embedder, Vectors
from fourthright.entries import Card, Slot, slots_in
from fourthright.knowledge import Knowledge
from fourthright.talk import Talk

MOST_WORDS = 3
LITTLE = 4
"""Letters below which words are not compared by their beginning."""
OFFERED = 4
NONE = "none"
TOKENS_PER_BLANK = 24
CLOSE_ENOUGH, ALSO_CLOSE = 0.45, 0.5
"""Cosine similarity between a phrase and what a blank asks for, below which a blank keeps its default; more for a second blank."""


class Nouns:
    """Reads noun phrases off a text by the word lists `blank-*`; there is no grammar behind it."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._written = knowledge.card_words
        self._people = frozenset(knowledge.word_list("blank-people").words)
        self._edge, self._not_last, self._not_wanted, self._describes, self._before_verb, self._ing = (
            frozenset(knowledge.word_list(f"blank-{name}").words)
            for name in ("edge", "not-last", "not-wanted", "describes", "before-verb", "ing-noun")
        )

    def names_people(self, head: str) -> bool:
        """Whether a noun stands for people."""
        return head.lower() in self._people

    def __call__(self, texts: Sequence[str]) -> dict[str, str]:
        """Head noun -> the first noun phrase of the texts that ends in it, verbatim, at most three words."""
        found: dict[str, str] = {}
        for text in texts:
            for clause in _CLAUSE_END.split(self._lowered(text)):
                tokens = _TOKEN.findall(clause)
                for at, token in enumerate(tokens):
                    if phrase := self._ending_at(at, tokens):
                        found.setdefault(token.lower(), phrase)
        return found

    def _lowered(self, text: str) -> str:
        """A text without the capital of its first word, where the handbook has that word in lower case: no name."""
        first = _TOKEN.match(text)
        common = first and first.group().lower() in self._written
        return text[:1].lower() + text[1:] if common else text

    def _ending_at(self, at: int, tokens: Sequence[str]) -> str | None:
        """The noun phrase whose last word stands at a place."""
        if not self._is_thing(at, tokens) or (at + 1 < len(tokens) and self._is_thing(at + 1, tokens)):
            return None
        start = at
        while start > 0 and at - start < MOST_WORDS - 1 and self._describes_a_thing(start - 1, tokens):
            start -= 1
        if any(_plural(word) for word in tokens[start:at]):
            return None  # a noun in the plural is followed by its verb, not by another noun
        while start < at and _bare(tokens[start]) in self._not_wanted:
            start += 1  # what is asked for is the sheet, not the empty sheet
        return " ".join(tokens[start : at + 1])

    def _describes_a_thing(self, at: int, tokens: Sequence[str]) -> bool:
        """Whether the word at a place can stand inside a noun phrase."""
        low = _bare(tokens[at])
        spelled = low.isalpha() and len(low) > 2 and not low.endswith("ed")
        adverb = low.endswith("ly") and low not in self._describes
        return spelled and not adverb and low not in self._edge and not self._is_verb(at, tokens)

    def _is_thing(self, at: int, tokens: Sequence[str]) -> bool:
        """Whether the word at a place can be the noun that a phrase ends in."""
        low = _bare(tokens[at])
        verbal = low.endswith("ing") and low not in self._ing
        owner = tokens[at].lower().endswith(("'s", "’s"))
        return self._describes_a_thing(at, tokens) and low not in self._not_last and not (verbal or owner)

    def _is_verb(self, at: int, tokens: Sequence[str]) -> bool:
        """Whether a word stands where a verb does; after "to" a plural is a noun."""
        before = _bare(tokens[at - 1]) if at else ""
        return before in self._before_verb and not (before == "to" and _plural(tokens[at]))


_CLAUSE_END = re.compile(r"[,.;:!?()\n\"“”]")
_TOKEN = re.compile(r"[^\W_][\w'’-]*")


def _bare(word: str) -> str:
    return word.lower().replace("'", "").replace("’", "").replace("-", "")


class Choice(Frozen):
    """What a blank may be filled with: phrases of the text, the closest in meaning first, and how close."""

    slot: str
    phrases: tuple[str, ...]
    scores: tuple[float, ...]


def choices(card: Card, texts: Sequence[str], embedder: Embedder, nouns: Nouns) -> tuple[Choice, ...]:
    """For each blank of a card, the noun phrases of the texts closest to what it asks for."""
    phrases = {head: phrase for head, phrase in nouns(texts).items() if not _says_twice(head, card)}
    if not phrases or not card.slots:
        return ()
    heads = list(phrases)
    said = embedder.embed(heads)
    made = (
        _choice(name, slot, _of_a_kind(slot, phrases, nouns), embedder.embed(_wanted(slot)) @ said.T)
        for name, slot in card.slots.items()
    )
    return tuple(choice for choice in made if choice.phrases)


def _of_a_kind(slot: Slot, phrases: Mapping[str, str], nouns: Nouns) -> dict[str, str | None]:
    """The phrases, None for people where a thing is asked for, and for things where people are."""
    people = bool(_WHO.match(slot.ask)) or nouns.names_people(slot.default.split()[-1])
    return {head: phrase if nouns.names_people(head) == people else None for head, phrase in phrases.items()}


def _choice(name: str, slot: Slot, phrases: Mapping[str, str | None], similarities: Vectors) -> Choice:
    kinds = _kind_nouns(slot)
    several = bool(kinds) and all(_plural(kind) for kind in kinds)
    parts = {_stem(word) for kind in (slot.default, *_kinds(slot.ask)) for word in kind.split()[:-1]}
    scores = {
        phrase: 1.0 if asks_for([head], slot) else float(score)
        for (head, phrase), score in zip(phrases.items(), similarities.max(axis=0), strict=True)
        if phrase and (_plural(head) or not several) and (_stem(head) not in parts or asks_for([head], slot))
    }
    best = sorted(scores, key=lambda phrase: -scores[phrase])[:OFFERED]
    return Choice(slot=name, phrases=tuple(best), scores=tuple(scores[phrase] for phrase in best))


def _wanted(slot: Slot) -> list[str]:
    return [slot.ask, slot.default, *_kinds(slot.ask)]


def asks_for(heads: Iterable[str], slot: Slot) -> bool:
    """Whether one of the nouns is what a blank asks for: "the chart or log left blank" asks for a chart or a log."""
    known = {(_stem(kind), _plural(kind)) for kind in _kind_nouns(slot)}
    return any((_stem(head), _plural(head)) in known for head in heads)


def _kind_nouns(slot: Slot) -> list[str]:
    return [kind.split()[-1].lower() for kind in _kinds(slot.ask)]


def _kinds(ask: str) -> list[str]:
    named = ask.partition(":")[2] or _RELATIVE.split(ask, maxsplit=1)[0]
    return [kind for part in _OR.split(named) if (kind := _ARTICLE.sub("", part.strip()))]


def _says_twice(head: str, card: Card) -> bool:
    """Whether a card's own words beside the blanks already say a noun: nobody signs a signature."""
    said = " ".join(re.sub(r"\{\w+\}", "", line) for line in (card.title, card.behaviour))
    own = {_stem(word) for word in _TOKEN.findall(said.lower()) if len(word) >= LITTLE}
    stem = _stem(head)
    return any(word in stem or stem in word for word in own if min(len(word), len(stem)) >= LITTLE)


_RELATIVE = re.compile(
    r"^(?:who|what|whom|where|whose)\b|\b(?:that|which|who|in which|on which|whose|where|left|with|during|for|of|at|on|in|they|nobody|such)\b"
)
_WHO = re.compile(r"who\b|whoever\b|whom\b|the (?:people|person)\b")
"""How a blank begins that takes people, and nothing else."""
_OR = re.compile(r",|\bor\b|\band\b")
_ARTICLE = re.compile(r"^(?:the|a|an)\s+")


def _stem(word: str) -> str:
    low = word.lower()
    return re.sub(r"(?:ing|ed|es|s|e)$", "", low) if len(low) > LITTLE else low


def by_meaning(offered: Sequence[Choice]) -> dict[str, str]:
    """Slot -> its closest phrase; slots that nothing fits well are absent and keep their default."""
    filled: dict[str, str] = {}
    for choice in sorted(offered, key=lambda c: -max(c.scores, default=0.0)):
        left = ((s, determined(p)) for p, s in zip(choice.phrases, choice.scores, strict=True))
        score, value = next(((s, v) for s, v in left if v not in filled.values()), (0.0, ""))
        if score >= (ALSO_CLOSE if filled else CLOSE_ENOUGH):
            filled[choice.slot] = value
    return filled


def by_model(card: Card, seen: str, offered: Sequence[Choice], talk: Talk) -> dict[str, str] | None:
    """Slot -> the phrase that the model picks among those near enough; None when its answer cannot be read."""
    offered = near_enough(offered)
    if not offered:
        return {}
    fields: dict[str, Any] = {c.slot: (Literal[(*dict.fromkeys(c.phrases), NONE)], ...) for c in offered}
    answer: type[BaseModel] = create_model("Filled", __config__=ConfigDict(extra="forbid"), **fields)
    task = talk.prompts["fill"].render(seen=seen, blanks="\n".join(_blank(card, c) for c in offered))
    parsed, _ = talk.ask(task, answer, max_tokens=TOKENS_PER_BLANK * len(offered) + 10)
    if parsed is None:
        return None
    filled: dict[str, str] = {}
    for slot, phrase in parsed.model_dump().items():
        if phrase != NONE and determined(phrase) not in filled.values():
            filled[slot] = determined(phrase)
    return filled


def near_enough(offered: Sequence[Choice]) -> list[Choice]:
    """What a model is asked about: the phrases that meaning alone would take too, and the blanks that have any.

    Offered less, a small model picks wrong words less often.
    """
    return [near for choice in offered if (near := _near(choice)).phrases]


def _near(choice: Choice) -> Choice:
    near = tuple((p, s) for p, s in zip(choice.phrases, choice.scores, strict=True) if s >= CLOSE_ENOUGH)
    return Choice(slot=choice.slot, phrases=tuple(p for p, _ in near), scores=tuple(s for _, s in near))


def _blank(card: Card, choice: Choice) -> str:
    line = next(t for t in (card.behaviour, card.work, *card.templates()) if choice.slot in slots_in(t))
    shown = card.fill(line, {choice.slot: "___"})
    offered = " / ".join((*dict.fromkeys(choice.phrases), NONE))
    return f"{choice.slot}: {shown}. ___ is: {card.slots[choice.slot].ask}. Choose: {offered}"


def _plural(word: str) -> bool:
    return word.endswith("s") and not word.endswith(("ss", "us", "is"))


def determined(phrase: str) -> str:
    """With an article, unless it is plural or a proper name: "contact note" becomes "the contact note"."""
    last = phrase.split()[-1]
    return phrase if _plural(last) or last[:1].isupper() else f"the {phrase}"
