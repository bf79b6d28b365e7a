"""A pasted list of questions, or a whole agenda, cut into its questions; what stands around them stays behind.

Numbers, bullets, times, headings, speakers and quotation marks go; a question keeps its own words and its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fourthright.domain import Frozen, Purpose, Text
from fourthright.knowledge import Knowledge

MOST_NAME_WORDS = 3
_LINE = re.compile(r"[^\n\r|\t]+")
_MARKUP = re.compile(
    r"</?(?:(?P<block>p|br|hr|div|li|ul|ol|h[1-6]|tr|td|th|table|tbody|body|html|section|article|blockquote)"
    r"|b|i|u|s|em|strong|span|a|mark|small|font|code|sub|sup|label)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
"""A tag of a web page; a block begins a new line."""
_WRAPPED = re.compile(r"(?<=[\w,;)\"'”’])\r?\n(?=[ \t]*[a-z])(?![ \t]*(?:[a-h]|[ivx]{1,4})[.)\]])")
"""A line break inside a sentence: nothing ends before it and the next line goes on in lower case."""
_SENTENCE = re.compile(r"[^.?!…]+(?:[.?!…]+[\"'”’)\]*_]*(?=\s|$)|$)|[^.?!…]+[.?!…]*")
_ADDRESS = r"""(?i:https?://|www\.)\S*[^\s.?!…,;:)\]"'”’]"""
_STRESS = re.compile(rf"{_ADDRESS}|(?<!\w)(?P<mark>[*_~`]{{1,3}})(?=\S)|(?<=\S)(?P<end>[*_~`]{{1,3}})(?!\w)")
_LABEL = re.compile(r"([^:–—?!.\n]{1,60}?)\s*(?:\([^)]*\)\s*)?(?::|\s[-–—]|[–—])\s+")
_TAIL = re.compile(r"\s*(?:[(\[]([^()\[\]]{1,40})[)\]]|[-–—→]\s*([\w/ ]{1,30}))[.!]?$")
_FRONT = re.compile(r"[(\[]([^()\[\]]{1,40})[)\]]\s*")
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "‘": "’", "'": "'"}
_CAPITALS = re.compile(r"[^\W\d_]+\.?(?:[ '’-][^\W\d_]+\.?)*")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_EDGE = " \t\u00a0"


class Placed(Frozen):
    """A question as asked, its purpose, and its place: code point offsets into the text as pasted."""

    text: Text
    purpose: Purpose
    start: int
    end: int


class Cut(Frozen):
    """The questions of a text in order, the names of those who speak in it, and what is no question."""

    questions: tuple[Placed, ...]
    speakers: tuple[str, ...]
    notes: str
    foreign: tuple[Placed, ...] = ()
    """Questions that are set apart because they are in another language."""


class People:
    """Tells a personal name from another capitalised word: the handbook never writes it in lower case."""

    def __init__(self, knowledge: Knowledge) -> None:
        written = knowledge.model_dump_json(include={"cards", "questions", "notes", "labels"})
        also = set(knowledge.word_list("name-also-word").words)
        self._ordinary = set(re.findall(r"(?<![\w'’])[a-z]{2,}", written.replace("\\n", " "))) - also
        self._ordinary |= set(knowledge.word_list("name-not").words)

    def is_name(self, word: str) -> bool:
        """Whether a word written with a capital can be somebody's name."""
        low = re.split(r"['’]", word.lower().rstrip("."))[0]
        forms = (low, low.removesuffix("s"), low.removesuffix("es"), low.removesuffix("ed"), low.removesuffix("ing"))
        return word[:1].isupper() and len(low) > 1 and not any(form in self._ordinary for form in forms)

    def named(self, text: str) -> tuple[str, ...]:
        """The names in a text in order, each once, without an owner's "'s"."""
        found = (re.sub(r"['’]s$", "", m.group()) for m in _WORD.finditer(text))
        return tuple(dict.fromkeys(word for word in found if self.is_name(word)))


@dataclass
class _Rest:
    """A line while its outer parts are taken off: the part that is left, and what they said."""

    text: str
    start: int
    speaker: str | None = None
    commitment: bool = False

    def drop(self, count: int) -> None:
        self.text, self.start = self.text[count:], self.start + count
        blank = len(self.text) - len(self.text.lstrip(_EDGE))
        self.text, self.start = self.text[blank:], self.start + blank

    def drop_end(self, count: int) -> None:
        self.text = self.text[: len(self.text) - count].rstrip(_EDGE)


class Cutter:
    """Cuts texts into questions with the words of one handbook."""

    def __init__(self, knowledge: Knowledge, people: People) -> None:
        self._people = people
        self._known = {w.id: w.regex for w in knowledge.words if w.id.startswith(("agenda-", "check-"))}

    def __call__(self, text: str) -> Cut:
        """The questions in the order of the text; a text without any has none."""
        flat = _WRAPPED.sub(_blank, _MARKUP.sub(_blank, text))
        lines = [self._bare(match.group(), match.start()) for match in _LINE.finditer(flat)]
        own = any(line.speaker and self._whole("agenda-me", line.speaker) for line in lines)
        found: list[Placed] = []
        due = False
        for line in lines:
            if own and line.speaker and not self._whole("agenda-me", line.speaker):
                continue  # what the other side may say is not the manager's question
            asked = list(self._questions(line, commitment=line.commitment or due))
            found += asked
            due = not asked and (line.commitment or (due and not line.text.strip()))
        speakers = (line.speaker for line in lines if line.speaker and self._people.is_name(line.speaker))
        return Cut(questions=tuple(found), speakers=tuple(dict.fromkeys(speakers)), notes=_without(flat, found))

    def _bare(self, typed: str, start: int) -> _Rest:
        """A line without bullet, number, time, heading, speaker, closing mark and outer quotation marks."""
        rest = _Rest(_STRESS.sub(_unstressed, typed), start)
        rest.drop(0)
        while self._opening(rest) or self._ending(rest):
            pass
        self._heading(rest)
        return rest

    def _opening(self, rest: _Rest) -> bool:
        """Takes one part off the front; says whether there was one."""
        for name in ("agenda-times", "agenda-marks"):
            if (match := self._known[name].match(rest.text)) and match.end():
                rest.drop(match.end())
                return True
        front = _FRONT.match(rest.text)
        if front and any(self._whole(name, front[1]) for name in ("agenda-commitment", "agenda-headings")):
            rest.commitment |= self._whole("agenda-commitment", front[1])
            rest.drop(front.end())
            return True
        if label := _LABEL.match(rest.text):
            return self._label(rest, label)
        return False

    def _label(self, rest: _Rest, label: re.Match[str]) -> bool:
        said = re.sub(r"^(?:step|part|phase|block)\s*\d*\s*[:.–—-]?\s*|\s*\([^)]*\)", "", label[1].strip(), flags=re.I)
        said = self._known["agenda-times"].sub("", said).strip(" ,")
        commits = self._whole("agenda-commitment", said)
        speaks = any(self._whole(name, said) for name in ("agenda-me", "agenda-others")) or self._is_speaker(said)
        if said and not (commits or speaks or self._whole("agenda-headings", said)):
            return False
        rest.commitment |= commits
        rest.speaker = said if speaks and said else rest.speaker
        rest.drop(label.end())
        return True

    def _is_speaker(self, said: str) -> bool:
        words = said.split()
        named = 0 < len(words) <= MOST_NAME_WORDS and bool(_CAPITALS.fullmatch(said))
        return named and all(word[:1].isupper() for word in words) and self._people.is_name(words[0])

    def _ending(self, rest: _Rest) -> bool:
        """Takes "(closed)", "[clarity]", "(5 min)" or a pair of quotation marks off; says whether there was one."""
        if rest.text[:1] in _QUOTES and len(rest.text) > 2 and rest.text.endswith(_QUOTES[rest.text[0]]):
            rest.drop_end(1)
            rest.drop(1)
            return True
        tail = _TAIL.search(rest.text)
        said = (tail[1] or tail[2]).strip() if tail else ""
        commits = self._whole("agenda-commitment", said)
        known = commits or self._whole("agenda-headings", said) or self._whole("agenda-times", said)
        if tail is None or not known:
            return False
        rest.commitment |= commits
        rest.drop_end(len(tail.group()))
        return True

    def _heading(self, rest: _Rest) -> None:
        """A line that is a heading and nothing more is no question; "Commitment check" marks the one after it."""
        bare = rest.text.strip(" :.-–—")
        if self._whole("agenda-commitment", bare):
            rest.commitment, rest.text = True, ""
        elif self._whole("agenda-headings", bare):
            rest.text = ""

    def _whole(self, name: str, said: str) -> bool:
        return bool(said) and self._known[name].fullmatch(said.strip()) is not None

    def _questions(self, line: _Rest, *, commitment: bool) -> Iterator[Placed]:
        """The questions of one line; a statement right before a question belongs to it."""
        blotted = self._known["check-abbreviations"].sub(_blot, line.text)
        lead: int | None = None
        for match in _SENTENCE.finditer(blotted):
            said = line.text[match.start() : match.end()]
            if not self._asks(said):
                lead = match.start() if len(said.split()) > 1 else None
                continue
            begin = match.start() if lead is None else lead
            lead = None
            yield from self._placed(line, begin, match.end(), commitment)

    def _placed(self, line: _Rest, begin: int, end: int, commitment: bool) -> Iterator[Placed]:
        part = _Rest(line.text[begin:end], line.start + begin)
        part.drop(0)
        while self._opening(part) or self._ending(part):
            pass
        part.text = part.text.rstrip(_EDGE)
        if _WORD.search(part.text):
            purpose: Purpose = "commitment" if commitment or part.commitment else "explore"
            shown, stop = " ".join(part.text.split()), part.start + len(part.text)
            yield Placed(text=shown.strip('"“”« »'), purpose=purpose, start=part.start, end=stop)

    def _asks(self, said: str) -> bool:
        """A question mark, a question's word order without one, or a request to tell."""
        bare = said.strip(" \"'“”‘’«»*_)]-–—")
        if bare.endswith("?"):
            return bool(_WORD.search(bare))
        if bare.endswith(":") or not bare:
            return False
        flat = bare.replace("’", "'").lower()
        lead = self._known["check-lead-ins"].match(flat)
        flat = flat[lead.end() :] if lead else flat
        if self._known["agenda-requests"].search(flat):
            return True
        if self._known["check-requests"].match(flat):
            return self._known["check-you"].search(flat) is not None
        opens = self._known["check-wh"].match(flat)
        verb = opens and self._known["check-auxiliaries"].match(flat, opens.end())
        return verb is not None or self._known["check-inversion"].match(flat) is not None


def _blank(found: re.Match[str]) -> str:
    """As many blanks; the first is a line break where a block of a web page begins or ends."""
    return ("\n" if found.groupdict().get("block") else " ").ljust(len(found.group()))


def _unstressed(found: re.Match[str]) -> str:
    """Blanks in the place of Markdown's marks; an address keeps all its characters."""
    return " " * len(found.group()) if found["mark"] or found["end"] else found.group()


def _blot(found: re.Match[str]) -> str:
    return "x" * len(found.group())


def _without(text: str, questions: list[Placed]) -> str:
    """The text with its questions blotted out."""
    for question in questions:
        text = text[: question.start] + " " * (question.end - question.start) + text[question.end :]
    return text
