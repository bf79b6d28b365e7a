"""A broken question in other words by its form alone: the manager's subject stays, the fault goes.

Nothing here judges: each function offers wordings, and the caller checks them against the rules and for likeness.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from fourthright.agenda_text import People
from fourthright.checks.language import plain
from fourthright.knowledge import Knowledge
from fourthright.slots import Nouns, determined
from fourthright.spoken import ROLE, to_you

LEAST_LEAD_WORDS, MOST_LEAD_WORDS = 4, 14
"""Words of what leads up to a question that may stay when the question is shortened."""
_BLANK = re.compile(r"\{(\w+)(?::(\w+))?\}")
ADDRESS = "address"
"""What is left to do for `to-the-person` when nobody else is spoken of."""
MOST_TOPICS = 3
"""Things of the lead-up that a shortened question may be given back as its topic."""
THIN = 6
"""Words below which a question says too little without what leads up to it."""
_COMMA = re.compile(r"\s*[,;:–—]\s+|\s+-\s+")
_LEAD_END = re.compile(r"\s*[,;:–—]\s+|\s+(?:and|because|so that|although)\s+")
_NEXT_ASK = re.compile(
    r"[,;]\s+(?:and |or |but |also |then )*(?:what|how|which|who|whom|whose|when|where|why)(?:'d|'s)?\b", re.IGNORECASE
)
_TITLED = r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Sister)\.?\s+)?"
_SOMEBODY = re.compile(rf"\b(?:the|our|my|this|that|your)\s+(?:[\w-]+\s+)?{ROLE}\b(?!['’]s)", re.IGNORECASE)
_DOUBLES = re.compile(r"(?:[^aeiou]|^|qu)[aeiou][bdgklmnprt]$")
_SECOND = {"does": "do", "is": "are", "was": "were", "has": "have"}
_VERB_FIRST = re.compile(r"(?:do|does|did|are|is|was|were|can|could|will|would|have|has) \w+", re.IGNORECASE)
_ARTICLE = r"\b(the|a|an|your|our|my|this|that|these|those|every|each|any|another|some|his|her) (?:\w+ )?"
_BARE = r"\b(?:of|with|about|on|for) "
_REQUEST = re.compile(r"(?:please |kindly )?(?:tell|show|walk|talk|take) (?:me|us)\b", re.IGNORECASE)
_VOWELS = re.compile(r"[aeiouy]+")
Turn = tuple[tuple[str, ...], tuple[re.Pattern[str], ...]]


class Turning:
    """Offers other wordings of a question, by the word lists `turn-*` and `reword-*` of one handbook."""

    def __init__(self, knowledge: Knowledge, people: People) -> None:
        self._people, self._nouns = people, Nouns(knowledge)
        self._turns: list[Turn] = [
            (turn.words, tuple(re.compile(pattern, re.IGNORECASE) for pattern in turn.patterns))
            for turn in knowledge.words
            if turn.id.startswith("turn-")
        ]
        forms = (form.split() for form in knowledge.word_list("reword-verb-forms").words)
        self._verbs = Verbs(dict(forms), knowledge)
        lists = (
            "reword-idle",
            "reword-tail",
            "check-lead-ins",
            "check-wh",
            "check-tags",
            "check-requests",
            "check-clause-openers",
        )
        self._known = {name: knowledge.word_list(name).regex for name in lists}
        self._no_subject = frozenset(knowledge.word_list("reword-no-subject").words)
        self._points_back = frozenset(knowledge.word_list("reword-anaphora").words)
        self._by_rule: dict[str, Callable[[str, str, Sequence[str]], Iterator[str]]] = {
            "one-thing": self._first_ask,
            "to-the-person": self._to_the_person,
            "short": self._shorter,
            "no-blame": self._turned,
            "not-leading": self._unloaded,
            "open": self._turned,
            ADDRESS: self._addressed,
        }

    def __call__(self, text: str, rule: str, quote: str, names: Sequence[str]) -> tuple[str, ...]:
        """Wordings of `text` that may mend `rule`, which it breaks with the words of `quote`; best first, may be none."""
        offer = self._by_rule.get(rule)
        made = (_tidy(wording) for wording in (offer(text, quote, names) if offer else ()))
        return tuple(dict.fromkeys(wording for wording in made if wording and wording != text))

    def without(self, text: str, quote: str) -> tuple[str, ...]:
        """The text without the clause that holds the words of `quote`: what comes before it, where that still asks."""
        at = plain(text).lower().find(plain(quote).lower())
        cuts = [m.start() for m in re.finditer(r",\s|\s(?:now that|because|since|after|before|or)\s", text)]
        return tuple(_tidy(text[:cut].rstrip(" ,;") + "?") for cut in cuts if 0 < cut <= at)[:1]

    def core(self, text: str) -> str:
        """The question without its mark, opening words, and the name it is addressed to."""
        bare = plain(text).strip(" .?!\"'")
        while True:
            lead = self._known["check-lead-ins"].match(bare)
            name = re.match(r"[^\W\d_][\w'-]+,\s+", bare)
            end = lead.end() if lead else name.end() if name and self._people.is_name(name.group()[:-2]) else 0
            if not 0 < end < len(bare):
                break
            bare = bare[end:]
        last = bare.rpartition(", ")
        if last[0] and all(self._people.is_name(word) for word in last[2].split()):
            bare = last[0]
        return self._known["reword-tail"].sub("", bare).strip(" ,")

    def topics(self, text: str) -> tuple[str, ...]:
        """The things that a text speaks of, each with its article: noun phrases that stand after an article or the like."""
        found = (
            _with_article(phrase, text)
            for head, phrase in self._nouns([text]).items()
            if head not in self._no_subject and not self._people.named(phrase)
        )
        return tuple(topic for topic in found if topic)[:MOST_TOPICS]

    def _turned(self, text: str, _: str = "", __: Sequence[str] = ()) -> Iterator[str]:
        """The open form of a closed, blaming or leading question; of its last clause, where the whole has none."""
        head = self._heads(text)[-1] if self._heads(text) else 0
        whole = list(self._turns_of(text))
        if whole or not head:
            yield from whole
            return
        for turned in self._turns_of(text[head:]):
            yield f"{text[:head]}{turned[:1].lower()}{turned[1:]}" if self._needs_its_lead(turned) else turned

    def _turns_of(self, text: str) -> Iterator[str]:
        core = self.core(text)
        found = ((templates, p.fullmatch(core)) for templates, patterns in self._turns for p in patterns)
        templates, match = next((pair for pair in found if pair[1]), ((), None))
        if match:
            yield from (self._filled(template, match) for template in templates)

    def _filled(self, template: str, match: re.Match[str]) -> str:
        def part(blank: re.Match[str]) -> str:
            name, form = blank[1], blank[2]
            said = match.groupdict().get(name) or ""
            if said and match.start(name) == 0 and not self._people.is_name(said.split()[0]):
                said = said[:1].lower() + said[1:]
            if name == "aux" and not said:
                return "would"
            return self._verbs.gerund(said) if form == "ing" else self._verbs.base(said) if form == "base" else said

        return _BLANK.sub(part, template)

    def _unloaded(self, text: str, quote: str, names: Sequence[str]) -> Iterator[str]:
        """The same without the tag, the aside or the idle word that carries the judgement; else turned."""
        flat = plain(text)
        untagged = self._known["check-tags"].sub("", flat).rstrip(" ,?.")
        idle = self._known["reword-idle"]
        aside = re.sub(rf",[^,?]*(?:{idle.pattern})[^,?]*,", " ", flat, flags=re.IGNORECASE)
        if untagged != flat.rstrip(" ,?."):
            yield from self._turned(untagged, quote)
        if aside != flat:
            yield aside
        elif idle.search(flat):
            yield from self._turned(idle.sub(" ", flat), quote)
            yield idle.sub(" ", flat)
        yield from self._turned(text, quote, names)

    def _first_ask(self, text: str, quote: str, _: Sequence[str]) -> Iterator[str]:
        """The first of several questions."""
        second = _NEXT_ASK.search(text) if self._begins(text) else None
        for at in sorted({second.start() if second else 0, text.find(quote)}):
            if at > 0:
                yield re.sub(r"[\s,;:–—-]*(?:\b(?:and|or|but|also|then|so)\b[\s,]*)*$", "", text[:at])

    def _to_the_person(self, text: str, _: str, names: Sequence[str]) -> Iterator[str]:
        """He, she, the name or the role becomes you."""
        people = (*names, *(name for name in self._people.named(text) if name not in names))
        roles = tuple(match.group() for match in _SOMEBODY.finditer(text))
        known = [name for name in (*people, *roles) if re.search(rf"\b{re.escape(name)}\b", text)]
        titled = [m.group() for name in known for m in re.finditer(rf"{_TITLED}\b{re.escape(name)}\b", text)]
        yield _spoken(text, titled[:1])

    def _addressed(self, text: str, _: str, __: Sequence[str]) -> Iterator[str]:
        """A question to nobody, put to the person."""
        if text.endswith("?") and not self._people.named(text):
            yield f"{text.rstrip(' ?')}, as you see it?"

    def _shorter(self, text: str, _: str, __: Sequence[str]) -> Iterator[str]:
        """The question itself, with as much of what leads up to it as it needs to be understood."""
        for head in self._heads(text)[:2]:
            lead, alone = _LEAD_END.split(text[:head])[0], text[head:]
            led = [f"{lead}, {alone}"] if LEAST_LEAD_WORDS <= len(lead.split()) <= MOST_LEAD_WORDS else []
            led += [f"When it comes to {topic}, {alone}" for topic in self.topics(text[:head])]
            yield from led if self._needs_its_lead(alone) else (alone, *led)
        pieces = _COMMA.split(text)
        for at in range(1, len(pieces) - 1):
            yield f"{', '.join(pieces[:at])} {', '.join(pieces[at + 1 :])}"
        if self._begins(text):
            cuts = re.finditer(r"[,;]\s|\s(?:although|because|when|while|so that|before|after|since|and)\s", text)
            yield from (f"{text[: cut.start()]}?" for cut in [*cuts][::-1] if cut.start() > len(text) / 4)

    def _heads(self, text: str) -> list[int]:
        """Where, after a lead-up, the question itself may begin."""
        marks = [m.end() for m in _COMMA.finditer(text)] + [m.end() for m in re.finditer(r"[.!?]\s+", text)]
        opens = ("check-wh", "check-requests")
        return [
            at
            for at in sorted(marks)
            if any(self._known[name].match(text, at) for name in opens) or _VERB_FIRST.match(text, at)
        ]

    def _begins(self, text: str) -> bool:
        """Whether the question begins with the first word, not with a clause that leads up to it."""
        core = self.core(text)
        asks = any(self._known[name].match(core) for name in ("check-wh", "check-requests")) or _VERB_FIRST.match(core)
        return bool(asks) and not (self._known["check-clause-openers"].match(core) and self._heads(text))

    def _needs_its_lead(self, alone: str) -> bool:
        """Whether a question is too thin to stand alone, or points back to what only its lead-up names."""
        words = re.findall(r"[a-z']+", alone.lower().replace("is it that", "is"))
        return len(words) < THIN or any(word in self._points_back for word in words[1:])


class Verbs:
    """Forms of English verbs, regular by rule and irregular by list."""

    def __init__(self, bases: dict[str, str], knowledge: Knowledge) -> None:
        self._bases = bases
        self._doubled = frozenset(knowledge.word_list("reword-doubled").words)
        self._plain = frozenset(
            chain.from_iterable(knowledge.word_list(n).words for n in ("check-verbs", "check-verb-nouns"))
        )

    def gerund(self, phrase: str) -> str:
        """A phrase that begins with a verb in any form, with that verb in -ing."""
        first, rest = _first(self.base(phrase))
        return f"{first if first.endswith('ing') and len(first) > 5 else self._ing(first)}{rest}"

    def base(self, phrase: str) -> str:
        """A phrase that begins with a verb in any form, with that verb in its plain form."""
        first, rest = _first(phrase)
        low = first.lower()
        if low in self._bases:
            return self._bases[low] + rest
        if low.endswith("ied") and len(low) > 4:
            return low[:-3] + "y" + rest
        if low.endswith("ed") and len(low) > 4 and not low.endswith("eed"):
            return self._regular(low[:-2]) + rest
        return phrase

    def _regular(self, stem: str) -> str:
        if stem in self._plain:
            return stem
        if f"{stem}e" in self._plain:
            return f"{stem}e"
        if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "slz":
            return stem[:-1]
        return f"{stem}e" if re.search(r"(?:at|iz|is|ag|v|c|g|s|u)$", stem) and not stem.endswith("ss") else stem

    def _ing(self, verb: str) -> str:
        if verb.endswith("ie"):
            return f"{verb[:-2]}ying"
        if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
            return f"{verb[:-1]}ing"
        short = len(_VOWELS.findall(verb)) == 1 and _DOUBLES.search(verb)
        return f"{verb}{verb[-1]}ing" if short or verb in self._doubled else f"{verb}ing"


def _with_article(phrase: str, text: str) -> str | None:
    """A noun phrase with its article in the text; None where it stands without one and after no preposition."""
    match = re.search(rf"{_ARTICLE}{re.escape(phrase)}\b", text, re.IGNORECASE)
    if match is None:
        return determined(phrase) if re.search(rf"{_BARE}{re.escape(phrase)}\b", text, re.IGNORECASE) else None
    article = match[1].lower()
    if article in ("your", "our"):
        return f"{article} {phrase}"
    return f"the {phrase}" if article in ("the", "this", "that", "these", "those", "my") else determined(phrase)


def _first(phrase: str) -> tuple[str, str]:
    first, space, rest = phrase.partition(" ")
    return first, space + rest


def _spoken(text: str, names: Sequence[str]) -> str:
    """Spoken to the person; the helping verb before them follows: "does Jun know" becomes "do you know"."""

    def second(match: re.Match[str]) -> str:
        verb = _SECOND[match[1].lower()]
        return verb if match[1].islower() else verb.capitalize()

    return re.sub(r"\b(does|is|was|has)(?=(?:n['’]t)? you\b)", second, to_you(text, names), flags=re.IGNORECASE)


def _tidy(text: str) -> str:
    """One space between words, a capital in front, one mark at the end."""
    line = re.sub(r"\s+([,?.!])", r"\1", " ".join(text.split())).strip(" ,;:-–—")
    line = re.sub(r"[,;:]+(?=[?.]$)|,(?=,)", "", line)
    line = re.sub(r"\?+$", "?", line)
    line = line.rstrip("?.") + ("." if _REQUEST.match(line) else "?") if line else ""
    return line[:1].upper() + line[1:]
