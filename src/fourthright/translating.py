"""From a vague phrase to the behaviours it may stand for: by what it means in the handbook, by likeness, and by its job."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from fourthright.domain import Frozen, Question
from fourthright.embedding import Embedder, Vectors
from fourthright.entries import BankQuestion, Card, Kind, Label, Meaning
from fourthright.finding import GENERAL_CARD
from fourthright.knowledge import Knowledge
from fourthright.retrieval import Index
from fourthright.sayings import Phrasing, Places, Sayings, stems

MANY_KINDS = len(get_args(Kind)) // 2 + 1
"""Kinds of work from which a card is of no one trade: more than half of them."""
QUESTIONS = 2
"""Questions to find out with where no card fits."""
MOST = 3
"""Expectations for one phrase."""
MEANT = 0.8
"""How near the words of a meaning have to come for the phrase to have that meaning."""
ABOUT_AS_NEAR = 0.03
"""By how much less near a meaning may come than a label: it has its cards in order, a label has them as they come."""
LATER = 0.08
"""What a card loses for each place down the list of a meaning."""
SUITS = 0.06
"""How much nearer than to the middle card a job has to come to any card of a meaning but the likeliest."""
NAMED = 0.8
"""How near a label has to come for its card to fit."""
HALF_NAMED, HALF_TOLD = 0.62, 0.35
"""How near a label and what managers write about the card have to come where neither fits alone."""
TOLD, FAINTLY_TOLD = 0.47, 0.42
"""How near what managers write about a card has to come, for the card to fit without a label; less where nothing else fits."""
BRIDGED = 0.68
"""How near a card's behaviour has to come to the handbook's translation of the phrase."""
TRANSLATED = 0.75
"""How near a phrase of the handbook has to come for its translation to be used."""
EXACT = 0.95
"""From here on a label is the phrase itself."""
BESIDE = 0.7
"""Share of the best card's weight that a third needs, unless its label is the phrase itself."""
OF_THE_JOB = 0.2
"""How near a job has to come to a card, unless no other fits."""
APT = 0.22
"""How near what managers write about a card has to come, where its label alone speaks for it."""
ALIKE = 0.6
"""Similarity from which two behaviours say the same."""
BY_LABEL, BY_TELLING, BY_BRIDGE, BY_JOB = 0.45, 0.35, 0.2, 0.5
"""Weights, tuned by reading what phrases of our own over some forty jobs gave."""
CLOSEST = 3
"""A card's sentences that are averaged when a job is compared with it."""
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


class _Read(NamedTuple):
    """What the handbook knows of a phrase: how near it comes to each card's labels, to a vague phrase, to a meaning."""

    named: Vectors
    label: int
    likeness: float
    meaning: Meaning
    nearness: float

    @property
    def has_meaning(self) -> bool:
        """Whether the meaning is what comes nearest, and near enough."""
        return self.nearness >= max(MEANT, float(self.named.max()) - ABOUT_AS_NEAR, self.likeness - ABOUT_AS_NEAR)

    @property
    def is_known(self) -> bool:
        """Whether anything comes near enough."""
        return self.nearness >= MEANT or self.likeness >= TRANSLATED or bool(self.named.max() >= NAMED)


class Translator:
    """Finds up to three different behaviours for a phrase; none where nothing in the handbook is near."""

    def __init__(self, index: Index) -> None:
        self._index, self._knowledge, self._embedder = index, index.knowledge, index.embedder
        self._phrasing = Phrasing(self._knowledge, self._embedder)
        self._of_cards = Sayings("labels", [card.labels for card in self._knowledge.cards], self._phrasing)
        self._vague = Sayings("vague", [label.words for label in self._knowledge.labels], self._phrasing)
        self._of_meanings = Sayings("meanings", [m.words for m in self._knowledge.meanings], self._phrasing)

    def __call__(self, phrase: str, job: str | None) -> tuple[Match, ...]:
        """The behaviours nearest to a phrase, best first; `job` tells which of several is meant."""
        phrase = self._phrasing.spelled(phrase)
        read, head = self._read(phrase), self._phrasing.head(phrase)
        if not read.is_known and not self._phrasing.is_wide(head) and (of_head := self._read(head)).is_known:
            read = of_head
        if read.has_meaning:
            return self._different(self._meant(read.meaning, read.nearness, self._of_the_job(job), job))
        return self._nearest(phrase, job, read)

    def _read(self, phrase: str) -> _Read:
        asked = self._phrasing.asked(phrase)
        vague, meant = self._vague.near(asked), self._of_meanings.near(asked)
        label, meaning = int(vague.argmax()), int(meant.argmax())
        return _Read(
            named=_best(self._of_cards.near(asked), self._of_cards.owners, len(self._knowledge.cards)),
            label=int(self._vague.owners[label]),
            likeness=float(vague[label]),
            meaning=self._knowledge.meanings[int(self._of_meanings.owners[meaning])],
            nearness=float(meant[meaning]),
        )

    def _meant(self, meaning: Meaning, nearness: float, of_the_job: Vectors, job: str | None) -> list[Match]:
        """The cards of a meaning, those that suit the job first; without a job those that suit any."""
        cards = [self._knowledge.card(card_id) for card_id in meaning.cards]
        suits = of_the_job - np.median(of_the_job)
        scores = [float(suits[self._rows[card.id]]) - LATER * place for place, card in enumerate(cards)]
        kept = [
            Match(card=card, score=nearness + score)
            for place, (card, score) in enumerate(zip(cards, scores, strict=True))
            if not place or (score + LATER * place >= SUITS if job else len(card.jobs) >= MANY_KINDS)
        ]
        return sorted(kept, key=lambda match: -match.score)

    def _nearest(self, phrase: str, job: str | None, read: _Read) -> tuple[Match, ...]:
        """The behaviours that come nearest to a phrase for which the handbook has no meaning."""
        named, label, likeness = read.named, read.label, read.likeness
        told, of_the_job = self._told(phrase, job), self._of_the_job(job)
        bridged = self._near_translations[label] * likeness
        weight = BY_LABEL * named + BY_TELLING * told + BY_BRIDGE * bridged + BY_JOB * of_the_job
        fits = (
            ((named >= NAMED) & (told >= APT))
            | ((named >= HALF_NAMED) & (told >= HALF_TOLD))
            | (told >= TOLD)
            | (bridged >= BRIDGED)
        )
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
        said = self._phrasing.stems(phrase)
        known = self._of_cards.within(said) | self._of_meanings.within(said)
        return " ".join(word for word in phrase.split() if not stems(word.lower()) & known)

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
    def _rows(self) -> dict[str, int]:
        return {card.id: row for row, card in enumerate(self._knowledge.cards)}

    @cached_property
    def _sentence_cards(self) -> Places:
        """Whose each of the sentences is: what managers write about a card, then what its blanks ask for."""
        owners, _ = self._passages
        asked = [row for row, card in enumerate(self._knowledge.cards) for _ in card.slots]
        return np.concatenate([owners[~self._is_first], np.array(asked)])

    @cached_property
    def _sentences(self) -> Vectors:
        asks = [slot.ask for card in self._knowledge.cards for slot in card.slots.values()]
        return np.concatenate([self._passages[1][~self._is_first], self._embedder.shelved("asks", asks)])

    @cached_property
    def _passages(self) -> tuple[Places, Vectors]:
        """The cards' passages as the index holds them: whose each is, and its vector."""
        ids, vectors = self._index.card_vectors()
        return np.array([self._rows[card_id] for card_id in ids]), vectors

    @cached_property
    def _is_first(self) -> NDArray[np.bool_]:
        """Which passages are a card's title and behaviour: the first of each card."""
        owners, _ = self._passages
        first: NDArray[np.bool_] = np.diff(owners, prepend=-1) != 0
        return first

    @cached_property
    def _near_translations(self) -> Vectors:
        """How near each card's behaviour comes to each label's translation: shape (labels, cards)."""
        becomes = self._embedder.shelved("becomes", [label.becomes for label in self._knowledge.labels])
        near: Vectors = becomes @ self._passages[1][self._is_first].T
        return near


def _best(near: Vectors, cards: Places, count: int) -> Vectors:
    best = np.full(count, -1.0, dtype=np.float32)
    np.maximum.at(best, cards, near)
    return best


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
