"""Questions in, the same questions checked and better asked. Read this file and you know what a review does.

cut -> screen -> check each -> suggest -> look at them together -> propose what is missing
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from fourthright.agenda_text import Cut, Cutter, People, Placed
from fourthright.checks import check_question
from fourthright.checks.dimension import Dimensions
from fourthright.domain import DIMENSIONS, WITHHOLDING, Dimension, Finding, Flag, Situation
from fourthright.engine import Engine
from fourthright.entries import Seed
from fourthright.errors import BadInput, NotEnglish
from fourthright.finding import Theme, for_the_page, themes
from fourthright.llm import Cancel, never
from fourthright.naming import employee_names
from fourthright.overview import Overview
from fourthright.phrases import English
from fourthright.reading import Reading, read, screened
from fourthright.reviewed import Note, Proposal, Review, ReviewedQuestion
from fourthright.suggesting import Suggester
from fourthright.talk import Talk

PROPOSED = 2
"""Questions proposed for a dimension that has none."""
NO_SITUATION = "(Nothing but the questions.)"

Doing = Callable[[str, int, int], None]


def _unwatched(_: str, __: int, ___: int) -> None:
    """Nobody watches."""


def review(
    text: str,
    engine: Engine,
    situation: Situation | None = None,
    *,
    on_progress: Doing = _unwatched,
    cancelled: Cancel = never,
) -> Review:
    """Reviews the questions of a pasted list or agenda; `on_progress` gets what is being done, how far, and of how many.

    Raises BadInput when there is no question, NotEnglish when none of them is in English, Cancelled, and the errors of
    a model that cannot be reached at all.
    """
    people = People(engine.knowledge)
    cut = _in_english(Cutter(engine.knowledge, people)(text), text, English(engine.knowledge))
    around = _serious(engine.screen("\n".join((cut.notes, *(q.text for q in cut.foreign), *_parts(situation)))))
    flags = tuple(_serious(engine.screen(question.text)) for question in cut.questions)
    if _withholds(around):
        return _withheld(cut.questions, flags, around)
    reading = read(situation.text, engine.sorter) if situation else None
    return _Reviewing(cut, flags, around, situation, reading, engine, people, cancelled).result(on_progress)


class _Reviewing:
    """One review of questions that may be worked on."""

    def __init__(
        self,
        cut: Cut,
        flags: Sequence[tuple[Flag, ...]],
        around: tuple[Flag, ...],
        situation: Situation | None,
        reading: Reading | None,
        engine: Engine,
        people: People,
        cancelled: Cancel,
    ) -> None:
        self._cut, self._flags, self._around, self._engine = cut, flags, around, engine
        self._reading, self._cancelled = reading, cancelled
        given = situation.names if situation else ()
        found = employee_names(situation.text, given, engine.knowledge) if situation else ()
        self._names = tuple(dict.fromkeys((*found, *cut.speakers)))
        talk = None
        if engine.model:
            shown = screened(situation, reading) if situation and reading else NO_SITUATION
            talk = Talk(engine.model, engine.prompts, shown, cancelled)
        self._suggest = Suggester(engine.knowledge, engine.index, engine.screen, people, talk, self._names)
        self._dimension_of = Dimensions(engine.knowledge, engine.index.embedder)

    def result(self, on_progress: Doing) -> Review:
        """The whole review."""
        reviewed: list[ReviewedQuestion] = []
        for n, (question, flags) in enumerate(zip(self._cut.questions, self._flags, strict=True)):
            on_progress(f"Checking question {n + 1}", n, len(self._cut.questions))
            reviewed.append(self._question(question, flags))
        open_to_work = [q for q in reviewed if not _withholds(q.flags)]
        coverage = Counter(q.dimension for q in open_to_work if q.dimension)
        missing = tuple(d for d in DIMENSIONS if not coverage[d])
        return Review(
            questions=tuple(reviewed),
            coverage={d: coverage[d] for d in DIMENSIONS},
            missing=missing,
            proposals=tuple(self._proposals(missing)),
            notes=(*map(_left_out, self._cut.foreign), *self._overview(reviewed).notes()),
            flags=tuple(dict.fromkeys((*self._around, *(f for flags in self._flags for f in flags)))),
            withheld=len(open_to_work) < len(reviewed),
        )

    def _question(self, question: Placed, flags: tuple[Flag, ...]) -> ReviewedQuestion:
        if _withholds(flags):
            return _bare(question, flags)
        findings = check_question(question.text, question.purpose, self._engine.knowledge, self._names)
        found = self._dimension_of(question.text, question.purpose)
        dimension = found.dimension if found else None
        suggestion = self._suggest(question, findings, dimension)
        return ReviewedQuestion(
            **question.model_dump(),
            dimension=dimension,
            findings=findings,
            suggestion=suggestion.text if suggestion else None,
            made=suggestion.made if suggestion else None,
            sources=suggestion.sources if suggestion else (),
            flags=flags,
        )

    def _overview(self, reviewed: Sequence[ReviewedQuestion]) -> Overview:
        findings: list[Sequence[Finding]] = [question.findings for question in reviewed]
        dimensions = [question.dimension for question in reviewed]
        return Overview(self._cut.questions, dimensions, findings, self._engine.knowledge, self._engine.index.embedder)

    def _proposals(self, missing: Sequence[Dimension]) -> Iterator[Proposal]:
        """Two questions for each missing dimension, from the cards that fit the situation, else from the bank."""
        found = self._themes()
        for dimension in missing:
            of_cards = [_proposal(theme, seed, dimension) for theme, seed in _seeds(found, dimension)]
            offered = of_cards or self._from_bank(dimension)
            probe = Placed(text=offered[0].text, purpose="explore", start=0, end=0)
            yield from islice((offer for offer in offered if self._suggest.passes(offer.text, probe)), PROPOSED)

    def _themes(self) -> tuple[Theme, ...]:
        if self._reading is None:
            return ()
        kept, _ = for_the_page(
            themes(self._reading.observations, self._reading.sure, self._engine.index, self._engine.knowledge)
        )
        return tuple(theme for theme in kept if theme.fits)

    def _from_bank(self, dimension: Dimension) -> list[Proposal]:
        return [
            Proposal(dimension=dimension, text=q.text, sources=(q.id,))
            for q in self._engine.knowledge.questions
            if q.dimension == dimension and q.when == "general" and "{work}" not in q.text
        ]


def _seeds(found: Sequence[Theme], dimension: Dimension) -> list[tuple[Theme, Seed]]:
    """The cards' questions of a dimension, the concerns taking turns."""
    most = max((len(theme.card.questions[dimension]) for theme in found), default=0)
    return [
        (theme, theme.card.questions[dimension][n])
        for n in range(most)
        for theme in found
        if n < len(theme.card.questions[dimension])
    ]


def _proposal(theme: Theme, seed: Seed, dimension: Dimension) -> Proposal:
    return Proposal(dimension=dimension, text=theme.card.fill(seed.text, theme.slots), sources=(theme.card.id,))


def _in_english(cut: Cut, text: str, is_english: English) -> Cut:
    """The cut with the questions in another language set apart; an error where no question is left."""
    english = tuple(question for question in cut.questions if is_english(question.text))
    if not english and (cut.questions or not is_english(text)):
        raise NotEnglish("these questions look like another language; Fourthright works in English only")
    if not english:
        raise BadInput("there is no question in this text: put one question on each line")
    foreign = tuple(question for question in cut.questions if question not in english)
    return cut.model_copy(update={"questions": english, "foreign": foreign})


def _left_out(question: Placed) -> Note:
    said = f"“{question.text}” was left out: it looks like another language, and Fourthright works in English only."
    return Note(id="not-english", text=said)


def _parts(situation: Situation | None) -> Iterator[str]:
    if situation:
        yield from (part for part in (situation.text, situation.history) if part)


def _serious(flags: Sequence[Flag]) -> tuple[Flag, ...]:
    """The flags that say something about questions: that they hold no evidence is no fault of theirs."""
    return tuple(flag for flag in flags if flag.trigger != "no_evidence")


def _withholds(flags: Sequence[Flag]) -> bool:
    return any(flag.level in WITHHOLDING for flag in flags)


def _bare(question: Placed, flags: tuple[Flag, ...]) -> ReviewedQuestion:
    return ReviewedQuestion(**question.model_dump(), dimension=None, flags=flags)


def _withheld(questions: Sequence[Placed], flags: Sequence[tuple[Flag, ...]], around: tuple[Flag, ...]) -> Review:
    """What stands around the questions keeps all of them from being worked on."""
    return Review(
        questions=tuple(_bare(question, own) for question, own in zip(questions, flags, strict=True)),
        coverage=dict.fromkeys(DIMENSIONS, 0),
        missing=(),
        proposals=(),
        notes=(),
        flags=tuple(dict.fromkeys((*around, *(flag for own in flags for flag in own)))),
        withheld=True,
    )
