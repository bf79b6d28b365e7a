"""The manager's hand on the page: every change is a new page, with the rules run again on the line that changed.

A changed line has the origin `edited`. Its numbers are looked up again: what stands in the situation stays the
manager's own, anything else they typed is proposed, to be agreed in the meeting. All other lines stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

from pydantic import BaseModel

from fourthright import checks, figures
from fourthright.domain import Expectation, Number, Prep, StepName
from fourthright.errors import BadInput
from fourthright.export.numbers import stands_in
from fourthright.knowledge import Knowledge

ExpectationField = Literal["behaviour", "measure", "target", "by_when", "first_step"]
EXPECTATION_FIELDS: tuple[ExpectationField, ...] = ("behaviour", "measure", "target", "by_when", "first_step")
Place = Literal["gaps", "your_part", "follow_up", "watch_for", "gut_check", "likely_reaction"]
"""Where a line without rules stands."""
Removable = Literal[
    "expectations", "questions", "baseline", "gaps", "your_part", "follow_up", "watch_for", "likely_reaction"
]

MAX_LINE_CHARS = 600

T = TypeVar("T")
ModelT = TypeVar("ModelT", bound=BaseModel)


def edit_expectation(prep: Prep, expectation_id: str, field: ExpectationField, text: str, knowledge: Knowledge) -> Prep:
    """One part of an expectation in the manager's words. BadInput when the text is empty or too long."""
    line = _line(text)

    def change(expectation: Expectation) -> Expectation:
        fields = {name: getattr(expectation, name) for name in EXPECTATION_FIELDS} | {field: line}
        findings = checks.check_expectation(checks.ExpectationText(**fields), knowledge)
        numbers = _numbers(prep, expectation, field, line)
        return _with(expectation, {field: line, "numbers": numbers, "findings": findings, "origin": "edited"})

    return _with(prep, {"expectations": _replaced(prep.expectations, expectation_id, lambda e: e.id, change)})


def edit_question(prep: Prep, question_id: str, text: str, knowledge: Knowledge) -> Prep:
    """A question in the manager's words. BadInput when the text is empty or too long."""
    line = _line(text)
    questions = _replaced(
        prep.agenda.questions,
        question_id,
        lambda question: question.id,
        lambda question: _with(
            question,
            {
                "text": line,
                "findings": checks.check_question(line, question.purpose, knowledge, prep.situation.names),
                "origin": "edited",
            },
        ),
    )
    return _with(prep, {"agenda": _with(prep.agenda, {"questions": questions})})


def edit_step(prep: Prep, name: StepName, text: str) -> Prep:
    """What the manager says in one step; line ends stay. BadInput when the text is empty or too long."""
    said = "\n".join(" ".join(line.split()) for line in text.strip().splitlines() if line.strip())
    _line(said)
    steps = _replaced(prep.agenda.steps, name, lambda step: step.name, lambda step: _with(step, {"say": said}))
    return _with(prep, {"agenda": _with(prep.agenda, {"steps": steps})})


def edit_text(prep: Prep, place: Place, text: str, index: int = 0) -> Prep:
    """A line without rules: the one at `index` of its list. BadInput when the text is empty or too long."""
    line = _line(text)
    if place in ("gut_check", "likely_reaction"):
        return _with(prep, {place: line})
    lines = list(getattr(prep, place))
    field = {"gaps": "text", "follow_up": "text", "watch_for": "look_at"}.get(place)
    lines[index] = _with(lines[index], {field: line}) if field else line
    return _with(prep, {place: tuple(lines)})


def remove_line(prep: Prep, place: Removable, key: str | int = 0) -> Prep:
    """The page without one line: `key` is the id of an expectation or a question (or of the expectation whose baseline
    goes), else the index in its list."""
    match place:
        case "expectations":
            return _cited(_with(prep, {"expectations": tuple(e for e in prep.expectations if e.id != key)}))
        case "baseline":
            bare = _replaced(prep.expectations, str(key), lambda e: e.id, _without_baseline)
            return _with(prep, {"expectations": bare})
        case "questions":
            return _cited(_without_question(prep, str(key)))
        case "likely_reaction":
            return _with(prep, {"likely_reaction": None})
        case _:
            return _with(prep, {place: tuple(line for n, line in enumerate(getattr(prep, place)) if n != key)})


def _cited(prep: Prep) -> Prep:
    """The page with only those sources that one of its lines still cites."""
    cited = [*(e.sources for e in prep.expectations), *(q.sources for q in prep.agenda.questions)]
    used = {entry_id for ids in cited for entry_id in ids}
    return _with(prep, {"sources": tuple(source for source in prep.sources if source.id in used)})


def _line(text: str) -> str:
    line = " ".join(text.split())
    if not line:
        raise BadInput("the line is empty: write something, or press Remove to take it off the page")
    if len(line) > MAX_LINE_CHARS:
        raise BadInput(f"the line has {len(line):,} characters; {MAX_LINE_CHARS} fit on a page")
    return line


def _with(value: ModelT, changes: dict[str, object]) -> ModelT:
    """The value with some fields changed, and checked like a new one."""
    return type(value).model_validate({name: getattr(value, name) for name in type(value).model_fields} | changes)


def _replaced(items: Sequence[T], key: str, key_of: Callable[[T], str], change: Callable[[T], T]) -> tuple[T, ...]:
    if key not in map(key_of, items):
        raise KeyError(key)
    return tuple(change(item) if key_of(item) == key else item for item in items)


def _numbers(prep: Prep, expectation: Expectation, field: ExpectationField, line: str) -> tuple[Number, ...]:
    others = [getattr(expectation, name) for name in EXPECTATION_FIELDS if name != field]
    others += [expectation.baseline.text] if expectation.baseline else []
    kept = [number for number in expectation.numbers if any(stands_in(number.text, other) for other in others)]
    public = [o for o in prep.observations if o.kind != "private"]
    computed = {number.text: number for number in expectation.numbers if number.origin == "computed"}
    fresh = [computed.get(number.text, number) for number in figures.origins(line, public)]
    return tuple(dict.fromkeys((*kept, *fresh)))


def _without_baseline(expectation: Expectation) -> Expectation:
    texts = [getattr(expectation, name) for name in EXPECTATION_FIELDS]
    kept = tuple(number for number in expectation.numbers if any(stands_in(number.text, text) for text in texts))
    return _with(expectation, {"baseline": None, "numbers": kept})


def _without_question(prep: Prep, question_id: str) -> Prep:
    agenda = prep.agenda
    steps = tuple(
        _with(step, {"question_ids": tuple(i for i in step.question_ids if i != question_id)}) for step in agenda.steps
    )
    questions = tuple(question for question in agenda.questions if question.id != question_id)
    return _with(prep, {"agenda": _with(agenda, {"steps": steps, "questions": questions})})
