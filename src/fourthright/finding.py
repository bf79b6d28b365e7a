"""Find: which observations belong together as one concern, and which card each concern rests on."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from fourthright.domain import Concern, Frozen, Observation, OtherConcern
from fourthright.figures import figures
from fourthright.knowledge import Card, Knowledge
from fourthright.retrieval import Index
from fourthright.slots import Choice, by_meaning, choices

MOST_CONCERNS = 4
STARTS, DOUBTFUL_STARTS = 0.42, 0.54
"""How well a card must fit before an observation starts a concern; more where its sorting was in doubt."""
SURE_FIT = 0.62
"""Above this a card is the concern's own; below it an observation may still join its neighbour's concern."""
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
    groups: list[_Group] = []
    weak: list[_Group] = []
    for observation in (o for o in observations if o.kind == "seen"):
        group = _Group.of(observation, index)
        last = groups[-1] if groups else None
        if last and _continues(observation, group, last, observations):
            last.take(group)
        elif group.score < (STARTS if observation.id in sure else DOUBTFUL_STARTS):
            weak.append(group)
        elif same := next((g for g in groups if g.card_id == group.card_id), None):
            same.take(group)
        else:
            groups.append(group)
    found = groups or sorted(weak, key=lambda g: -g.weight)[:1]
    return tuple(_theme(f"c{n}", g, index, knowledge) for n, g in enumerate(found, 1))


def for_the_page(found: Sequence[Theme]) -> tuple[tuple[Theme, ...], tuple[Theme, ...]]:
    """The concerns for this page (four at most, the best evidenced, in the order of the text) and the others."""
    ranked = sorted(found, key=lambda t: -t.score)[:MOST_CONCERNS]
    kept = tuple(t for t in found if t in ranked)
    return kept, tuple(t for t in found if t not in ranked)


class _Group:
    """Observations that seem to speak of one thing."""

    def __init__(self, observations: list[Observation], card_id: str | None, score: float) -> None:
        self.observations, self.card_id, self.score = observations, card_id, score

    @classmethod
    def of(cls, observation: Observation, index: Index) -> _Group:
        hits = index.cards(_LEAD_IN.sub("", observation.quote), 1)
        return cls([observation], hits[0].id if hits else None, hits[0].score if hits else 0.0)

    @property
    def weight(self) -> float:
        """How much there is to talk about: the fit of a card, numbers, and more than one piece."""
        numbers = sum(bool(figures(o.quote)) for o in self.observations)
        return self.score + 0.2 * min(numbers, 2) + 0.1 * (len(self.observations) - 1)

    def take(self, other: _Group) -> None:
        self.observations += other.observations
        if other.score > self.score:
            self.card_id, self.score = other.card_id, other.score


_LEAD_IN = re.compile(r"^(?:[\w'’]+ ){0,3}[\w'’]+: (?=\w+ \w+)")
_CONSEQUENCE = re.compile(
    r"^(?:so|which|because|then|that|this|it|they|again|same|and|also the same|no one|nobody|the (?:third|second) time|"
    r"(?:third|second|2nd|3rd) time|i (?:had to|ended up|found|know|see|saw|was|did|covered|checked))\b",
    re.IGNORECASE,
)


def _continues(observation: Observation, group: _Group, last: _Group, all_of: Sequence[Observation]) -> bool:
    """Whether an observation only goes on about what the one before it said."""
    ids = [o.id for o in all_of]
    beside = ids.index(observation.id) - ids.index(last.observations[-1].id) == 1
    if not beside:
        return False
    if _CONSEQUENCE.match(observation.quote):
        return group.score < SURE_FIT
    return group.card_id is None or (group.card_id == last.card_id)


def _theme(theme_id: str, group: _Group, index: Index, knowledge: Knowledge) -> Theme:
    together = ". ".join(o.quote for o in group.observations)
    hits = index.cards(together, 1)
    best = hits[0].id if hits and hits[0].score >= group.score else group.card_id
    card = knowledge.card(best or GENERAL_CARD)
    offered = choices(card, [o.quote for o in group.observations], index.embedder)
    return Theme(
        id=theme_id,
        observations=tuple(group.observations),
        card=card,
        fits=best is not None,
        offered=offered,
        slots=by_meaning(offered),
        score=group.weight,
    )
