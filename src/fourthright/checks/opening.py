"""A better wording for a closed question."""

from __future__ import annotations

import re

from fourthright.checks.language import Language

_ANY = "Begin with what, how or which, such as “What would help you with this?”"

_MODAL = re.compile(r"(do|did|can|could|will|would) you (\w+)(.*)", re.IGNORECASE)
_TURNS = (
    (re.compile(r"(?:is|was) there (?:anything|something) (?:that |which )?(.+)", re.IGNORECASE), r"What \1"),
    (re.compile(r"(?:are|were) there any (.+?) (?:that|who|which) (.+)", re.IGNORECASE), r"Which \1 \2"),
    (
        re.compile(
            r"do you think (?:that )?(.+?) (?:is|are|was|were|will|would|can|could|has|have)\b.*", re.IGNORECASE
        ),
        r"What do you think about \1",
    ),
)


def opened(closed: str, words: Language) -> str:
    """A closed question turned round where that gives English, else an example."""
    question = closed.strip().rstrip("?").strip()
    for pattern, turned in _TURNS:
        if match := pattern.match(question):
            return f"Ask “{match.expand(turned)}?”"
    if (match := _MODAL.match(question)) and match[2].lower() in words.verbs.plain:
        return f"Ask “How {match[1].lower()} you {match[2]}{match[3]}?”"
    return _ANY
