"""Safeguards: the words that must stop, hold or mark a draft, found before any language model sees the text.

Two readings that can only add flags: the cues of each trigger (regular expressions, less the ordinary talk in `spared`), and
for the grave triggers how near a sentence comes in meaning to the trigger's examples. `no_evidence` comes from the sorting of
the pieces. The same screen runs over what was drafted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate, chain
from typing import Literal

import numpy as np

from fourthright.domain import LEVELS, Flag, Level
from fourthright.embedding import Embedder, Once, Vectors
from fourthright.entries import Trigger
from fourthright.knowledge import Knowledge
from fourthright.pieces import Piece, Sorter, split

NEAR = 0.45
"""Cosine similarity to a trigger's examples (mean of the `CLOSEST`) from which a sentence may raise its flag …"""
MARGIN: dict[Level, float] = {"STOP": 0.06, "HOLD": 0.08, "REFUSE": 0.09, "FLAG": 0.1}
"""… where it is also so much nearer to them than to ordinary talk. A missed danger weighs more than a needless stop.
Tuned on labelled texts of our own."""
HALF_AS_NEAR = 0.5
"""Share of that margin that is enough where another reader of the text names the trigger."""
CLOSEST = 2
"""How many sentences on either side are averaged: one odd neighbour decides nothing."""
MOST_WORDS = 25
"""Words in a quote."""
LEAST_WORDS = 5
"""Shorter sentences say too little to be compared by meaning."""
JOB_WORDS = 4
"""Words that may stand before the last one in the name of a job: "senior accounts payable clerk"."""

Span = tuple[int, int]

_MARKS = "'`´\u2018\u2019\u201a\u201b\u02bc\u02b9\u2032\u00b4\uff07"
_LOOKALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u0432\u043d\u043a\u043c\u0442"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405"
    "\u03bf\u03b1\u03b5\u03b9\u03ba\u03bd\u03c1\u03c4\u03c5\u03c7\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d"
    "\u039f\u03a1\u03a4\u03a5\u03a7\u0131\u0261\u0578\u057d\u0585\u1d0f\u2010\u2011\u2012\u2013\u2014\u201c\u201d",
    'aeopcyxijshdqwbhkmtABEKMHOPCTYXIJSoaeikvptuxABEZHIKMNOPTYXignuoo-----""',
)
_LOOKS_EMPTY = "\u115f\u1160\u2800\u3164\uffa0"
_UNSEEN = {"Cc", "Cf", "Me", "Mn"}
_LIST_MARK = re.compile(r"[-*•·–—>#]|\d{1,2}[.)]|\(?[a-z0-9]\)")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Folded:
    """A text as cues see it, and for each of its characters the place in the text as typed."""

    text: str
    places: tuple[int, ...]

    def typed(self, start: int, end: int) -> Span:
        """A span of the folded text as a span of the text as typed."""
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """One kind of letter, no accents, apostrophes or invisible characters, one space between words.

    A paragraph break or a new line with a list mark stays a line break; any other blank is a space.
    """
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for letter in _blank(text, place) if char.isspace() else _letters(char):
            if letter.isspace() and letters and letters[-1].isspace():
                letters[-1] = "\n" if "\n" in (letter, letters[-1]) else " "
            else:
                letters.append(letter)
                places.append(place)
    return Folded("".join(letters), tuple(places))


def level(flags: Sequence[Flag]) -> Level | Literal["NONE"]:
    """The gravest level among the flags."""
    raised = {flag.level for flag in flags}
    return next((known for known in LEVELS if known in raised), "NONE")


class Screen:
    """Raises the flags of a text: gravest first, at most one per trigger, each with the words that raised it.

    Without an embedder only the cues are read.
    """

    def __init__(self, knowledge: Knowledge, embedder: Embedder | None = None) -> None:
        self._triggers = sorted(knowledge.triggers, key=lambda trigger: LEVELS.index(trigger.level))
        self._lexicons = {trigger.id: Lexicon(trigger) for trigger in self._triggers}
        self._sorter = Sorter(knowledge, embedder)
        ordinary = knowledge.word_list("ordinary-talk").words
        only_a_job = OnlyAJob(knowledge)
        self._likeness = Likeness(self._triggers, ordinary, only_a_job, embedder) if embedder else None
        self._embedder = embedder

    def __call__(self, text: str, embedder: Embedder | None = None) -> tuple[Flag, ...]:
        """The flags of a text. `embedder` reads it where the caller goes on to read the same sentences."""
        embedder = embedder or (Once(self._embedder) if self._embedder else None)
        folded = fold(text)
        spans = split(text)
        hits = {trigger.id: self._lexicons[trigger.id].find(folded) for trigger in self._triggers}
        if self._likeness and embedder:
            for trigger_id, span in self._likeness.find(text, spans, embedder):
                if not hits[trigger_id] and not self._lexicons[trigger_id].spares(text[slice(*span)]):
                    hits[trigger_id] = span
        hits["no_evidence"] = _vaguest(self._sorter(text, embedder))
        return tuple(
            Flag(
                trigger=trigger.id,
                level=trigger.level,
                quote=text[slice(*_clause(text, hit, spans))],
                reason=trigger.reason,
                route=trigger.route,
            )
            for trigger in self._triggers
            if (hit := hits.get(trigger.id))
        )

    def second(self, text: str, trigger_id: str) -> Flag | None:
        """The flag that another reader of the text would raise, if some sentence also comes half as near to it.

        A small model names a grave trigger in ordinary texts too often to be believed alone.
        """
        trigger = next((t for t in self._triggers if t.id == trigger_id), None)
        if trigger is None or self._likeness is None:
            return None
        spans = split(text)
        nearest = self._likeness.nearest(text, spans, trigger_id)
        if nearest is None or nearest[0] < HALF_AS_NEAR:
            return None
        quote = text[slice(*_clause(text, nearest[1], spans))]
        return Flag(trigger=trigger.id, level=trigger.level, quote=quote, reason=trigger.reason, route=trigger.route)


class Lexicon:
    """The cues of one trigger, less the ordinary talk that only looks like them."""

    def __init__(self, trigger: Trigger) -> None:
        self._cues = [re.compile(cue, re.IGNORECASE) for cue in trigger.cues]
        self._spared = re.compile("|".join(trigger.spared) or r"(?!)", re.IGNORECASE)

    def find(self, folded: Folded) -> Span | None:
        """The first cue's words, as a span of the text as typed."""
        cues = [cue for cue in self._cues if cue.search(folded.text)]
        if not cues:
            return None
        left = self._spared.sub(lambda found: "\u00b7" * len(found.group()), folded.text)
        for cue in cues:
            if found := cue.search(left):
                return folded.typed(*found.span("quote" if "quote" in cue.groupindex else 0))
        return None

    def spares(self, sentence: str) -> bool:
        """Whether a sentence is ordinary talk that only looks like this trigger."""
        return bool(self._spared.search(fold(sentence).text))


class OnlyAJob:
    """Tells the name of a job with its place, "ward clerk in a hospital", from a clause in which something happens.

    Such a name has no verb to compare, so its likeness to an example is that of the place and not of what was done.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        job = knowledge.word_list("screen-job").regex.pattern
        place = knowledge.word_list("rewrite-after-job").regex.pattern
        self._named = re.compile(rf"\W*(?:[\w&/'-]+\s+){{0,{JOB_WORDS}}}?(?:{job})\s*(?:{place})", re.IGNORECASE)
        self._lead = knowledge.word_list("screen-job-lead").regex
        self._event = knowledge.word_list("screen-event").regex

    def __call__(self, clause: str) -> bool:
        lead = self._lead.match(clause)
        name = clause[lead.end() :] if lead else clause
        return self._named.match(name) is not None and self._event.search(name) is None


class Likeness:
    """How near sentences come in meaning to a trigger's examples, against ordinary talk about work."""

    def __init__(
        self, triggers: Sequence[Trigger], ordinary: Sequence[str], only_a_job: OnlyAJob, embedder: Embedder
    ) -> None:
        self._only_a_job, self._embedder = only_a_job, embedder
        self._triggers = [trigger for trigger in triggers if trigger.examples]
        self._sentences = [*chain.from_iterable(trigger.examples for trigger in self._triggers), *ordinary]

    def find(self, text: str, spans: Sequence[Span], embedder: Embedder) -> Iterator[tuple[str, Span]]:
        """For each sentence that comes near enough, its nearest trigger and its span; the nearest sentence first."""
        spans = self._telling(text, spans)
        if not spans:
            return
        grave, ordinary = self._similarities(text, spans, embedder)
        nearest, likeness = grave.argmax(axis=0), grave.max(axis=0)
        raised = (likeness >= NEAR) & (likeness - ordinary >= self._margins[nearest])
        for row in sorted(np.flatnonzero(raised), key=lambda row: -likeness[row]):
            yield self._triggers[nearest[row]].id, spans[row]

    def nearest(self, text: str, spans: Sequence[Span], trigger_id: str) -> tuple[float, Span] | None:
        """The sentence that comes nearest to one trigger: the share of its margin that it reaches, and its span."""
        spans = self._telling(text, spans)
        row = next((n for n, trigger in enumerate(self._triggers) if trigger.id == trigger_id), None)
        if not spans or row is None:
            return None
        grave, ordinary = self._similarities(text, spans, self._embedder)
        shares = (grave[row] - ordinary) / self._margins[row]
        best = int(shares.argmax())
        return float(shares[best]), spans[best]

    def _telling(self, text: str, spans: Sequence[Span]) -> list[Span]:
        """The sentences that are long enough to be compared and say more than which job somebody has."""
        said = [(span, text[slice(*span)]) for span in spans]
        return [span for span, part in said if len(part.split()) >= LEAST_WORDS and not self._only_a_job(part)]

    def _similarities(self, text: str, spans: Sequence[Span], embedder: Embedder) -> tuple[Vectors, Vectors]:
        """Likeness to each trigger, shape (triggers, spans), and to ordinary talk, shape (spans,)."""
        near = embedder.embed([_readable(text[slice(*span)]) for span in spans]) @ self._vectors.T
        *grave, ordinary = (_closest(part) for part in np.split(near, self._ends, axis=1))
        return np.stack(grave), ordinary

    @cached_property
    def _vectors(self) -> Vectors:
        return self._embedder.shelved("safeguards", self._sentences)

    @cached_property
    def _margins(self) -> Vectors:
        return np.array([MARGIN[trigger.level] for trigger in self._triggers], dtype=np.float32)

    @property
    def _ends(self) -> list[int]:
        """Where each trigger's examples end; the ordinary talk comes after the last."""
        return list(accumulate(len(trigger.examples) for trigger in self._triggers))


def _closest(near: Vectors) -> Vectors:
    """Per row the mean of the highest similarities."""
    mean: Vectors = np.sort(near, axis=1)[:, -CLOSEST:].mean(axis=1)
    return mean


def _vaguest(pieces: Sequence[Piece]) -> Span | None:
    """The longest judgement, guess or hearsay of a text in which nothing was seen."""
    if any(piece.kind == "seen" and piece.sure for piece in pieces):
        return None
    vague = [piece for piece in pieces if piece.kind in {"label", "guess", "hearsay"}]
    longest = max(vague, key=lambda piece: len(piece.text), default=None)
    return (longest.start, longest.end) if longest else None


def _clause(text: str, hit: Span, spans: Sequence[Span]) -> Span:
    """The sentence or clause around a hit; where that is long, the words around the hit, `MOST_WORDS` at most."""
    start, end = hit
    around = [span for span in spans if span[0] < end and span[1] > start]
    first, last = min(chain([start], (s for s, _ in around))), max(chain([end], (e for _, e in around)))
    words = [(first + w.start(), first + w.end()) for w in _WORD.finditer(text[first:last])]
    inside = [n for n, (s, e) in enumerate(words) if s < end and e > start]
    spare = max(0, MOST_WORDS - len(inside))
    low = max(0, min(inside[0] - spare // 2, len(words) - MOST_WORDS))
    kept = words[low : low + MOST_WORDS] if inside[0] - low < MOST_WORDS else words[inside[0] : inside[0] + MOST_WORDS]
    return kept[0][0], kept[-1][1]


def _readable(sentence: str) -> str:
    """A sentence as the embedder should read it: compatibility forms resolved, invisible characters gone."""
    return "".join(c for c in unicodedata.normalize("NFKC", sentence) if unicodedata.category(c) != "Cf")


@cache
def _letters(char: str) -> str:
    if char in _MARKS or char in _LOOKS_EMPTY:
        return ""
    plain = unicodedata.normalize("NFKD", char).translate(_LOOKALIKES)
    return "".join(" " if c.isspace() else c for c in plain if unicodedata.category(c) not in _UNSEEN)


def _blank(text: str, place: int) -> str:
    if text[place] not in "\n\r":
        return " "
    ahead = text[place + 1 : place + 6].lstrip(" \t")
    return "\n" if ahead[:1] in "\r\n" or _LIST_MARK.match(ahead) else " "
