"""Whose conversation it is: the employee's name, read off the text where the manager gave none."""

from __future__ import annotations

import re

from fourthright.knowledge import Knowledge

_NAME = re.compile(r"\b[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][a-zà-ÿ-]+)?", re.UNICODE)
_BEFORE = re.compile(
    r"(?:\b(?:about|with|for|named?(?: is)?|called|employee|guard|driver|of mine|Mr\.?|Mrs\.?|Ms\.?|Frau|Herr|Don|RN|"
    r"supervisor|lead|mechanic|technician|commis|analyst|dispatcher|inspector|consultant|nurse|manage)[,:]? ?=? ?)$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"^(?:['’]s\b| (?:is|was|has|had|does|did|doesn|just|she|he|so|basically|runs|leads|handles|closes|writes|plans|"
    r"works|brings|lacks|came|opens|\w+ed|\w+s)\b|,)"
)


def employee_names(text: str, given: tuple[str, ...], knowledge: Knowledge) -> tuple[str, ...]:
    """The given names, or else the one capitalised word that the text speaks of as a person; may be empty."""
    if given:
        return given
    excluded = knowledge.word_list("cue-name-not").regex
    scores: dict[str, float] = {}
    for match in _NAME.finditer(text):
        first = match.group().split()[0].removesuffix("'s").removesuffix("’s")
        if excluded.fullmatch(first) or not first[0].isupper() or first.isupper():
            continue
        started = not text[: match.start()].rstrip() or text[: match.start()].rstrip()[-1] in ".!?:\n"
        points = 2.0 * bool(_BEFORE.search(text[: match.start()])) + 1.5 * bool(_AFTER.match(text[match.end() :]))
        points += 0.0 if started else 1.0
        if text.lower().count(first.lower()) > 1:
            points += 0.5
        scores[first] = scores.get(first, 0.0) + points + (1.0 if not scores else 0.0)
    best = max(scores, key=lambda n: scores[n], default=None)
    return (best,) if best and scores[best] >= 1.5 else ()
