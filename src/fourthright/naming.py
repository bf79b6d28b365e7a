"""Whose conversation it is: the employee's name, read off the text where the manager gave none.

A wrong name is worse than none: without good grounds, or with two people as likely, there is no name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fourthright.knowledge import Knowledge, lower_case_words
from fourthright.spoken import ROLE

ENOUGH, AHEAD = 3.0, 1.5
"""Points that a name needs, and by how many it must lead the next one."""
NEARBY = 160
"""Characters after a name within which "he" or "she" counts as its own."""
_WORD = re.compile(r"(?<![\w'’])[^\W\d_](?:[\w-]|['’´](?!s\b))*")
_ROLE_BEFORE = re.compile(rf"\b{ROLE}(?:,|:| =)? $", re.IGNORECASE)
_A_ROLE = re.compile(ROLE)
_ROLE_AFTER = re.compile(
    rf"^(?:,? (?:our|my|a|an|the)|, \d\w+ \w+|,| is (?:my|our|an?)) (?:[\w-]+ ){{0,3}}?{ROLE}\b", re.IGNORECASE
)
_IS = re.compile(
    r"^,? (?:(?:also|always|never|just|still|often|really|only) )?(?:is|was|has|had|does|did|doesn|didn|isn|wasn|hasn|he|she)\b"
)
_DOES = re.compile(
    r"^ (?:(?:also|always|never|just|still|often|really|honestly|basically|only) )?(?:will|would|can|came|left|went|took|"
    r"got|gave|sent|ran|told|kept|lost|made|put|said|let|forgot|he|she|\w{2,}(?:ed|es|s))\b"
)
_OWNS = re.compile(r"^['’]s \w")
_PLACED = re.compile(r"^(?:,| (?:on|from|in|at|who|our|my|out)\b)")
_SUBJECT = re.compile(r"^,? (?:s?he|who|is|was|has|had|does|doesn|isn|hasn|keeps)\b|^['’]s (?:an?|not|late|been|the)\b")
_PRONOUN = re.compile(r"\b(?:s?he|s?he['’´]?s|his|her|him|hers)\b", re.IGNORECASE)
_OPENS = re.compile(r"(?:^|[.!?:;)=*•–-])\s*$")
_ENDINGS = re.compile(r"(?:ly|tions?|ness|ments?|n['’]?t)$")


def employee_names(text: str, given: tuple[str, ...], knowledge: Knowledge) -> tuple[str, ...]:
    """The given names, or else what the one person the text is clearly about is called; may be empty."""
    if given:
        return given
    flat, words = " ".join(text.split()), _Words(text, knowledge)
    mentions = [m for m in _WORD.finditer(flat) if words.may_be_name(m.group())]
    mentions = [m for m in mentions if m.group().islower() or not words.is_name_before(flat[: m.start()])]
    if name := _clear_best(_scores(flat, [m for m in mentions if m.group()[0].isupper()], words)):
        return _with_surname(flat, name, words)
    name = _clear_best(_scores(flat, [m for m in mentions if m.group().islower()], words))
    return (name.capitalize(),) if name else ()


class _Words:
    """What the handbook knows about words that are, or are not, names."""

    def __init__(self, text: str, knowledge: Knowledge) -> None:
        typed = lower_case_words(text)
        also_word = frozenset(knowledge.word_list("name-also-word").words)
        self.both = also_word - typed
        """Names that are words too, where the text does not use the word."""
        no_names = frozenset((*knowledge.word_list("name-not").words, *knowledge.word_list("name-titles").words))
        self._ordinary = (knowledge.vocabulary | no_names | also_word) - self.both
        self.titles = re.compile(rf"(?:{knowledge.word_list('name-titles').regex.pattern})\.? $", re.IGNORECASE)
        self.introduces = knowledge.word_list("name-introduces").regex
        self.another = knowledge.word_list("name-another").regex
        self.informs = knowledge.word_list("name-informs").regex

    def may_be_name(self, word: str) -> bool:
        """Whether the word is neither an ordinary one, nor a form of one, nor an abbreviation."""
        low = word.lower()
        stems = (low.removesuffix(ending) for ending in ("s", "ed", "ing", "d"))
        ordinary = (
            bool({low, re.split("['’´]", low)[0]} & self._ordinary)
            or bool(_A_ROLE.fullmatch(low))
            or any(len(stem) > 3 and stem in self._ordinary for stem in stems if stem != low)
        )
        return len(word) > 1 and not ordinary and not word.isupper() and not _ENDINGS.search(low)

    def past_surname(self, after: str) -> str:
        """What follows a name, a second name skipped."""
        match = re.match(r" ([^\W\d_][\w-]+)", after)
        return after[match.end() :] if match and match[1][0].isupper() and self.may_be_name(match[1]) else after

    def is_name_before(self, before: str) -> bool:
        """Whether a name stands directly before, so that the next one is a second name."""
        match = re.search(r"([^\W\d_][\w-]+) $", before)
        return bool(match and match[1][0].isupper() and self.may_be_name(match[1]))


def _scores(text: str, mentions: Sequence[re.Match[str]], words: _Words) -> dict[str, float]:
    """Name -> points: its best mention, and a little for each further one."""
    found: dict[str, list[float]] = {}
    for at, match in enumerate(mentions):
        first = at == 0 or not found
        found.setdefault(match.group(), []).append(_points(text, match, words) + first)
    alone = 0.5 * (len(found) == 1)
    return {name: max(points) + 0.5 * min(len(points) - 1, 3) + alone for name, points in found.items()}


def _points(text: str, match: re.Match[str], words: _Words) -> float:
    before, after = text[: match.start()], words.past_surname(text[match.end() :])
    titled = words.titles.search(before)
    before = before[: titled.start()] if titled else before
    introduced = bool(_ROLE_BEFORE.search(before) or words.introduces.search(before) or _ROLE_AFTER.match(after))
    if match.group().islower() and not (_SUBJECT.match(after) if introduced else not before and _DOES.match(after)):
        return -1.0
    also_word = match.group().lower() in words.both
    acts = bool(_IS.match(after) or _OWNS.match(after) or (_DOES.match(after) and not also_word))
    points = 3.0 * introduced + 1.5 * acts + 1.0 * bool(titled) + 0.5 * (not _OPENS.search(before))
    points += 1.0 * bool(_PRONOUN.search(after[:NEARBY]))
    points += 2.0 * (len(before) < 20 and not introduced and not also_word and bool(_PLACED.match(after)))
    apart = bool(words.another.search(before)) and not introduced and not (acts and before.endswith(" and "))
    return points - 3.0 * apart - 3.0 * (not introduced and bool(words.informs.match(after)))


def _clear_best(scores: dict[str, float]) -> str | None:
    ranked = sorted(scores, key=lambda name: scores[name], reverse=True)
    if not ranked or scores[ranked[0]] < ENOUGH:
        return None
    return ranked[0] if len(ranked) == 1 or scores[ranked[0]] - scores[ranked[1]] >= AHEAD else None


def _with_surname(text: str, name: str, words: _Words) -> tuple[str, ...]:
    """The name as it is mostly used: alone, or with the second name that always follows it."""
    pairs = re.findall(rf"\b{re.escape(name)} ([^\W\d_][\w-]+)", text)
    full = [f"{name} {second}" for second in pairs if second[0].isupper() and words.may_be_name(second)]
    alone = len(re.findall(rf"\b{re.escape(name)}\b", text)) > len(full)
    return (*((name,) if alone or not full else ()), *dict.fromkeys(full))
