"""What a page would send to a model that runs elsewhere, shown word for word before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pydantic import BaseModel

from fourthright.domain import Situation
from fourthright.errors import Cancelled
from fourthright.llm import Cancel, Message, Reply, never, outgoing
from fourthright.prepare import Engine, prepare


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
    """The exact text of the first call for this situation; None when the safeguards keep every model away from it.

    Runs the use case itself up to that call, so that what is shown cannot differ from what is sent.
    """
    recorder = _Recorder()
    try:
        prepare(situation, replace(engine, model=recorder))
    except Cancelled:
        return outgoing(recorder.messages)
    return None
