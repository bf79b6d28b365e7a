"""The page while it is being made: what there is so far, as a valid Prep at any moment, and the finished one."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import cached_property

from fourthright import agenda as meetings
from fourthright import surroundings as around
from fourthright.domain import (
    LEVELS,
    WITHHOLDING,
    Agenda,
    Expectation,
    Flag,
    FollowUp,
    Gap,
    MadeWith,
    Prep,
    Progress,
    Question,
    Situation,
    Source,
    Status,
    Tokens,
    WatchFor,
)
from fourthright.embedding import Embedder
from fourthright.entries import Trigger
from fourthright.export.markdown import page as as_markdown
from fourthright.export.markdown import words
from fourthright.finding import Theme
from fourthright.knowledge import Knowledge
from fourthright.naming import employee_names
from fourthright.prompts import Prompts
from fourthright.reading import Reading
from fourthright.screening import Screen
from fourthright.shortening import trimmed
from fourthright.talk import Talk

PLANNED_WORDS = 444
"""Words of the handbook's page when it is decided how many concerns fit; drafted lines may be a little longer."""
STEPS_BEFORE_LINES = 3
STEPS_FOR_QUESTIONS = 5


class Page:
    """One page in the making."""

    def __init__(
        self,
        situation: Situation,
        knowledge: Knowledge,
        prompts: Prompts,
        model: str | None,
        embedder: Embedder,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self.situation, self.knowledge = situation, knowledge
        self.flags: list[Flag] = []
        self.reading = Reading(observations=())
        self.themes: tuple[Theme, ...] = ()
        self.others: tuple[Theme, ...] = ()
        self.expectations: list[Expectation] = []
        self.questions: list[Question] = []
        self.labels: tuple[str, ...] = ()
        self.replaces: dict[str, str] = {}
        self.quotes: dict[str, Source] = {}
        self.talk: Talk | None = None
        self.model_stopped = False
        self.names = employee_names(situation.text, situation.names, knowledge)
        self._embedder = embedder
        self._made_with = (model, prompts.versions)
        self._on_progress = on_progress
        self._started = time.monotonic()
        self._steps = 0

    @property
    def status(self) -> Status:
        """Withheld when a grave safeguard fired, no_evidence when nothing was seen, else ready."""
        if any(flag.level in WITHHOLDING for flag in self.flags):
            return "withheld"
        return "no_evidence" if any(flag.trigger == "no_evidence" for flag in self.flags) else "ready"

    @property
    def relapsed(self) -> bool:
        """Whether the text tells of a change that came and went."""
        return around.has_relapsed(self.reading.observations, self.knowledge)

    def put_off(self) -> None:
        """Keeps the least evidenced concern for another talk."""
        last = min(self.themes, key=lambda t: t.score)
        self.themes = tuple(t for t in self.themes if t is not last)
        self.others += (last,)
        self.choose_labels()

    def expect(self, expectation: Expectation, own: Source | None) -> None:
        """Puts an expectation on the page, with what the organisation's own documents say about it."""
        if own:
            self.quotes[own.id] = own
            expectation = expectation.model_copy(update={"sources": (*expectation.sources, own.id)})
        self.expectations.append(expectation)

    def ends_here(self) -> bool:
        """Whether there is nothing to draft: withheld, or no evidence."""
        return self.status != "ready"

    def report(self, doing: str) -> None:
        """Tells the watcher what is being done, with the page so far once there is a line on it."""
        total = STEPS_BEFORE_LINES + max(len(self.themes), 1) + STEPS_FOR_QUESTIONS
        so_far = self._prep(self._agenda_so_far()) if self.expectations else None
        self._on_progress(Progress(doing=doing, done=min(self._steps, total), total=total, page=so_far))
        self._steps += 1

    def require_evidence(self) -> None:
        """Flags a text in which nothing was surely seen, also where it holds no judgement either."""
        sure = self.reading.sure
        if self.status == "ready" and not any(o.kind == "seen" and o.id in sure for o in self.reading.observations):
            trigger = self.knowledge.trigger("no_evidence")
            self.flags.append(
                Flag(trigger=trigger.id, level=trigger.level, quote="", reason=trigger.reason, route=trigger.route)
            )

    def raise_flag(self, trigger_id: str | None, screen: Screen) -> None:
        """Adds the safeguard that the model raised, where the screen sees some evidence for it too."""
        if trigger_id and (flag := screen.second(self.situation.text, trigger_id)):
            self.flags = sorted([*self.flags, flag], key=lambda f: LEVELS.index(f.level))

    def choose_labels(self) -> None:
        """Which of the manager's vague words each expectation stands in for."""
        self.labels = around.labels_in(self.reading.observations, self.knowledge)
        self.replaces = around.replaced(self.labels, self.themes, self._embedder)

    def finished(self) -> Prep:
        """The whole page, trimmed to its budget of words."""
        if self.status == "withheld":
            return self._prep(meetings.for_hr(self._gravest()))
        if self.status == "no_evidence":
            return trimmed(self._prep(meetings.to_learn(self.knowledge, self.situation.text)))
        return trimmed(self._whole())

    def _whole(self) -> Prep:
        return self._prep(
            meetings.for_employee(self.themes, self.questions, self.reading.observations, self.names, self.knowledge)
        )

    def has_room(self, expectations: list[Expectation], asked: list[Question]) -> bool:
        """Whether the page would keep to its words with these lines."""
        self.expectations, self.questions = expectations, asked
        fits = words(as_markdown(trimmed(self._whole(), PLANNED_WORDS))) <= PLANNED_WORDS
        self.expectations, self.questions = [], []
        return fits

    def _agenda_so_far(self) -> Agenda:
        return Agenda(with_="employee", steps=(), questions=tuple(self.questions), closing="")

    def _gravest(self) -> Trigger:
        return self.knowledge.trigger(min(self.flags, key=lambda f: LEVELS.index(f.level)).trigger)

    def _prep(self, meeting: Agenda) -> Prep:
        observations, status = self.reading.observations, self.status
        ready = status == "ready"
        model, prompts = self._made_with
        return Prep(
            status=status,
            situation=self.situation,
            observations=observations,
            concerns=tuple(t.concern() for t in self.themes),
            other_concerns=tuple(t.other() for t in self.others),
            start_with=around.start_with(observations, self.knowledge) if ready else None,
            expectations=tuple(self.expectations),
            agenda=meeting,
            gaps=self._gaps(),
            watch_for=self._watch_for(),
            left_out=around.left_out(observations),
            your_part=around.your_part(observations, self.labels, self.knowledge) if status != "withheld" else (),
            likely_reaction=self.themes[0].card.fill(self.themes[0].card.reaction, self.themes[0].slots)
            if self.themes
            else None,
            flags=tuple(self.flags),
            gut_check=self._gut_check(),
            follow_up=self._follow_up(),
            sources=self._sources(meeting.questions),
            made_with=MadeWith(
                model=self._made_by(model) if self.talk else None,
                prompts=prompts if self.talk else {},
                seconds=round(time.monotonic() - self._started, 1),
                tokens=self.talk.tokens if self.talk else Tokens(),
            ),
        )

    def _made_by(self, model: str | None) -> str | None:
        return f"{model} (it stopped answering; the handbook made the rest)" if self.model_stopped else model

    def _gaps(self) -> tuple[Gap, ...]:
        if self.status == "withheld":
            return around.gaps_for_hr(self._gravest())
        return around.gaps(self.themes, self.reading.observations, self.situation)

    def _watch_for(self) -> tuple[WatchFor, ...]:
        if self.status != "no_evidence":
            return ()
        return around.watch_for(self.reading.observations, self.knowledge, self._embedder)

    def _gut_check(self) -> str:
        if self.status == "withheld":
            return "Would you raise this, in these words, about anyone else? You need not settle it alone."
        return around.gut_check(self.names)

    def _follow_up(self) -> tuple[FollowUp, ...]:
        if self.status == "withheld":
            return around.follow_up_with_hr()
        if self.status == "no_evidence":
            return around.follow_up_to_learn()
        return around.follow_up(relapsed=self.relapsed)

    def _sources(self, asked: Sequence[Question]) -> tuple[Source, ...]:
        used = [i for e in self.expectations for i in e.sources] + [i for q in asked for i in q.sources]
        return tuple(self.quotes.get(i) or Source(id=i, title=self._titles[i]) for i in dict.fromkeys(used))

    @cached_property
    def _titles(self) -> dict[str, str]:
        known = self.knowledge
        titles = {card.id: card.fill(card.title) for card in known.cards} | {
            note.id: note.title for note in known.notes
        }
        return titles | {q.id: f"Question bank: {q.text.replace('{work}', '…')}" for q in known.questions}
