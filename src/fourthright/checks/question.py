"""The rules for one question."""

from __future__ import annotations

import re
from collections.abc import Callable

from fourthright.checks.asked import Ask, Asked, read
from fourthright.checks.language import Language, Verdict, finding, language, plain, words_of
from fourthright.checks.opening import opened
from fourthright.checks.second_asks import second_ask
from fourthright.domain import Finding, Purpose
from fourthright.knowledge import Knowledge

MAX_WORDS = 25


def check_question(
    text: str, purpose: Purpose, knowledge: Knowledge, names: tuple[str, ...] = ()
) -> tuple[Finding, ...]:
    """The broken rules of a question, in the order of `QUESTION_RULES`; `names` are the employee's."""
    words = language(knowledge)
    asked = read(text, purpose, names, words)
    return tuple(
        finding(rule_id, verdict, knowledge)
        for rule_id, rule in QUESTION_RULES.items()
        if (verdict := rule(asked, words)) is not None
    )


def open_question(asked: Asked, words: Language) -> Verdict | None:
    """Yes or no would not answer it; a commitment check may be closed."""
    if not asked.asks:
        return Verdict(asked.typed.strip(), opened("", words))
    for ask in asked.asks:
        if ask.closed and not (asked.purpose == "commitment" and _commits(asked.text, ask, words)):
            return Verdict(asked.said(ask), opened(asked.typed[ask.head : ask.end], words))
    return None


def not_leading(asked: Asked, words: Language) -> Verdict | None:
    """No answer, fault or feeling is put in their mouth."""
    hit = words.find("check-tags", asked.text)
    if hit is not None:
        return Verdict(words_of(asked.typed, hit), "Drop the tag and ask “How do you see it?”")
    for ask in asked.asks:
        for list_id in ("check-leading-openers", "check-statements"):
            if ask.text.endswith("?") and (hit := words.at(list_id, asked.text, ask.head)):
                return Verdict(words_of(asked.typed, hit), "Ask without the answer in it, such as “How do you see it?”")
    text = asked.text
    hit = (
        words.find("check-leading", text)
        or words.find("check-faults", text)
        or _framed("check-fault-acts", "check-fault-frames", text, words)
        or _feeling(text, words)
    )
    if hit is None:
        return None
    return Verdict(words_of(asked.typed, hit), "Ask what happened or how they see it, and leave the answer to them.")


def one_thing(asked: Asked, words: Language) -> Verdict | None:
    """One question; the second one waits for the answer."""
    if len(asked.asks) > 1:
        first, second = asked.asks[0], asked.asks[1]
        return Verdict(asked.said(second), f"Ask “{asked.said(first)}” first, and the rest after the answer.")
    for ask in asked.asks:
        if (at := second_ask(asked.text, ask, words)) is not None:
            first_part = asked.typed[ask.start : at].strip(" ,;:-–—")
            quote = asked.typed[at : ask.end].strip(" ,;:-–—")
            return Verdict(quote, f"Ask “{first_part}?” first, and the rest after the answer.")
    return None


def no_blame(asked: Asked, words: Language) -> Verdict | None:
    """It does not ask them to justify themselves."""
    text = asked.text
    hit = (
        words.find("check-blame", text)
        or _framed("check-fault-acts", "check-blame-frames", text, words)
        or _framed("check-mishaps", "check-mishap-frames", text, words)
    )
    if hit is None:
        return None
    return Verdict(words_of(asked.typed, hit), "Ask about the event: “What happened just before that, as you saw it?”")


def to_the_person(asked: Asked, words: Language) -> Verdict | None:
    """It speaks to the person across the table."""
    if named := _named(asked.text, asked.names):
        return Verdict(named, f"Say “you” in place of “{named}”.")
    absent = words.find("check-absent-person", asked.text)
    if absent is None and words.find("check-you", asked.text):
        return None
    absent = absent or words.find("check-third-person", asked.text)
    if absent is not None:
        return Verdict(words_of(asked.typed, absent), f"Say “you” in place of “{words_of(asked.typed, absent)}”.")
    doer = words.find("check-absent-doer", asked.text)
    if doer is not None:
        return Verdict(words_of(asked.typed, doer), "Ask about their own part, with “you”.")
    if any(words.find("check-addressed", ask.text) for ask in asked.asks):
        return None
    return Verdict(asked.typed.strip(), "Speak to the person: put “you” or “for you” into it.")


def no_private_matters(asked: Asked, words: Language) -> Verdict | None:
    """Health, family, age, faith, union and private life are theirs to raise."""
    text = words.without("check-not-private", asked.text)
    hit = words.find("check-private", text)
    if hit is None and not words.find("check-cared-for", text):
        hit = words.find("check-private-unless-cared-for", text)
    if hit is None:
        return None
    return Verdict(words_of(asked.typed, hit), "Ask about the work: “What support would help you with this?”")


def short(asked: Asked, words: Language) -> Verdict | None:
    """At most 25 words."""
    count = len(asked.text.split())
    if count <= MAX_WORDS:
        return None
    return Verdict(
        asked.typed.strip(), f"Keep the question, drop what leads up to it: {count} words, {MAX_WORDS} at most."
    )


QUESTION_RULES: dict[str, Callable[[Asked, Language], Verdict | None]] = {
    "open": open_question,
    "not-leading": not_leading,
    "one-thing": one_thing,
    "no-blame": no_blame,
    "to-the-person": to_the_person,
    "no-private-matters": no_private_matters,
    "short": short,
}


def _commits(text: str, ask: Ask, words: Language) -> bool:
    """Whether a closed question asks for a promise: not for a fact, an admission or a feeling."""
    if words.at("check-commitments", text, ask.head) or words.find("check-future", text[ask.head : ask.end]):
        return True
    return not words.at("check-inverted", text, ask.head) and not words.at("check-statements", text, ask.head)


def _feeling(text: str, words: Language) -> re.Match[str] | None:
    for hit in words.all("check-feelings", text):
        if words.find("check-feeling-questions", text[: hit.start()]) and words.at(
            "check-feeling-scales", text, hit.end()
        ):
            return hit
    return _framed("check-feelings", "check-feeling-frames", text, words)


def _framed(list_id: str, frames_id: str, text: str, words: Language) -> re.Match[str] | None:
    """The first hit of a list that stands right after one of the frames."""
    hits = words.all(list_id, text)
    return next((hit for hit in hits if words.find(frames_id, text[: hit.start()])), None)


def _named(text: str, names: tuple[str, ...]) -> str | None:
    """The employee's name where it is not used to address them; a title alone, such as "Mr.", is no name."""
    parts = [part for name in names for part in (name, *name.split()) if len(part) > 2 and not part.endswith(".")]
    for name in dict.fromkeys(parts):
        for hit in re.finditer(rf"(?<!\w){re.escape(plain(name))}(?!\w)", text, re.IGNORECASE):
            before, after = text[: hit.start()].rstrip(), text[hit.end() :].lstrip()
            opens = after.startswith(",") and (not before or before[-1] in ",.?!" or len(before.split()) <= 1)
            closes = before.endswith(",") and (not after or after[0] in ",.?!")
            if not (opens or closes):
                return hit[0]
    return None
