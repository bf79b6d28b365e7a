"""Turning the manager's words about a person into words spoken to that person, without changing a fact.

Pure text work: pronouns and the verbs beside them. Nothing is added.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

_IRREGULAR = {
    "is": "are", "was": "were", "has": "have", "does": "do", "isn't": "aren't", "wasn't": "weren't",
    "hasn't": "haven't", "doesn't": "don't", "isnt": "aren't", "wasnt": "weren't", "hasnt": "haven't",
    "doesnt": "don't", "goes": "go", "says": "say", "runs": "run",
}  # fmt: skip
_NOT_A_VERB = frozenset(
    "always sometimes this his its us plus thus perhaps afterwards towards besides yes as hers theirs".split()
)
_ADVERBS = frozenset(
    "also always often still just only now even already never basically usually then really mostly rarely sometimes "
    "not since ever simply generally constantly regularly recently clearly honestly literally actually both all".split()
)
DETERMINERS = frozenset(
    "a an the my our his her their your this that these those no every each some any all both me us them it him you "
    "one two three four five six seven eight nine ten several many nothing everything something".split()
)
_HAVE_ONLY = frozenset(
    "been had got gotten gone left come become forgotten kept let started stopped begun worked improved slipped arrived "
    "missed grown fallen run stayed slept agreed failed refused managed tried apologised apologized struggled".split()
)
_PARTICIPLES = frozenset(
    "done made said told taken given put set cut shown written sent lost found brought bought built broken chosen driven "
    "eaten held hidden paid read seen sold sorted spent spoken taught thought thrown worn won heard led met known".split()
)
_AND_VERB = frozenset(
    "leave take go say do is have was make get give tell put send come bring know think want need ask write read open "
    "close forget keep let lose find drive sell pay eat speak sit stand hide throw teach build break choose become begin "
    "refuse ignore avoid skip miss arrive deliver blame argue apologise deny agree promise shrug nod laugh cry shout smile "
    "walk look talk call report plan help work check order note answer turn show move care use run start stop finish "
    "clean carry fix push pull load book post enter fill serve cook train listen explain learn stay wait disappear "
    "complain interrupt handle manage remember switch step log sign hand hang pick drop wash cut set tend lack diagnose count bring show sign scan".split()
)
"""Verbs that may follow "and" with the same subject."""
_ALSO_NOUNS = frozenset(
    "walk look talk call report plan help work check order note answer turn show move care use run start stop finish "
    "load book post train switch step log sign hand pick drop cut set cook push read need smile laugh".split()
)
_PARTICLES = frozenset("around up out away off back down over".split())
_OTHER_SUBJECTS = frozenset("i we they who which nobody everyone somebody someone".split())
JOINED = frozenset("and but or then & so".split())
_CLAUSE_WORDS = JOINED | frozenset("because that when if while as since although though until after before".split())
_ASKING = _CLAUSE_WORDS | frozenset("what why how where who nor neither only".split())
_TITLE = r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Herr|Frau|Don|Doña|Señora?|Sra?|Signora?|Madame|Mme|Monsieur|Sister|Pak|Bu)\.?\s+)"
ROLE = (
    r"(?:agent|nurse|guard|clerk|driver|cook|chef|commis|waiter|waitress|barista|technician|mechanic|engineer|developer|"
    r"analyst|assistant|associate|supervisor|dispatcher|inspector|consultant|teacher|lead|leader|receptionist|cashier|"
    r"cleaner|attendant|housekeeper|porter|operator|planner|buyer|broker|paralegal|translator|designer|editor|coordinator|"
    r"officer|worker|welder|electrician|plumber|carpenter|painter|fitter|foreman|carer|pharmacist|dentist|hygienist|"
    r"therapist|lecturer|librarian|bookkeeper|accountant|recruiter|stylist|hairdresser|trainer|tester|picker|packer|"
    r"installer|courier|steward|bartender|baker|butcher|gardener|intern|apprentice|trainee|storekeeper|machinist|surveyor|"
    r"rep|tutor|midwife|paramedic|seller|salesman|saleswoman|tailor|captain|employee|colleague)"
)
"""What people are called by their work, as a pattern."""
_SET_OFF = r"(?:^|(?<=[.:;!?\n]\s)|(?<=[.:;!?\n]))"
_CLAUSE = rf"({_SET_OFF}\s*|,\s*|\b(?:and|but|so|because|then|when|if)\s+)"
_OWN = r"(?:(?:one of )?(?:my|our|the|this)\s+(?:[\w-]+\s+){0,2}?)"
_APPOSED = tuple(
    (re.compile(pattern, re.IGNORECASE), instead)
    for pattern, instead in (
        (rf"(?:{_OWN}|{_SET_OFF}(?:[\w-]+\s+)?){ROLE}(?:,|:| =)?\s+(?:named?\s+)?{_TITLE}?\0", "\0"),
        (rf"\b{ROLE}\s+(?:named?\s+)?{_TITLE}?\0", "\0"),
        (rf"\b{_TITLE}\0", "\0"),
        (rf"({_SET_OFF})\0,?\s+(?:my|our|the)\s+(?:[\w-]+\s+){{0,2}}?{ROLE}\b,?", "\\1\0"),
        (rf"\0,?\s+(?:my|our|the)\s+(?:[\w-]+\s+){{0,2}}?{ROLE}\b", "\0"),
        (rf"{_CLAUSE}\0,?\s+s?he\b", "\\1\0"),
        (rf"{_CLAUSE}(?:my|our|the|this)\s+(?:[\w-]+\s+){{0,2}}?{ROLE},?\s+s?he\b", "\\1\0"),
    )
)
_NAME_IS = r"(?=\s+(?:an?|the|not|been|so|very|too|always|never|late|off|good|great|lovely|brilliant|missed|left)\b)"
_AFTER_HER_NOT_NOUN = (
    r"(?=\s*(?:[,.;:!?]|$|\b(?:to|in|on|at|for|about|the|a|an|if|when|and|but|that|by|with|once|twice|again|because|so|"
    r"yesterday|yet|already|one|not|from|of|there|here|today|as|down|up|off|out|individually|after|before|how|what|why|where|or|straight|directly|"
    r"personally|nothing|(?:last|this|next) (?:week|month|year|night|time|morning|spring|summer|autumn|winter|monday|"
    r"tuesday|wednesday|thursday|friday|saturday|sunday))\b))"
)
_NOTHING_OWNED = r"(?=\s*(?:[,.;:!?]|$|\band\b|\bor\b))"
_WORD = re.compile(r"[^\W_]+(?:['’´-][^\W_]+)*")
_HER_ALONE = re.compile(rf"\bher\b{_AFTER_HER_NOT_NOUN}", re.IGNORECASE)
_OWNED = tuple(
    (re.compile(pattern, re.IGNORECASE), instead)
    for pattern, instead in (
        (r"\bhim\b", "you"),
        (rf"\bhis\b{_NOTHING_OWNED}", "yours"),
        (r"(?<=\bof )his(?= (?:is|was|gets|got|has|had|goes|went|are|were|ever|will)\b)", "yours"),
        (r"\bhis\b", "your"),
        (r"(?<=\bmakes )her\b|(?<=\bmaking )her\b|\bher(?= as\b)", "you"),
        (r"\bhers\b", "yours"),
        (r"\b(?:him|her)self\b", "yourself"),
    )
)
_PAST = frozenset(
    "was were had did got went came left took made said told gave put sent saw ran stood sat lost found kept let began "
    "brought built bought wrote spoke knew thought felt forgot met paid read rang phoned asked called".split()
)
"""Past forms by which a clause is known to have its verb."""


def to_you(text: str, names: Sequence[str] = ()) -> str:
    """The text spoken to the employee: he, she and the given names become you; his and her become your.

    Only singular third-person forms are changed; they and their stay, because they may be customers or colleagues.
    """
    spoken = _Spoken(_pronouns_for(names, text)).text()
    for pattern, instead in _OWNED:
        spoken = pattern.sub(partial(_like, instead), spoken)
    spoken = _HER_ALONE.sub(partial(_like, "you"), spoken)
    spoken = re.sub(r"\bher\b", partial(_like, "your"), spoken, flags=re.IGNORECASE)
    return re.sub(r"\bi\b", "I", spoken)


def _pronouns_for(names: Sequence[str], text: str) -> str:
    """The text with "she" for every mention of the person by name, a role or title beside it included."""
    for name in sorted({n for n in names if n.strip()}, key=len, reverse=True):
        known = rf"\b{re.escape(name)}"
        text = re.sub(rf"{known}['’]s{_NAME_IS}", "\0's", text, flags=re.IGNORECASE)
        text = re.sub(rf"{known}['’]s\b", "\0 \0", text, flags=re.IGNORECASE)
        text = re.sub(rf"{known}\b", "\0", text, flags=re.IGNORECASE)
    for pattern, instead in _APPOSED:
        text = pattern.sub(instead, text)
    text = re.sub(rf"({_SET_OFF}\s*)\0 \0", r"\1Your", text).replace("\0 \0", "your")
    return re.sub(rf"({_SET_OFF}\s*)\0", r"\1She", text).replace("\0", "she")


class _Spoken:
    """One pass over the words: he and she become you, and the verbs that belong to them follow."""

    def __init__(self, text: str) -> None:
        found = list(_WORD.finditer(text))
        ends = [0, *(match.end() for match in found)]
        self.words = [match.group() for match in found]
        self.gaps = [text[end : match.start()] for end, match in zip(ends, found, strict=False)]
        self.rest = text[ends[-1] :]
        self.plain = [word.lower().replace("’", "'").replace("´", "'") for word in self.words]
        self.spoken_of = False
        """Whether the subject of the clause so far is the person."""

    def text(self) -> str:
        """The whole text, spoken to the person."""
        for at, word in enumerate(self.plain):
            if word in ("he", "she"):
                self._subject(at)
            elif match := re.fullmatch(r"s?he'?(s|'d|'ll)", word):
                self._short(at, match.group(1))
            elif self.spoken_of:
                self._same_subject(at)
        return "".join(gap + word for gap, word in zip(self.gaps, self.words, strict=True)) + self.rest

    def _subject(self, at: int) -> None:
        self.words[at] = _cased("you", self.words[at])
        self.spoken_of = True
        who = self.plain[at + 1 : at + 2] == ["who"]
        verb = self._past_adverbs(at + 1 + who)
        finite = verb is not None and _second_person(self.plain[verb]) != self.plain[verb]
        if verb is not None and finite:
            self._turn(verb)
        elif at and self.plain[at - 1] in _IRREGULAR and self._asks(at - 1):
            self._turn(at - 1)

    def _short(self, at: int, short: str) -> None:
        self.spoken_of = True
        ending = {"'d": "'d", "'ll": "'ll"}.get(short) or ("'ve" if self._has(at + 1) else "'re")
        self.words[at] = _cased(f"you{ending}", self.words[at])

    def _has(self, at: int) -> bool:
        """Whether "'s" before this word is "has": a participle that is active, or that has an object after it."""
        verb = self._past_adverbs(at)
        if verb is None:
            return False
        word = self.plain[verb]
        if word in _HAVE_ONLY:
            return True
        after = self.plain[verb + 1] if verb + 1 < len(self.plain) and not self.gaps[verb + 1].strip() else ""
        with_object = after in DETERMINERS or after[:1].isdigit()
        return with_object and (word in _PARTICIPLES or word.endswith("ed"))

    def _same_subject(self, at: int) -> None:
        """ "… and leaves": the verb follows too; another subject or a full stop ends it."""
        gap, word, before = self.gaps[at], self.plain[at], self.plain[at - 1]
        begins = before in JOINED or "," in gap or (before in _ADVERBS and at > 1 and self.plain[at - 2] in JOINED)
        if re.search(r"[.;:!?\n]", gap) or word in _OTHER_SUBJECTS or (begins and word in ("it", "you")):
            self.spoken_of = False
        elif begins and (word in _IRREGULAR or self._is_verb(at)):
            self._turn(at)
        elif begins and word in DETERMINERS:
            self.spoken_of = "," not in gap and before not in ("but", "so", "then") and not self._verb_follows(at)

    def _verb_follows(self, at: int) -> bool:
        """Whether a verb stands within the next few words: the noun here is then a subject of its own."""
        return any(word in _IRREGULAR or word in _PAST for word in self.plain[at + 1 : at + 4])

    def _is_verb(self, at: int) -> bool:
        base = _second_person(self.plain[at])
        after = self.plain[at + 1] if at + 1 < len(self.plain) and not self.gaps[at + 1].strip() else ""
        return (
            base != self.plain[at]
            and base in _AND_VERB
            and (base not in _ALSO_NOUNS or after in DETERMINERS | _PARTICLES)
        )

    def _asks(self, at: int) -> bool:
        return at == 0 or bool(self.gaps[at].strip()) or self.plain[at - 1] in _ASKING

    def _past_adverbs(self, at: int) -> int | None:
        """The next word that is no adverb, as far as no mark comes between."""
        while at < len(self.plain) and not self.gaps[at].strip():
            if self.plain[at] not in _ADVERBS and not self.plain[at].endswith("ly"):
                return at
            at += 1
        return None

    def _turn(self, at: int) -> None:
        self.words[at] = _cased(_second_person(self.words[at]), self.words[at])


def _like(word: str, match: re.Match[str]) -> str:
    return _cased(word, match.group())


def _cased(word: str, like: str) -> str:
    if len(like) > 1 and like.isupper():
        return word.upper()
    return f"{word[:1].upper()}{word[1:]}" if like[:1].isupper() else word


def _second_person(verb: str) -> str:
    low = verb.lower().replace("’", "'")
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    if low in _NOT_A_VERB or not low.endswith("s") or low.endswith("ss") or len(low) < 4:
        return verb
    if low.endswith("ies") and len(low) > 4:
        return low[:-3] + "y"
    if re.search(r"(?:ch|sh|x|ss|zz|o)es$", low):
        return low[:-2]
    return low[:-1]


def looks_like_a_verb(word: str) -> bool:
    """Whether a word in lower case, without marks, can be the verb of a clause."""
    known = word in _IRREGULAR or word in _PAST or word in ("are", "have", "do", "can", "will", "must")
    return known or word.endswith("ed") or "'" in word or _second_person(word) in _AND_VERB - _ALSO_NOUNS
