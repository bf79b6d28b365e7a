"""Marks in a note that is being typed: the right words with the right reason, none where all was seen."""

from __future__ import annotations

from itertools import pairwise

import pytest

from fourthright.domain import Situation
from fourthright.engine import Engine
from fourthright.marking import MOST_CHARS, WHY_NOT_A_LABEL, Mark, Marker
from fourthright.prepare import prepare
from fourthright.surroundings import labels_in

NOTE = (
    "Rosa runs the parcel desk. Last week 9 of 30 parcels were not booked in at close, I counted them on Friday. She is "
    "just sloppy and has a bit of an attitude. Everyone says she is flaky. I think she is bored with us. Her husband is "
    "in hospital. I asked her in spring to book in as she goes and it was fine for two weeks."
)


@pytest.fixture
def marker(engine: Engine) -> Marker:
    return Marker(engine)


def marked(text: str, found: tuple[Mark, ...]) -> list[tuple[str, str]]:
    return [(mark.kind, text[mark.start : mark.end]) for mark in found]


def test_a_note_has_its_labels_hearsay_guesses_and_private_matters_marked_in_order(marker: Marker) -> None:
    assert marked(NOTE, marker(NOTE)) == [
        ("label", "sloppy"),
        ("label", "bit of an attitude"),
        ("hearsay", "Everyone says she is flaky"),
        ("guess", "I think she is bored with us"),
        ("private", "Her husband is in hospital"),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Omar was rude to two customers and he is lazy.", "label", "lazy"),
        ("i need him to be a team player", "label", "team player"),
        ("She has to be more organised.", "label", "has to be more organised"),
        ("She's got NO SENSE OF URGENCY", "label", "NO SENSE OF URGENCY"),
        ("She isn’t committed.", "label", "committed"),
        ("Apparently he is looking for another job.", "hearsay", "Apparently he is looking for another job"),
        ("I heard from Tom that she naps at her desk.", "hearsay", "I heard from Tom that she naps at her desk"),
        ("He wants to annoy me.", "guess", "He wants to annoy me"),
        ("Maybe she is bored.", "guess", "Maybe she is bored"),
        ("She's pregnant.", "private", "She's pregnant"),
        ("🙂 He left. He is on sick leave.", "private", "He is on sick leave"),
    ],
)
def test_the_words_are_marked_as_what_they_are(marker: Marker, text: str, kind: str, words: str) -> None:
    assert (kind, words) in marked(text, marker(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "On Monday she arrived at 9:40 for the 9:00 shift. On Tuesday 4 of 20 orders were wrong, I checked the log.",
        "He left the gate open twice last week and a customer had to close it.",
        "I asked him in May to call back within a day and it worked for two weeks.",
        'In the meeting on 4 March he said "this is stupid" and left the room.',
        "She trains the new people, and every one of them passed the test in June.",
        "The label printer has been jamming since the move. We ordered a new one.",
    ],
)
def test_what_was_seen_done_or_tried_stays_unmarked(marker: Marker, text: str) -> None:
    assert marker(text) == ()


def test_each_reason_says_what_to_do_instead(marker: Marker) -> None:
    reasons = {mark.kind: mark.reason for mark in marker(NOTE)}
    assert reasons["label"] == WHY_NOT_A_LABEL
    assert "What did you see or hear" in reasons["label"]
    assert "see it yourself" in reasons["hearsay"]
    assert "Ask instead" in reasons["guess"]
    assert "out of the talk" in reasons["private"]


def test_the_page_says_of_a_piece_what_its_mark_said(marker: Marker, engine: Engine) -> None:
    page, found = prepare(Situation(text=NOTE), engine), marker(NOTE)
    kept_apart = {(o.start, o.kind) for o in page.observations if o.kind in ("hearsay", "guess", "private")}
    assert {(mark.start, mark.kind) for mark in found if mark.kind != "label"} == kept_apart
    quotes = {o.id: o.start for o in page.observations}
    said = {(quotes[out.observation_id], out.why) for out in page.left_out}
    assert said
    assert said <= {(mark.start, mark.reason) for mark in found}
    judged = {words for kind, words in marked(NOTE, found) if kind == "label"}
    assert set(labels_in([o for o in page.observations if o.kind == "label"], engine.knowledge)) <= judged


def test_marks_do_not_depend_on_how_the_note_came_about(marker: Marker, engine: Engine) -> None:
    for end in range(20, len(NOTE), 23):
        marker(NOTE[:end])
    assert marker(NOTE) == Marker(engine)(NOTE)


def test_a_mark_never_lies_over_another_or_outside_the_text(marker: Marker) -> None:
    for end in range(1, len(NOTE), 17):
        found = marker(NOTE[:end])
        assert all(mark.start < mark.end <= end for mark in found)
        assert all(one.end <= other.start for one, other in pairwise(found))


def test_only_what_changed_is_read_anew(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    embed = engine.index.embedder.embed
    monkeypatch.setattr(engine.index.embedder, "embed", lambda texts: read.extend(texts) or embed(texts))
    marker = Marker(engine)
    marker(NOTE)
    read.clear()
    marker(NOTE + " He is lazy.")
    assert read == ["He is lazy."]


def test_a_very_long_note_is_not_marked(marker: Marker) -> None:
    long = "He is lazy. " * (MOST_CHARS // 12 + 1)
    assert not marker.fits(long)
    assert marker(long) == ()
    assert marker.fits(NOTE)
