"""The rule in-their-control: what somebody else does, feels or decides is not this person's to promise."""

from __future__ import annotations

import re
from itertools import islice

from fourthright.checks.acts import WORD, heads
from fourthright.checks.grounding import Fields
from fourthright.checks.language import Language, Verdict, unquoted

_BEFORE_A_SUBJECT = 2
_LONGEST_NAME = 3
_BEING = {"is", "has", "be", "being", "does"}
_LONGEST_RESULT = 4
"""Words that may stand between "raises" and what is raised."""
_NAME_GOES_ON = re.compile(r"\s")
_OWN_ACT = "Name the act that makes this more likely, done by this person alone."


def in_their_control(fields: Fields, words: Language) -> Verdict | None:
    """The person alone can do it; what others feel, buy, decide or do is not theirs to promise."""
    for text, found in (
        (fields.behaviour, _in_behaviour),
        (fields.target, _in_target),
        (fields.measure, _decided_elsewhere),
    ):
        span = found(unquoted(text), words)
        if span is not None:
            return Verdict(text[span].strip(" ,;:-"), _OWN_ACT)
    return None


def others_feelings(behaviour: str, words: Language) -> slice | None:
    """The head of a behaviour, where all it names is how somebody else shall feel: "Makes every guest happy"."""
    span = _made_to(behaviour, words, "check-others-feel")
    return span if span and span.start <= heads(behaviour, words)[0] else None


def _in_behaviour(text: str, words: Language) -> slice | None:
    readings = (_decided_elsewhere(text, words), _others_act(text, words, as_subject=True), _others_lead(text, words))
    span = next((span for span in (*readings, _result(text, words)) if span is not None), None)
    if span is not None:
        return span
    made_to = ("check-made-to", "check-others-feel", "check-others-state", "check-other-acts")
    return next((span for name in made_to if (span := _made_to(text, words, name))), None) or _made_to_act(text, words)


def _in_target(text: str, words: Language) -> slice | None:
    hit = words.find("check-outside-targets", text)
    counted = slice(*hit.span()) if hit else None
    return _decided_elsewhere(text, words) or counted or _others_act(text, words, as_subject=False)


def _decided_elsewhere(text: str, words: Language) -> slice | None:
    hit = words.find("check-outside-control", text)
    return slice(*hit.span()) if hit else None


def _others_lead(text: str, words: Language) -> slice | None:
    """A sentence whose subject is somebody or something else: "Pupils pass the exam", "The waiting list gets shorter"."""
    start = len(text) - len(text.lstrip())
    first = WORD.match(text, start)
    if first is None:
        return None
    drifting = words.find("check-drifting", text)
    leads = drifting is not None and not words.find("check-subordinators", text[: drifting.start()])
    if drifting and leads and drifting.start() > first.end() and not _is_verb(first[0], words):
        return slice(start, drifting.end())
    subject = words.at("check-third-parties", text, start)
    if subject is None or _is_verb(subject["kind"] or subject["kind2"] or "", words):
        return None
    if words.at("check-done-to-them", text, subject.end()) or words.at("check-no-predicates", text, subject.end()):
        return None
    verb = WORD.match(text, subject.end())
    return slice(start, verb.end()) if verb else None


def _is_verb(word: str, words: Language) -> bool:
    verb, verbs = word.strip().lower(), words.verbs
    return verb in _BEING or verb in verbs.third or verb in verbs.plain or verb in verbs.ing


def _result(text: str, words: Language) -> slice | None:
    """A result promised instead of an act: "Receives a rating of 4.6", "Brings the number of no-shows down"."""
    start = heads(text, words)[0]
    if decided := words.at("check-decided", text, start):
        return slice(*decided.span())
    reaching = words.at("check-reaching", text, start)
    if reaching is None:
        return None
    for outcome in words.all("check-outcomes", text):
        between = text[reaching.end() : outcome.start()]
        if outcome.start() < reaching.end() or len(WORD.findall(between)) > _LONGEST_RESULT:
            continue
        if not words.at("check-papers", text, outcome.end()) and not words.find("check-far", between):
            return slice(start, outcome.end())
    return None


def _made_to(text: str, words: Language, list_id: str) -> slice | None:
    """Somebody else made to do or feel what a list names: "gets the parents to sign", "keeps guests from leaving"."""
    for start, after in _whom(text, words):
        if hit := words.at(list_id, text, after):
            return slice(start, hit.end())
    return None


def _made_to_act(text: str, words: Language) -> slice | None:
    """Somebody else with a verb of work right after: "has the guests order", "makes the doctors sign"."""
    for start, after in _whom(text, words):
        verb = WORD.match(text, after)
        named = words.find("check-all-of-them", text[start:after])
        if named and verb and verb[0].lower() in words.verbs.plain:
            return slice(start, verb.end())
    return _anyone_made_to_act(text, words)


def _anyone_made_to_act(text: str, words: Language) -> slice | None:
    """Whoever it is, with a verb that is no noun two to four words on: "has the bakery deliver"."""
    certain = words.verbs.plain - words.verbs.nouns
    for making in words.all("check-making", text):
        if words.find("check-second-person", making[0]) or words.at("check-second-person", text, making.end()):
            continue
        after = WORD.finditer(text, making.end())
        next(after, None)
        for word in islice(after, _LONGEST_NAME):
            if word[0].lower() in certain and not words.at("check-verb-or-state", word[0]):
                return slice(making.start(), word.end())
            if not _NAME_GOES_ON.fullmatch(text[word.end() : word.end() + 1]):
                break
    return None


def _whom(text: str, words: Language) -> list[tuple[int, int]]:
    """Where somebody else is made to act or feel: the start of the causing verb, the end of the people named."""
    found = []
    for causing in words.all("check-causing", text):
        people = words.at("check-whom", text, causing.end())
        if people and not words.at("check-second-person", text, causing.end()):
            found.append((causing.start(), people.end()))
    return found


def _others_act(text: str, words: Language, *, as_subject: bool) -> slice | None:
    """Customers, colleagues or the team doing something: in a behaviour only where they are the subject of it."""
    for hit in words.all("check-others", text):
        before = text[: hit.start()].lower().split()
        far = len(before) > _BEFORE_A_SUBJECT or any(word[-1] == "s" or word in words.verbs.plain for word in before)
        if as_subject and far:
            return None
        listed = words.at("check-other-acts", text, hit.end())
        verb = listed or WORD.match(text, hit.end())
        if verb and (listed or verb[0].lower() in words.verbs.plain):
            return slice(hit.start(), verb.end())
    return None
