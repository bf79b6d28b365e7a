"""The blanks of a card, filled with the manager's own words: noun phrases read off the text, never made up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, create_model

from fourthright.domain import Frozen
from fourthright.embedding import Embedder
from fourthright.knowledge import Card, slots_in
from fourthright.talk import Talk

MOST_WORDS = 3
OFFERED = 4
NONE = "none"
TOKENS_PER_BLANK = 24
NEAR_ENOUGH = 0.3
"""How close in meaning a phrase must be that the model picks."""
CLOSE_ENOUGH, ALSO_CLOSE = 0.45, 0.5
"""Cosine similarity between a phrase and what a blank asks for, below which a blank keeps its default; more for a second blank."""

_EDGE = frozenset(
    """
    a an the and or but so of to in on at for from by with without as is are was were be been has have had do
    does did not no never he she it they we i you him her his their its my our your me us them this that these
    those who which what when where there here than then if because while after before until since up out off
    over again also just still only even too very more most last next week month day today yesterday tomorrow
    morning afternoon night monday tuesday wednesday thursday friday saturday sunday january february march
    april may june july august september october november december spring summer autumn one two three four
    five six seven eight nine ten times time once twice several some all every each both half dozen late early
    got get gets went go goes came come said told asked put took gave left made saw found know see hadnt wasnt
    werent didnt doesnt hasnt isnt arent wasnt couldnt cant wont dont im ive hes shes theres thats says say
    nearly about around under been being anybody nobody everybody ones other others own same past yes well
    good
    sat stood ran kept held brought wrote sent lost hit cut set let paid met felt fell broke spoke chose drove ate drank
    stuck caught bought built thought taught sold slept won wore threw rang began shut spent dealt meant led swept
    start starts needs wants knows thinks looks seems works runs comes goes takes makes gives gets keeps puts calls
    """.split()
)


_ING_NOUNS = frozenset(
    "meeting training briefing building booking listing drawing reading rating opening filing hearing wiring".split()
)


def candidates(texts: Sequence[str]) -> dict[str, str]:
    """Head noun -> the noun phrase of the texts that ends in it, verbatim, at most three words."""
    found: dict[str, str] = {}
    for text in texts:
        for clause in re.split(r"[,.;:!?()\n\"“”]", text):
            tokens = re.findall(r"[^\W_][\w'’-]*", clause)
            for at, token in enumerate(tokens):
                following = tokens[at + 1] if at + 1 < len(tokens) else ""
                if not _names_a_thing(token) or (following and _may_describe(following) and _names_a_thing(following)):
                    continue
                start = at
                while start > 0 and at - start < MOST_WORDS - 1 and _may_describe(tokens[start - 1]):
                    start -= 1
                if any(_plural(word) for word in tokens[start:at]):
                    continue  # a noun in the plural is followed by its verb, not by another noun
                found.setdefault(token.lower(), " ".join(tokens[start : at + 1]))
    return found


def _may_describe(word: str) -> bool:
    """Whether a word can stand inside a noun phrase."""
    low = word.lower().replace("'", "").replace("’", "")
    return low.isalpha() and len(low) > 2 and low not in _EDGE and not low.endswith(("ed", "ly"))


def _names_a_thing(word: str) -> bool:
    """Whether a word can be the noun that a phrase ends in."""
    low = word.lower()
    return _may_describe(word) and (low in _ING_NOUNS or not low.endswith(("ing", "'s", "’s")))


class Choice(Frozen):
    """What a blank may be filled with: phrases of the text, the closest in meaning first, and how close."""

    slot: str
    phrases: tuple[str, ...]
    scores: tuple[float, ...]


def choices(card: Card, texts: Sequence[str], embedder: Embedder) -> tuple[Choice, ...]:
    """For each blank of a card, the noun phrases of the texts closest to what it asks for."""
    phrases = candidates(texts)
    if not phrases or not card.slots:
        return ()
    heads = list(phrases)
    said = embedder.embed(heads)
    found = []
    for name, slot in card.slots.items():
        scores = (embedder.embed([slot.ask, slot.default]) @ said.T).max(axis=0)
        best = scores.argsort()[::-1][:OFFERED]
        found.append(
            Choice(
                slot=name,
                phrases=tuple(phrases[heads[i]] for i in best),
                scores=tuple(float(scores[i]) for i in best),
            )
        )
    return tuple(found)


def by_meaning(offered: Sequence[Choice]) -> dict[str, str]:
    """Slot -> its closest phrase; slots that nothing fits well are absent and keep their default."""
    filled: dict[str, str] = {}
    for choice in offered:
        value = determined(choice.phrases[0])
        if choice.scores[0] >= (ALSO_CLOSE if filled else CLOSE_ENOUGH) and value not in filled.values():
            filled[choice.slot] = value
    return filled


def by_model(card: Card, seen: str, offered: Sequence[Choice], talk: Talk) -> dict[str, str] | None:
    """Slot -> the phrase that the model picks among those offered; None when its answer cannot be read."""
    fields: dict[str, Any] = {c.slot: (Literal[(*dict.fromkeys(c.phrases), NONE)], ...) for c in offered}
    answer: type[BaseModel] = create_model("Filled", __config__=ConfigDict(extra="forbid"), **fields)
    task = talk.prompts["fill"].render(seen=seen, blanks="\n".join(_blank(card, c) for c in offered))
    parsed, _ = talk.ask(task, answer, max_tokens=TOKENS_PER_BLANK * len(offered) + 10)
    if parsed is None:
        return None
    scores = {(c.slot, phrase): score for c in offered for phrase, score in zip(c.phrases, c.scores, strict=True)}
    filled: dict[str, str] = {}
    for slot, phrase in parsed.model_dump().items():
        if scores.get((slot, phrase), 0.0) >= NEAR_ENOUGH and determined(phrase) not in filled.values():
            filled[slot] = determined(phrase)
    return filled


def _blank(card: Card, choice: Choice) -> str:
    line = next(t for t in (card.behaviour, card.work, *card.templates()) if choice.slot in slots_in(t))
    shown = card.fill(line, {choice.slot: "___"})
    offered = " / ".join((*dict.fromkeys(choice.phrases), NONE))
    return f"{choice.slot}: {shown}. ___ is: {card.slots[choice.slot].ask}. Choose: {offered}"


def _plural(word: str) -> bool:
    return word.endswith("s") and not word.endswith(("ss", "us", "is"))


def determined(phrase: str) -> str:
    """With an article, unless it is plural or a proper name: "contact note" becomes "the contact note"."""
    return phrase if _plural(phrase.split()[-1]) or phrase[:1].isupper() else f"the {phrase}"
