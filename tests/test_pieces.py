from __future__ import annotations

import re
import time

import pytest

from fourthright.domain import MAX_SITUATION_CHARS
from fourthright.embedding import MiniLM
from fourthright.knowledge import load
from fourthright.pieces import Piece, Sorter, split
from messy import situations

SORTER = Sorter(load())
LEFT_OUT = re.compile(
    r"(?:[\s,;.…()\[\]\"'“”’*•·–—>#-]|\(?(?:[a-h]|[ivx]{1,4}|\d{1,2})\)|\b\d{1,2}\.|"
    r"\b(?:and|but|then|also|so|or|which|because|although|though|while|yet|anyway|plus|when|first|second|third|fourth|fifth|"
    r"firstly|secondly|lastly|finally|of all)\b[,:]?)*",
    re.IGNORECASE,
)


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


def kinds(text: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in SORTER(text)]


def kind(text: str) -> str:
    """The kind of a text that is one piece."""
    pieces = SORTER(text)
    assert len(pieces) == 1, [piece.text for piece in pieces]
    return pieces[0].kind


@pytest.mark.parametrize("text", situations())
def test_pieces_are_verbatim_in_order_and_lose_only_marks_and_joining_words(text: str) -> None:
    for spans in (split(text), [(piece.start, piece.end) for piece in SORTER(text)]):
        before = 0
        for start, end in spans:
            assert before <= start < end
            assert text[start:end] == text[start:end].strip()
            assert LEFT_OUT.fullmatch(text[before:start]), text[before:start]
            assert len(text[start:end].split()) <= 30
            before = end
        assert LEFT_OUT.fullmatch(text[before:])


@pytest.mark.parametrize("text", situations())
def test_blanks_before_and_after_every_mark_are_in_no_piece(text: str) -> None:
    text = re.sub(r"\s*([,;:()])\s*", r"  \1  ", text)
    for spans in (split(text), [(piece.start, piece.end) for piece in SORTER(text)]):
        assert all(text[start:end] == text[start:end].strip() for start, end in spans)


@pytest.mark.parametrize("text", situations())
def test_sorting_numbers_the_pieces_and_repeats_the_text(text: str) -> None:
    pieces = SORTER(text)
    assert [piece.id for piece in pieces] == [f"o{n}" for n in range(1, len(pieces) + 1)]
    assert all(isinstance(piece, Piece) and text[piece.start : piece.end] == piece.text for piece in pieces)
    assert SORTER(text) == pieces


def test_abbreviations_times_and_amounts_do_not_end_a_sentence() -> None:
    assert len(parts("Mr. Shafiq left at 9.15 p.m. on Monday with $2,400.50 in the till, e.g. coins.")) == 1
    assert len(parts("The list was not done at 18h30. The door stood open at 9:15.")) == 2


def test_bullets_and_numbering_are_left_out() -> None:
    expected = ["no entry on Monday", "left the door open", "late for the third time"]
    assert parts("* no entry on Monday\n* left the door open\r\n- late for the third time") == expected
    line = "she released sixteen rooms to the front office after three in the afternoon"
    assert parts(f"- {line}\n- {line}\n- {line}") == [line] * 3
    assert parts("1) no entry on Monday\n2. left the door open\n(c) late for the third time") == expected
    assert parts("(a) no entry on Monday, (b) left the door open, (c) late for the third time") == expected
    assert parts("First, no entry on Monday; second, left the door open; lastly, late for the third time") == expected


def test_a_turn_is_cut_only_where_both_sides_say_something() -> None:
    assert parts("He is brilliant with the guests but he left the bar open twice") == [
        "He is brilliant with the guests",
        "he left the bar open twice",
    ]
    assert len(parts("Noa is brilliant but difficult.")) == 1
    assert len(parts("He does nothing but talk about the weekend")) == 1


def test_a_forgotten_space_and_a_wrapped_line_are_understood() -> None:
    assert parts("She was late on Monday.He was not.") == ["She was late on Monday.", "He was not."]
    wrapped = "the log for the cold store shows that the door was left open on\nfour nights last week"
    assert parts(wrapped) == [wrapped]
    assert len(parts("door open again\nlog not filled")) == 2


def test_a_sentence_that_tells_two_things_becomes_two_pieces() -> None:
    text = "Scrap was 7% last month, shop standard is 3%, and he has not logged 5 of 12 first piece checks"
    assert parts(text) == [
        "Scrap was 7% last month, shop standard is 3%",
        "he has not logged 5 of 12 first piece checks",
    ]


def test_a_fact_is_cut_from_the_judgement_beside_it() -> None:
    assert kinds("She left at 9:15 twice last week and she is so lazy") == [
        ("seen", "She left at 9:15 twice last week"),
        ("label", "she is so lazy"),
    ]
    assert [k for k, _ in kinds("He missed two calls on Monday, probably he just wants to go home")] == [
        "seen",
        "guess",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 of 14 fluid charts were blank after 2pm", "seen"),
        ("the torque sheet wasnt filled in on four of them", "seen"),
        ('He said "this is stupid" in front of eight people', "seen"),
        ("No entry in the log since Tuesday", "seen"),
        ("she doesnt take ownership", "label"),
        ("He needs to be more professional.", "label"),
        ("Just a really bad attitude", "label"),
        ("You can tell she thinks she is above the counter work", "guess"),
        ("Deep down he does not want to be here", "guess"),
        ("Everyone says he is flaky", "hearsay"),
        ("One of the girls told me she is looking around", "hearsay"),
        ("I asked her last month to type it in", "history"),
        ("told him straight in October", "history"),
        ("I have not spoken to her about this yet", "history"),
        ("He is the best debugger we have", "strength"),
        ("the clients ask for her by name", "strength"),
        ("She was off on sick leave for three weeks", "private"),
        ("her son has been in hospital since May", "private"),
        ("How do I say this without crushing him?", "background"),
        ("I feel awful about it all", "background"),
    ],
)
def test_the_lexicon_knows_the_clear_cases(text: str, expected: str) -> None:
    assert kind(text) == expected


def test_what_followed_an_earlier_talk_belongs_to_it() -> None:
    found = kinds("I told him in March. He nodded. In April he was late five times.")
    assert [k for k, _ in found] == ["history", "history", "seen"]


def test_clear_words_are_sure_and_mixed_ones_are_not() -> None:
    assert SORTER("5 of 14 fluid charts were blank after 2pm")[0].sure
    assert not SORTER("something is off with the evenings")[0].sure


def test_examples_tell_by_meaning_what_no_word_list_knows() -> None:
    by_meaning = Sorter(load(), MiniLM())
    praise = "Children wave at her through the fence"
    assert SORTER(praise)[0].kind != "strength"
    assert by_meaning(praise)[0].kind == "strength"
    mixed = "She was off on sick leave. Everyone says he is flaky. 5 of 14 fluid charts were blank."
    assert [p.kind for p in by_meaning(mixed)] == ["private", "hearsay", "seen"]
    assert [(p.start, p.end) for p in by_meaning(mixed)] == [(p.start, p.end) for p in SORTER(mixed)]
    assert by_meaning("") == ()


def test_praise_before_a_turn_is_no_evidence_against_anyone() -> None:
    found = kinds("He trained both apprentices in May, but he left the gate open twice.")
    assert [k for k, _ in found] == ["strength", "seen"]
    assert [k for k, _ in kinds("His bench work is very clean, but the log is a catastrophe.")][1] != "strength"


def test_a_grievance_is_never_evidence() -> None:
    assert kind("In August she put in a grievance about the rota") == "background"


def test_curly_quotes_and_other_scripts_change_nothing() -> None:
    straight, curly = (
        SORTER("She doesn't answer the phone on Mondays"),
        SORTER("She doesn’t answer the phone on Mondays"),
    )
    assert [p.kind for p in straight] == [p.kind for p in curly] == ["seen"]
    assert SORTER("रोहन was late 3 times last week")[0].kind == "seen"


@pytest.mark.parametrize("text", ["", " \r\n\t", "...", "😀😀", "- \n* \n"])
def test_text_without_words_has_no_pieces(text: str) -> None:
    assert split(text) == ()
    assert SORTER(text) == ()


def test_one_word_is_one_piece() -> None:
    assert parts("Lazy") == ["Lazy"]


@pytest.mark.parametrize(
    "unit", ["a", "a ", "a, ", "\r\n", "( ", "- \n", "he did it but ", 'said "', "1 ", "A.b", "and then "]
)
def test_twenty_thousand_characters_stay_fast(unit: str) -> None:
    text = (unit * MAX_SITUATION_CHARS)[:MAX_SITUATION_CHARS]
    started = time.process_time()
    SORTER(text)
    # An expression that is not linear needs many seconds here; the bound leaves room for a busy machine.
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "sorted_as"),
    [
        ("He says the labels are too small.", "background"),
        ("He told me the scanner is slow.", "background"),
        ('She said "this is stupid" to the driver in the yard.', "seen"),
        ("He told the customer that the part was free.", "seen"),
        ("He know all the short roads.", "strength"),
        ("She never refuses an extra run.", "strength"),
        ("Zero fines in three years.", "strength"),
        ("He is not friendly at the desk.", "label"),
        ("I would like a more open posture.", "label"),
    ],
)
def test_an_explanation_a_strength_and_a_wish_are_told_apart(text: str, sorted_as: str) -> None:
    assert kind(text) == sorted_as


def test_two_counts_in_one_sentence_are_two_observations_and_counted_is_sure() -> None:
    sort = Sorter(load(), MiniLM())
    text = "3 of the 8 forms had no stamp and twice last week he left the gate open."
    assert [piece.text for piece in sort(text)] == [
        "3 of the 8 forms had no stamp",
        "twice last week he left the gate open.",
    ]
    late = sort("He came 20 minutes late on Monday and on Friday 40 minutes late.")
    assert len(late) == 1
    sends = sort("Our clerk Ines sends letters to the wrong address, four times since May.")
    assert any(piece.kind == "seen" and piece.sure for piece in sends)
