"""A situation in, one page out. Read this file and you know the product.

    screen -> read -> find -> draft, check, repair, screen again -> assemble

Nothing here is about a particular model, screen or file format.
"""

from __future__ import annotations

from collections.abc import Callable

from fourthright.agenda import questions
from fourthright.domain import Flag, Prep, Progress, Situation
from fourthright.drafting import Attempt, Drafter, Observer
from fourthright.embedding import Embedder, Once
from fourthright.engine import Engine
from fourthright.errors import ReplyRejected
from fourthright.expecting import expectation
from fourthright.finding import for_the_page, themes
from fourthright.llm import Cancel, never
from fourthright.page import Page
from fourthright.quoting import quoted
from fourthright.reading import raised, read, screened
from fourthright.talk import Talk


def _unwatched(_: Progress) -> None:
    """Nobody watches."""


def _uncounted(_: Attempt) -> None:
    """Nobody counts."""


def prepare(
    situation: Situation,
    engine: Engine,
    *,
    on_progress: Callable[[Progress], None] = _unwatched,
    cancelled: Cancel = never,
    observe: Observer = _uncounted,
) -> Prep:
    """Makes the page for one situation.

    `on_progress` gets each step with the page so far. Raises Cancelled when `cancelled()` turns true, and the errors of a
    model that cannot be reached at all; once it has answered, the handbook makes what it fails to.
    """
    model = engine.model.name if engine.model else None
    page = Page(situation, engine.knowledge, engine.prompts, model, engine.index.embedder, on_progress)
    page.report("Looking for anything that must not become a page")
    once = Once(engine.index.embedder)
    page.flags = _screened(situation, engine, once)
    page.reading = read(situation.text, engine.sorter, once)
    page.require_evidence()
    if page.ends_here():
        return page.finished()
    talk = None
    if engine.model:
        page.report("Reading it once more for what is serious")
        talk = Talk(engine.model, engine.prompts, screened(situation, page.reading), cancelled)
        page.talk = talk
        page.raise_flag(_raised(talk), engine.screen)
        if page.ends_here():
            return page.finished()
    page.report("Finding the guidance that fits")
    page.themes, page.others = for_the_page(
        themes(page.reading.observations, page.reading.sure, engine.index, engine.knowledge)
    )
    page.choose_labels()
    _fit(page, engine)
    drafter = Drafter(engine.knowledge, engine.index.embedder, engine.screen, talk, page.names, observe)
    page.report("Putting the manager's words into the guidance")
    page.themes = tuple(drafter.filled(theme) for theme in page.themes)
    for theme in page.themes:
        page.report(f"Drafting what you expect: {theme.topic}")
        replaces = page.replaces.get(theme.id)
        drafted = expectation(theme, replaces, drafter, engine.knowledge, concerns=len(page.themes))
        page.expect(drafted, quoted(theme, engine.shelf, engine.owner))
    page.report("Drafting questions: clarity")
    for dimension, asked in questions(page.themes, drafter, engine.knowledge, relapsed=page.relapsed):
        page.questions += asked
        page.report(f"Drafted questions: {dimension}")
    page.model_stopped = drafter.stopped
    return page.finished()


def _fit(page: Page, engine: Engine) -> None:
    """Puts concerns off until the handbook's page for the others keeps to its words; drafted lines are as long."""
    alone = Drafter(engine.knowledge, engine.index.embedder, engine.screen, None, page.names, _uncounted)
    while len(page.themes) > 1:
        lines = [
            expectation(t, page.replaces.get(t.id), alone, engine.knowledge, concerns=len(page.themes))
            for t in page.themes
        ]
        asked = [q for _, qs in questions(page.themes, alone, engine.knowledge, relapsed=page.relapsed) for q in qs]
        if page.has_room(lines, asked):
            return
        page.put_off()


def _raised(talk: Talk) -> str | None:
    """What the model would raise; an answer that cannot be had clears nothing, because the screen has spoken before."""
    try:
        return raised(talk)
    except ReplyRejected:
        return None


def _screened(situation: Situation, engine: Engine, embedder: Embedder) -> list[Flag]:
    return list(engine.screen("\n".join(part for part in (situation.text, situation.history) if part), embedder))
