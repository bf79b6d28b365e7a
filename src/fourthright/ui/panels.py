"""What opens below a line: where it comes from, what the rules say, an edit box and Remove."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from fourthright import editing
from fourthright.domain import Expectation, Finding, LineOrigin, Number, Prep, Question, Step
from fourthright.editing import ExpectationField, Place
from fourthright.errors import FourthrightError
from fourthright.ui import citations, state
from fourthright.ui.citations import Citation
from fourthright.ui.components import sentence, shown
from fourthright.ui.quiet import quiet

Panel = Callable[[], None]

ORIGINS: dict[LineOrigin, str] = {
    "drafted": "Written by the model for this situation.",
    "repaired": "Written by the model, then corrected once after the rules.",
    "chosen": "A handbook card the model picked, filled with your words.",
    "bank": "From the handbook's bank of questions.",
    "fallback": "A handbook card filled with your own words.",
    "edited": "Changed by you.",
}
_LABELS: dict[ExpectationField, str] = {
    "behaviour": "What they do",
    "measure": "How it is checked",
    "target": "Target",
    "by_when": "By when",
    "first_step": "First step",
}
_NUMBER_ORIGINS = {
    "situation": "from your note",
    "computed": "worked out from your note",
    "proposed": "proposed, to be agreed",
}


def expectation(page: Prep, e: Expectation) -> Panel:
    """Everything behind an expectation, and its five parts to change."""

    def panel() -> None:
        _behind(e.id, e.origin, e.findings, citations.of_expectation(e.sources, page.sources))
        _numbers(e.numbers)
        keys = {field: f"typed-{e.id}-{field}" for field in editing.EXPECTATION_FIELDS}
        with st.form(f"form-{e.id}", border=False):
            for field, key in keys.items():
                st.text_input(_LABELS[field], getattr(e, field), key=key)
            _buttons(
                lambda: _change(page, lambda: _edited(page, e, keys)),
                lambda: _change(page, lambda: editing.remove_line(page, "expectations", e.id)),
            )
        if e.baseline:
            st.button(
                "Remove today's number", type="tertiary", on_click=_without_baseline, args=(page, e), key=f"base-{e.id}"
            )

    return panel


def question(page: Prep, q: Question) -> Panel:
    """Everything behind a question, and its text to change."""

    def panel() -> None:
        _behind(q.id, q.origin, q.findings, citations.of_question(q.sources, page.sources, q.dimension, q.text))
        _edit(
            page,
            q.id,
            q.text,
            lambda typed: editing.edit_question(page, q.id, typed, state.knowledge()),
            lambda: editing.remove_line(page, "questions", q.id),
        )

    return panel


def step(page: Prep, s: Step) -> Panel:
    """What the manager says in a step, to change; a step cannot be removed."""
    return lambda: _edit(page, s.name, s.say, lambda typed: editing.edit_step(page, s.name, typed), None)


def text(page: Prep, place: Place, current: str, index: int = 0) -> Panel:
    """A line without rules, to change or remove (the gut check stays)."""
    remove = None if place == "gut_check" else lambda: editing.remove_line(page, place, index)
    return lambda: _edit(
        page, f"{place}-{index}", current, lambda typed: editing.edit_text(page, place, typed, index), remove
    )


def _edit(page: Prep, name: str, current: str, edit: Callable[[str], Prep], remove: Callable[[], Prep] | None) -> None:
    key = f"typed-{name}"
    with st.form(f"form-{name}", border=False):
        st.text_area("In your words", current, height=90, key=key)
        _buttons(
            lambda: _change(page, lambda: edit(st.session_state[key])),
            None if remove is None else lambda: _change(page, remove),
        )


def _buttons(save: Callable[[], None], remove: Callable[[], None] | None) -> None:
    if line := st.session_state.pop("line_problem", None):
        st.error(line)
    with st.container(horizontal=True):
        st.form_submit_button("Save", type="primary", on_click=save)
        if remove is not None:
            st.form_submit_button("Remove", on_click=remove)


@quiet
def _change(page: Prep, change: Callable[[], Prep]) -> None:
    """Carries out a change; one that cannot be made becomes one line, and the typed text stays."""
    try:
        state.change(page, change())
    except FourthrightError as error:
        st.session_state.line_problem = sentence(str(error))


def _without_baseline(page: Prep, e: Expectation) -> None:
    _change(page, lambda: editing.remove_line(page, "baseline", e.id))


def _edited(page: Prep, e: Expectation, keys: dict[ExpectationField, str]) -> Prep:
    for field, key in keys.items():
        if (typed := st.session_state[key]) != getattr(e, field):
            page = editing.edit_expectation(page, e.id, field, typed, state.knowledge())
    return page


def _behind(name: str, origin: LineOrigin, findings: Sequence[Finding], citation: Citation) -> None:
    st.caption(ORIGINS[origin])
    for finding in findings:
        quote = f' "{shown(finding.quote)}":' if finding.quote else ""
        better = f" Better: {shown(finding.better)}" if finding.better else ""
        st.warning(f"**{finding.rule}** ({finding.severity}).{quote} {shown(finding.why)}{better}")
    citations.buttons(citation, name)


def _numbers(numbers: Sequence[Number]) -> None:
    if numbers:
        parts = [
            f"{shown(n.text)}: {_NUMBER_ORIGINS[n.origin]}{f' ({shown(n.formula)})' if n.formula else ''}"
            for n in numbers
        ]
        st.caption("Numbers. " + "; ".join(parts) + ".")
