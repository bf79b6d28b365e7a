"""Draft, check, repair once, else the card: the loop behind every line that a model may write.

A draft is used only if it breaks no rule, uses no content word that neither the manager nor the handbook used, speaks of
the concern, and means what the card means. Otherwise the card stands, filled with the manager's own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from fourthright.checks import ExpectationText, check_expectation, check_question
from fourthright.domain import Dimension, Finding, Frozen, LineOrigin
from fourthright.embedding import Embedder
from fourthright.entries import Seed
from fourthright.errors import ModelBusy, ModelUnavailable, ReplyRejected
from fourthright.figures import figures
from fourthright.finding import Theme
from fourthright.knowledge import Knowledge
from fourthright.screening import Screen
from fourthright.slots import by_model
from fourthright.talk import Talk
from fourthright.wording import sentence

NEAR = 0.5
"""Cosine similarity to the card's own line below which a draft is taken to mean something else."""
SPARE_WORDS = 3
"""How much longer than the card's a drafted line may be: the page has 450 words."""
LINE_TOKENS = 120
QUESTION_TOKENS = 70


_ACTS = re.compile(r"[A-Za-z]+s\b(?! are| were)", re.IGNORECASE)
"""The third person singular, as an expectation and a first step begin with."""
_MEASURES = re.compile(
    r"(?:Checked|Counted|Seen|Noted|Read|Logged|Listed|Measured) (?:in|at|by|on|from|against|with|each|every|once)\b"
)


class ExpectationDraft(BaseModel):
    """What the employee will do from now on."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    behaviour: str = Field(max_length=120)
    """One act that a camera would show, starting with a verb, at most 14 words."""
    measure: str = Field(max_length=110)
    """Where it is counted or checked, at most 14 words."""
    first_step: str = Field(max_length=110)
    """A small first step for this week, at most 12 words."""


class QuestionDraft(BaseModel):
    """One question to the employee."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    question: str = Field(max_length=140)
    """Open, kind, to "you", at most 20 words, ends with a question mark."""
    listen_for: str = Field(max_length=60)
    """What the answer may show, at most 6 words."""


class Line(Frozen):
    """A behaviour with its measure and first step, and where they came from."""

    behaviour: str
    measure: str
    first_step: str
    origin: LineOrigin


class Asked(Frozen):
    """A question with what to listen for, and where it came from."""

    text: str
    listen_for: str
    origin: LineOrigin


class Attempt(Frozen):
    """One draft as the evals count it: what it was, which try, and the ids of what it broke."""

    kind: str
    stage: str
    broken: tuple[str, ...]


Observer = Callable[[Attempt], None]
DraftT = TypeVar("DraftT", bound=BaseModel)
AnswerT = TypeVar("AnswerT")


class Drafter:
    """Drafts the lines of one page; without a talk every line is the handbook's."""

    def __init__(
        self,
        knowledge: Knowledge,
        embedder: Embedder,
        screen: Screen,
        talk: Talk | None,
        names: Sequence[str],
        observe: Observer,
    ) -> None:
        self.talk = talk
        self.stopped = False
        self._screen = screen
        self._knowledge = knowledge
        self._embedder = embedder
        self._names = tuple(names)
        self._observe = observe
        self._plain = _stems(q.text for q in knowledge.questions) | _FUNCTION_WORDS

    def filled(self, theme: Theme) -> Theme:
        """The concern with the blanks of its card filled as the model picks them, else as meaning does."""
        if self.talk is None or not theme.offered:
            return theme
        picked = self._answered(lambda talk: by_model(theme.card, theme.text, theme.offered, talk))
        return theme if picked is None else theme.model_copy(update={"slots": picked, "picked": True})

    def expectation(self, theme: Theme, target: str, by_when: str) -> Line:
        """The expectation for one concern."""
        card, fill = theme.card, theme.slots
        handbook = Line(
            behaviour=card.fill(card.behaviour, fill),
            measure=card.fill(card.measure, fill),
            first_step=card.fill(card.first_step, fill),
            origin="chosen" if theme.picked else "fallback",
        )
        if self.talk is None:
            return handbook
        task = self.talk.prompts["expectation"].render(
            topic=theme.topic,
            seen=theme.text,
            behaviour=handbook.behaviour,
            measure=handbook.measure,
            first_step=handbook.first_step,
        )

        def faults(draft: ExpectationDraft) -> list[Finding]:
            if _same(draft.behaviour, handbook.behaviour):
                return []
            return self._expectation_faults(draft, handbook, theme, target, by_when)

        kept, origin = self._drafted("expectation", task, ExpectationDraft, LINE_TOKENS, faults)
        if kept is None:
            return handbook
        drafted = Line(
            behaviour=_bare(kept.behaviour, up=True),
            measure=self._either(_bare(kept.measure, up=True), handbook.measure, theme, _MEASURES),
            first_step=self._either(_bare(kept.first_step, up=False), handbook.first_step, theme, _ACTS),
            origin=origin,
        )
        copied = _same(drafted.behaviour, handbook.behaviour)
        return drafted.model_copy(update={"origin": "chosen"}) if copied else drafted

    def question(self, dimension: Dimension, theme: Theme, seed: Seed) -> Asked:
        """One question of a dimension about a concern, close to `seed`."""
        filled = self.from_card(theme, seed)
        if self.talk is None:
            return filled
        task = self.talk.prompts["question"].render(
            dimension=dimension,
            topic=theme.topic,
            seen=theme.text,
            like=filled.text,
            words=str(len(filled.text.split()) + SPARE_WORDS),
        )

        def faults(draft: QuestionDraft) -> list[Finding]:
            if _same(draft.question, filled.text):
                return []
            found = list(check_question(draft.question, "explore", self._knowledge, self._names))
            return [f for f in found if f.severity == "error"] + self._strange(draft.question, theme, filled.text)

        kept, drafted = self._drafted(f"question {dimension}", task, QuestionDraft, QUESTION_TOKENS, faults)
        if kept is None:
            return filled.model_copy(update={"origin": "fallback"})
        copied = _same(kept.question, filled.text)
        return Asked(
            text=filled.text if copied else kept.question.strip(),
            listen_for=filled.listen_for if copied else _listen_for(kept.listen_for, filled.listen_for),
            origin="chosen" if copied else drafted,
        )

    def from_card(self, theme: Theme, seed: Seed) -> Asked:
        """A card's own question with its blanks filled."""
        fill = theme.card.fill
        return Asked(text=fill(seed.text, theme.slots), listen_for=fill(seed.listen_for, theme.slots), origin="bank")

    def _drafted(
        self,
        kind: str,
        task: str,
        answer: type[DraftT],
        budget: int,
        faults: Callable[[DraftT], list[Finding]],
    ) -> tuple[DraftT | None, LineOrigin]:
        """The first draft, else the repaired one, else None."""
        talk = self.talk
        if talk is None:
            return None, "fallback"
        stages: tuple[LineOrigin, ...] = ("drafted", "repaired")
        asked = task
        for stage in stages:
            draft, _ = self._answered(partial(Talk.ask, task=asked, answer=answer, max_tokens=budget)) or (None, {})
            if self.talk is None:
                return None, "fallback"
            found = faults(draft) if draft else [_unreadable()]
            self._observe(Attempt(kind=kind, stage=stage, broken=tuple(f.rule for f in found)))
            if draft and not found:
                return draft, stage
            # The task is put anew, without the draft: a small model that sees its draft gives it back unchanged.
            asked = f"{task}\n{talk.prompts['repair'].render(findings=_asked_for(found))}"
        return None, "fallback"

    def _answered(self, ask: Callable[[Talk], AnswerT | None]) -> AnswerT | None:
        """What the model answers; None when the answer cannot be used, or when the model has stopped answering."""
        if self.talk is None:
            return None
        try:
            return ask(self.talk)
        except ReplyRejected:
            return None
        except (ModelUnavailable, ModelBusy):
            # It answered before: what is drafted stays, the handbook makes the rest, and the page says so.
            self.talk, self.stopped = None, True
            return None

    def _expectation_faults(
        self, draft: ExpectationDraft, handbook: Line, theme: Theme, target: str, by_when: str
    ) -> list[Finding]:
        fields = ExpectationText(
            behaviour=draft.behaviour,
            measure=draft.measure,
            target=target,
            by_when=by_when,
            first_step=draft.first_step,
            safety=theme.card.safety,
        )
        found = [f for f in check_expectation(fields, self._knowledge) if f.severity == "error"]
        found += self._strange(draft.behaviour, theme, handbook.behaviour)
        if not _ACTS.match(draft.behaviour):
            found.append(
                _finding("starts-with-an-act", draft.behaviour, "It names no act.", "Start like: Sends, Calls.")
            )
        return found

    def _either(self, drafted: str, card: str, theme: Theme, form: re.Pattern[str]) -> str:
        """The drafted measure or first step where it stands up beside the card's, else the card's."""
        if not form.match(drafted) or len(drafted.split()) > len(card.split()) + SPARE_WORDS:
            return card
        one, other = self._embedder.embed([drafted, card])
        return drafted if float(one @ other) >= NEAR and not self._ungrounded(drafted, theme) else card

    def _strange(self, text: str, theme: Theme, like: str) -> list[Finding]:
        """What the rules do not see: invented words, a line about something else, an answer to another question."""
        found = self._ungrounded(text, theme)
        if not (_stems([text]) & self._own_words(theme)):
            found.append(_finding("on-the-concern", "", "It does not speak of this concern.", "Name what was seen."))
        if len(text.split()) > len(like.split()) + SPARE_WORDS:
            found.append(
                _finding("as-short", "", "It is too long.", f"At most {len(like.split()) + SPARE_WORDS} words.")
            )
        own, card = self._embedder.embed([text, like])
        if float(own @ card) < NEAR:
            found.append(_finding("near-the-card", "", "It means something else.", f"Stay close to: {like}"))
        if any(flag.trigger != "no_evidence" for flag in self._screen(text)):
            found.append(_finding("screened", text, "It touches what must stay out.", "Speak of the work only."))
        return found

    def _ungrounded(self, text: str, theme: Theme) -> list[Finding]:
        allowed = self._own_words(theme) | self._plain | _stems(theme.card.fill(t) for t in theme.card.templates())
        strange = [w for w in _words(text) if _stem(w) not in allowed]
        known = {(f.value, f.unit) for f in figures(theme.text)}
        strange += [f.text for f in figures(text) if (f.value, f.unit) not in known]
        return [_finding("grounded", w, "Nobody wrote this.", "Use only words that stand above.") for w in strange[:2]]

    def _own_words(self, theme: Theme) -> frozenset[str]:
        return _stems([theme.text, *theme.slots.values()]) - _FUNCTION_WORDS


def _asked_for(findings: Sequence[Finding]) -> str:
    """What the next try must do, once each, the words at fault named."""
    return "\n".join(dict.fromkeys(f"- {f.better} Not: “{f.quote}”." if f.quote else f"- {f.better}" for f in findings))


def _finding(rule: str, quote: str, why: str, better: str) -> Finding:
    return Finding(rule=rule, severity="error", quote=quote, why=why, better=better)


def _unreadable() -> Finding:
    return _finding("readable", "", "The answer is not in the form asked for.", "Answer in the same JSON form.")


def _same(drafted: str, card: str) -> bool:
    """Whether a draft is the card's own line given back: a choice, and nothing to find fault with."""
    return _bare(drafted, up=True).rstrip("?") == _bare(card, up=True).rstrip("?")


def _bare(text: str, *, up: bool) -> str:
    clean = sentence(text).rstrip(".")
    return clean if up else clean[:1].lower() + clean[1:]


def _listen_for(drafted: str, card: str) -> str:
    short = _bare(drafted, up=False)
    return short if _stems([short]) - _FUNCTION_WORDS - _FILLER and 1 < len(short.split()) <= 8 else card


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]{3,}", text.lower().replace("’", "'"))


def _stem(word: str) -> str:
    for ending in ("ings", "ing", "ied", "ies", "ed", "es", "s", "er", "ly", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def _stems(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(_stem(word) for text in texts for word in _words(text))


_FUNCTION_WORDS = _stems(
    """
    a about after again all also and any are as at be because been before being between both but by can could
    did do does done each for from had has have having her here him his how if in into is it its just more
    most much my new not now of off on once one only or other our out over own said same see she should so
    some such than that the their them then there these they this those through to too two under until up use
    used very was way we were what when where which while who whom will with without would you your yours day
    days week weeks month time times next last first second work working worked make made get got take taken
    give given look like need know tell help helps feel keep start
    """.split()
)
_FILLER = _stems(["answer"])
"""What a model says to listen for where it has nothing to say: "an answer"."""
