"""What stands around expectations and agenda; the three generic phrases of the seed article by name."""

from __future__ import annotations

import pytest

from fourthright.checks import ExpectationText, check_expectation
from fourthright.domain import CLOSING_QUESTION, ObservationKind, Situation
from fourthright.engine import Engine
from fourthright.prepare import prepare
from fourthright.surroundings import (
    MOST_GAPS,
    gaps,
    gaps_for_hr,
    gut_check,
    has_relapsed,
    labels_in,
    left_out,
    replaced,
    start_with,
    watch_for,
    your_part,
)
from scanning import SEEN, observed, theme

GENERIC = ("a positive attitude", "more customer focus", "be more strategic")


@pytest.mark.parametrize("phrase", GENERIC)
def test_a_generic_phrase_is_known_and_translated_into_an_act(engine: Engine, phrase: str) -> None:
    label = next(label for label in engine.knowledge.labels if label.regex.search(f"She needs to {phrase}."))
    fields = ExpectationText(behaviour=label.becomes, measure="", target="", by_when="")
    broken = {f.rule for f in check_expectation(fields, engine.knowledge) if f.quote in label.becomes and f.quote}
    assert "behaviour-observable" not in broken
    assert phrase.split()[-1] not in label.becomes.lower()


@pytest.mark.parametrize("phrase", GENERIC)
def test_a_generic_phrase_finds_cards(engine: Engine, phrase: str) -> None:
    hits = engine.index.cards(phrase, 3)
    assert hits
    cards = [engine.knowledge.card(hit.id) for hit in hits]
    words = {word for card in cards for text in (*card.labels, *card.phrases) for word in text.lower().split()}
    assert phrase.split()[-1] in words


@pytest.mark.parametrize("phrase", GENERIC)
def test_a_generic_phrase_alone_says_what_to_watch_for(engine: Engine, phrase: str) -> None:
    page = prepare(Situation(text=f"I want Noor to have {phrase}. She just lacks it."), engine)
    assert (page.status, page.expectations) == ("no_evidence", ())
    shown = {w.look_at for w in page.watch_for}
    assert shown & {label.look_at for label in engine.knowledge.labels if label.regex.search(phrase)}
    assert {q.dimension for q in page.agenda.questions} == {"clarity"}
    assert page.agenda.closing == CLOSING_QUESTION


@pytest.mark.parametrize("phrase", GENERIC)
def test_a_generic_phrase_beside_facts_is_replaced_and_stays_outside(engine: Engine, phrase: str) -> None:
    text = f"On Monday 34 of 40 parcels were not scanned at close. She needs {phrase}."
    page = prepare(Situation(text=text), engine)
    assert page.status == "ready"
    (expectation,) = page.expectations
    assert expectation.replaces
    assert expectation.replaces in text
    assert phrase.split()[-1] in expectation.replaces
    assert any(expectation.replaces in part for part in page.your_part)
    written = f"{expectation.behaviour} {expectation.measure} {expectation.first_step}"
    assert phrase.split()[-1] not in written.lower()


def test_the_managers_own_part_is_said_in_their_words(engine: Engine) -> None:
    said = your_part(observed(SEEN, ("I never showed her the log", "background")), (), engine.knowledge)
    assert any("I never showed her the log" in part for part in said)


@pytest.mark.parametrize("kind", ["private"])
def test_private_words_are_nobodys_part(engine: Engine, kind: ObservationKind) -> None:
    said = your_part(observed(("I never asked about her illness", kind)), (), engine.knowledge)
    assert not any("illness" in part for part in said)


def test_there_is_always_something_for_the_manager_to_do(engine: Engine) -> None:
    assert your_part(observed(SEEN), (), engine.knowledge)
    assert any("sloppy" in part for part in your_part(observed(SEEN), ("sloppy",), engine.knowledge))


@pytest.mark.parametrize(
    ("words", "dimension"),
    [
        ("she thought Devon was closing", "clarity"),
        ("I never explained the log", "clarity"),
        ("the system is slow since the move", "conflicts"),
        ("we are two people short", "conflicts"),
        ("she said she can't do it that fast", "confidence"),
        ("she says it is pointless", "conviction"),
    ],
)
def test_where_to_start_listening_has_a_reason_in_the_text(engine: Engine, words: str, dimension: str) -> None:
    found = start_with(observed(SEEN, (words, "background")), engine.knowledge)
    assert found
    assert found.dimension == dimension
    assert found.observation_ids == ("o2",)
    assert words in found.because


@pytest.mark.parametrize(
    "pieces",
    [
        (SEEN,),
        (SEEN, ("she thought Devon was closing", "private")),
        (SEEN, ("she thought Devon was closing", "hearsay")),
        (SEEN, ("she is sloppy", "label")),
    ],
)
def test_without_a_reason_no_dimension_comes_first(
    engine: Engine, pieces: tuple[str | tuple[str, ObservationKind], ...]
) -> None:
    assert start_with(observed(*pieces), engine.knowledge) is None


@pytest.mark.parametrize(
    ("words", "relapsed"),
    [
        ("it got better for two weeks and then it was back", True),
        ("it held for a month", True),
        ("I asked her in May to scan first", False),
        ("her back was to the shelf", False),
    ],
)
def test_a_relapse_is_read_off_the_history(engine: Engine, words: str, relapsed: bool) -> None:
    assert has_relapsed(observed(SEEN, (words, "history")), engine.knowledge) is relapsed


def test_gaps_are_numbered_and_ask_only_for_what_is_missing(engine: Engine) -> None:
    bare = gaps([theme()], observed(SEEN), Situation(text=SEEN))
    assert [g.id for g in bare] == [f"g{n}" for n in range(1, len(bare) + 1)]
    assert 0 < len(bare) <= MOST_GAPS
    whole = observed(SEEN, ("I asked her in May", "history"), ("she trained the temps", "strength"))
    told = gaps([theme()], whole, Situation(text=SEEN))
    assert {g.text for g in told} < {g.text for g in bare}
    assert any("in May" not in g.text and g.concern_id == "c1" for g in told)
    by_field = gaps([theme()], observed(SEEN), Situation(text=SEEN, history="asked in May"))
    assert len({g.text for g in bare} - {g.text for g in by_field}) == 1


def test_without_a_count_the_first_gap_is_to_count(engine: Engine) -> None:
    uncounted = theme(observed(("parcels lay there", "background")))
    found = gaps([uncounted], uncounted.observations, Situation(text="x"))
    assert found[0].concern_id == "c1"


def test_hr_gets_its_own_gaps(engine: Engine) -> None:
    for trigger in engine.knowledge.triggers:
        assert [g.text for g in gaps_for_hr(trigger)] == list(trigger.find_out)


def test_what_stays_off_the_page_is_listed_with_the_reason() -> None:
    kinds: tuple[ObservationKind, ...] = (
        "seen", "label", "guess", "hearsay", "history", "strength", "private", "background",
    )  # fmt: skip
    found = left_out(observed(*((f"piece {n}", kind) for n, kind in enumerate(kinds))))
    assert [o.observation_id for o in found] == ["o3", "o4", "o7"]
    assert all(o.why for o in found)


def test_labels_are_verbatim_once_and_never_from_praise_or_private_matters(engine: Engine) -> None:
    pieces = observed(
        ("She has a Bad Attitude", "label"),
        ("a bad attitude, really", "guess"),
        ("positive attitude with customers", "strength"),
        ("her bad attitude since the illness", "private"),
        (SEEN, "seen"),
    )
    found = labels_in(pieces, engine.knowledge)
    assert found[0] == "Bad Attitude"
    assert all(any(label in o.quote for o in pieces[:2]) for label in found)
    assert len(set(found)) == len(found)


def test_each_label_stands_behind_one_expectation(engine: Engine) -> None:
    one, two = theme(), theme(theme_id="c2", card=engine.knowledge.card("phone-opened-politely"))
    chosen = replaced(["sloppy", "rude on the phone"], [one, two], engine.index.embedder)
    assert chosen == {"c1": "sloppy", "c2": "rude on the phone"}
    assert replaced([], [one], engine.index.embedder) == {}
    assert replaced(["sloppy"], [], engine.index.embedder) == {}
    assert len(replaced(["sloppy"], [one, two], engine.index.embedder)) == 1


def test_what_to_watch_for_is_said_once(engine: Engine) -> None:
    pieces = observed(("he has a bad attitude", "label"), ("a wrong attitude all day", "label"), (SEEN, "seen"))
    found = watch_for(pieces, engine.knowledge, engine.index.embedder)
    assert len({w.look_at for w in found}) == len(found) >= 1
    assert any("attitude" in w.label for w in found)


def test_the_gut_check_names_the_person_where_there_is_a_name() -> None:
    assert "Noor" in gut_check(["Noor", "Devon"])
    assert "Devon" not in gut_check(["Noor", "Devon"])
    assert "HR" in gut_check([])
