"""The page in the making: a valid page at any moment, and within its words at the end."""

from __future__ import annotations

import pytest

from fourthright.domain import Flag, Prep, Progress, Situation
from fourthright.engine import Engine
from fourthright.export.markdown import page as as_markdown
from fourthright.export.markdown import words
from fourthright.page import Page
from fourthright.reading import Reading
from fourthright.shortening import MOST_WORDS
from scanning import SEEN, observed, theme

TEXT = f"{SEEN}. I asked her in May."


def made(engine: Engine, *levels: str) -> tuple[Page, list[Progress]]:
    told: list[Progress] = []
    page = Page(
        Situation(text=TEXT), engine.knowledge, engine.prompts, "some/model", engine.index.embedder, told.append
    )
    page.flags = [flag(engine, level) for level in levels]
    return page, told


def flag(engine: Engine, trigger_id: str) -> Flag:
    trigger = engine.knowledge.trigger(trigger_id)
    return Flag(trigger=trigger.id, level=trigger.level, quote=SEEN, reason=trigger.reason, route=trigger.route)


@pytest.mark.parametrize(
    ("triggers", "status"),
    [
        ((), "ready"),
        (("medical_or_disability",), "ready"),
        (("no_evidence",), "no_evidence"),
        (("pretext",), "withheld"),
        (("retaliation_risk", "no_evidence"), "withheld"),
        (("self_harm",), "withheld"),
    ],
)
def test_the_status_follows_the_flags(engine: Engine, triggers: tuple[str, ...], status: str) -> None:
    page, _ = made(engine, *triggers)
    assert page.status == status
    assert page.ends_here() == (status != "ready")


def test_a_withheld_page_is_about_the_gravest(engine: Engine) -> None:
    page, _ = made(engine, "pretext", "self_harm", "medical_or_disability")
    prep = page.finished()
    trigger = engine.knowledge.trigger("self_harm")
    assert prep.agenda.steps[0].say == trigger.say
    assert [gap.text for gap in prep.gaps] == list(trigger.find_out)
    assert prep.your_part == ()


def test_the_page_so_far_comes_once_it_has_a_line(engine: Engine) -> None:
    page, told = made(engine)
    page.reading = Reading(observations=observed(SEEN))
    page.themes = (theme(),)
    page.report("Looking")
    assert told[-1].page is None
    assert [p.done for p in told] == [0]
    assert told[-1].total > 1


def test_put_off_keeps_the_least_evidenced_for_another_talk(engine: Engine) -> None:
    page, _ = made(engine)
    page.themes = (theme(score=0.9), theme(theme_id="c2", score=0.3), theme(theme_id="c3", score=0.5))
    page.put_off()
    assert [t.id for t in page.themes] == ["c1", "c3"]
    assert [t.id for t in page.others] == ["c2"]


def test_without_a_talk_the_page_names_no_model(engine: Engine) -> None:
    page, _ = made(engine, "no_evidence")
    found = page.finished().made_with
    assert (found.model, found.prompts, found.tokens.written) == (None, {}, 0)
    assert found.seconds >= 0


@pytest.mark.parametrize("trigger", ["self_harm", "pretext", "retaliation_risk", "no_evidence"])
def test_a_short_page_keeps_to_its_words_and_can_be_read_back(engine: Engine, trigger: str) -> None:
    page, _ = made(engine, trigger)
    prep = page.finished()
    assert words(as_markdown(prep)) <= MOST_WORDS
    assert Prep.model_validate_json(prep.model_dump_json(by_alias=True)) == prep
