"""From a vague phrase to the behaviours it may stand for: by the labels people use, by meaning, and by the job it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from fourthright.domain import Frozen, Question
from fourthright.embedding import Embedder, Vectors
from fourthright.finding import GENERAL_CARD
from fourthright.knowledge import BankQuestion, Card, Knowledge, Label

Places = NDArray[np.int64]

QUESTIONS = 2
"""Questions to find out with where no card fits."""
MOST = 3
"""Expectations for one phrase."""
NAMED, HELD = 0.75, 0.8
"""How near a label has to come for its card to fit; and how near it counts where all its words stand in the phrase."""
HALF_NAMED, HALF_TOLD = 0.62, 0.35
"""How near a label and what managers write about the card have to come where neither fits alone."""
TOLD, FAINTLY_TOLD = 0.42, 0.38
"""How near what managers write about a card has to come, for the card to fit without a label; less where nothing else fits."""
BRIDGED = 0.68
"""How near a card's behaviour has to come to the handbook's translation of the phrase."""
TRANSLATED = 0.66
"""How near a phrase of the handbook has to come for its translation to be used."""
FEWER_WORDS = 0.05
"""What a match without the words around it loses at most."""
EXACT = 0.95
"""From here on a label is the phrase itself."""
BESIDE = 0.7
"""Share of the best card's weight that a third needs, unless its label is the phrase itself."""
OF_THE_JOB = 0.2
"""How near a job has to come to a card, unless no other fits."""
APT = 0.2
"""How near what managers write about the best card has to come, where its label is the phrase itself and the job is far."""
ALIKE = 0.6
"""Similarity from which two behaviours say the same."""
BY_LABEL, BY_TELLING, BY_BRIDGE, BY_JOB = 0.45, 0.35, 0.2, 0.5
"""Weights, tuned by reading what phrases of our own over some forty jobs gave."""
CLOSEST = 3
"""A card's sentences that are averaged when a job is compared with it."""
_SPOKEN = re.compile(r"[\w'’&/%-]+")
_ANY_ACT = {
    "measure": "Counted in your own dated notes",
    "target": "at least 4 of the next 5 times",
    "by_when": "within 4 weeks",
    "first_step": "names the next moment for it with you today",
}
"""How an act that has no card of its own is looked at."""


class Match(Frozen):
    """A behaviour that a phrase may stand for, as a card, and how well it fits."""

    card: Card
    score: float


class Translator:
    """Finds up to three different behaviours for a phrase; none where nothing in the handbook is near."""

    def __init__(self, knowledge: Knowledge, embedder: Embedder) -> None:
        self._knowledge, self._embedder = knowledge, embedder
        self._frame = knowledge.word_list("rewrite-frame").regex
        self._wide = frozenset(knowledge.word_list("rewrite-wide").words)

    def __call__(self, phrase: str, job: str | None) -> tuple[Match, ...]:
        """The behaviours nearest to a phrase, best first; `job` tells which of several is meant."""
        phrase = " ".join(_SPOKEN.findall(phrase))
        named, told, of_the_job = self._named(phrase), self._told(phrase, job), self._of_the_job(job)
        label, likeness = self._label(phrase)
        bridged = self._near_translations[label] * likeness
        weight = BY_LABEL * named + BY_TELLING * told + BY_BRIDGE * bridged + BY_JOB * of_the_job
        fits = (named >= NAMED) | ((named >= HALF_NAMED) & (told >= HALF_TOLD)) | (told >= TOLD) | (bridged >= BRIDGED)
        if not fits.any() and likeness < TRANSLATED:
            fits = (told >= FAINTLY_TOLD) & (told == told.max())
        ranked = [int(row) for row in np.argsort(-weight) if fits[row]]
        apt = (
            (of_the_job >= OF_THE_JOB)
            | (bridged >= BRIDGED)
            | ((named >= EXACT) & (told >= APT) & (weight == weight.max()))
        )
        suits = [row for row in ranked if job is None or apt[row]]
        if likeness < TRANSLATED:
            suits = suits or ranked[:1]
        kept = [row for row in suits[2:] if weight[row] >= BESIDE * weight[suits[0]] or named[row] >= EXACT]
        found = [Match(card=self._knowledge.cards[row], score=float(weight[row])) for row in (*suits[:2], *kept)]
        if likeness >= TRANSLATED:
            translated = Match(card=self._as_card(self._knowledge.labels[label]), score=likeness)
            strong = any(named[row] >= EXACT or bridged[row] >= BRIDGED for row in suits[:1])
            found.insert(len(found) if strong else 0, translated)
        return self._different(found)

    def left_over(self, phrase: str) -> str:
        """The phrase without the words of any label that stands in it: "in meetings", of "negative in meetings"."""
        stems = _stems(self._bare(phrase))
        known = frozenset().union(*(label for label in self._label_stems if label <= stems))
        return " ".join(word for word in phrase.split() if not _stems(word.lower()) & known)

    def _named(self, phrase: str) -> Vectors:
        """Per card how near the phrase comes to one of its labels."""
        near = self._likeness(phrase, self._labels, self._bare_labels)
        said = _stems(self._bare(phrase))
        held = [not stems <= self._wide and stems <= said for stems in self._label_stems]
        return _best(np.maximum(near, np.where(held, HELD, 0.0)), self._label_cards, len(self._knowledge.cards))

    def _told(self, phrase: str, job: str | None) -> Vectors:
        """Per card how near the phrase and the job come to what managers write about it."""
        asked = self._embedder.embed([phrase, f"{job}: {phrase}" if job else phrase])
        near = (self._sentences @ asked.T).max(axis=1)
        cards = len(self._knowledge.cards)
        mean = np.bincount(self._sentence_cards, near, cards) / np.bincount(self._sentence_cards, minlength=cards)
        told: Vectors = ((_best(near, self._sentence_cards, cards) + mean) / 2).astype(np.float32)
        return told

    def _of_the_job(self, job: str | None) -> Vectors:
        """Per card how near the job comes to it."""
        cards = len(self._knowledge.cards)
        if job is None:
            return np.zeros(cards, dtype=np.float32)
        near = self._sentences @ self._embedder.embed([job])[0]
        means = [np.sort(near[self._sentence_cards == card])[-CLOSEST:].mean() for card in range(cards)]
        return np.array(means, dtype=np.float32)

    def _label(self, phrase: str) -> tuple[int, float]:
        """The handbook's vague phrase that comes nearest: the place of its entry, and how near it is."""
        near = self._likeness(phrase, self._phrases, self._bare_phrases)
        best = int(near.argmax())
        return int(self._phrase_labels[best]), float(near[best])

    def _likeness(self, phrase: str, whole: Vectors, bare: Vectors) -> Vectors:
        """The better of two readings: as written, and without the words around it; where both are as near, the first."""
        written, without = self._embedder.embed([phrase, self._bare(phrase)])
        as_written = whole @ written
        likeness: Vectors = np.maximum(as_written, bare @ without - FEWER_WORDS * (1 - as_written))
        return likeness

    def _bare(self, phrase: str) -> str:
        bare = " ".join(self._frame.sub(" ", phrase.lower().replace("’", "'").replace("-", " ")).split())
        return bare or phrase.lower()

    def _different(self, found: Sequence[Match]) -> tuple[Match, ...]:
        """The first ones whose behaviours differ from each other."""
        kept: list[Match] = []
        vectors = self._embedder.embed([match.card.fill(match.card.behaviour) for match in found])
        rows: list[int] = []
        for row, match in enumerate(found):
            if len(kept) < MOST and all(float(vectors[row] @ vectors[other]) < ALIKE for other in rows):
                kept.append(match)
                rows.append(row)
        return tuple(kept)

    def _as_card(self, label: Label) -> Card:
        """The general card with a label's translation as its behaviour."""
        return self._knowledge.card(GENERAL_CARD).model_copy(update=_ANY_ACT | {"behaviour": label.becomes})

    @cached_property
    def _label_cards(self) -> Places:
        return np.array([row for row, card in enumerate(self._knowledge.cards) for _ in card.labels])

    @cached_property
    def _phrase_labels(self) -> Places:
        return np.array([row for row, label in enumerate(self._knowledge.labels) for _ in label.words])

    @cached_property
    def _sentence_cards(self) -> Places:
        return np.array([row for row, card in enumerate(self._knowledge.cards) for _ in _sentences(card)])

    @cached_property
    def _label_texts(self) -> tuple[str, ...]:
        return tuple(text for card in self._knowledge.cards for text in card.labels)

    @cached_property
    def _label_stems(self) -> tuple[frozenset[str], ...]:
        return tuple(_stems(self._bare(text)) for text in self._label_texts)

    @cached_property
    def _labels(self) -> Vectors:
        return self._embedder.shelved("labels", self._label_texts)

    @cached_property
    def _bare_labels(self) -> Vectors:
        return self._embedder.shelved("labels-bare", [self._bare(text) for text in self._label_texts])

    @cached_property
    def _phrases(self) -> Vectors:
        return self._embedder.shelved("vague", _words_of(self._knowledge.labels))

    @cached_property
    def _bare_phrases(self) -> Vectors:
        return self._embedder.shelved("vague-bare", [self._bare(text) for text in _words_of(self._knowledge.labels)])

    @cached_property
    def _sentences(self) -> Vectors:
        return self._embedder.shelved("told", [text for card in self._knowledge.cards for text in _sentences(card)])

    @cached_property
    def _near_translations(self) -> Vectors:
        """How near each card's behaviour comes to each label's translation: shape (labels, cards)."""
        cards = [f"{card.fill(card.title)}: {card.fill(card.behaviour)}" for card in self._knowledge.cards]
        becomes = [label.becomes for label in self._knowledge.labels]
        near: Vectors = self._embedder.shelved("becomes", becomes) @ self._embedder.shelved("behaviours", cards).T
        return near


def _sentences(card: Card) -> tuple[str, ...]:
    return (*card.phrases, *(slot.ask for slot in card.slots.values()))


def _words_of(labels: Iterable[Label]) -> list[str]:
    return [word for label in labels for word in label.words]


def _best(near: Vectors, cards: Places, count: int) -> Vectors:
    best = np.full(count, -1.0, dtype=np.float32)
    np.maximum.at(best, cards, near)
    return best


def _stems(text: str) -> frozenset[str]:
    return frozenset(word.removesuffix("s") for word in re.findall(r"[a-z']{3,}", text))


class Pointed:
    """Two questions of the bank with which to find out what a phrase stands for."""

    def __init__(self, knowledge: Knowledge, embedder: Embedder) -> None:
        self._embedder = embedder
        self._bank = [q for q in knowledge.questions if q.dimension == "clarity" and q.when == "no_evidence"]

    def __call__(self, text: str) -> tuple[Question, ...]:
        """The two nearest in meaning."""
        vectors = self._embedder.shelved("pointed", [f"{q.text} {q.listen_for}" for q in self._bank])
        nearest = np.argsort(-(vectors @ self._embedder.embed([text])[0]))[:QUESTIONS]
        return tuple(_question(f"q{n}", self._bank[row]) for n, row in enumerate(nearest, 1))


def _question(question_id: str, asked: BankQuestion) -> Question:
    return Question(
        id=question_id,
        dimension=asked.dimension,
        purpose=asked.purpose,
        text=asked.text,
        listen_for=asked.listen_for,
        origin="bank",
        sources=(asked.id,),
    )
