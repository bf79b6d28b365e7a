"""The page on the screen: the same sections as its Markdown, each line open to its sources and to changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import streamlit as st

from fourthright.domain import Agenda, Expectation, Flag, Prep, Question, Step
from fourthright.export.markdown import HANDBOOK, HANDBOOK_MARK
from fourthright.export.numbers import marked
from fourthright.ui import citations, panels
from fourthright.ui.citations import Citation
from fourthright.ui.components import shown
from fourthright.ui.panels import Panel

Draw = Callable[[], None]

_NO_GOALS = {
    "withheld": "None while this stands.",
    "no_evidence": "None yet: any target now would be a guess.",
}


def draw(page: Prep, *, editable: bool) -> None:
    """The whole page, or the part of it that is ready."""
    for flag in page.flags:
        _flag(page, flag)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _section("Expectations", _expectations(page, editable))
        _section("Agenda", _agenda(page, editable))
    with right:
        _section("Find out first", _find_out(page, editable))
        _section("Before you go in", _before(page, editable))
        _section("After the meeting", _after(page, editable))
        _section("Left out", _left_out(page))


def _section(title: str, lines: Iterable[Draw]) -> None:
    drawn = list(lines)
    if not drawn:
        return
    st.subheader(title)
    with st.container(gap="xsmall"):
        for line in drawn:
            line()


def _line(key: str, body: str, panel: Panel | None, cited: Citation | None = None) -> Draw:
    """A line and, where it can be changed, the buttons that open what it rests on and its panel below it."""

    def put() -> None:
        if panel is None:
            st.markdown(body)
            return
        is_open = st.session_state.get("open") == key
        with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall", wrap=False):
            st.markdown(body, width="stretch")
            if cited is not None:
                citations.icon(cited, key)
            label, hint = (":material/close:", "Close") if is_open else (":material/edit:", "Why, sources, change")
            st.button(label, key=f"open-{key}", type="tertiary", help=hint, on_click=_toggle, args=(key,))
        if is_open:
            panel()

    return put


def _framed(line: Draw, cited: Citation | None, key: str) -> Draw:
    def put() -> None:
        with st.container(border=True, gap="xsmall"):
            line()
            if cited is not None:
                citations.title(cited, key)

    return put


def _text(body: str) -> Draw:
    return lambda: _ignore(st.markdown(body))


def _ignore(_: object) -> None:
    return None


def _toggle(key: str) -> None:
    st.session_state.open = None if st.session_state.get("open") == key else key


def _expectations(page: Prep, editable: bool) -> Iterable[Draw]:
    if page.status in _NO_GOALS:
        yield _text(_NO_GOALS[page.status])
    for e in page.expectations:
        key, cited = f"expectation-{e.id}", citations.of_expectation(e.sources, page.sources) if editable else None
        yield _framed(_line(key, _expectation(e), panels.expectation(page, e) if editable else None), cited, key)
    if page.other_concerns:
        yield _text(f"For another talk: {'; '.join(shown(concern.topic) for concern in page.other_concerns)}.")


def _expectation(e: Expectation) -> str:
    def say(text: str) -> str:
        return shown(marked(text, e.numbers).rstrip("."))

    today = [f"Today: {shown(marked(e.baseline.text, e.numbers, baseline=True).rstrip('.'))}."] if e.baseline else []
    lines = [
        f"**{say(e.behaviour)}**{_mark(e.origin)}{_broken(len(e.findings))}",
        f"{say(e.measure)}.",
        *today,
        f"Target: **{say(e.target)}**, {say(e.by_when)}.",
        f"First step: {say(e.first_step)}.",
    ]
    return "  \n".join([*lines, *([f'*Replaces: "{shown(e.replaces)}"*'] if e.replaces else [])])


def _agenda(page: Prep, editable: bool) -> Iterable[Draw]:
    agenda = page.agenda
    if not agenda.steps and not agenda.questions:
        return
    if agenda.steps:
        minutes = f"{sum(step.minutes for step in agenda.steps)} minutes, times (proposed)."
        heard = " *Italics: listen for.*" if any(q.listen_for.strip() for q in agenda.questions) else ""
        frame = "With HR, not the employee." if agenda.with_ == "HR" else f"INSPIRE, current version.{heard}"
        yield _text(f"{minutes} {frame}")
    if page.start_with:
        yield _text(f"Listen first for **{page.start_with.dimension}**: {shown(page.start_with.because)}")
    for step in agenda.steps:
        yield from _step(page, step, editable)
    placed = {i for step in agenda.steps for i in step.question_ids}
    for question in agenda.questions:
        if question.id not in placed:
            yield _question(page, question, editable)
    if agenda.closing:
        yield _text(_closing(agenda))


def _closing(agenda: Agenda) -> str:
    return shown(agenda.closing) if agenda.with_ == "HR" else f'Then "{shown(agenda.closing)}" and listen.'


def _step(page: Prep, step: Step, editable: bool) -> Iterable[Draw]:
    said = "  \n".join(shown(line) for line in step.say.splitlines())
    panel = panels.step(page, step) if editable else None
    yield _line(f"step-{step.name}", f"**{step.name}, {step.minutes}.** {said}", panel)
    own = [question for question in page.agenda.questions if question.id in step.question_ids]
    for question in sorted(own, key=lambda q: (q.purpose == "commitment", q.dimension is not None)):
        yield _question(page, question, editable)


def _question(page: Prep, question: Question, editable: bool) -> Draw:
    kind = "Commitment check (closed)" if question.purpose == "commitment" else (question.dimension or "").capitalize()
    heard = f" *({shown(question.listen_for)})*" if question.listen_for.strip() else ""
    lead = f"{kind}: " if kind else ""
    body = f'{lead}"{shown(question.text)}"{_mark(question.origin)}{heard}{_broken(len(question.findings))}'
    panel = panels.question(page, question) if editable else None
    cited = citations.of_question(question.sources, page.sources, question.dimension, question.text)
    return _line(f"question-{question.id}", body, panel, cited)


def _find_out(page: Prep, editable: bool) -> Iterable[Draw]:
    for n, gap in enumerate(page.gaps):
        yield _line(f"gaps-{n}", shown(gap.text), panels.text(page, "gaps", gap.text, n) if editable else None)
    for n, watch in enumerate(page.watch_for):
        body = f'"{shown(watch.label)}": watch for {shown(watch.look_at)} (proposed)'
        yield _line(f"watch_for-{n}", body, panels.text(page, "watch_for", watch.look_at, n) if editable else None)


def _before(page: Prep, editable: bool) -> Iterable[Draw]:
    if page.gut_check:
        yield _line(
            "gut_check-0", shown(page.gut_check), panels.text(page, "gut_check", page.gut_check) if editable else None
        )
    for n, part in enumerate(page.your_part):
        panel = panels.text(page, "your_part", part, n) if editable else None
        yield _line(f"your_part-{n}", f"Your part: {shown(part)}", panel)
    if page.likely_reaction:
        panel = panels.text(page, "likely_reaction", page.likely_reaction) if editable else None
        yield _line("likely_reaction-0", f"Likely answer: {shown(page.likely_reaction)}", panel)


def _after(page: Prep, editable: bool) -> Iterable[Draw]:
    for n, follow in enumerate(page.follow_up):
        panel = panels.text(page, "follow_up", follow.text, n) if editable else None
        yield _line(f"follow_up-{n}", f"**{shown(follow.when)}:** {shown(follow.text)}", panel)


def _left_out(page: Prep) -> Iterable[Draw]:
    quotes = {o.id: f'"{shown(o.quote)}"' for o in page.observations if o.kind != "private"}
    lines = [
        f"{quotes[left.observation_id]} ({shown(left.why.rstrip('.'))})"
        for left in page.left_out
        if left.observation_id in quotes
    ]
    if len(lines) < len(page.left_out):
        lines.append("a private matter")
    if lines:
        yield _text("; ".join(lines) + ".")


def _flag(page: Prep, flag: Flag) -> None:
    private = [o.quote.lower() for o in page.observations if o.kind == "private"]
    may_be_shown = flag.quote and not any(
        flag.quote.lower() in quote or quote in flag.quote.lower() for quote in private
    )
    quote = f' You write: "{shown(flag.quote.rstrip(" ."))}".' if may_be_shown else ""
    title = f"**{flag.level}, {flag.trigger.replace('_', ' ')}.**"
    box = st.warning if flag.level == "FLAG" else st.error
    box(f"{title}{quote} {shown(flag.reason)}  \n**Route:** {shown(flag.route)}")


def _mark(origin: str) -> str:
    return HANDBOOK_MARK if origin in HANDBOOK else ""


def _broken(findings: int) -> str:
    return f" :orange-badge[{findings} {'rule' if findings == 1 else 'rules'}]" if findings else ""
