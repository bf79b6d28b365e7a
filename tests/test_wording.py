"""The manager's words spoken to the employee: pronouns change, facts do not."""

from __future__ import annotations

import re

import pytest

from fourthright.spoken import to_you
from fourthright.wording import listed, quoted, sentence, shortened, window, words


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
        ("she don't call back", "you don't call back"),
        ("does she know", "do you know"),
        ("the problem is he doesn't ask", "the problem is you don't ask"),
        ("nothing of his gets moved", "nothing of yours gets moved"),
        ("they don't see her as a partner", "they don't see you as a partner"),
    ],
)
def test_he_and_she_become_you(text: str, spoken: str) -> None:
    assert to_you(text).lower() == spoken.lower()


def test_given_names_become_you_and_their_owner_your() -> None:
    spoken = to_you("Noor's log was empty and Noor shelves first", ["Noor"])
    assert spoken.lower() == "your log was empty and you shelve first"


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("He's rescheduled the call block", "You've rescheduled the call block"),
        ("she's missed 3", "you've missed 3"),
        ("he's left", "you've left"),
        ("hes been late", "you've been late"),
        ("shes done them on her phone", "you've done them on your phone"),
        ("she's used 9 days", "you've used 9 days"),
        ("she's used to it", "you're used to it"),
        ("he's trained on it", "you're trained on it"),
        ("he's set in his ways", "you're set in your ways"),
        ("she's not finished the report", "you've not finished the report"),
    ],
)
def test_a_short_verb_is_has_before_an_active_participle(text: str, spoken: str) -> None:
    assert to_you(text) == spoken


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("he takes a call and leaves", "you take a call and leave"),
        ("He opens the till, counts the cash and leaves", "You open the till, count the cash and leave"),
        ("he calls it the scoreboard and turns it to the wall", "you call it the scoreboard and turn it to the wall"),
        ("she was up late, was on call", "you were up late, were on call"),
        ("he brings pens and papers", "you bring pens and papers"),
        ("he was late and the log was empty", "you were late and the log was empty"),
        ("he is late. The van is empty and is dirty", "you are late. The van is empty and is dirty"),
    ],
)
def test_a_second_verb_follows_its_subject(text: str, spoken: str) -> None:
    assert to_you(text) == spoken


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Kim he leaves", "You leave"),
        ("I told Kim he leaves early", "I told you you leave early"),
        ("the support agent he closes tickets", "You close tickets"),
        ("Support agent Kim closes tickets", "You close tickets"),
        ("I spoke with our cook Kim about it", "I spoke with you about it"),
        ("Mr. Kim is late", "You are late"),
        ("Kim's late again and Kim's log was empty", "You're late again and your log was empty"),
        ("I am associate, Kim is new", "I am associate, you are new"),
        ("I gave Kim the list", "I gave you the list"),
    ],
)
def test_a_name_with_a_role_or_pronoun_beside_it_is_one_you(text: str, spoken: str) -> None:
    assert to_you(text, ["Kim"]) == spoken


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


@pytest.mark.parametrize(
    ("text", "limit", "said"),
    [
        ("When I finally brought it up she said she thought it was done", 10, "she said she thought it was done"),
        (
            "What I see: he books the load then does not put the number in",
            12,
            "he books the load then does not put the number in",
        ),
        (
            "Ten patients turned up in the last week for visits that were not in the book",
            12,
            "Ten patients turned up in the last week for visits",
        ),
        (
            "I looked on sunday and 6 of the 7 days that week had no temperature written in it",
            14,
            "6 of the 7 days that week had no temperature written in it",
        ),
        ("she got us the venue for $2,400 under budget", 8, "she got us the venue"),
        ('He said to me once "leave it as it is here" and went', 8, "He said to me once …"),
    ],
)
def test_what_is_left_is_a_whole_thought(text: str, limit: int, said: str) -> None:
    assert shortened(text, limit) == said


@pytest.mark.parametrize("limit", [3, 5, 8])
def test_shortening_keeps_the_beginning_verbatim(limit: int) -> None:
    text = "on Monday 34 of 40 parcels were not scanned at close"
    short = shortened(text, limit)
    assert short.endswith("…")
    assert text.startswith(short.removesuffix("…").strip())
    assert words(short.removesuffix("…")) <= limit


TEXT = "when I came in on Monday I saw that 34 of 40 parcels, mostly small ones, were still not scanned at close, again"


@pytest.mark.parametrize("keep", [["34 of 40"], ["34", "40"], ["Monday", "34 of 40"], ["again"], ["when"]])
@pytest.mark.parametrize("limit", [9, 12, 16])
def test_a_window_keeps_what_it_must_verbatim(keep: list[str], limit: int) -> None:
    seen = window(TEXT, keep, limit)
    assert seen.strip("… ") in TEXT
    assert all(part in seen for part in keep)
    assert words(seen.strip("… ")) <= limit


@pytest.mark.parametrize(
    ("text", "keep", "limit", "seen"),
    [
        ("the rota was late and there were 2 gaps, which I covered myself on both days", "2", 5, "there were 2 gaps"),
        ("the till was 40 short on Monday because nobody had counted it", "40", 8, "the till was 40 short on Monday"),
        (
            "staff told me long ago that they saw how 7 pallets went out without papers",
            "7",
            6,
            "… 7 pallets went out without papers",
        ),
    ],
)
def test_a_window_ends_at_a_clause_or_shows_what_is_cut(text: str, keep: str, limit: int, seen: str) -> None:
    assert window(text, [keep], limit) == seen


def test_a_window_of_nothing_known_is_the_shortened_text() -> None:
    assert window(TEXT, ["17"], 6) == shortened(TEXT, 6)


@pytest.mark.parametrize(
    ("items", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_is_read_aloud(items: list[str], said: str) -> None:
    assert listed(items) == said


def test_quotes_within_quotes_are_single() -> None:
    assert quoted(' he said "later" ') == "“he said 'later'”"
