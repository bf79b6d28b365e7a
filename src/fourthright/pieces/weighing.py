"""Weighs one clause by the word lists `sort-*`: which kind of observation it is, how strongly, how clearly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from fourthright.domain import ObservationKind
from fourthright.entries import WordList
from fourthright.knowledge import Knowledge

WEAK = 2
"""Points up to which a clause says too little to stand alone."""
SETTING = 3
"""The same for a clause that only tells the setting."""
SURE = 4
"""Points from which the words may decide."""
DECIDES = 7
"""Points from which private matters, hearsay and history win whatever else the clause holds."""
CLEAR = 3
"""Points that a kind must be ahead of every other one to be sure."""
CLEAR_BY_MEANING = 5
"""The same where examples have voted."""
CONTINUED = 3
"""Points for praise where the clause before was praise and this one tells no fault."""
REACTED = 7
"""Points for history where the clause tells what followed an earlier talk."""
BY_MEANING = 12
"""Points that the examples share out among the kinds."""

_WORTH: dict[str, tuple[ObservationKind, int]] = {
    "sort-private": ("private", 9),
    "sort-hearsay": ("hearsay", 8),
    "sort-history": ("history", 8),
    "sort-dealing": ("history", 4),
    "sort-protected": ("background", 20),
    "sort-request": ("background", 5),
    "sort-feeling": ("background", 6),
    "sort-account": ("background", 8),
    "sort-own-part": ("background", 9),
    "sort-intro": ("background", 6),
    "sort-context": ("background", 3),
    "sort-guess": ("guess", 7),
    "sort-opinion": ("guess", 3),
    "sort-label": ("label", 6),
    "sort-wish": ("label", 4),
    "sort-trait": ("label", 5),
    "sort-trait-of-person": ("label", 5),
    "sort-is": ("label", 4),
    "sort-praise": ("strength", 6),
    "sort-praise-word": ("strength", 4),
    "sort-checked": ("seen", 4),
    "sort-fault": ("seen", 3),
    "sort-absence": ("seen", 3),
    "sort-event": ("seen", 2),
    "sort-past": ("seen", 2),
    "sort-habit": ("seen", 2),
    "sort-when": ("seen", 1),
}
"""Word list -> the kind it speaks for and the points of one hit; a second hit of the same list adds one more."""
_FIGURE_WORTH, _SPOKEN_WORTH = 2, 4
_REACTION, _NOT_PRAISE, _REQUEST = "sort-reaction", "sort-not-praise", "sort-request"
_FAULTS = frozenset({"sort-fault", "sort-absence"})
_DECISIVE: tuple[ObservationKind, ...] = ("private", "hearsay", "history")
"""Kinds that win whatever else the clause holds: a wrong one of these costs least."""
_BY_WORDS_ALONE = frozenset({"private", "hearsay"})
_RANK: tuple[ObservationKind, ...] = ("guess", "strength", "label", "seen", "background", *_DECISIVE)
"""Which kind wins a tie."""

_FIGURE = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|(?:second|third) time)\b"
)
_SPOKEN = re.compile(
    r'\b(?:said|says|say|told|wrote|replied|shouted|answered|with|called|muttered)\b[^"]{0,60}"[^"]+"', re.IGNORECASE
)
_EXPANDED = {
    "im": "i am", "ive": "i have", "id": "i would", "hes": "he is", "shes": "she is", "thats": "that is",
    "theres": "there is", "theyre": "they are", "youre": "you are", "weve": "we have", "theyve": "they have",
    "cant": "can not", "cannot": "can not", "can't": "can not", "wont": "will not", "won't": "will not",
    "w/o": "without", "w/": "with", "pls": "please", "plz": "please", "u": "you", "ur": "your",
    "1:1": "one to one", "1-1": "one to one", "tmrw": "tomorrow",
}  # fmt: skip
_NEGATED = {"do", "does", "did", "is", "are", "was", "were", "has", "have", "had", "could", "would", "should", "need"}
_ENDINGS = {"ve": "have", "re": "are", "ll": "will", "m": "am", "d": "would"}
_IS_AFTER = {"he", "she", "it", "that", "there", "who", "what", "this", "here", "where", "everyone", "nobody"}
_TOKEN = re.compile(r"w/o\b|w/(?=\s)|1[:-]1\b|[^\W_]+(?:'[^\W_]+)?")


@dataclass(frozen=True)
class Verdict:
    """What the words of a clause speak for, in points a kind. A plain dataclass: there is one for every clause."""

    points: Mapping[ObservationKind, float]
    fault: bool = False
    """Whether a word says that something went wrong or was not there."""
    turned: bool = False
    """Whether what follows turns against it."""

    @cached_property
    def kind(self) -> ObservationKind:
        """The kind that wins; background where nothing speaks."""
        decisive = next((kind for kind in _DECISIVE if self.points.get(kind, 0) >= DECIDES), None)
        return decisive or _most(self.points)

    @property
    def strength(self) -> float:
        """The points of the kind that wins."""
        return self.points.get(self.kind, 0)

    @property
    def sure(self) -> bool:
        """Whether the words decide clearly."""
        return self.strength >= SURE and self.strength - self._rival >= CLEAR

    @property
    def _rival(self) -> float:
        return max((points for kind, points in self.points.items() if kind != self.kind), default=0)

    @property
    def weak(self) -> bool:
        """Whether next to nothing in the words speaks for any kind but the setting."""
        return self.strength <= (SETTING if self.kind == "background" else WEAK)

    def with_next(self, other: Verdict) -> Verdict:
        """The verdict on two clauses that stay together: the stronger one, or both where they agree."""
        fault = self.fault or other.fault
        if self.kind != other.kind:
            return replace(max(self, other, key=lambda verdict: verdict.strength), fault=fault)
        kinds = self.points.keys() | other.points.keys()
        return Verdict(points={k: self.points.get(k, 0) + other.points.get(k, 0) for k in kinds}, fault=fault)

    def before_a_turn(self) -> Verdict:
        """The verdict on what stands before "but": something done, without a fault, is likely praise there."""
        if self.kind != "seen" or self.fault:
            return replace(self, turned=True)
        return Verdict(points={**self.points, "strength": self.strength + 1}, turned=True)

    def leaning(self, votes: Mapping[ObservationKind, float]) -> Verdict:
        """The verdict with what the examples say; private matters and hearsay stay as the words have them."""
        if self.kind in _BY_WORDS_ALONE or (self.kind == "history" and self.sure):
            return self
        kinds = (self.points.keys() | votes.keys()) - _BY_WORDS_ALONE
        points = {kind: self.points.get(kind, 0) + BY_MEANING * votes.get(kind, 0) for kind in kinds}
        return Leaning(points=points, fault=self.fault)


@dataclass(frozen=True)
class Leaning(Verdict):
    """A verdict of words and examples together: the most points win, and it takes more of them to be sure."""

    @cached_property
    def kind(self) -> ObservationKind:
        """The kind with the most points."""
        return _most(self.points)

    @property
    def sure(self) -> bool:
        """Whether words and examples together decide clearly."""
        return self.strength - self._rival >= CLEAR_BY_MEANING


def _most(points: Mapping[ObservationKind, float]) -> ObservationKind:
    return min(points, key=lambda kind: (-points[kind], _RANK.index(kind)), default="background")


def normal(clause: str) -> str:
    """Lower case, contractions written out with or without their apostrophe, one blank for everything between words."""
    return " ".join(_written_out(token) for token in _TOKEN.findall(clause.lower()))


def _written_out(token: str) -> str:
    if token in _EXPANDED:
        return _EXPANDED[token]
    stem = token.removesuffix("n't") if token.endswith("n't") else token.removesuffix("nt")
    if stem != token and stem in _NEGATED:
        return f"{stem} not"
    head, mark, tail = token.partition("'")
    if mark and tail == "s":
        return f"{head} is" if head in _IS_AFTER else f"{head} s"
    return f"{head} {_ENDINGS[tail]}" if tail in _ENDINGS else head + tail


class _Lists:
    """Word lists made ready for normal text: phrases looked up by their first word, patterns one expression a list."""

    def __init__(self, lists: Iterable[WordList]) -> None:
        self._openers: dict[str, list[tuple[str, str]]] = {}
        self._patterns: list[tuple[str, re.Pattern[str]]] = []
        for words in lists:
            for phrase in {normal(word) for word in words.words}:
                self._openers.setdefault(phrase.split()[0], []).append((words.id, f" {phrase} "))
            if words.patterns:
                self._patterns.append((words.id, re.compile("|".join(words.patterns))))

    def hits(self, text: str) -> dict[str, int]:
        """How often each list speaks in a normal text; lists that do not are left out."""
        found: dict[str, int] = {}
        padded = f" {text} "
        for word in set(text.split()):
            for name, phrase in self._openers.get(word, ()):
                if phrase in padded:
                    found[name] = found.get(name, 0) + 1
        for name, pattern in self._patterns:
            if pattern.search(text):
                found[name] = found.get(name, 0) + 1
        return found


class Weigher:
    """Holds the word lists; calling it with a clause, and the verdict on the clause before, gives a verdict."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._lists = _Lists(knowledge.word_list(name) for name in (*_WORTH, _REACTION, _NOT_PRAISE))

    def __call__(self, clause: str, before: Verdict | None = None) -> Verdict:
        text = normal(clause)
        hits = self._lists.hits(text)
        spoken = bool(_SPOKEN.search(clause))
        if spoken:  # words in quotation marks were heard: they are no explanation
            hits.pop("sort-account", None)
        points = _worth(hits)
        if _FIGURE.search(text):
            points["seen"] = points.get("seen", 0) + _FIGURE_WORTH
        if spoken:
            points["seen"] = points.get("seen", 0) + _SPOKEN_WORTH
        fault = bool(_FAULTS & hits.keys())
        if before and before.kind == "history" and _REACTION in hits:
            points["history"] = points.get("history", 0) + REACTED
        if before and before.kind == "strength" and not (fault or before.turned):
            points["strength"] = points.get("strength", 0) + CONTINUED
        return Verdict(points=_adjusted(points, hits), fault=fault)


def _worth(hits: Mapping[str, int]) -> dict[ObservationKind, float]:
    """Points a kind; what tells the setting does not add up, one such sign is as good as three."""
    points: dict[ObservationKind, float] = {}
    for name, (kind, one) in _WORTH.items():
        if name in hits:
            worth = one + min(hits[name], 2) - 1
            before = points.get(kind, 0)
            points[kind] = max(before, worth) if kind == "background" else before + worth
    return points


def _adjusted(points: dict[ObservationKind, float], hits: Mapping[str, int]) -> dict[ObservationKind, float]:
    """A question is no history; denied praise judges; praise that others are said to give stays praise."""
    if _REQUEST in hits:
        points.pop("history", None)
        points.pop("guess", None)
    if _NOT_PRAISE in hits and "strength" in points:
        points["label"] = points.get("label", 0) + points.pop("strength")
    if "hearsay" in points and points.get("strength", 0) > points.get("label", 0):
        points["strength"] += points.pop("hearsay")
    return points
