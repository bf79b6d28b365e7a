"""Read: the situation as sorted observations.

The word lists sort first. The model is asked only about pieces they are unsure of, and only takes evidence away: a
piece never becomes `seen` on the model's word. It may also raise a safeguard, never clear one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, create_model

from fourthright.domain import Frozen, Observation, ObservationKind, Situation
from fourthright.pieces import Piece, Sorter
from fourthright.prompts import Prompts
from fourthright.talk import Talk

LEFT_OUT = "[left out]"
MOST_DOUBTFUL = 8
TOKENS_PER_PIECE = 14

Serious = Literal["none", "self_harm", "violence_threat", "harassment_or_discrimination_complaint", "retaliation_risk",
                  "pretext", "protected_trait", "protected_leave", "medical_or_disability"]  # fmt: skip


class Reading(Frozen):
    """The sorted observations, and a trigger the model would raise."""

    observations: tuple[Observation, ...]
    sure: frozenset[str] = frozenset()
    """Ids of the observations that the word lists sorted without doubt."""
    raised: str | None = None


def by_words(text: str, sorter: Sorter) -> tuple[Reading, tuple[Piece, ...]]:
    """The reading by word lists alone, and its pieces with how sure each is."""
    pieces = sorter(text)
    return Reading(observations=tuple(_observation(p, p.kind) for p in pieces), sure=_sure(pieces)), pieces


def with_model(pieces: Sequence[Piece], talk: Talk) -> Reading:
    """The reading with the doubtful pieces of evidence put before the model."""
    asked = _doubtful(pieces)
    answer = _answer_type([p.id for p in asked])
    parsed, fields = talk.ask(sort_task(pieces, talk.prompts), answer, max_tokens=TOKENS_PER_PIECE * (len(asked) + 1))
    said = parsed.model_dump() if parsed else fields
    kinds = {p.id: _demoted(p, said.get(p.id)) for p in asked}
    raised = said.get("serious")
    return Reading(
        observations=tuple(_observation(p, kinds.get(p.id, p.kind)) for p in pieces),
        sure=_sure(pieces),
        raised=str(raised) if raised in Serious.__args__ and raised != "none" else None,  # type: ignore[attr-defined]
    )


def sort_task(pieces: Sequence[Piece], prompts: Prompts) -> str:
    """The first task of every conversation: the doubtful pieces, to be sorted."""
    return prompts["sort"].render(pieces="\n".join(f"{p.id}: {p.text}" for p in _doubtful(pieces)) or "(none)")


def _doubtful(pieces: Sequence[Piece]) -> list[Piece]:
    """Evidence the word lists are unsure of; none where nothing else is seen, or the model could empty the evidence."""
    if not any(p.kind == "seen" and p.sure for p in pieces):
        return []
    return [p for p in pieces if p.kind == "seen" and not p.sure][:MOST_DOUBTFUL]


def screened(situation: Situation, reading: Reading) -> str:
    """The situation as a model may see it: private pieces replaced by `[left out]`."""
    text = situation.text
    for o in sorted(reading.observations, key=lambda o: -o.start):
        if o.kind == "private":
            text = f"{text[: o.start]}{LEFT_OUT}{text[o.end :]}"
    extras = [("Role", situation.role), ("Earlier talks", situation.history)]
    return "\n".join((text, *(f"{name}: {value}" for name, value in extras if value)))


def _sure(pieces: Sequence[Piece]) -> frozenset[str]:
    return frozenset(p.id for p in pieces if p.sure)


def _answer_type(ids: Sequence[str]) -> type[BaseModel]:
    kind = Literal["seen", "strength", "history", "background"]
    fields: dict[str, tuple[object, object]] = dict.fromkeys(ids, (kind, ...))
    made: type[BaseModel] = create_model(
        "Sorted",
        __config__=ConfigDict(extra="forbid"),
        serious=(Serious, ...),
        **fields,  # type: ignore[call-overload]
    )
    return made


def _demoted(piece: Piece, said: object) -> ObservationKind:
    if said == "strength":
        return "strength"
    return "background" if said in ("history", "background") else piece.kind


def _observation(piece: Piece, kind: ObservationKind) -> Observation:
    return Observation(id=piece.id, quote=piece.text, start=piece.start, end=piece.end, kind=kind)
