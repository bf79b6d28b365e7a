"""A review on the screen: flags first, each question before and after, then the questions together."""

from __future__ import annotations

import streamlit as st

from fourthright.domain import DIMENSIONS, WITHHOLDING, Flag
from fourthright.export import review as markdown
from fourthright.export.plain import visible
from fourthright.reviewed import Proposal, Review, ReviewedQuestion
from fourthright.ui import citations, review_form
from fourthright.ui.components import shown
from fourthright.ui.marked import ground, plain

_MADE = {"form": "Turned from your own words", "model": "Worded by the model", "handbook": "The handbook's wording"}


def draw(review: Review) -> None:
    """The whole review, with the ways to take it along."""
    for flag in review.flags:
        _flag(flag)
    if review.withheld:
        st.markdown("Withheld: follow the route above first. What it touches gets no wording while that stands.")
    _toolbar(review)
    st.subheader("Question by question")
    for n, question in enumerate(review.questions, 1):
        _question(n, question)
    _together(review)


def better(review: Review) -> str:
    """The list to take into the talk, a question a line: reworded or kept, then what is proposed for the gaps."""
    asked = [line for question in review.questions if (line := _best(question))]
    proposed = [f"{proposal.dimension}: {visible(proposal.text)}" for proposal in review.proposals]
    return "\n".join([*asked, *(["", "To add:", *proposed] if proposed else [])]).strip()


def marked(question: ReviewedQuestion) -> str:
    """The question as one harmless line, with the words that a finding names on a coloured ground."""
    text, line, end = question.text, "", 0
    for start, stop in question.marks():
        line += plain(text[end:start]) + ground(text[start:stop])
        end = stop
    return line + plain(text[end:])


def _flag(flag: Flag) -> None:
    quote = f' You write: "{shown(flag.quote.rstrip(" ."))}".' if flag.quote else ""
    box = st.error if flag.level in WITHHOLDING else st.warning
    title = f"**{flag.level}, {flag.trigger.replace('_', ' ')}.**"
    box(f"{title}{quote} {shown(flag.reason)}  \n**Route:** {shown(flag.route)}")


def _toolbar(review: Review) -> None:
    with st.container(horizontal=True):
        if lines := better(review):
            with st.popover("Copy the better list", icon=":material/content_copy:"):
                st.caption("The button at the top right of the text copies it.")
                st.code(lines, language=None, wrap_lines=True)
        st.download_button(
            "Download Markdown",
            markdown.page(review),
            file_name="questions.md",
            mime="text/markdown",
            icon=":material/download:",
            on_click="ignore",
        )
        st.button(
            "Delete",
            icon=":material/delete:",
            on_click=review_form.forget,
            help="Drops the review and what you typed from memory now",
        )


def _question(n: int, question: ReviewedQuestion) -> None:
    kind = "commitment check" if question.purpose == "commitment" else question.dimension
    with st.container(border=True):
        before, after = st.columns(2, gap="medium")
        with before:
            st.caption(f"Question {n}{f' · {kind}' if kind else ''}")
            st.markdown(marked(question))
            for finding in question.findings:
                st.markdown(f"**{shown(finding.rule)}:** {shown(finding.why)}")
        with after:
            _after(n, question)


def _after(n: int, question: ReviewedQuestion) -> None:
    st.caption(_MADE[question.made] if question.suggestion and question.made else "Better")
    if _is_withheld(question):
        st.markdown("Withheld, see the top.")
    elif question.suggestion:
        st.markdown(f"**{shown(question.suggestion)}**")
        _rests_on(question, question.suggestion, f"suggestion-{n}")
    else:
        st.markdown(markdown.NOTHING if _is_broken(question) else markdown.KEEP)


def _together(review: Review) -> None:
    if any(review.coverage.values()):
        st.subheader("The four questions")
        st.markdown(" ".join(_covered(d, review.coverage[d]) for d in DIMENSIONS))
    if review.proposals:
        st.subheader("What is missing")
        for n, proposal in enumerate(review.proposals):
            with st.container(gap="xxsmall"):
                st.markdown(f"- **{proposal.dimension}:** {shown(proposal.text)}")
                _rests_on(proposal, proposal.text, f"proposal-{n}")
    if review.notes:
        st.subheader("All together")
        st.markdown("\n".join(f"- {shown(note.text)}" for note in review.notes))


def _rests_on(line: ReviewedQuestion | Proposal, text: str, key: str) -> None:
    sources = citations.named(line.sources)
    citations.buttons(citations.of_question(line.sources, sources, line.dimension, text), key)


def _covered(dimension: str, count: int) -> str:
    return f":green-badge[{dimension} {count}]" if count else f":orange-badge[{dimension} missing]"


def _best(question: ReviewedQuestion) -> str | None:
    """The wording to ask; None for a question to leave out."""
    if _is_withheld(question):
        return None
    if question.suggestion:
        return visible(question.suggestion)
    return None if _is_broken(question) else visible(question.text)


def _is_broken(question: ReviewedQuestion) -> bool:
    return any(finding.severity == "error" for finding in question.findings)


def _is_withheld(question: ReviewedQuestion) -> bool:
    return any(flag.level in WITHHOLDING for flag in question.flags)
