"""The manager's words spoken to the employee: pronouns change, facts do not."""

from __future__ import annotations

import re

import pytest

from fourthright.wording import listed, quoted, sentence, shortened, to_you, window, words


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("he was late twice", "you were late twice"),
        ("She always closes the till", "you always close the till"),
        ("she has two reports open", "you have two reports open"),
        ("I asked him on Monday", "I asked you on Monday"),
        ("his reports were late", "your reports were late"),
        ("I gave her the list", "I gave you the list"),
        ("I read her report", "I read your report"),
        ("I spoke to her about it", "I spoke to you about it"),
        ("he's late", "you're late"),
        ("she’s been late", "you've been late"),
        ("she'll finish it", "you'll finish it"),
        ("he doesn't call back", "you don't call back"),
        ("the fault was his", "the fault was yours"),
        ("he taught himself", "you taught yourself"),
        ("he carries the box and she pushes it", "you carry the box and you push it"),
    ],
)
def test_he_and_she_become_you(text: str, spoken: str) -> None:
    assert to_you(text).lower() == spoken.lower()


def test_given_names_become_you_and_their_owner_your() -> None:
    spoken = to_you("Noor's log was empty and Noor shelves first", ["Noor"])
    assert spoken.lower() == "your log was empty and you shelve first"


@pytest.mark.parametrize(
    "text", ["they said their order was wrong", "the customers left them there", "this is the theme"]
)
def test_others_and_lookalikes_stay(text: str) -> None:
    assert to_you(text, [""]) == text


@pytest.mark.parametrize(
    "text",
    ["On 3 May at 14:30 she missed 34 of 40 (85 %)", "he owes €12.50, not 1,250", "her 2nd of 3 visits 😀\r\nwas late"],
)
def test_no_number_changes(text: str) -> None:
    assert re.findall(r"\d+", to_you(text, ["Noor"])) == re.findall(r"\d+", text)


@pytest.mark.parametrize(
    ("text", "said"), [("  late again ,", "Late again."), ("Was it?", "Was it."), ("x", "X."), (" – ", ""), ("", "")]
)
def test_a_sentence_has_a_capital_and_one_full_stop(text: str, said: str) -> None:
    assert sentence(text) == said


def test_words_are_counted_like_the_terminal_does() -> None:
    assert words(" one  two\nthree – four ") == 5
    assert words("") == 0


def test_what_fits_is_not_shortened() -> None:
    assert shortened("one two three", 3) == "one two three"


def test_shortening_cuts_at_a_clause() -> None:
    assert shortened("she came at nine, then she left at ten and came back", 6) == "she came at nine"


@pytest.mark.parametrize("limit", [3, 5, 8])
def test_shortening_keeps_the_beginning_verbatim(limit: int) -> None:
    text = "on Monday 34 of 40 parcels were not scanned at close"
    short = shortened(text, limit)
    assert short.endswith("…")
    assert text.startswith(short.removesuffix("…").strip())
    assert words(short.removesuffix("…")) <= limit


TEXT = "when I came in on Monday I saw that 34 of 40 parcels, mostly small ones, were still not scanned at close, again"


@pytest.mark.parametrize("keep", [["34 of 40"], ["34", "40"], ["Monday", "34 of 40"], ["again"], ["when"]])
def test_a_window_keeps_what_it_must_and_shows_what_is_cut(keep: list[str]) -> None:
    seen = window(TEXT, keep, 9)
    inside = seen.strip("… ")
    assert inside in TEXT
    assert all(part in seen for part in keep)
    assert seen.startswith("…") == (not TEXT.startswith(inside))
    assert seen.endswith("…") == (not TEXT.endswith(inside))


def test_a_window_does_not_cut_a_word_or_lose_its_mark() -> None:
    assert "40," in window("there were 34 of 40, and nobody had noticed it all day long", ["34 of 40"], 5)


def test_a_window_of_nothing_known_is_the_shortened_text() -> None:
    assert window(TEXT, ["17"], 6) == shortened(TEXT, 6)


@pytest.mark.parametrize(
    ("items", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_is_read_aloud(items: list[str], said: str) -> None:
    assert listed(items) == said


def test_quotes_within_quotes_are_single() -> None:
    assert quoted(' he said "later" ') == "“he said 'later'”"
