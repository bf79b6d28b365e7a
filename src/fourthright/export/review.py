"""A review as Markdown: before and after side by side, then what is missing and what is to say about the whole."""

from __future__ import annotations

from collections.abc import Iterator

from fourthright.domain import DIMENSIONS, WITHHOLDING, Flag
from fourthright.export.plain import escape
from fourthright.reviewed import Review, ReviewedQuestion

KEEP = "Keep it."
NOTHING = "Leave it out."


def page(review: Review) -> str:
    """The review as one Markdown page that ends in a line feed."""
    parts = ["# Review of your questions", *_flags(review), _table(review)]
    if any(not _is_withheld(question) for question in review.questions) and any(review.coverage.values()):
        covered = " · ".join(f"{d} {review.coverage[d]}" for d in DIMENSIONS)
        parts.append(f"## The four questions\n\n{covered}")
    if review.proposals:
        lines = (f"- {proposal.dimension}: {escape(proposal.text)}" for proposal in review.proposals)
        parts.append("## What is missing\n\n" + "\n".join(lines))
    if review.notes:
        parts.append("## All together\n\n" + "\n".join(f"- {escape(note.text)}" for note in review.notes))
    return "\n\n".join(parts) + "\n"


def _flags(review: Review) -> Iterator[str]:
    if review.flags:
        yield "## Flags\n\n" + "\n".join(map(_flag, review.flags))


def _flag(flag: Flag) -> str:
    return f"- **{flag.level}** “{escape(flag.quote)}”: {escape(flag.reason)} {escape(flag.route)}"


def _table(review: Review) -> str:
    rows = (f"| {n} | {' | '.join(_cells(question))} |" for n, question in enumerate(review.questions, 1))
    return "\n".join(("| | Your question | What is wrong | Better |", "|---|---|---|---|", *rows))


def _cells(question: ReviewedQuestion) -> tuple[str, str, str]:
    kind = "commitment check" if question.purpose == "commitment" else question.dimension
    asked = f"{_marked(question)}{f' ({kind})' if kind else ''}"
    if _is_withheld(question):
        return asked, "Withheld, see the flags.", ""
    why = "<br>".join(f"**{finding.rule}** {escape(finding.why)}" for finding in question.findings)
    broken = any(finding.severity == "error" for finding in question.findings)
    return asked, why, escape(question.suggestion) if question.suggestion else NOTHING if broken else KEEP


def _marked(question: ReviewedQuestion) -> str:
    """The question with the words that break a rule in bold; a finding on the whole question marks nothing."""
    shown, end = "", 0
    for start, stop in question.marks():
        shown += f"{escape(question.text[end:start])}{_gap(question.text, end, start)}**{escape(question.text[start:stop])}**"
        end = stop
    return f"{shown}{_lead(question.text, end)}{escape(question.text[end:])}"


def _gap(text: str, start: int, end: int) -> str:
    """The blank that `escape` takes off the end of a piece."""
    return " " if end > start and text[end - 1].isspace() else ""


def _lead(text: str, start: int) -> str:
    """The blank that `escape` takes off the front of a piece."""
    return " " if start and text[start : start + 1].isspace() else ""


def _is_withheld(question: ReviewedQuestion) -> bool:
    return any(flag.level in WITHHOLDING for flag in question.flags)
