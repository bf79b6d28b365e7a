"""Vague phrases in, measurable expectations out: for each phrase up to three, or two questions where no card fits.

    screen -> find the nearest cards -> fill their blanks -> check

A row that cannot be used is answered by one line of its own; the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from functools import cached_property

from fourthright.domain import (
    WITHHOLDING,
    Expectation,
    Finding,
    Flag,
    Frozen,
    LineOrigin,
    Number,
    Question,
    Situation,
    Text,
)
from fourthright.drafting import Attempt, Drafter
from fourthright.engine import Engine
from fourthright.errors import BadInput, Cancelled, ManagerError, ModelBusy, ModelUnavailable, ReplyRejected
from fourthright.expecting import expectation
from fourthright.export.numbers import marked
from fourthright.export.plain import visible
from fourthright.finding import GENERAL_CARD, Theme
from fourthright.knowledge import Knowledge
from fourthright.llm import Cancel, never
from fourthright.naming import employee_names
from fourthright.phrases import Phrases, checked_context
from fourthright.pieces import Sorter
from fourthright.reading import LEFT_OUT, read, screened
from fourthright.sheets import Table
from fourthright.slots import Choice, Nouns, by_meaning, by_model, choices, near_enough
from fourthright.talk import Talk
from fourthright.translating import Match, Pointed, Translator

HEADING = ("Phrase", "Expect instead", "How it is seen", "Target", "By when", "First step", "Handbook", "Note")
TRANSLATION_NOTE = "translate-generic-phrases"
SURELY = 1.0
"""Score of a phrase that is one of the things a blank names."""

Key = tuple[str, str | None]
"""A phrase and the context it was read in: what a finished row is known by."""


class Suggestion(Frozen):
    """A measurable expectation in the place of a vague phrase; all its numbers are proposals."""

    replaces: Text
    behaviour: Text
    measure: Text
    target: Text
    by_when: Text
    first_step: Text
    payoff: Text
    numbers: tuple[Number, ...]
    origin: LineOrigin
    findings: tuple[Finding, ...] = ()
    sources: tuple[str, ...]


class Rewrite(Frozen):
    """One phrase answered: expectations; or two questions where no card fits; or grave flags alone; or what is wrong with it."""

    phrase: str
    expectations: tuple[Suggestion, ...] = ()
    questions: tuple[Question, ...] = ()
    flags: tuple[Flag, ...] = ()
    error: str | None = None

    @property
    def withheld(self) -> bool:
        """Whether a grave safeguard fired."""
        return any(flag.level in WITHHOLDING for flag in self.flags)


def _unwatched(_done: int, _total: int) -> None:
    """Nobody watches."""


def _uncounted(_: Attempt) -> None:
    """Nobody counts."""


def rewrite(
    phrases: Sequence[str],
    parts: Engine,
    *,
    context: str | None = None,
    finished: MutableMapping[Key, Rewrite] | None = None,
    on_progress: Callable[[int, int], None] = _unwatched,
    cancelled: Cancel = never,
) -> tuple[Rewrite, ...]:
    """Answers every phrase, in order.

    `finished` takes each row as it is done, and a row that is in it is not done again: hand the same mapping in after a
    stop to go on. `on_progress` gets the rows done and their number. Raises BadInput for a context that is too long,
    Cancelled when `cancelled()` turns true, and ModelUnavailable or ModelBusy when the model does not answer even once;
    once it has, the handbook makes what it fails to.
    """
    rows = {} if finished is None else finished
    job = checked_context(context)
    rewriter = Rewriter(parts, job, cancelled)
    for done, phrase in enumerate(phrases):
        on_progress(done, len(phrases))
        if cancelled():
            raise Cancelled("Stopped.")
        if (phrase, job) not in rows:
            rows[phrase, job] = rewriter(phrase)
    on_progress(len(phrases), len(phrases))
    return tuple(rows[phrase, job] for phrase in phrases)


class Rewriter:
    """Answers one phrase after another about one job."""

    def __init__(self, parts: Engine, job: str | None, cancelled: Cancel = never) -> None:
        self._parts, self._job, self._cancelled = parts, job, cancelled
        self._phrases = Phrases(parts.knowledge)
        self._translator = Translator(parts.index)
        self._pointed = Pointed(parts.knowledge, parts.index.embedder)
        self._blanks = _Blanks(parts, cancelled)

    def __call__(self, phrase: str) -> Rewrite:
        """One row; what makes it unusable stands in its `error`."""
        line = visible(phrase)
        flags = self._screened(line)
        if any(flag.level in WITHHOLDING for flag in flags):
            return Rewrite(phrase=phrase, flags=flags)
        try:
            self._phrases.check(line)
            shown = self._shown(line)
        except ManagerError as error:
            return Rewrite(phrase=phrase, flags=flags, error=str(error))
        found = tuple(self._suggestions(shown))
        questions = () if found else self._pointed(f"{shown} {self._job_shown or ''}")
        return Rewrite(phrase=phrase, expectations=found, questions=questions, flags=flags)

    def _screened(self, phrase: str) -> tuple[Flag, ...]:
        """The flags of a phrase in its context; that nothing was seen yet is what makes it a vague one."""
        flags = self._parts.screen("\n".join(part for part in (phrase, self._job) if part))
        return tuple(flag for flag in flags if flag.trigger != "no_evidence")

    def _shown(self, phrase: str) -> str:
        """The phrase without what is private; BadInput where nothing is left."""
        if shown := _without_private(phrase, self._parts.sorter):
            return shown
        raise BadInput("this row speaks of a private matter: write only what concerns the work")

    @cached_property
    def _job_shown(self) -> str | None:
        return _without_private(self._job, self._parts.sorter) or None if self._job else None

    @cached_property
    def _beside_the_job(self) -> str:
        """What the context speaks of beside the name of the job: the place, the people, the things."""
        ends = self._parts.knowledge.word_list("rewrite-after-job").regex.search(self._job_shown or "")
        return (self._job_shown or "")[ends.end() :] if ends else ""

    def _suggestions(self, phrase: str) -> Iterator[Suggestion]:
        about = [self._translator.left_over(phrase), self._beside_the_job]
        for match in self._translator(phrase, self._job_shown):
            filled = self._blanks.filled(match, about)
            plain = filled.model_copy(update={"slots": {}, "picked": False})
            made = (self._expectation(theme, phrase) for theme in (filled, plain))
            if passing := next((e for e in made if not any(f.severity == "error" for f in e.findings)), None):
                yield _suggestion(passing, phrase)

    def _expectation(self, theme: Theme, phrase: str) -> Expectation:
        parts = self._parts
        alone = Drafter(parts.knowledge, parts.index.embedder, parts.screen, None, (), _uncounted)
        return expectation(theme, phrase, alone, parts.knowledge, concerns=1)


class _Blanks:
    """Fills the blanks of cards from the phrase and the job: by meaning, and by the model's pick where there is one."""

    def __init__(self, parts: Engine, cancelled: Cancel) -> None:
        self._parts, self._cancelled = parts, cancelled
        self._nouns = Nouns(parts.knowledge)
        self._model, self._answered = parts.model, False

    def filled(self, match: Match, about: Sequence[str]) -> Theme:
        """The card as a concern without observations, so that every number on it is a proposal."""
        offered = self._without_names(choices(match.card, about, self._parts.index.embedder, self._nouns), about)
        picked = self._picked(match, ". ".join(filter(None, about)), offered)
        return Theme(
            id="c1",
            observations=(),
            card=match.card,
            fits=True,
            offered=offered,
            slots=by_meaning([_asked_for(choice) for choice in offered]) if picked is None else picked,
            picked=bool(picked),
            score=match.score,
        )

    def _without_names(self, offered: Sequence[Choice], about: Sequence[str]) -> tuple[Choice, ...]:
        names = {name.lower() for name in employee_names("\n".join(about), (), self._parts.knowledge)}
        return tuple(choice for choice in offered if not names & set(" ".join(choice.phrases).lower().split()))

    def _picked(self, match: Match, about: str, offered: Sequence[Choice]) -> dict[str, str] | None:
        """What the model picks; None without a model, without a choice for it, and where its answer cannot be used."""
        if self._model is None or not near_enough(offered):
            return None
        talk = Talk(self._model, self._parts.prompts, about, self._cancelled)
        try:
            picked = by_model(match.card, about, offered, talk)
        except ReplyRejected:
            picked = None
        except (ModelUnavailable, ModelBusy):
            if not self._answered:
                raise
            self._model = None  # it answered before: the handbook does the rest
            return None
        self._answered = True
        return picked


def _asked_for(choice: Choice) -> Choice:
    """Only the phrases that are the very thing a blank asks for: a few words give no more ground than that."""
    sure = [(phrase, score) for phrase, score in zip(choice.phrases, choice.scores, strict=True) if score >= SURELY]
    return Choice(slot=choice.slot, phrases=tuple(p for p, _ in sure), scores=tuple(s for _, s in sure))


def _without_private(text: str, sorter: Sorter) -> str:
    shown = screened(Situation(text=text), read(text, sorter)).replace(LEFT_OUT, " ")
    return " ".join(shown.split()).strip(" ,;.")


def _suggestion(made: Expectation, phrase: str) -> Suggestion:
    sources = (*made.sources, *([TRANSLATION_NOTE] if GENERAL_CARD in made.sources else ()))
    fields = made.model_dump(exclude={"id", "concern_id", "baseline", "replaces", "sources"}, by_alias=True)
    return Suggestion.model_validate(fields | {"replaces": phrase, "sources": sources})


def table(rewrites: Sequence[Rewrite], knowledge: Knowledge) -> Table:
    """The answers as a table: one row for each expectation, one for a phrase that has none."""
    titles = {card.id: card.fill(card.title) for card in knowledge.cards}
    return Table(heading=HEADING, rows=tuple(row for answer in rewrites for row in _table_rows(answer, titles)))


def _table_rows(answer: Rewrite, titles: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    note = " ".join(_notes(answer))
    if not answer.expectations:
        yield (answer.phrase, *[""] * (len(HEADING) - 2), note)
    for made in answer.expectations:
        lines = (made.behaviour, made.measure, made.target, made.by_when, made.first_step)
        source = next((titles[i] for i in made.sources if i in titles), "")
        yield (made.replaces, *(marked(line, made.numbers) for line in lines), source, note)


def _notes(answer: Rewrite) -> Iterator[str]:
    for flag in answer.flags:
        yield f"{flag.level}, {flag.trigger.replace('_', ' ')}: {flag.reason} {flag.route}"
    if answer.error:
        yield answer.error
    if answer.questions:
        yield "Find out first: " + " ".join(question.text for question in answer.questions)
