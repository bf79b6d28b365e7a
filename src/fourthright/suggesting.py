"""A better wording for a question that breaks a rule: by its form, else by the model, else from the handbook.

Whatever offers a wording, it is used only if it breaks no rule, touches no safeguard, and is near enough in meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ConfigDict, Field

from fourthright.agenda_text import People, Placed
from fourthright.checks import check_question
from fourthright.domain import DIMENSIONS, Dimension, Finding, Frozen
from fourthright.embedding import Embedder
from fourthright.entries import Card
from fourthright.errors import ModelBusy, ModelUnavailable, ReplyRejected
from fourthright.knowledge import Knowledge
from fourthright.retrieval import Index
from fourthright.reviewed import Made
from fourthright.screening import Screen
from fourthright.slots import Nouns, by_meaning, choices
from fourthright.talk import Talk
from fourthright.turning import ADDRESS, Turning

NEAR_FORM, NEAR_MODEL = 0.4, 0.5
"""Cosine similarity to the manager's question below which a wording is taken to ask something else; the model may add
words, the form cannot."""
MARGIN = 0.3
"""How much less near than the nearest an earlier offer may be: the first offer is the best English."""
NEAR_HANDBOOK = 0.35
"""The same for a question of the handbook that does not name the manager's subject."""
CARD_FITS = 0.6
"""How well a card must fit a question before its own questions may stand in."""
ROUNDS = 4
"""Rules that are mended one after another."""
MOST_OFFERS = 6
REWORD_TOKENS = 60
SPOKEN_FIRST = ("one-thing", "to-the-person", "short", "no-blame", "not-leading", "open")
"""The order of mending: what cuts comes before what turns."""
Offers = dict[str, str]
"""Wordings of the handbook, each with the id of the card or question it comes from."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_ROOT = 5
"""Letters by which two forms of a word are taken for one."""


class Suggestion(Frozen):
    """A wording that passes, how it came about, and the ids of what it rests on in the handbook."""

    text: str
    made: Made
    sources: tuple[str, ...] = ()


class Reworded(BaseModel):
    """The question said better."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    question: str = Field(max_length=160)
    """Open, kind, one thing, to "you", ends with a question mark."""


class Suggester:
    """Makes suggestions for the questions of one text; `names` are those of the employee."""

    def __init__(
        self,
        knowledge: Knowledge,
        index: Index,
        screen: Screen,
        people: People,
        talk: Talk | None,
        names: Sequence[str],
    ) -> None:
        self.talk = talk
        self._answered = False
        self._knowledge, self._index, self._screen, self._names = knowledge, index, screen, tuple(names)
        self._turning, self._nouns = Turning(knowledge, people), Nouns(knowledge)
        self._plain = _roots(q.text for q in knowledge.questions)
        self._at_work = {
            word
            for card in knowledge.cards
            for line in card.templates()
            for word in _WORD.findall(card.fill(line).lower())
        }

    def __call__(self, question: Placed, findings: Sequence[Finding], dimension: Dimension | None) -> Suggestion | None:
        """A wording that breaks no rule; None when nothing passes, or when the question breaks none.

        Raises ModelUnavailable or ModelBusy when the model has not answered once; after that the handbook goes on.
        """
        broken = [finding for finding in findings if finding.severity == "error"]
        if not broken:
            return None
        private = next((finding for finding in broken if finding.rule == "no-private-matters"), None)
        if private:
            return self._without(question, private.quote)
        return (
            self._mended(question, itself=False)
            or self._by_model(question, broken)
            or self._from_handbook(question, dimension)
        )

    def passes(self, text: str, question: Placed) -> bool:
        """Whether a wording breaks no rule of severity error and touches no safeguard."""
        return not self._errors(text, question) and all(flag.trigger == "no_evidence" for flag in self._screen(text))

    def _errors(self, text: str, question: Placed) -> dict[str, Finding]:
        found = check_question(text, question.purpose, self._knowledge, self._names)
        return {finding.rule: finding for finding in found if finding.severity == "error"}

    def _without(self, question: Placed, quote: str) -> Suggestion | None:
        """The work part of a question that goes on to a private matter, else a question about the work in its place."""
        for text in self._turning.without(question.text, quote):
            if found := self._mended(question.model_copy(update={"text": text}), itself=True):
                return found
        work = [
            topic
            for topic in self._turning.topics(question.text)
            if self._at_work.issuperset(_WORD.findall(topic)) and not topic.startswith("your")
        ]
        offers = self._framed("reword-stand-in", work, DIMENSIONS, question)
        return self._best(offers, question, work)

    def _mended(self, question: Placed, *, itself: bool) -> Suggestion | None:
        """One rule mended after another until none is broken; the wording nearest to the question of those found first."""
        front, seen = [question.text], {question.text}
        for depth in range(ROUNDS):
            passing = [t for t in front if (depth or itself) and self.passes(t, question)]
            if found := self._nearest(passing, question.text, NEAR_FORM):
                return Suggestion(text=found, made="form")
            offers = [o for t in front if t not in passing for o in self._offers(t, question)]
            front = [o for o in dict.fromkeys(offers) if o not in seen][: 2 * MOST_OFFERS]
            seen.update(front)
        found = self._nearest([t for t in front if self.passes(t, question)], question.text, NEAR_FORM)
        return Suggestion(text=found, made="form") if found else None

    def _offers(self, text: str, question: Placed) -> tuple[str, ...]:
        """What may mend the first broken rule that has an offer; a long one may become short by being turned."""
        broken = self._errors(text, question)
        quotes = {rule: broken[rule].quote for rule in SPOKEN_FIRST if rule in broken}
        if "to-the-person" in quotes:
            quotes[ADDRESS] = ""
        made = [self._turning(text, rule, quote, self._names) for rule, quote in quotes.items()]
        offering = [offers for offers in made if offers][: 2 if "short" in quotes else 1]
        return tuple(offer for offers in offering for offer in offers[:MOST_OFFERS])

    def _nearest(self, texts: Sequence[str], to: str, least: float) -> str | None:
        """The first of the texts that is about as near as the nearest; None where even that is too far."""
        if not texts:
            return None
        near = _similar(texts, to, self._index.embedder)
        best = [text for text, score in zip(texts, near, strict=True) if score >= max(least, max(near) - MARGIN)]
        return best[0] if best else None

    def _by_model(self, question: Placed, broken: Sequence[Finding]) -> Suggestion | None:
        if self.talk is None:
            return None
        advice = "\n".join(dict.fromkeys(f"- {finding.better}" for finding in broken))
        task = self.talk.prompts["reword"].render(question=question.text, findings=advice)
        answer = self._asked(self.talk, task)
        if answer is None or not self.passes(answer, question) or not self._is_grounded(answer, question.text):
            return None
        near = self._nearest([answer], question.text, NEAR_MODEL)
        return Suggestion(text=answer, made="model") if near and answer != question.text else None

    def _asked(self, talk: Talk, task: str) -> str | None:
        try:
            answer, _ = talk.ask(task, Reworded, max_tokens=REWORD_TOKENS)
        except ReplyRejected:
            self._answered = True
            return None
        except (ModelUnavailable, ModelBusy):
            if not self._answered:
                raise
            self.talk = None  # it answered before: the handbook makes the rest
            return None
        self._answered = True
        return " ".join(answer.question.split()) if answer else None

    def _is_grounded(self, answer: str, question: str) -> bool:
        """Whether every word of an answer is the manager's or the handbook's."""
        return _roots([answer]) <= self._plain | _roots([question])

    def _from_handbook(self, question: Placed, dimension: Dimension | None) -> Suggestion | None:
        """The nearest question of the handbook that passes, with the manager's subject in its blank."""
        topics = self._turning.topics(question.text)
        dimensions = DIMENSIONS if dimension is None else (dimension,)
        offers = self._framed("reword-noun-frames", topics, dimensions, question)
        hit = next(iter(self._index.cards(question.text, 1)), None)
        if hit and hit.score >= CARD_FITS and question.purpose == "explore":
            offers |= self._of_card(self._knowledge.card(hit.id), question.text, dimensions)
        return self._best(offers or self._general(dimensions, question), question, topics)

    def _best(self, offers: Offers, question: Placed, topics: Sequence[str]) -> Suggestion | None:
        """The nearest of the offers that passes; first those that name the manager's subject."""
        subject, near = _roots(topics), _similar(list(offers), question.text, self._index.embedder)
        ranked = sorted(zip(offers, near, strict=True), key=lambda pair: (not subject & _roots([pair[0]]), -pair[1]))
        far = NEAR_HANDBOOK if question.purpose == "explore" else -1.0
        fit = (text for text, score in ranked if subject & _roots([text]) or score >= far)
        best = next((text for text in fit if self.passes(text, question)), None)
        return Suggestion(text=best, made="handbook", sources=(offers[best],)) if best else None

    def _framed(
        self, frames_id: str, topics: Sequence[str], dimensions: Sequence[Dimension], question: Placed
    ) -> Offers:
        """The questions of the bank in a word list, each topic in their blank."""
        known = {entry.id: entry for entry in self._knowledge.questions}
        frames = [known[entry_id] for entry_id in self._knowledge.word_list(frames_id).words]
        fit = [f for f in frames if f.purpose == question.purpose and (f.dimension in (*dimensions, None))]
        return {frame.text.format(work=topic): frame.id for topic in topics for frame in fit}

    def _general(self, dimensions: Sequence[Dimension], question: Placed) -> Offers:
        """The bank's questions that need no subject."""
        explores = question.purpose == "explore"
        return {
            q.text: q.id
            for q in self._knowledge.questions
            if "{work}" not in q.text
            and (q.when == "general" and q.dimension in dimensions if explores else q.when == "commitment")
        }

    def _of_card(self, card: Card, text: str, dimensions: Sequence[Dimension]) -> Offers:
        """A card's own questions, with the manager's words in their blanks."""
        slots = by_meaning(choices(card, [text], self._index.embedder, self._nouns))
        return {card.fill(seed.text, slots): card.id for dimension in dimensions for seed in card.questions[dimension]}


def _similar(texts: Sequence[str], to: str, embedder: Embedder) -> list[float]:
    return [float(score) for score in embedder.embed(texts) @ embedder.embed([to])[0]]


def _roots(texts: Iterable[str]) -> set[str]:
    return {word[:_ROOT] for text in texts for word in _WORD.findall(text.lower())}
