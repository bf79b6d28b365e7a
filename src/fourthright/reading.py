"""Read: the situation as sorted observations, and a second pair of eyes for what is serious.

The word lists, helped by likeness to example sentences, sort alone. A model is asked one thing only: whether it would
raise a safeguard. It may raise one, never clear one.
"""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from fourthright.domain import Frozen, Observation, Situation
from fourthright.embedding import Embedder
from fourthright.pieces import Sorter
from fourthright.talk import Talk

LEFT_OUT = "[left out]"
SERIOUS_TOKENS = 24

Serious = Literal["none", "self_harm", "violence_threat", "harassment_or_discrimination_complaint", "retaliation_risk",
                  "pretext", "protected_trait", "protected_leave", "medical_or_disability"]  # fmt: skip


class Reading(Frozen):
    """The sorted observations."""

    observations: tuple[Observation, ...]
    sure: frozenset[str] = frozenset()
    """Ids of the observations that were sorted without doubt."""


class Second(BaseModel):
    """The trigger that the model would raise."""

    model_config = ConfigDict(extra="forbid")

    serious: Serious


def read(text: str, sorter: Sorter, embedder: Embedder | None = None) -> Reading:
    """The text cut into verbatim pieces, each with its kind; `embedder` where it has read the text before."""
    pieces = sorter(text, embedder)
    return Reading(
        observations=tuple(Observation(id=p.id, quote=p.text, start=p.start, end=p.end, kind=p.kind) for p in pieces),
        sure=frozenset(p.id for p in pieces if p.sure),
    )


def raised(talk: Talk) -> str | None:
    """The trigger that the model would raise over this situation; None where it sees none or its answer breaks off."""
    _, fields = talk.ask(talk.prompts["serious"].render(), Second, max_tokens=SERIOUS_TOKENS)
    said = fields.get("serious")
    return str(said) if said in get_args(Serious) and said != "none" else None


def screened(situation: Situation, reading: Reading) -> str:
    """The situation as a model may see it: private pieces replaced by `[left out]`."""
    text = situation.text
    for o in sorted(reading.observations, key=lambda o: -o.start):
        if o.kind == "private":
            text = f"{text[: o.start]}{LEFT_OUT}{text[o.end :]}"
    extras = [("Role", situation.role), ("Earlier talks", situation.history)]
    return "\n".join((text, *(f"{name}: {value}" for name, value in extras if value)))
