"""The rules for one question."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from fourthright.checks.language import Language, Verdict, finding, language, plain, unquoted, words_of
from fourthright.domain import Finding, Purpose
from fourthright.knowledge import Knowledge

MAX_WORDS = 25

_SENTENCE = re.compile(r"[^.?!…]+[.?!…]*(?:\s|$)|[^.?!…]+$")
_MARK = re.compile(r"[,;:]\s+|\s-\s+")
_VOCATIVE = re.compile(r"[A-Z][\w'-]+,\s+")
_ASIDE = re.compile(r"\w+,[^,?]+,")
_WORD = re.compile(r"[\w'-]+")


@dataclass(frozen=True)
class Ask:
    """One sentence that asks: where its question begins, and whether a yes or no would answer it."""

    text: str
    start: int
    head: int
    """Offset of the question itself in the whole text, after greetings, names and clauses that lead up to it."""
    closed: bool

    @property
    def end(self) -> int:
        """Offset after the last character of the sentence in the whole text."""
        return self.start + len(self.text)


@dataclass(frozen=True)
class Asked:
    """A question as the rules read it: as typed, as plain text of the same length, and the sentences that ask."""

    typed: str
    text: str
    purpose: Purpose
    names: tuple[str, ...]
    asks: tuple[Ask, ...]


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


def read(text: str, purpose: Purpose, names: tuple[str, ...], words: Language) -> Asked:
    """Splits a text into the sentences that ask, and finds where each question begins."""
    flat = words.without("check-abbreviations", unquoted(plain(text)).replace('"', " "))
    sentences = [(match.start(), match[0].rstrip()) for match in _SENTENCE.finditer(flat) if match[0].strip()]
    asks = [_ask(start, sentence, words) for start, sentence in sentences if sentence.endswith("?")]
    if not asks or any(not sentence.endswith("?") for _, sentence in sentences):
        requests = [_ask(s, t, words) for s, t in sentences if not t.endswith("?")]
        asks += [ask for ask in requests if words.at("check-requests", flat, ask.head)]
    if not asks and sentences:
        asks = [_ask(*sentences[-1], words)]
    return Asked(text, flat, purpose, names, tuple(sorted(asks, key=lambda ask: ask.start)))


def open_question(asked: Asked, words: Language) -> Verdict | None:
    """Yes or no would not answer it; a commitment check may be closed."""
    closed = next((ask for ask in asked.asks if ask.closed), None)
    if asked.purpose == "commitment" or (closed is None and asked.asks):
        return None
    if closed is None:
        return Verdict(asked.typed.strip(), _opened("", words))
    return Verdict(_said(asked, closed), _opened(asked.typed[closed.head : closed.end], words))


def not_leading(asked: Asked, words: Language) -> Verdict | None:
    """No answer, fault or feeling is put in their mouth."""
    hit = words.find("check-tags", asked.text)
    if hit is not None:
        return Verdict(words_of(asked.typed, hit), "Drop the tag and ask “How do you see it?”")
    for ask in asked.asks:
        for list_id in ("check-leading-openers", "check-statements"):
            if ask.text.endswith("?") and (hit := words.at(list_id, asked.text, ask.head)):
                return Verdict(words_of(asked.typed, hit), "Ask without the answer in it, such as “How do you see it?”")
    hit = (
        words.find("check-leading", asked.text) or words.find("check-faults", asked.text) or _feeling(asked.text, words)
    )
    if hit is None:
        return None
    return Verdict(words_of(asked.typed, hit), "Ask what happened or how they see it, and leave the answer to them.")


def one_thing(asked: Asked, words: Language) -> Verdict | None:
    """One question; the second one waits for the answer."""
    if len(asked.asks) > 1:
        first, second = asked.asks[0], asked.asks[1]
        return Verdict(_said(asked, second), f"Ask “{_said(asked, first)}” first, and the rest after the answer.")
    for ask in asked.asks:
        for hit in words.all("check-second-asks", asked.text[: ask.end]):
            if hit.start() > _after_aside(asked.text, ask.head) and _is_second(asked.text, ask, hit, words):
                first_part = asked.typed[ask.start : hit.start()].strip(" ,;:-–—")
                quote = asked.typed[hit.start() : ask.end].strip(" ,;:-–—")
                return Verdict(quote, f"Ask “{first_part}?” first, and the rest after the answer.")
    return None


def no_blame(asked: Asked, words: Language) -> Verdict | None:
    """It does not ask them to justify themselves."""
    hit = words.find("check-blame", asked.text)
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
    if words.find("check-addressed", asked.text):
        return None
    return Verdict(asked.typed.strip(), "Speak to the person: put “you” or “for you” into it.")


def no_private_matters(asked: Asked, words: Language) -> Verdict | None:
    """Health, family, age, faith, union and private life are theirs to raise."""
    hit = words.find("check-private", words.without("check-not-private", asked.text))
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


def _said(asked: Asked, ask: Ask) -> str:
    return asked.typed[ask.start : ask.end].strip()


def _ask(start: int, sentence: str, words: Language) -> Ask:
    head, closed = _head(sentence, words)
    tagged = words.find("check-tags", sentence) is not None and not words.at("check-wh", sentence, head)
    return Ask(sentence, start, start + head, closed or tagged)


def _head(sentence: str, words: Language) -> tuple[int, bool]:
    """Where the question of a sentence begins, and whether it is closed."""
    starts = [_skip(sentence, position, words) for position in (0, *(mark.end() for mark in _MARK.finditer(sentence)))]
    for index, start in enumerate(starts):
        if words.at("check-requests", sentence, start):
            return start, False
        if words.at("check-inverted", sentence, start):
            return start, True
        if words.at("check-wh", sentence, start) and not _leads_up(
            sentence, start, words, last=index == len(starts) - 1
        ):
            return start, False
    if words.at("check-wh", sentence, starts[0]):
        return starts[0], False
    if words.at("check-elliptical", sentence, starts[0]):
        return starts[0], True
    inner = _inner_question(sentence, starts[0], words)
    return (inner, False) if inner is not None else (starts[0], True)


def _skip(sentence: str, start: int, words: Language) -> int:
    """Past "So," and "Bethan,"."""
    start += len(sentence[start:]) - len(sentence[start:].lstrip())
    while match := words.at("check-lead-ins", sentence, start) or _VOCATIVE.match(sentence, start):
        if match.end() == start or match.end() >= len(sentence) or words.at("check-subordinate", sentence, start):
            break
        if words.at("check-wh", sentence, start):
            break
        start = match.end()
    return start


def _leads_up(sentence: str, start: int, words: Language, *, last: bool) -> bool:
    """Whether "when you …" here is a clause before the question, not the question itself."""
    opener = words.at("check-clause-openers", sentence, start)
    return opener is not None and not words.at("check-auxiliaries", sentence, opener.end()) and not last


def _inner_question(sentence: str, start: int, words: Language) -> int | None:
    """Where a question begins after a clause that no comma closes: "When a guest asks what do you do first"."""
    if not words.at("check-subordinate", sentence, start):
        return None
    for inner in words.all("check-inner-wh", sentence[start:]):
        if inner.start() > 0 and words.find("check-inversion", sentence[start + inner.end() :]):
            return start + inner.start()
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
    # "… noting who called and why" goes on with a clause inside the question; the question's own word does not count.
    own = 0 if ask.closed else 1
    inside = len(words.all("check-inner-wh", before)) > own and hit[0].split()[0] == "and"
    return not inside or words.at("check-inversion", text[hit.end() :].lstrip()) is not None


def _feeling(text: str, words: Language) -> re.Match[str] | None:
    for hit in words.all("check-feelings", text):
        if words.find("check-feeling-frames", text[: hit.start()]):
            return hit
        how = text[: hit.start()].rstrip().lower().endswith("how")
        if how and words.at("check-feeling-scales", text, hit.end()):
            return hit
    return None


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


def _opened(closed: str, words: Language) -> str:
    """A closed question turned round where that gives English, else an example."""
    question = closed.strip().rstrip("?").strip()
    for pattern, opened in _TURNS:
        if match := pattern.match(question):
            return f"Ask “{match.expand(opened)}?”"
    if (match := _DO_YOU.match(question)) and match[2].lower() in words.verbs.plain:
        return f"Ask “How {match[1].lower()} you {match[2]}{match[3]}?”"
    return "Begin with what, how or which, such as “What would help you with this?”"


_DO_YOU = re.compile(r"(do|did|can|could|will|would) you (\w+)(.*)", re.IGNORECASE)
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
