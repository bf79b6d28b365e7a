"""Find: which observations belong together as one concern, and which card each concern rests on."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from fourthright.domain import Concern, Frozen, Observation, OtherConcern
from fourthright.entries import Card
from fourthright.figures import figures, today
from fourthright.figures.rates import SMALLEST_TOTAL, rate_in
from fourthright.knowledge import Knowledge
from fourthright.retrieval import Hit, Index
from fourthright.slots import Choice, Nouns, by_meaning, choices

MOST_CONCERNS = 4
STARTS, DOUBTFUL_STARTS = 0.5, 0.9
"""How well a card must fit before an observation starts a concern; more where its sorting was in doubt."""
LEAST_FIT = 0.2
"""Below this a card does not fit at all: what was counted is a concern without one, the rest goes on about what stood before."""
SURE_FIT = 0.95
"""Above this a card is the concern's own; below it an observation may still join its neighbour's concern."""
WHOLE = 3
"""Words from which a piece may tell by itself what happened."""
GENERAL_CARD = "agreed-way"
"""The card for work that no other card fits."""


class Theme(Frozen):
    """A concern while the page is made: its observations, its card, and the words that fill the card's blanks."""

    id: str
    observations: tuple[Observation, ...]
    card: Card
    fits: bool
    """False where no card fits and the general one stands in."""
    offered: tuple[Choice, ...] = ()
    """What the card's blanks may be filled with."""
    slots: dict[str, str]
    picked: bool = False
    """Whether a model picked what fills the blanks."""
    score: float

    @property
    def topic(self) -> str:
        """The card's title with the manager's words."""
        return self.card.fill(self.card.title, self.slots)

    @property
    def text(self) -> str:
        """The observations' words, one after another."""
        return ". ".join(o.quote for o in self.observations)

    def concern(self) -> Concern:
        """As it stands on the page."""
        return Concern(
            id=self.id, topic=self.topic, observation_ids=tuple(o.id for o in self.observations), card_id=self.card.id
        )

    def other(self) -> OtherConcern:
        """As it stands among the concerns kept for another talk."""
        return OtherConcern(id=self.id, topic=self.topic, observation_ids=tuple(o.id for o in self.observations))


def themes(
    observations: Sequence[Observation], sure: Collection[str], index: Index, knowledge: Knowledge
) -> tuple[Theme, ...]:
    """The seen observations grouped into concerns in the order of the text; may be more than a page holds.

    `sure` holds the ids that the word lists sorted without doubt. What fits no card well is context, not a concern,
    unless there is nothing else.
    """
    fitting = _Fitting(index, knowledge)
    groups: list[_Group] = []
    for observation in (o for o in observations if o.kind == "seen"):
        group = fitting.group(observation, observation.id in sure)
        last = groups[-1] if groups else None
        if last and _beside(last.observations[-1], observation, observations) and fitting.goes_on(group, last):
            last.take(group)
        elif group.starts and (same := next((g for g in groups if g.starts and g.card_id == group.card_id), None)):
            same.take(group)
        else:
            groups.append(group)
    found = [g for g in groups if g.starts] or sorted(groups, key=lambda g: -g.weight)[:1]
    cards = {g.card_id for g in found}
    return tuple(fitting.theme(f"c{n}", g, cards - {g.card_id}) for n, g in enumerate(found, 1))


def for_the_page(found: Sequence[Theme]) -> tuple[tuple[Theme, ...], tuple[Theme, ...]]:
    """The concerns for this page (four at most, the best evidenced, in the order of the text) and the others."""
    ranked = sorted(found, key=lambda t: -t.score)[:MOST_CONCERNS]
    kept = tuple(t for t in found if t in ranked)
    return kept, tuple(t for t in found if t not in ranked)


_HOW_OFTEN = re.compile(r"(?:and |but )?(?:once|twice|\w+ times)\b(?!\W+(?:\w+ ){0,2}s?he\b)", re.IGNORECASE)


def only_counts(quote: str) -> bool:
    """Whether a piece begins with how often, so that what was done stands before it: "three times since August"."""
    return bool(_HOW_OFTEN.match(quote))


class _Group:
    """Observations that seem to speak of one thing.

    `sure` says whether one of them was sorted without doubt, `starts` whether they are enough for a concern.
    """

    def __init__(self, observation: Observation, hit: Hit | None, *, sure: bool, starts: bool) -> None:
        self.observations, self.sure, self.starts = [observation], sure, starts
        self.card_id = hit.id if hit else None
        self.score = hit.score if hit else 0.0

    @property
    def weight(self) -> float:
        """How much there is to talk about: the fit of a card, numbers, and more than one piece. What was counted and
        fits no card is no worse than what just fits one."""
        numbers = sum(bool(figures(o.quote)) for o in self.observations)
        return (
            max(self.score, STARTS if self.starts else 0.0) + 0.2 * min(numbers, 2) + 0.1 * (len(self.observations) - 1)
        )

    @property
    def only_counts(self) -> bool:
        """Whether it only says how often; see `only_counts`."""
        return only_counts(self.observations[0].quote)

    def take(self, other: _Group) -> None:
        self.observations += other.observations
        self.sure |= other.sure
        if other.score > self.score and not other.only_counts:
            self.card_id, self.score = other.card_id, other.score
        self.starts |= other.starts or (self.sure and self.score >= STARTS)


class _Fitting:
    """Which card fits the words of an observation, and what it goes on about."""

    def __init__(self, index: Index, knowledge: Knowledge) -> None:
        self._index, self._knowledge, self._nouns = index, knowledge, Nouns(knowledge)
        self._aside = knowledge.word_list("group-aside").regex
        self._follows = knowledge.word_list("group-follows").regex
        self._fault = knowledge.word_list("sort-fault").regex

    def group(self, observation: Observation, sure: bool) -> _Group:
        """An observation by itself. A count of what failed is a concern, whether a card fits it or not."""
        quote = observation.quote
        hit, counts = self._best(quote), _counts_failures(observation)
        if hit and hit.score < (STARTS if sure else DOUBTFUL_STARTS):
            own = hit if hit.score >= LEAST_FIT else None
            return _Group(observation, own, sure=sure, starts=counts)
        starts = (hit is not None or counts) and not self._broken(quote)
        return _Group(observation, hit, sure=sure, starts=starts)

    def goes_on(self, group: _Group, last: _Group) -> bool:
        """Whether an observation only goes on about what the one before it said."""
        quote = group.observations[0].quote
        if self._follows.search(quote):
            return group.score < SURE_FIT
        if group.only_counts:
            return True
        return self._broken(quote) or (not group.starts and group.card_id is None) or group.card_id == last.card_id

    def theme(self, theme_id: str, group: _Group, taken: Collection[str | None]) -> Theme:
        """The concern that a group makes, on a card that no other concern has, and what may fill the card's blanks."""
        hit = self._best(". ".join(o.quote for o in group.observations))
        better = hit and group.card_id and hit.score >= group.score and hit.id not in taken
        best = hit.id if hit and better else group.card_id
        card = self._knowledge.card(best or GENERAL_CARD)
        offered = choices(card, [o.quote for o in group.observations], self._index.embedder, self._nouns)
        return Theme(
            id=theme_id,
            observations=tuple(group.observations),
            card=card,
            fits=best is not None,
            offered=offered,
            slots=by_meaning(offered),
            score=group.weight,
        )

    def _best(self, text: str) -> Hit | None:
        """The card that fits best, however badly; None where next to nothing does."""
        return next(iter(self._index.cards(text, 1, sure=0.0)), None)

    def _broken(self, quote: str) -> bool:
        """Whether a piece is too short to say what happened: "then stopped", "two left"."""
        return len(self._aside.sub(" ", quote).split()) < WHOLE and not self._fault.search(quote)


def _counts_failures(observation: Observation) -> bool:
    """Whether a piece counts what failed, or holds a figure against a standard."""
    found = rate_in(observation.quote, figures(observation.quote))
    if found is not None and found.rate.total >= SMALLEST_TOTAL:
        return True
    now = today([observation])
    return now is not None and now.standard is not None


def _beside(one: Observation, other: Observation, all_of: Sequence[Observation]) -> bool:
    ids = [o.id for o in all_of]
    return ids.index(other.id) - ids.index(one.id) == 1
