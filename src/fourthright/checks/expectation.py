"""The rules for one expectation."""

from __future__ import annotations

import re
from collections.abc import Callable

from fourthright.checks.acts import WORD, acts_after, heads, second_act
from fourthright.checks.control import in_their_control, others_feelings
from fourthright.checks.grounding import check_grounding
from fourthright.checks.language import Language, Verdict, finding, language, plain, unquoted, words_of
from fourthright.domain import Finding, Frozen
from fourthright.knowledge import Knowledge


class ExpectationText(Frozen):
    """The texts of an expectation as they are checked; any of them may still be empty or wrong."""

    behaviour: str
    measure: str
    target: str
    by_when: str
    first_step: str | None = None
    situation: str | None = None
    """What the manager typed; numbers are traced to it when it is there."""
    safety: bool = False
    """One failure risks life, injury, security or great loss, as a card may say; else the words decide."""


def check_expectation(fields: ExpectationText, knowledge: Knowledge) -> tuple[Finding, ...]:
    """The broken rules of an expectation, in the order of `EXPECTATION_RULES`; no finding means it passes."""
    words = language(knowledge)
    plainly = fields.model_copy(update={name: plain(getattr(fields, name)[:_LONGEST]) for name in _TEXTS})
    found = [
        finding(rule_id, _verbatim(verdict, fields, plainly), knowledge)
        for rule_id, rule in EXPECTATION_RULES.items()
        if (verdict := rule(plainly, words)) is not None
    ]
    if fields.situation is None:
        return tuple(found)
    return (*found, *check_grounding(fields, fields.situation, knowledge))


def behaviour_observable(fields: ExpectationText, words: Language) -> Verdict | None:
    """Someone watching a video would see it done: no trait, no attitude, no result, and a verb."""
    text = unquoted(fields.behaviour)
    if not text.strip():
        return Verdict("", "Write one act a camera would show: a verb, what is done, and when.")
    named = (hit for name in ("check-traits", "check-manner") for hit in words.all(name, text))
    hit = next((hit for hit in named if not words.at("check-things", text, hit.end())), None)
    hit = hit or words.at("check-abstract-heads", text, heads(text, words)[0]) or _vague_verb(text, words)
    span = slice(*hit.span()) if hit else _trait_as_head(text, words) or _inner_quality(text, words)
    span = span or others_feelings(text, words)
    if span is None:
        return None
    return Verdict(fields.behaviour[span].strip(" ,;.:-"), _as_seen(fields.behaviour, words))


def measure_named(fields: ExpectationText, words: Language) -> Verdict | None:
    """Something is counted or checked, and it leaves a trace that can be looked at."""
    left = words.without("check-impressions", fields.measure)
    if words.find("check-measure-sources", left) or words.find("check-measure-counts", left):
        return None
    # Most things leave a trace somewhere; only what names nothing to look at fails.
    looked_at = words.find("check-measure-places", left) or not words.find("check-abstract-measures", left)
    if left.strip() and left == fields.measure and looked_at:
        return None
    return Verdict(fields.measure.strip(), "Name the log, board, report or your own note, and what is counted there.")


def target_set(fields: ExpectationText, words: Language) -> Verdict | None:
    """A number, a share, a frequency or a concrete bar."""
    if words.find("check-number-words", words.without("check-not-numbers", fields.target)):
        return None
    vague = words.find("check-vague-targets", fields.target)
    if any(words.find(list_id, fields.target) for list_id in _FOR_TARGETS):
        return None
    if vague is None and words.find("check-bars", fields.target):
        return None
    quote = words_of(fields.target, vague) if vague else fields.target.strip()
    return Verdict(quote, "Set a bar that can be met or missed, such as 4 of the next 5 or at most 2 a week.")


def time_bound(fields: ExpectationText, words: Language) -> Verdict | None:
    """A date, a period or a rhythm of review."""
    if words.find("check-times", words.without("check-vague-times", fields.by_when)):
        return None
    return Verdict(fields.by_when.strip(), "Give a date, a period or a rhythm: from Monday, for 4 weeks, each Friday.")


def positive_form(fields: ExpectationText, words: Language) -> Verdict | None:
    """What to do, not only what to stop."""
    text = fields.behaviour
    start = heads(text, words)[0]
    hit = words.at("check-stop-forms", text, start)
    if hit is None or words.find("check-doing-instead", text) or acts_after(text, hit.end(), words):
        return None
    end = next((mark.start() for mark in words.all("check-clause-marks", text) if mark.start() >= hit.end()), len(text))
    quote = text[start:end].strip(" .")
    if becomes := words.translated(quote):
        return Verdict(quote, f"Say what to do, such as “{becomes}”.")
    return Verdict(quote, f"Say what a camera would show in the place of “{quote}”.")


def not_absolute(fields: ExpectationText, words: Language) -> Verdict | None:
    """No zero, always, never or full marks, unless one failure could cost life, health, security or a great loss."""
    texts = (fields.behaviour, fields.measure, fields.target, fields.first_step or "")
    if fields.safety or words.find("check-safety", " | ".join(texts)):
        return None
    for text, lists in ((fields.target, _FOR_TARGETS), (fields.behaviour, _FOR_BEHAVIOURS)):
        left = unquoted(words.without("check-hedged-absolutes", text))
        room = lists is _FOR_TARGETS and words.find("check-shares", left)
        for list_id in _BESIDE_A_SHARE if room else lists:
            if hit := words.find(list_id, left):
                return Verdict(words_of(text, hit), _LEAVE_ROOM)
    return None


def one_behaviour(fields: ExpectationText, words: Language) -> Verdict | None:
    """One act; objects joined by "and" are fine, a second verb with an object of its own is not."""
    text = unquoted(fields.behaviour)
    span = second_act(text, heads(text, words)[0], words)
    if span is None:
        return None
    first, rest = (fields.behaviour[part].strip(" ,;.") for part in (slice(span.start), span))
    return Verdict(rest, f"Keep “{first}”, and give the rest an expectation of its own or leave it for another talk.")


EXPECTATION_RULES: dict[str, Callable[[ExpectationText, Language], Verdict | None]] = {
    "behaviour-observable": behaviour_observable,
    "measure-named": measure_named,
    "target-set": target_set,
    "time-bound": time_bound,
    "positive-form": positive_form,
    "not-absolute": not_absolute,
    "one-behaviour": one_behaviour,
    "in-their-control": in_their_control,
}

_LONGEST = 1_000
"""Characters of one text that the rules read: far more than a line holds, and few enough for any pasted cell."""
_TEXTS = ("behaviour", "measure", "target", "by_when")
_FOR_TARGETS = ("check-absolutes", "check-absolute-targets")
_FOR_BEHAVIOURS = ("check-absolutes",)
_BESIDE_A_SHARE = ("check-second-zeros",)
_LEAVE_ROOM = "Leave room for one miss, such as 9 of 10; full marks only where one failure could hurt someone."


def _as_seen(behaviour: str, words: Language) -> str:
    if becomes := words.translated(behaviour):
        return f"Write what a camera would show, such as “{becomes}”."
    return "Write what a camera would show: a verb, what is done, and when."


def _verbatim(verdict: Verdict, fields: ExpectationText, plainly: ExpectationText) -> Verdict:
    # Rules read plain quotation marks and dashes; the person gets their own back.
    for name in _TEXTS:
        start = getattr(plainly, name).find(verdict.quote)
        if verdict.quote and start >= 0:
            return verdict._replace(quote=getattr(fields, name)[start : start + len(verdict.quote)])
    return verdict


def _vague_verb(text: str, words: Language) -> re.Match[str] | None:
    starts = heads(text, words)
    first = WORD.match(text, starts[0])
    third = bool(first and first[0].endswith("s"))
    for start in starts:
        hit = words.at("check-vague-verbs", text, start)
        named = hit and (words.at("check-acts-not-states", text, start) or words.at("check-things", text, hit.end()))
        if hit and not named and (start == starts[0] or hit[0].split()[0].endswith("s") == third):
            return hit
    return None


def _inner_quality(text: str, words: Language) -> slice | None:
    """A trait as the object of the verb: "shows dedication", "gives the job his full attention"."""
    start = heads(text, words)[0]
    holding = words.at("check-holding", text, start)
    if holding is None:
        return None
    end = next(
        (mark.start() for mark in words.all("check-phrase-ends", text) if mark.start() > holding.end()), len(text)
    )
    phrase = text[
        : min(end, *(at for sign in ",;.:" if (at := text.find(sign, holding.end())) >= 0), len(text))
    ].rstrip()
    closing = [hit for hit in words.all("check-inner-qualities", phrase) if hit.end() == len(phrase) > holding.end()]
    return slice(start, len(phrase)) if closing else None


def _trait_as_head(text: str, words: Language) -> slice | None:
    """An adjective where the verb of an act should be: "Is reliable", "Be more careful", "Punctual"."""
    starts = heads(text, words)
    bounds = list(zip(starts, [*starts[1:], len(text)], strict=True))
    being = words.at("check-being", text, starts[0])
    if being and not words.at("check-place-or-state", text, being.end()):
        return slice(*bounds[0])
    for start, end in bounds:
        part = text[start:end]
        for hit in words.all("check-trait-adjectives", part):
            before = words.at("check-trait-frames", part[: hit.start()])
            if before is None:
                continue
            leads = start == starts[0] or being is not None
            if before[0].strip() or (leads and words.at("check-after-adjective", part, hit.end())):
                return slice(start, start + hit.end())
    return None
