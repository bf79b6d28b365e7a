"""What stands around expectations and agenda: gaps, the manager's part, what to watch for, what is left out, follow-up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fourthright.domain import (
    DIMENSIONS,
    FollowUp,
    Gap,
    LeftOut,
    Observation,
    ObservationKind,
    Situation,
    StartWith,
    WatchFor,
)
from fourthright.embedding import Embedder
from fourthright.entries import Label, Trigger
from fourthright.figures import today
from fourthright.finding import Theme
from fourthright.knowledge import Knowledge
from fourthright.wording import quoted, shortened, window

MOST_GAPS = 4
LABEL_WORDS = 8
MOST_TO_WATCH = 4
NEAR_LABEL = 0.4
"""Cosine similarity from which a judgement counts as a known label in other words."""
_OWN_FEELING = re.compile(r"\b(?:i|i'm|im|me|my|we|feeling)\b", re.IGNORECASE)
QUOTE_WORDS = 9
_JUDGING = ("sort-label", "sort-trait", "sort-trait-of-person", "sort-wish")

_WHY_OUT: dict[ObservationKind, str] = {
    "private": "Private. It stays off the page and out of the talk.",
    "hearsay": "Told by others. Ask, or see it yourself first.",
    "guess": "A guess about what goes on inside. Ask instead.",
}


def gaps(themes: Sequence[Theme], observations: Sequence[Observation], situation: Situation) -> tuple[Gap, ...]:
    """What to find out first: what the cards ask, and what the text does not say."""
    texts: list[tuple[str, str | None]] = []
    for theme in themes:
        if today(theme.observations) is None:
            texts.append(
                (
                    f"How often does it happen? Count one week of {theme.card.fill(theme.card.work, theme.slots)}.",
                    theme.id,
                )
            )
    each = 2 if len(themes) < 3 else 1
    for theme in themes:
        texts += [(theme.card.fill(text, theme.slots), theme.id) for text in theme.card.find_out[:each]]
    kinds = {o.kind for o in observations}
    if "history" not in kinds and not situation.history:
        texts.append(("Have you raised this before? Your text does not say.", None))
    if "strength" not in kinds:
        texts.append(("What goes well? Your text has nothing yet.", None))
    most = MOST_GAPS - max(0, len(themes) - 2)
    unique = dict.fromkeys(texts)
    return tuple(Gap(id=f"g{n}", text=text, concern_id=cid) for n, (text, cid) in enumerate(list(unique)[:most], 1))


def gaps_for_hr(trigger: Trigger) -> tuple[Gap, ...]:
    """What HR will want to know, from records."""
    return tuple(Gap(id=f"g{n}", text=text) for n, text in enumerate(trigger.find_out, 1))


def your_part(observations: Sequence[Observation], labels: Sequence[str], knowledge: Knowledge) -> tuple[str, ...]:
    """What is the manager's own to say or change, in their words."""
    cue = knowledge.word_list("cue-your-part").regex
    own = [(o.quote, match) for o in observations if o.kind != "private" and (match := cue.search(o.quote))]
    said = [f"{quoted(window(quote, [match.group()], QUOTE_WORDS))}: say that first." for quote, match in own[:1]]
    if labels:
        words = " and ".join(quoted(label) for label in labels[:2])
        said.append(f"Leave {words} outside.")
    return tuple(said) or ("Offer one change of your own.",)


def gut_check(names: Sequence[str]) -> str:
    """The question to the manager before the meeting."""
    who = names[0] if names else "this person"
    return f"Do you believe {who} can do this? If not: dated notes, and HR first."


def start_with(observations: Sequence[Observation], knowledge: Knowledge) -> StartWith | None:
    """Which of the four to listen to first, only where the manager's own words give a reason."""
    for dimension in DIMENSIONS:
        cue = knowledge.word_list(f"cue-start-{dimension}").regex
        for o in observations:
            if o.kind in ("seen", "history", "background") and (match := cue.search(o.quote)):
                because = f"{quoted(window(o.quote, [match.group()], QUOTE_WORDS))}."
                return StartWith(dimension=dimension, because=because, observation_ids=(o.id,))
    return None


def has_relapsed(observations: Sequence[Observation], knowledge: Knowledge) -> bool:
    """Whether the text tells of a change that came and went."""
    cue = knowledge.word_list("cue-relapse").regex
    return any(cue.search(o.quote) for o in observations if o.kind in ("history", "seen", "background"))


def left_out(observations: Sequence[Observation]) -> tuple[LeftOut, ...]:
    """The pieces that stay off the page, with the reason."""
    return tuple(LeftOut(observation_id=o.id, why=_WHY_OUT[o.kind]) for o in observations if o.kind in _WHY_OUT)


def labels_in(observations: Sequence[Observation], knowledge: Knowledge) -> tuple[str, ...]:
    """The vague phrases of the text, verbatim, in order."""
    judging = [knowledge.word_list(name).regex for name in _JUDGING]
    found: list[str] = []
    for o in observations:
        if o.kind in ("private", "strength"):
            continue
        for label in knowledge.labels:
            if (match := label.regex.search(o.quote)) and o.kind in ("label", "guess", "hearsay"):
                found.append(match.group())
                break
        else:
            judged = o.kind == "label" and any(words.search(o.quote) for words in judging)
            if judged and 2 <= len(o.quote.split()) <= LABEL_WORDS and not _OWN_FEELING.search(o.quote):
                found.append(o.quote.strip(" .!?,"))
    return tuple(dict.fromkeys(found))


def replaced(labels: Sequence[str], themes: Sequence[Theme], embedder: Embedder) -> dict[str, str]:
    """Theme id -> the label its expectation stands in for; each label is used once, the closest pairs first."""
    if not labels or not themes:
        return {}
    asked = embedder.embed(labels)
    known = embedder.embed([" ".join((*t.card.labels, t.topic)) for t in themes])
    pairs = sorted(
        ((float(asked[i] @ known[j]), i, j) for i in range(len(labels)) for j in range(len(themes))), reverse=True
    )
    used: set[int] = set()
    chosen: dict[str, str] = {}
    for _, i, j in pairs:
        if i not in used and themes[j].id not in chosen:
            used.add(i)
            chosen[themes[j].id] = labels[i]
    return chosen


def watch_for(observations: Sequence[Observation], knowledge: Knowledge, embedder: Embedder) -> tuple[WatchFor, ...]:
    """For each judgement or guess of the text, what a camera would show."""
    found: list[WatchFor] = []
    for o in observations:
        if o.kind not in ("label", "guess"):
            continue
        for label in _labels_for(o, knowledge.labels, embedder):
            match = label.regex.search(o.quote)
            found.append(WatchFor(label=match.group() if match else shortened(o.quote, 8), look_at=label.look_at))
    unique = {w.look_at: w for w in reversed(found)}
    wider = [w.label for w in found]
    narrow = [w for w in found if not any(w.label in other and w.label != other for other in wider)]
    return tuple(w for w in narrow if unique[w.look_at] is w)[:MOST_TO_WATCH]


def _labels_for(observation: Observation, labels: Sequence[Label], embedder: Embedder) -> Sequence[Label]:
    """The known labels in a piece; for a judgement in other words the nearest one, where it comes near."""
    matched = [label for label in labels if label.regex.search(observation.quote)][:2]
    if matched or observation.kind != "label":
        return matched
    vectors = embedder.embed([observation.quote, *(" ".join(label.words[:3]) for label in labels)])
    scores = vectors[1:] @ vectors[0]
    best = int(scores.argmax())
    return [labels[best]] if scores[best] >= NEAR_LABEL else []


def follow_up(*, relapsed: bool) -> tuple[FollowUp, ...]:
    """What happens after the meeting."""
    again = "10 minutes (proposed) with the count." + (" Slipped: ask what made it stop." if relapsed else "")
    return (
        FollowUp(when="Same day", text="Send what you agreed."),
        FollowUp(when="Weekly for 4 weeks (proposed)", text=again),
    )


def follow_up_to_learn() -> tuple[FollowUp, ...]:
    """After a talk that was only for learning."""
    return (
        FollowUp(
            when="For a week (proposed)",
            text="Be where the work is done. Note date, time, what was done, what followed.",
        ),
        FollowUp(when="In 2 weeks (proposed)", text="Come back with 3 dated examples (proposed), or let it go."),
    )


def follow_up_with_hr() -> tuple[FollowUp, ...]:
    """After a talk with HR."""
    return (
        FollowUp(when="Same day", text="Write down date and answer."),
        FollowUp(when="After 2 working days (proposed)", text="No answer? Ask again in writing."),
    )
