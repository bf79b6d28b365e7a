"""The word lists of a handbook, compiled once, and the few operations on text that the rules share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from fourthright.domain import Finding
from fourthright.entries import Label, WordList
from fourthright.knowledge import Knowledge

_ONE_TO_ONE = str.maketrans("’‘`‐‑–—\u00a0“”", "'''---- \"\"")
_QUOTED = re.compile(r'"[^"?]*"|(?<!\w)\'[^\'?]{2,}\'(?!\w)')


class Verdict(NamedTuple):
    """A broken rule: the words that break it, verbatim, and what to write instead."""

    quote: str
    better: str


class Verbs(NamedTuple):
    """The forms of the verbs in the word lists; `nouns` are the forms that may also be a noun."""

    third: frozenset[str]
    plain: frozenset[str]
    ing: frozenset[str]
    nouns: frozenset[str]


class Language:
    """The word lists and labels of one handbook; a list that the rules use and the handbook lacks is a KeyError."""

    def __init__(self, lists: Iterable[WordList], labels: Iterable[Label] = ()) -> None:
        self._lists = {words.id: words for words in lists}
        self._labels = [
            (re.compile(rf"\b(?:{'|'.join(map(re.escape, lb.words))})\b", re.I), lb.becomes) for lb in labels
        ]
        self.verbs = _verbs(self._lists["check-verbs"].words, self._lists["check-verb-nouns"].words)

    def find(self, list_id: str, text: str) -> re.Match[str] | None:
        """The first hit of a list in a text."""
        return self._lists[list_id].regex.search(text)

    def all(self, list_id: str, text: str) -> list[re.Match[str]]:
        """Every hit of a list in a text, from left to right."""
        return list(self._lists[list_id].regex.finditer(text))

    def at(self, list_id: str, text: str, position: int = 0) -> re.Match[str] | None:
        """The hit of a list that begins exactly at a position."""
        return self._lists[list_id].regex.match(text, position)

    def translated(self, text: str) -> str | None:
        """The behaviour that the handbook puts in the place of a vague phrase in the text."""
        return next((becomes for phrase, becomes in self._labels if phrase.search(text)), None)

    def without(self, list_id: str, text: str) -> str:
        """The text with every hit of a list blotted out, all other offsets unchanged."""
        return self._lists[list_id].regex.sub(_blot, text)


def language(knowledge: Knowledge) -> Language:
    """The compiled word lists of a handbook; built on the first call for it."""
    return _language(knowledge.words, knowledge.labels)


def plain(text: str) -> str:
    """The text with typographic quotes, dashes and spaces made plain, and every offset unchanged."""
    return text.translate(_ONE_TO_ONE)


def unquoted(text: str) -> str:
    """The text with words in quotation marks blotted out: what someone says is no claim about how they are.

    A quoted question stays: in an agenda that is how it is written down.
    """
    return _QUOTED.sub(_blot, text)


def words_of(text: str, match: re.Match[str]) -> str:
    """The words of a hit as they stand in the original text."""
    return text[match.start() : match.end()].strip(" ,;:-")


def finding(rule_id: str, verdict: Verdict, knowledge: Knowledge) -> Finding:
    """A verdict with the rule's reason and severity."""
    rule = knowledge.rule(rule_id)
    return Finding(rule=rule_id, severity=rule.severity, quote=verdict.quote, why=rule.reason, better=verdict.better)


@lru_cache(maxsize=4)
def _language(lists: tuple[WordList, ...], labels: tuple[Label, ...]) -> Language:
    return Language(lists, labels)


def _blot(match: re.Match[str]) -> str:
    return "·" * len(match[0])


def _verbs(certain: Iterable[str], also_nouns: Iterable[str]) -> Verbs:
    certain, also_nouns = tuple(certain), tuple(also_nouns)
    both = (*certain, *also_nouns)
    return Verbs(
        third=frozenset(_third(verb) for verb in both),
        plain=frozenset(both),
        ing=frozenset(form for verb in both for form in _ing(verb)),
        nouns=frozenset(form for verb in also_nouns for form in (verb, _third(verb))),
    )


def _third(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")


def _ing(verb: str) -> tuple[str, ...]:
    # English spelling decides by stress which one is right; a form that no one writes does no harm in a set.
    return (verb + "ing", verb.removesuffix("e") + "ing", verb + verb[-1] + "ing")
