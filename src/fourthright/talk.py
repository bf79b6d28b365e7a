"""One growing conversation with the model: a fixed beginning, the situation as screened, then one task at a time.

Only the last message differs from call to call, so that the engine (and hosted providers) read the prefix once.
"""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from fourthright.domain import Tokens
from fourthright.llm import Cancel, ChatModel, Message, decode
from fourthright.prompts import Prompts

AnswerT = TypeVar("AnswerT", bound=BaseModel)


def opening(prompts: Prompts) -> tuple[Message, ...]:
    """What every conversation begins with: the system text and worked examples; read ahead at start."""
    turns = prompts["examples"].body.split("\n>>> ")
    examples = [turn.split("\n<<< ") for turn in turns if turn.strip()]
    messages = [Message(role="system", content=prompts["system"].render())]
    for asked, answered in examples:
        messages.append(Message(role="user", content=asked.removeprefix(">>> ").strip()))
        messages.append(Message(role="assistant", content=answered.strip()))
    return tuple(messages)


class Talk:
    """A conversation about one situation; counts the tokens it costs."""

    def __init__(self, model: ChatModel, prompts: Prompts, situation: str, cancelled: Cancel) -> None:
        self.model = model
        self.prompts = prompts
        self.tokens = Tokens()
        self._cancelled = cancelled
        self._prefix = (
            *opening(prompts),
            Message(role="user", content=prompts["situation"].render(situation=situation)),
            Message(role="assistant", content="{}"),
        )

    def messages(self, task: str) -> tuple[Message, ...]:
        """Exactly what is sent for one task."""
        return (*self._prefix, Message(role="user", content=task))

    def ask(self, task: str, answer: type[AnswerT], *, max_tokens: int) -> tuple[AnswerT | None, dict[str, object]]:
        """The answer to one task, or None with whatever fields could be read when it breaks the schema."""
        messages = self.messages(task)
        reply = self.model.ask(messages, schema=answer, max_tokens=max_tokens, cancelled=self._cancelled)
        self.tokens += reply.tokens
        fields = decode(reply.text) or {}
        try:
            return answer.model_validate(fields), fields
        except ValidationError:
            return None, fields
