"""A prep as one Markdown page for the manager, and as a sheet for the employee."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from fourthright.domain import Expectation, Flag, LineOrigin, ObservationKind, Prep, Question, Source, Step
from fourthright.export.numbers import marked, unmarked
from fourthright.export.plain import escape, visible

HANDBOOK: tuple[LineOrigin, ...] = ("fallback", "bank", "chosen")
"""Origins of lines in the handbook's own wording; the page marks them."""
HANDBOOK_MARK = "†"
SOURCES = "## Sources"
BREAK = "  \n"
BLANK = "____"

_NO_GOALS = {"withheld": "None while this stands.", "no_evidence": "None yet: any target now would be a guess."}
_NOT_FOR_THE_EMPLOYEE: tuple[ObservationKind, ...] = ("private", "hearsay", "guess", "label")


def page(prep: Prep) -> str:
    """The manager's page; the part above its list of sources is what the 450 words are counted over."""
    flags = _section("Flags", [*(_flag(prep, flag) for flag in prep.flags), _left_out(prep)])
    goals = _section("Expectations", _expectations(prep))
    agenda, find_out = _section("Agenda", _agenda(prep)), _section("Find out first", _find_out(prep))
    if prep.status != "ready":
        body = [flags, find_out, goals, agenda]
    elif prep.flags:
        body = [flags, goals, agenda, find_out]
    else:
        body = [goals, agenda, find_out, flags]
    after = _section("After the meeting", [_sentences(f"{follow.when}: {follow.text}" for follow in prep.follow_up)])
    parts = [f"# {_title(prep)}", *body, _section("Before you go in", _before(prep)), after, _sources(prep)]
    return "\n\n".join(part for part in parts if part) + "\n"


def words(text: str) -> int:
    """Words of a page without its list of sources; headings and Markdown marks count."""
    return len(text.split(f"\n{SOURCES}")[0].split())


def employee(prep: Prep) -> str:
    """The sheet for the employee: what is to be agreed, the manager's part and the next date, with blanks to fill.

    Flags, gut check, labels, hearsay, private matters, today's numbers and where a number comes from stay out.
    """
    agreed = [_agreed(prep, n, expectation) for n, expectation in enumerate(prep.expectations, 1)]
    promised = [part for part in prep.your_part if _may_be_shown(prep, part) and not re.search(r'["“”]', part)]
    name = escape(prep.situation.names[0]) if prep.situation.names else BLANK
    parts = [
        "# What we agreed",
        f"Name: {name} · Date: {BLANK}",
        _section("From now on", agreed or [f"1. We agree: {BLANK}"]),
        _section("What your manager will do", [f"{_bullets(map(unmarked, promised))}\n- Also: {BLANK}".strip()]),
        _section("We talk again", [f"Date and time: {BLANK}"]),
    ]
    return "\n\n".join(parts) + "\n"


def _title(prep: Prep) -> str:
    about = [*prep.situation.names[:1], prep.situation.role or ""]
    return escape(", ".join(part for part in about if part)) or "Your conversation"


def _section(title: str, blocks: Iterable[str]) -> str:
    body = "\n\n".join(block for block in blocks if block)
    return f"## {title}\n\n{body}" if body else ""


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {escape(line)}" for line in lines if line.strip())


def _sentences(lines: Iterable[str]) -> str:
    return " ".join(_ended(escape(line)) for line in lines if line.strip())


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", '."', '!"', '?"')) else f"{text}."


def _expectations(prep: Prep) -> Iterator[str]:
    if prep.status in _NO_GOALS:
        yield _NO_GOALS[prep.status]
    for expectation in prep.expectations:
        yield _expectation(prep, expectation)
    if prep.other_concerns:
        yield "For another talk: " + _ended("; ".join(escape(concern.topic) for concern in prep.other_concerns))


def _expectation(prep: Prep, e: Expectation) -> str:
    def say(text: str) -> str:
        return escape(marked(text, e.numbers))

    today = f" Today: {_ended(escape(marked(e.baseline.text, e.numbers, baseline=True)))}" if e.baseline else ""
    lines = [
        f"**{say(e.behaviour)}**{_marks(prep, e.sources, e.origin)}",
        f"{_ended(say(e.measure))}{today}",
        f"Target: {_ended(say(f'{e.target}, {e.by_when}'))} First step: {_ended(say(e.first_step))}",
    ]
    return BREAK.join([*lines, *([f'*Replaces: "{escape(e.replaces)}"*'] if e.replaces else [])])


def _agenda(prep: Prep) -> Iterator[str]:
    agenda = prep.agenda
    if not agenda.steps:
        return
    minutes = f"{sum(step.minutes for step in agenda.steps)} minutes (proposed)."
    for_hr = agenda.with_ == "HR"
    yield (f"With HR, not the employee. {minutes}" if for_hr else f"{minutes} INSPIRE (current).{_legend(prep)}")
    if prep.start_with:
        because = f": {escape(prep.start_with.because)}" if len(prep.concerns) < 3 else "."
        yield f"Listen first for {prep.start_with.dimension}{_ended(because)}"
    for step in agenda.steps:
        yield from _step(prep, step)
    placed = {question_id for step in agenda.steps for question_id in step.question_ids}
    yield _questions(prep, [question for question in agenda.questions if question.id not in placed])
    if agenda.closing:
        yield escape(agenda.closing) if for_hr else f'Then "{escape(agenda.closing)}" and listen.'


def _legend(prep: Prep) -> str:
    return " Italics: listen for." if any(q.listen_for for q in prep.agenda.questions) else ""


def _step(prep: Prep, step: Step) -> Iterator[str]:
    say, *more = step.say.splitlines() or [""]
    own = [question for question in prep.agenda.questions if question.id in step.question_ids]
    plain = [_question(prep, q) for q in own if q.dimension is None and q.purpose == "explore"]
    checks = [f"Commitment check (closed): {_question(prep, q)}" for q in own if q.purpose == "commitment"]
    yield " ".join(part for part in (f"**{step.name}, {step.minutes}.**", escape(say), *plain, *checks) if part)
    yield _bullets(more)
    yield _questions(prep, [question for question in own if question.dimension is not None])


def _questions(prep: Prep, questions: Sequence[Question]) -> str:
    groups = dict.fromkeys(question.dimension for question in questions)
    return "\n".join(_group(prep, [q for q in questions if q.dimension == dimension]) for dimension in groups)


def _group(prep: Prep, questions: Sequence[Question]) -> str:
    dimension = questions[0].dimension
    return f"- {dimension.capitalize() + ': ' if dimension else ''}" + f"{BREAK}  ".join(
        _question(prep, question) for question in questions
    )


def _question(prep: Prep, question: Question) -> str:
    heard = f" *({escape(question.listen_for)})*" if question.listen_for.strip() else ""
    return f'"{escape(question.text)}"{_marks(prep, question.sources, question.origin)}{heard}'


def _find_out(prep: Prep) -> Iterator[str]:
    yield _bullets(gap.text for gap in prep.gaps)
    if prep.watch_for:
        rows = (f'| "{escape(watch.label)}" | {escape(watch.look_at)} |' for watch in prep.watch_for)
        yield "\n".join(("| You wrote | Watch for (proposed) |", "|---|---|", *rows))


def _flag(prep: Prep, flag: Flag) -> str:
    quote = (
        f' You write: "{escape(flag.quote.rstrip(" ."))}".' if flag.quote and not _is_private(prep, flag.quote) else ""
    )
    title = f"**{flag.level}, {flag.trigger.replace('_', ' ')}.**"
    return f"{title}{quote} {_ended(escape(flag.reason))}{BREAK}Route: {_ended(escape(flag.route))}"


def _left_out(prep: Prep) -> str:
    quotes = {o.id: f'"{escape(_opening(o.quote))}"' for o in prep.observations if o.kind != "private"}
    whys = {left.observation_id: f" ({escape(left.why.rstrip('.'))})" for left in prep.left_out}
    names = dict.fromkeys(quotes[id_] + why if id_ in quotes else "a private matter" for id_, why in whys.items())
    return f"Left out: {'; '.join(names)}." if names else ""


def _opening(quote: str, most: int = 6) -> str:
    said = quote.split()
    return " ".join(said[:most]) + ("…" if len(said) > most else "")


def _before(prep: Prep) -> Iterator[str]:
    yield escape(prep.gut_check)
    if prep.your_part:
        yield f"Yours: {_sentences(prep.your_part)}"
    if prep.likely_reaction:
        yield f"Likely: {_ended(escape(prep.likely_reaction))}"


def _sources(prep: Prep) -> str:
    numbered = "\n".join(f"{number}. {_source(source)}" for number, source in enumerate(prep.sources, 1))
    origins = [e.origin for e in prep.expectations] + [q.origin for q in prep.agenda.questions]
    legend = (
        f"{HANDBOOK_MARK} Taken from the handbook, not written for this situation."
        if set(origins) & set(HANDBOOK)
        else ""
    )
    made_with = f"Made with {escape(prep.made_with.model or 'the handbook alone')}."
    return _section(SOURCES.removeprefix("## "), [numbered, " ".join(part for part in (legend, made_with) if part)])


def _source(source: Source) -> str:
    return f'{escape(source.title)}: "{escape(source.text)}"' if source.text else escape(source.title)


def _marks(prep: Prep, sources: Sequence[str], origin: LineOrigin) -> str:
    """What stands behind a line, without a space: numbers of its sources, and whether it is the handbook's wording."""
    places = {source.id: number for number, source in enumerate(prep.sources, 1)}
    numbers = sorted(places[source] for source in dict.fromkeys(sources) if source in places)
    cited = f"[{','.join(map(str, numbers))}]" if numbers else ""
    return cited + (HANDBOOK_MARK if origin in HANDBOOK else "")


def _agreed(prep: Prep, number: int, e: Expectation) -> str:
    def say(text: str) -> str:
        return _ended(escape(_to_the_employee(unmarked(text)))) if _may_be_shown(prep, text) else BLANK

    lines = [
        f"{number}. {say(e.behaviour).replace(BLANK, f'We agree: {BLANK}')}",
        say(e.measure).replace(BLANK, f"How we look at it: {BLANK}"),
        f"Target: {say(e.target)} By when: {say(e.by_when)}",
        f"First step: {say(e.first_step)}",
        f"Agreed: {BLANK}",
    ]
    return f"{BREAK}   ".join(lines)


def _to_the_employee(text: str) -> str:
    """The page says "you" to the manager; on the employee's sheet that is somebody else."""
    for own, other in (
        ("you", "your manager"),
        ("your", "your manager's"),
        ("You", "Your manager"),
        ("Your", "Your manager's"),
    ):
        text = re.sub(rf"\b{own}\b(?! manager)", other, text)
    return text


def _may_be_shown(prep: Prep, text: str) -> bool:
    """Whether a line holds nothing of a label, a guess, hearsay or a private matter."""
    line = _folded(text)
    held = [_folded(o.quote) for o in prep.observations if o.kind in _NOT_FOR_THE_EMPLOYEE]
    held += [_folded(e.replaces) for e in prep.expectations if e.replaces] + [_folded(w.label) for w in prep.watch_for]
    return not any(re.search(rf"\b{re.escape(quote)}\b", line) for quote in held if quote)


def _is_private(prep: Prep, quote: str) -> bool:
    asked = _folded(quote)
    private = [_folded(o.quote) for o in prep.observations if o.kind == "private"]
    return any(asked in held or held in asked for held in private)


def _folded(text: str) -> str:
    return visible(text).lower().strip(" .,;:!?")
