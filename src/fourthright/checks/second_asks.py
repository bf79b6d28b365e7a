"""Where a second question begins inside a first one."""

from __future__ import annotations

import re

from fourthright.checks.asked import Ask
from fourthright.checks.language import Language

_ASIDE = re.compile(r"\w+,[^,?]+,")
_WORD = re.compile(r"[\w'-]+")


def second_ask(text: str, ask: Ask, words: Language) -> int | None:
    """The offset at which a sentence that asks begins to ask again; None when it asks one thing."""
    for hit in words.all("check-second-asks", text[: ask.end]):
        if hit.start() > _after_aside(text, ask.head) and _is_second(text, ask, hit, words):
            return hit.start()
    return None


def _after_aside(text: str, head: int) -> int:
    """Past the aside in "When, as you understand it, should …": what follows is still the first question."""
    aside = _ASIDE.match(text, head)
    return aside.end() if aside else head


def _is_second(text: str, ask: Ask, hit: re.Match[str], words: Language) -> bool:
    before = text[ask.head : hit.start()]
    last = _WORD.findall(before)[-1:]
    if last and words.at("check-inner-wh", last[0]):  # "when and how do you …" is one question
        return False
    inverted = words.at("check-inversion", text[hit.end() :].lstrip()) is not None
    inner = len(words.all("check-inner-wh", before))
    if inner == 0 and not inverted and words.at("check-object-wanted", text, ask.head):
        return False  # "Tell me, as if I were new, how you decide": the request has had no object so far
    # "… noting who called and why" goes on with a clause inside the question; the question's own word does not count.
    own = 0 if ask.closed else 1
    return inverted or not (inner > own and hit[0].split()[0] == "and")
