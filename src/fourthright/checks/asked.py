"""How the rules read a question: the sentences that ask, where each begins, and whether a yes or no answers it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fourthright.checks.language import Language, plain, unquoted
from fourthright.domain import Purpose

_SENTENCE = re.compile(r"[^.?!…]+[.?!…]*(?:\s|$)|[^.?!…]+$")
_MARK = re.compile(r"[,;:]\s+|\s-\s+")
_VOCATIVE = re.compile(r"[A-Z][\w'-]+,\s+")


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

    def said(self, ask: Ask) -> str:
        """The sentence as typed."""
        return self.typed[ask.start : ask.end].strip()


def read(text: str, purpose: Purpose, names: tuple[str, ...], words: Language) -> Asked:
    """Splits a text into the sentences that ask, and finds where each question begins."""
    flat = words.without("check-abbreviations", unquoted(plain(text)).replace('"', " "))
    sentences = [(match.start(), match[0].rstrip()) for match in _SENTENCE.finditer(flat) if match[0].strip()]
    asks = [_ask(start, sentence, words) for start, sentence in sentences if sentence.endswith("?")]
    requests = [_ask(start, sentence, words) for start, sentence in sentences if not sentence.endswith("?")]
    # "Imagine a new colleague takes over." sets the scene for the question that follows.
    asks += [
        ask
        for ask in requests
        if words.at("check-requests", flat, ask.head) and not (asks and words.at("check-scenes", flat, ask.head))
    ]
    if not asks and sentences:
        asks = [_ask(*sentences[-1], words)]
    return Asked(text, flat, purpose, names, tuple(sorted(asks, key=lambda ask: ask.start)))


def _ask(start: int, sentence: str, words: Language) -> Ask:
    head, closed = _head(sentence, words)
    tagged = words.find("check-tags", sentence) is not None and not words.at("check-wh", sentence, head)
    return Ask(sentence, start, start + head, closed or tagged)


def _head(sentence: str, words: Language) -> tuple[int, bool]:
    """Where the question of a sentence begins, and whether it is closed."""
    starts = [_skip(sentence, position, words) for position in (0, *(mark.end() for mark in _MARK.finditer(sentence)))]
    for index, start in enumerate(starts):
        last = index == len(starts) - 1
        if not last and words.at("check-scenes", sentence, start):
            continue
        if request := words.at("check-requests", sentence, start):
            if last or not _introduces(sentence, request.end(), starts[index + 1], words):
                return start, False
            continue
        if _inverted(sentence, start, words):
            return start, True
        if words.at("check-wh", sentence, start) and not _leads_up(sentence, start, words, last=last):
            return start, False
    if words.at("check-wh", sentence, starts[0]) or words.at("check-requests", sentence, starts[0]):
        return starts[0], False
    if words.at("check-elliptical", sentence, starts[0]):
        return starts[0], True
    inner = _inner_question(sentence, starts[0], words)
    return (inner, False) if inner is not None else (starts[0], True)


def _inverted(sentence: str, start: int, words: Language) -> bool:
    return words.at("check-inverted", sentence, start) is not None


def _introduces(sentence: str, end: int, then: int, words: Language) -> bool:
    """Whether a request only leads to the question after its comma: "Tell me, are you …"."""
    asks = _inverted(sentence, then, words) or words.at("check-wh", sentence, then) is not None
    return asks and _MARK.match(sentence, end) is not None


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
