"""What is said to a language model and what comes back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal, Protocol

from pydantic import BaseModel

from fourthright.domain import Frozen, Tokens
from fourthright.embedded import Cancel, never


class Message(Frozen):
    """One turn of the conversation with the model."""

    role: Literal["system", "user", "assistant"]
    content: str


class Reply(Frozen):
    """What the model wrote and what it cost in tokens."""

    text: str
    tokens: Tokens


class ChatModel(Protocol):
    """Whatever answers messages."""

    name: str

    def ask(
        self, messages: Sequence[Message], *, schema: type[BaseModel], max_tokens: int, cancelled: Cancel = never
    ) -> Reply:
        """Answer in JSON that should follow `schema`; the caller checks. Raises the errors of errors.py."""

    def warm(self, messages: Sequence[Message]) -> None:
        """Read a prefix ahead of the calls that will begin with it."""


def outgoing(messages: Sequence[Message]) -> str:
    """The text that leaves for the model, word for word, with the role before each message."""
    return "\n\n".join(f"[{message.role}]\n{message.content}" for message in messages)


def decode(text: str) -> dict[str, object] | None:
    """The first JSON object in a reply, past code fences and prose; None when there is none that can be read."""
    decoder, start = json.JSONDecoder(), text.find("{")
    while start >= 0:
        try:
            value, _ = decoder.raw_decode(text, start)
        except RecursionError:
            return None
        except ValueError:
            start = text.find("{", start + 1)
            continue
        return value if isinstance(value, dict) else None
    return None
