"""The words of the product as frozen types. A value that exists is valid: invariants live here, not in prompts or pages."""

from __future__ import annotations

from typing import Annotated, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

MAX_SITUATION_CHARS = 20_000

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

ObservationKind = Literal["seen", "label", "guess", "hearsay", "history", "strength", "private", "background"]
Dimension = Literal["clarity", "conflicts", "confidence", "conviction"]
Level = Literal["STOP", "HOLD", "REFUSE", "FLAG"]
Severity = Literal["error", "advice"]
Purpose = Literal["explore", "commitment"]
Status = Literal["ready", "no_evidence", "withheld"]
NumberOrigin = Literal["situation", "computed", "proposed"]
LineOrigin = Literal["drafted", "repaired", "chosen", "bank", "fallback", "edited"]
StepName = Literal[
    "Initiate", "Notice", "Specific support", "Probe", "Invite", "Review", "Enforce", "Say", "Hand over", "Ask"
]

DIMENSIONS: tuple[Dimension, ...] = ("clarity", "conflicts", "confidence", "conviction")
LEVELS: tuple[Level, ...] = ("STOP", "HOLD", "REFUSE", "FLAG")
"""Gravest first."""
INSPIRE: tuple[StepName, ...] = ("Initiate", "Notice", "Specific support", "Probe", "Invite", "Review", "Enforce")
WITHHOLDING: tuple[Level, ...] = ("STOP", "HOLD", "REFUSE")
CLOSING_QUESTION = "What else can I do to be most helpful?"


class Frozen(BaseModel):
    """A value object: immutable, no unknown fields; its errors never quote what the manager typed."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, serialize_by_alias=True, hide_input_in_errors=True
    )


class Situation(Frozen):
    """What the manager typed, and the little they may add beside it."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=MAX_SITUATION_CHARS)]
    role: str | None = None
    names: tuple[str, ...] = ()
    history: str | None = None


class Observation(Frozen):
    """A verbatim piece of the situation; `start` and `end` are code point offsets into the text as typed."""

    id: str
    quote: Text
    start: int
    end: int
    kind: ObservationKind

    @model_validator(mode="after")
    def _spans_its_quote(self) -> Self:
        if self.end - self.start != len(self.quote):
            raise ValueError(f"observation {self.id}: offsets do not span its quote")
        return self


class Concern(Frozen):
    """One thing to talk about."""

    id: str
    topic: Text
    observation_ids: tuple[str, ...]
    card_id: str | None = None


class OtherConcern(Frozen):
    """A concern kept for another talk."""

    id: str
    topic: Text
    observation_ids: tuple[str, ...]


class Finding(Frozen):
    """A broken rule: the words that break it, why, and a better wording."""

    rule: str
    severity: Severity
    quote: str
    why: str
    better: str


class Flag(Frozen):
    """A safeguard that fired, with the words that fired it and whom to involve."""

    trigger: str
    level: Level
    quote: str
    reason: str
    route: str


class Number(Frozen):
    """One number, date or amount on the page and where it came from."""

    text: Text
    origin: NumberOrigin
    from_: tuple[str, ...] = Field(default=(), alias="from")
    formula: str | None = None

    @model_validator(mode="after")
    def _origin_is_backed(self) -> Self:
        if self.origin != "proposed" and not self.from_:
            raise ValueError(f"number {self.text!r}: origin {self.origin} names no observation")
        if (self.origin == "computed") != (self.formula is not None):
            raise ValueError(f"number {self.text!r}: a formula belongs to a computed number and only to it")
        return self


class Baseline(Frozen):
    """Where things stand today, in the manager's own numbers or computed from them."""

    text: Text
    observation_ids: Annotated[tuple[str, ...], Field(min_length=1)]


class Expectation(Frozen):
    """What the person will do from now on."""

    id: str
    concern_id: str
    replaces: str | None
    behaviour: Text
    measure: Text
    baseline: Baseline | None
    target: Text
    by_when: Text
    first_step: Text
    payoff: Text
    numbers: tuple[Number, ...]
    origin: LineOrigin
    findings: tuple[Finding, ...] = ()
    sources: tuple[str, ...] = ()


class Question(Frozen):
    """One question of the agenda, with what to listen for in the answer."""

    id: str
    dimension: Dimension | None
    purpose: Purpose
    text: Text
    listen_for: str
    origin: LineOrigin
    findings: tuple[Finding, ...] = ()
    sources: tuple[str, ...] = ()


class Step(Frozen):
    """One step of the meeting: minutes are proposed, `say` is what the manager says."""

    name: StepName
    minutes: Annotated[int, Field(ge=0, le=60)]
    say: str
    question_ids: tuple[str, ...] = ()


class Agenda(Frozen):
    """The meeting in order."""

    with_: Literal["employee", "HR"] = Field(alias="with")
    steps: tuple[Step, ...]
    questions: tuple[Question, ...]
    closing: str

    @model_validator(mode="after")
    def _steps_name_their_questions(self) -> Self:
        known = {question.id for question in self.questions}
        missing = [i for step in self.steps for i in step.question_ids if i not in known]
        if missing:
            raise ValueError(f"agenda steps name unknown questions: {missing}")
        return self


class Gap(Frozen):
    """A fact the page needs and the situation lacks: find it out first."""

    id: str
    text: Text
    concern_id: str | None = None


class WatchFor(Frozen):
    """A label the manager used and what to look at instead."""

    label: str
    look_at: str


class LeftOut(Frozen):
    """A piece of the situation that stays off the page, and why."""

    observation_id: str
    why: str


class StartWith(Frozen):
    """The dimension to listen to first, because of the manager's own words."""

    dimension: Dimension
    because: str
    observation_ids: Annotated[tuple[str, ...], Field(min_length=1)]


class FollowUp(Frozen):
    """What happens after the meeting, and when."""

    when: str
    text: str


class Source(Frozen):
    """A card, note, question or passage that the page rests on; `text` is quoted from the organisation's own document."""

    id: str
    title: str
    text: str | None = None


class Tokens(Frozen):
    """Prompt tokens read afresh, prompt tokens taken from the cache, and tokens written."""

    fresh: int = 0
    cached: int = 0
    written: int = 0

    def __add__(self, other: Tokens) -> Tokens:
        return Tokens(
            fresh=self.fresh + other.fresh, cached=self.cached + other.cached, written=self.written + other.written
        )


class MadeWith(Frozen):
    """What made the page: model, prompt versions, wall seconds, tokens."""

    model: str | None
    prompts: dict[str, str]
    seconds: float
    tokens: Tokens


class Prep(Frozen):
    """The whole result of one `prepare`."""

    schema_: Literal["prep/1"] = Field(default="prep/1", alias="schema")
    status: Status
    situation: Situation
    observations: tuple[Observation, ...]
    concerns: tuple[Concern, ...]
    other_concerns: tuple[OtherConcern, ...]
    start_with: StartWith | None
    expectations: tuple[Expectation, ...]
    agenda: Agenda
    gaps: tuple[Gap, ...]
    watch_for: tuple[WatchFor, ...]
    left_out: tuple[LeftOut, ...]
    your_part: tuple[str, ...]
    likely_reaction: str | None
    flags: tuple[Flag, ...]
    gut_check: str
    follow_up: tuple[FollowUp, ...]
    sources: tuple[Source, ...]
    made_with: MadeWith

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        text, seen = self.situation.text, {o.id for o in self.observations}
        for o in self.observations:
            if text[o.start : o.end] != o.quote:
                raise ValueError(f"observation {o.id} is not a verbatim piece of the situation")
        if self.status != "ready" and self.expectations:
            raise ValueError(f"a page with status {self.status} has no expectations")
        if self.status == "withheld" and (self.agenda.with_ != "HR" or self.agenda.questions):
            raise ValueError("a withheld page is prepared for HR and asks the employee nothing")
        if len(self.expectations) > 4:
            raise ValueError("a page has at most four expectations")
        pointed = [i for c in self.concerns for i in c.observation_ids]
        pointed += [i for c in self.other_concerns for i in c.observation_ids]
        pointed += [i for e in self.expectations for n in e.numbers for i in n.from_]
        pointed += [i for e in self.expectations if e.baseline for i in e.baseline.observation_ids]
        if unknown := sorted(set(pointed) - seen):
            raise ValueError(f"the page points at observations it does not have: {unknown}")
        return self


MadeT = TypeVar("MadeT")


class Underway(Frozen, Generic[MadeT]):
    """One step of a run: what is being done, how far it is, and what is ready so far once there is something."""

    doing: str
    done: int
    total: int
    page: MadeT | None = None


Progress = Underway[Prep]
"""One step of a running `prepare`."""
