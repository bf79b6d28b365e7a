"""What every use case works with, wired once."""

from __future__ import annotations

from dataclasses import dataclass

from fourthright.knowledge import Knowledge
from fourthright.llm import ChatModel
from fourthright.pieces import Sorter
from fourthright.prompts import Prompts
from fourthright.retrieval import Index
from fourthright.screening import Screen
from fourthright.shelf import Shelf


@dataclass(frozen=True)
class Engine:
    """Everything the use cases are made with; `model` is None for the handbook alone."""

    knowledge: Knowledge
    prompts: Prompts
    screen: Screen
    sorter: Sorter
    index: Index
    shelf: Shelf
    owner: str
    """Whose documents on the shelf may be read."""
    model: ChatModel | None
