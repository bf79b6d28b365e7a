"""What a page would send to a model that runs elsewhere, shown word for word before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pydantic import BaseModel

from fourthright.domain import Situation
from fourthright.engine import Engine
from fourthright.errors import Cancelled
from fourthright.llm import Cancel, Message, Reply, never, outgoing
from fourthright.prepare import prepare


class _Recorder:
    """A model that takes down the first call and makes it the last."""

    name = "recorder"

    def __init__(self) -> None:
        self.messages: tuple[Message, ...] = ()

    def ask(
        self, messages: Sequence[Message], *, schema: type[BaseModel], max_tokens: int, cancelled: Cancel = never
    ) -> Reply:
        self.messages = tuple(messages)
        raise Cancelled("Nothing is sent.")

    def warm(self, messages: Sequence[Message]) -> None:
        """Nothing to warm."""


def first_call(situation: Situation, engine: Engine) -> str | None:
    """The exact text of the first call for this situation; None when the safeguards keep every model away from it."""
    return first_text(lambda recording: prepare(situation, recording), engine)


def first_text(use: Callable[[Engine], object], engine: Engine) -> str | None:
    """The exact text of the first call that a use case would make; None when it makes none.

    Runs the use case itself up to that call, so that what is shown cannot differ from what is sent.
    """
    recorder = _Recorder()
    try:
        use(replace(engine, model=recorder))
    except Cancelled:
        return outgoing(recorder.messages)
    return None
