"""What may be rewritten: a row that is a vague phrase in English, else one line that says what it is instead.

Whether a line is English at all is asked of questions, too.
"""

from __future__ import annotations

import re

from fourthright.checks import ExpectationText, check_expectation
from fourthright.checks.language import language
from fourthright.errors import BadInput, NotEnglish
from fourthright.intake import SURELY_FOREIGN, chance_of_english
from fourthright.knowledge import Knowledge

MAX_PHRASE_CHARS = 300
MAX_CONTEXT_CHARS = 300
LIKELY_ENGLISH = 0.2
"""Chance of English that several words need of which the handbook knows none, and letters that English has not."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


class English:
    """Tells a line in English, too short for a language to be told by its letters alone, from one in another language."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._known = knowledge.vocabulary | frozenset(knowledge.word_list("rewrite-frame").words)

    def __call__(self, line: str) -> bool:
        """Whether the handbook knows most of the words, or the language may be English."""
        text = line.lower().replace("’", "'")
        words = _WORD.findall(text)
        known = sum(word in self._known for word in words)
        little_known = not known and len(words) > 1
        enough = LIKELY_ENGLISH if little_known or not text.isascii() else SURELY_FOREIGN
        return not words or 2 * known > len(words) or chance_of_english(text) >= enough


class Phrases:
    """Tells vague phrases from what cannot be rewritten."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._verbs = language(knowledge).verbs
        self._wish = knowledge.word_list("rewrite-wish").regex
        self._is_english = English(knowledge)

    def check(self, phrase: str) -> None:
        """BadInput or NotEnglish for a row that is no vague phrase."""
        if not any(char.isalpha() for char in phrase):
            what = "holds a number" if any(char.isdigit() for char in phrase) else "is empty"
            raise BadInput(f"this row {what}: write the phrase in words, such as “more customer focus”")
        if len(phrase) > MAX_PHRASE_CHARS:
            raise BadInput(
                f"this row has {len(phrase):,} characters and a phrase at most {MAX_PHRASE_CHARS}: "
                "for a whole situation, prepare a page"
            )
        if not self._is_english(phrase):
            raise NotEnglish("this looks like another language; Fourthright works in English only")
        if self._is_measurable(phrase):
            raise BadInput("this is a measurable expectation already: keep it as it is")

    def _is_measurable(self, phrase: str) -> bool:
        """Whether a phrase names an act with its target and its time."""
        act = self._without_wish(phrase)
        first = _WORD.match(act)
        if first is None or first[0].lower() not in self._verbs.third | self._verbs.plain:
            return False
        fields = ExpectationText(behaviour=act, measure=act, target=act, by_when=act)
        return not any(found.severity == "error" for found in check_expectation(fields, self._knowledge))

    def _without_wish(self, phrase: str) -> str:
        act = phrase.strip()
        while found := self._wish.match(act):
            act = act[found.end() :].strip()
        return act[:1].upper() + act[1:]


def checked_context(context: str | None) -> str | None:
    """The context on one line, None where there is none; BadInput when it is too long."""
    line = " ".join((context or "").split())
    if len(line) > MAX_CONTEXT_CHARS:
        raise BadInput(
            f"the context is too long: at most {MAX_CONTEXT_CHARS} characters, such as the job and the place"
        )
    return line or None
