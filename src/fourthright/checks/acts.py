"""Which acts a behaviour names: where its verb stands, and whether a second verb with an object of its own follows."""

from __future__ import annotations

import re
from typing import Literal

from fourthright.checks.language import Language

WORD = re.compile(r"[\w'-]+")

Form = Literal["third", "plain", "ing", "any"]

_THIRD_PERSON = re.compile(r"(?!this|thus|plus|was)[a-z-]{2,}[^s'\W]s", re.IGNORECASE)
_HAVE = "has"
_IS = "is"
_STOPS = (",", ";", ".")
_BE = {"is", "has", "was", "are"}


def heads(text: str, words: Language) -> list[int]:
    """Where the sentence's verb stands, then where each part after "and", a comma or a full stop begins."""
    subject = words.at("check-subjects", text, len(text) - len(text.lstrip()))
    first = subject.end() if subject else 0
    return [first, *(mark.end() for mark in words.all("check-clause-marks", text) if mark.start() > first)]


def acts_after(text: str, position: int, words: Language) -> bool:
    """Whether another act is named somewhere after a position."""
    starts = [mark.end() for mark in words.all("check-clause-marks", text) if mark.start() >= position]
    return any(not words.at("check-stop-forms", text, at) and _is_act(text, at, words, "any") for at in starts)


def second_act(text: str, start: int, words: Language) -> slice | None:
    """The part of a behaviour that names a second act, when its own verb stands at `start`."""
    head = WORD.match(text, _after_negation(text, start, words))
    if head is None:
        return None
    if extra := words.find("check-extra-acts", text) or words.at("check-parallel-results", text, start):
        return _second_part(text, extra, words)
    form = _form(head[0].lower(), words)
    marks = [mark for mark in words.all("check-clause-marks", text) if mark.start() >= head.end()]
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends, strict=False):
        before, part = text[start : mark.start()], text[mark.end() : end]
        if not _is_act(text, mark.end(), words, form) or _same_act(before, part, words):
            continue
        if mark[0].strip().startswith(_STOPS) or not _inside_clause(before, words):
            return slice(mark.start(), end)
    return None


def _second_part(text: str, hit: re.Match[str], words: Language) -> slice:
    """The part of a hit from its "and" on; all of it where it has none before another word."""
    joined = [mark.start() for mark in words.all("check-clause-marks", text) if hit.start() < mark.start() < hit.end()]
    return slice(joined[0] if joined else hit.start(), hit.end())


def _after_negation(text: str, position: int, words: Language) -> int:
    negation = words.at("check-negations", text, position)
    return negation.end() if negation else position


def _form(verb: str, words: Language) -> Form:
    if verb in _BE or verb in words.verbs.third or _THIRD_PERSON.fullmatch(verb):
        return "third"
    return "ing" if verb.endswith("ing") else "plain"


def _is_act(text: str, position: int, words: Language, form: Form) -> bool:
    """Whether a verb of the same form as the head begins here; a word that may be a noun needs an object after it."""
    start = _after_negation(text, position, words)
    word = WORD.match(text, start)
    if word is None:
        return False
    if start > position:
        form = "any"
    verb, verbs = word[0].lower(), words.verbs
    after = text[word.end() :].lstrip()
    forms = {"third": verbs.third, "ing": verbs.ing, "plain": verbs.plain, "any": verbs.third | verbs.plain}
    if verb not in forms[form] or verb == _HAVE:
        # An unknown word in -s before "the" or "her" is a verb too.
        unknown = form in {"third", "any"} and (verb == _HAVE or _THIRD_PERSON.fullmatch(verb) is not None)
        if verb == _IS:
            return form == "third"
        modifies = words.at("check-plural-modifiers", verb) is not None
        return unknown and words.at("check-determiners" if modifies else "check-objects", after) is not None
    if verb not in verbs.nouns or words.at("check-stop-forms", text, start):
        return True
    return bool(after) if form == "any" else after[:1].isupper() or words.at("check-objects", after) is not None


def _same_act(before: str, part: str, words: Language) -> bool:
    """ "Signs and dates the sheet" and "writes the order down and reads it back" are one act."""
    if all(words.at("check-particles", word) for word in WORD.findall(before)[1:]):
        return True
    near = any(words.at("check-same-act", word) for word in WORD.findall(part)[1:4])
    return near or words.find("check-same-thing", part) is not None


def _inside_clause(before: str, words: Language) -> bool:
    """Whether the text so far ends inside a clause with its own subject and verb, which "and" may go on with."""
    opener = words.find("check-subordinators", before)
    if opener is None:
        return False
    rest = [word.lower() for word in WORD.findall(before[opener.end() :])]
    return any(word in words.verbs.third or word in _BE for word in rest[1:])
