"""The only wiring: settings in, a working engine out."""

from __future__ import annotations

from dataclasses import replace

from fourthright import knowledge, llm, prompts
from fourthright.config import Settings
from fourthright.domain import Situation
from fourthright.embedding import Embedder, MiniLM
from fourthright.engine import Engine
from fourthright.pieces import Sorter
from fourthright.prepare import prepare
from fourthright.retrieval import Index
from fourthright.screening import Screen
from fourthright.shelf import Shelf
from fourthright.talk import opening


def engine(settings: Settings, *, with_model: bool) -> Engine:
    """Everything a page is made with. Raises ModelUnavailable before anything slow when the model cannot be had."""
    model = llm.connect(settings) if with_model else None
    handbook, embedder = knowledge.load(), MiniLM(settings.cache_dir)
    return Engine(
        knowledge=handbook,
        prompts=prompts.load(),
        screen=Screen(handbook, embedder),
        sorter=Sorter(handbook, embedder),
        index=Index(handbook, embedder),
        shelf=shelf(settings, embedder),
        owner=settings.owner,
        model=model,
    )


def shelf(settings: Settings, embedder: Embedder) -> Shelf:
    """The organisation's own documents; nothing is read or written until they are asked for."""
    return Shelf(settings.data_dir / "guidance" / "shelf.sqlite", embedder)


def warm(made: Engine) -> None:
    """Loads what is loaded on first use, and has the model read the beginning that every conversation shares."""
    prepare(Situation(text="She sent the weekly report two days late."), replace(made, model=None))
    if made.model:
        made.model.warm(opening(made.prompts))
