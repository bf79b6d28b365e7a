"""The manager's page and the employee's sheet as Markdown."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

import sample
from fourthright.domain import DIMENSIONS, Frozen, Gap, Number, Prep
from fourthright.export.markdown import employee, page, words
from fourthright.export.numbers import marked, unmarked
from fourthright.export.plain import escape

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![a](https://evil.example/x.png)",
    "[click](https://evil.example)",
    "see https://evil.example/a_b*c and www.evil.example or boss@evil.example",
    "<https://evil.example>",
    "[1]: https://evil.example",
    "&lt;b&gt; &#60;i&#62;",
    "`code` and ``more``",
    "**bold** _italic_ ~~gone~~",
    "# heading\n\n- list\n1. one\n> quote\n---\n===",
    "| a | b |\n|---|---|",
    "1) first",
    "- dash",
    "back\\slash \\* here",
    "```\nfence\n```",
    "cost is $5 and $6",
]


def rendered(markdown: str) -> str:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown)


def headings(markdown: str) -> list[str]:
    return re.findall(r"^## (.*)$", markdown, re.MULTILINE)


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_renders_as_typed_and_as_nothing_else(text: str) -> None:
    html = rendered(f"before {escape(text)}\n\n- {escape(text)}\n\n| a |\n|---|\n| {escape(text)} |\n\n{escape(text)}")
    tags = set(re.findall(r"</?([a-z0-9]+)", html)) - {"p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}
    assert tags <= {"code"}
    shown = re.sub(r"<[^>]+>", "", html.split("</p>")[0])
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        shown = shown.replace(entity, sign)
    assert shown == f"before {' '.join(text.split())}"


def test_an_address_stands_in_code_so_that_no_viewer_links_it() -> None:
    assert (
        escape("see https://evil.example/x and ann@work.example.")
        == "see `https://evil.example/x` and `ann@work.example.`"
    )


def test_characters_that_cannot_be_seen_are_gone() -> None:
    assert escape("a\u202eb\u200bc\x1b[31md\u00ade") == "abc\\[31mde"


def test_nothing_from_a_situation_or_a_model_survives_as_markup() -> None:
    for text in HOSTILE:
        made = _with_everywhere(sample.ready(), text)
        for markdown in (page(made), employee(made)):
            html = rendered(markdown)
            assert not re.search(r"<(script|img|a |b>|i>|h3|pre|blockquote|hr)", html), text
            assert len(re.findall("<h2>", html)) == len(headings(markdown))


def test_the_page_has_the_shape_of_a_page() -> None:
    text = page(sample.ready())
    assert text.startswith("# Noor, returns desk\n")
    assert headings(text) == [
        "Expectations", "Agenda", "Find out first", "Flags", "Before you go in", "After the meeting", "Sources",
    ]  # fmt: skip
    steps = ["Initiate", "Notice", "Specific support", "Probe", "Invite", "Review", "Enforce"]
    assert re.findall(r"^\*\*([A-Z][a-z ]+), \d+\.\*\*", text, re.MULTILINE) == steps
    for dimension in DIMENSIONS:
        assert f"- {dimension.capitalize()}: " in text
    assert 'Then "What else can I do to be most helpful?" and listen.' in text
    assert 'Commitment check (closed): "Can you start on Monday?"' in text
    assert '*Replaces: "just disorganised"*' in text
    assert "Listen first for conflicts: " in text
    assert words(text) <= 450


def test_every_question_and_every_line_is_on_the_page() -> None:
    made = sample.ready()
    text = page(made)
    lines = [q.text for q in made.agenda.questions] + [q.listen_for for q in made.agenda.questions]
    lines += [gap.text for gap in made.gaps] + [made.gut_check, "Ask what she did while it was"]
    lines += [field for e in made.expectations for field in (e.behaviour, e.measure, e.first_step)]
    assert [line for line in lines if line not in text] == []


def test_a_question_of_no_dimension_stands_with_what_is_said_and_before_the_commitment() -> None:
    made = sample.ready()
    open_check = made.agenda.questions[0].model_copy(
        update={"id": "q10", "dimension": None, "text": "What is our plan?"}
    )
    steps = tuple(
        step.model_copy(update={"question_ids": ("q9", "q10")}) if step.name == "Review" else step
        for step in made.agenda.steps
    )
    agenda = made.agenda.model_copy(update={"questions": (*made.agenda.questions, open_check), "steps": steps})
    text = page(made.model_copy(update={"agenda": agenda}))
    assert re.search(r'\*\*Review, 3\.\*\* .*"What is our plan\?" .*Commitment check \(closed\): "Can you start', text)


def test_flags_come_first_when_something_fired() -> None:
    assert headings(page(sample.withheld()))[0] == "Flags"
    assert headings(page(sample.no_evidence()))[0] == "Flags"
    flagged = sample.ready().model_copy(update={"flags": sample.no_evidence().flags})
    assert headings(page(flagged))[:2] == ["Flags", "Expectations"]


def test_without_evidence_there_is_a_table_of_what_to_watch_for_and_no_target() -> None:
    text = page(sample.no_evidence())
    assert "<td>what lies on the desk at close | and when</td>" in rendered(text)
    assert "None yet: any target now would be a guess." in text


def test_a_withheld_page_is_for_hr() -> None:
    text = page(sample.withheld())
    assert "With HR, not the employee." in text
    assert '- "What do I tell the team?"' in text
    assert "Commitment check" not in text


def test_numbers_carry_their_origin_once() -> None:
    text = page(sample.ready())
    assert "34 of 40 not scanned at close on Monday, 85 in 100 (computed)." in text
    assert "Target: at most 4 of 40 not scanned, within 3 weeks (proposed)." in text
    assert "3 customers waited 25 minutes instead of 15 on Wednesday." in text
    assert "15 minutes on 4 of 5 days (proposed)" in text
    assert "(proposed) (proposed)" not in text
    assert unmarked(page(sample.ready())).count("(proposed)") == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at most 1 in 10", "at most 1 in 10 (proposed)"),
        ("at most 1 in 10.", "at most 1 in 10 (proposed)."),
        ("at most 1 in 10 (proposed)", "at most 1 in 10 (proposed)"),
        ("11 of 14, at 9:15", "11 of 14, at 9:15"),
    ],
)
def test_a_mark_is_set_at_the_end_and_never_twice(text: str, expected: str) -> None:
    numbers = [Number(text="1", origin="proposed"), Number(text="10", origin="proposed")]
    assert marked(text, numbers) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lists the steps on one page", "Lists the steps on one page (proposed)"),
        ("Takes the next one", "Takes the next one"),
    ],
)
def test_a_word_that_counts_nothing_gets_no_mark(text: str, expected: str) -> None:
    assert marked(text, [Number(text="one", origin="proposed")]) == expected


def test_sources_are_numbered_and_listed_and_handbook_lines_are_marked() -> None:
    text = page(sample.ready())
    assert "**Scans each parcel before it goes on the shelf**[1,3]  \n" in text
    assert "**Serves the customer at the desk before other work**[2]†  \n" in text
    assert "1. Scanning before shelving\n2. The customer first\n3. A target that can be met\n4. Open questions" in text
    assert "† Taken from the handbook" in text
    drafted = sample.ready().model_copy(update={"expectations": (sample.SCANNING,)})
    own = drafted.agenda.model_copy(update={"questions": drafted.agenda.questions[:1], "steps": ()})
    assert "†" not in page(drafted.model_copy(update={"agenda": own}))


def test_a_private_matter_is_not_printed() -> None:
    made = sample.ready()
    flag = sample.withheld().flags[0].model_copy(update={"quote": "mother is in hospital"})
    text = page(made.model_copy(update={"flags": (flag,)})).lower()
    assert "hospital" not in text
    assert "a private matter" in text


def test_a_page_that_is_not_finished_shows_what_is_ready() -> None:
    made = sample.ready()
    empty = made.agenda.model_copy(update={"steps": (), "questions": (), "closing": ""})
    half = made.model_copy(
        update={"expectations": (sample.SCANNING,), "agenda": empty, "gaps": (), "follow_up": (), "gut_check": ""}
    )
    assert "Agenda" not in headings(page(half))
    assert "Scans each parcel" in page(half)


def test_the_employee_sees_what_is_agreed_and_nothing_else() -> None:
    made = sample.ready()
    text = employee(made)
    for part in (
        sample.SCANNING.behaviour,
        sample.SCANNING.measure,
        "at most 4 of 40",
        "Get the label printer repaired",
    ):
        assert part in text
    assert text.count("____") >= 5
    hidden = [
        "proposed",
        "computed",
        "Replaces",
        "disorganised",
        "hospital",
        "elsewhere",
        "believe",
        "Today",
        "Flags",
        "34",
    ]
    assert [word for word in hidden if word in text] == []
    assert not re.search(r"\byou\b", text)


def test_a_private_word_in_an_expectation_becomes_a_blank_for_the_employee() -> None:
    leaking = sample.SCANNING.model_copy(update={"first_step": "stops being just disorganised"})
    text = employee(sample.ready().model_copy(update={"expectations": (leaking,)}))
    assert "disorganised" not in text
    assert "First step: ____" in text


def _with_everywhere(made: Prep, text: str) -> Prep:
    """The page with a text in every place that holds free text."""

    def swap(part: Frozen, *fields: str) -> dict[str, str]:
        assert set(fields) <= set(type(part).model_fields)
        return dict.fromkeys(fields, text)

    def put(part: Frozen, *fields: str) -> Frozen:
        return part.model_copy(update=swap(part, *fields))

    agenda = made.agenda.model_copy(
        update={
            "steps": tuple(put(step, "say") for step in made.agenda.steps),
            "questions": tuple(put(q, "text", "listen_for") for q in made.agenda.questions),
            "closing": text,
        }
    )
    fields = ("replaces", "behaviour", "measure", "target", "by_when", "first_step")
    return made.model_copy(
        update={
            "situation": made.situation.model_copy(update={"names": (text,), "role": text}),
            "expectations": tuple(put(e, *fields) for e in made.expectations),
            "agenda": agenda,
            "gaps": (Gap(id="g", text=text),),
            "your_part": (text,),
            "gut_check": text,
            "likely_reaction": text,
            "watch_for": tuple(put(w, "label", "look_at") for w in sample.no_evidence().watch_for),
            "flags": tuple(put(f, "quote", "reason", "route") for f in sample.withheld().flags),
            "follow_up": tuple(put(f, "when", "text") for f in made.follow_up),
            "sources": tuple(put(s, "title") for s in made.sources),
            "other_concerns": tuple(put(c, "topic") for c in made.other_concerns),
            "start_with": made.start_with and put(made.start_with, "because"),
        }
    )
