"""Where sentences and clauses end in messy text: the expressions that `cutting` cuts by."""

from __future__ import annotations

import re

# Straight quotes and plain spaces for matching, one character for one, so that offsets stay those of the text as typed.
PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "\u00a0": " ", "\t": " ", "\u202f": " "})


def _words(words: str) -> str:
    return f"(?:{'|'.join(words.split())})"


BLANKS = re.compile(r"\s*")
LINE_MARK = re.compile(
    r"(?:[-*•·–—>#]+(?=\s)|\(?(?:[a-h]|[ivx]{1,4}|\d{1,2})\)(?=\s)|\d{1,2}\.(?=\s))\s*", re.IGNORECASE
)
"""Bullets and numbering at the start of a piece."""
_ORDER = _words(r"first(?:ly)? first\sof\sall second(?:ly)? third(?:ly)? fourth(?:ly)? fifth(?:ly)? lastly finally")
LEAD = re.compile(rf"(?:{_ORDER}\s*[,:]\s*|(?:and|but)\b,?\s+(?:then\s+)?(?=\S))+", re.IGNORECASE)
"""Counting and joining words at the start of a piece."""
_SHORT = _words(r"mr mrs ms dr prof st jr sr eg e\.g ie i\.e vs approx nr dept incl esp mgr tel ca cf")
ABBREVIATION = re.compile(rf"(?:\b{_SHORT}|\b[A-Z])\.$", re.IGNORECASE)
HOURS = re.compile(r"\b[ap]\.m\.$", re.IGNORECASE)
STOP = re.compile(
    r"""[.!?…]+["')\]]*(?=\s|$)       # the end of a sentence
      | (?<=[a-z]{2})\.(?=[A-Z][a-z]) # the end of a sentence, the space forgotten
      | ;\s                           # a semicolon
      | [ ](?:--?|[–—])[ ]            # a dash with room around it
      | \r?\n                         # a new line
      | \s(?=\([a-h]\)\s)             # an inline mark: (a), (b)
      | [ ]but\s(?=\S)               # a turn
      | [ ]and\sthen\s(?=\S)""",
    re.VERBOSE | re.IGNORECASE,
)
ENDS = ".!?…"
DASHES = frozenset({"-", "--", "–", "—"})
TURNS = frozenset({"but", "and then"})
TURNS_AFTER = re.compile(
    r"[\s.,;:!?)\"'-]{0,8}(?:but|however|yet|though|although|only that|unfortunately|that said|sadly"
    r"|(?:the|my|our|one)\s(?:only\s)?(?:issue|problem|trouble|thing|concern|catch|snag|downside)s?(?:\s(?:is|are|though)|,|:)"
    r"|(?:issue|problem|trouble)s?(?:\s(?:is|are)|:)|where (?:he|she|it) falls|now\b.{0,20}\bthough)\b",
    re.IGNORECASE,
)
NOT_A_TURN = re.compile(r"\b(?:nothing|anything|everything|all|not only|no one|none|last)\s*$", re.IGNORECASE)
WORD_START = re.compile(r"(?<!\S)(?=\S)")

_SUBJECT = _words(
    "i i'm i've i'd im ive he she it its it's they we you there theres there's this that thats nobody everyone "
    "everybody he's hes she's shes his her their my our the now when then after before honestly also not never twice"
)
_LED = ("that", "if", "when", "and", "but", "as", "because", "so", "think", "thinks", "know", "said", "says", "say")
_NOT_AFTER = "".join(rf"(?<!\b{word})" for word in _LED)
_NEW_SUBJECT = (
    r"(?:i\s(?:think|believe|guess|suspect|wonder|told|asked|have\stold|have\sasked|spoke)|maybe|honestly|apparently"
    r"|we\shad\sa|(?:he|she)(?:'s|s|\sis)\s(?:a|an|such\sa|really|so|very|just)|everyone\ssays|they\ssay)\b"
)
JOIN = re.compile(
    r"(?P<comma>,\s+(?:(?:and|or|which|because|although|though|while|yet|so(?!\s+that\b))\s+)?(?=\S))"
    r"|(?P<word>\s(?:and|because|although|though|while|yet|or|so(?!\s+(?:that|much|many|far|good|kind|long)\b))\s+"
    rf"(?={_SUBJECT}\b))"
    rf"|(?P<bare>{_NOT_AFTER}\s(?={_NEW_SUBJECT}))"
    r"|(?P<bracket>\s\((?=\w)[^()]*\)[,.]?(?:\s+|$))",
    re.IGNORECASE,
)
"""Where a clause may end inside a sentence; `bare` is for text without any punctuation."""
AND_CLAUSE = re.compile(r",\s+and\s+(?!so\b|that\b|which\b)", re.IGNORECASE)
LONG_JOIN = re.compile(
    r",\s+(?:and\s+|so\s+)?|\s(?:and also|and so|and|also|anyway|plus|because|so|when|which)\s+"
    rf"|{_NOT_AFTER}\s(?=(?:i|we|he|she)\s(?:have|had|think|told|asked|spoke|is|was|has|am|did|didnt|dont|also)\b)",
    re.IGNORECASE,
)
"""Where a sentence that is too long may be cut."""
_VERBS = _words(
    r"is are was were has have had do does did can could will would should must may might isnt wasnt hasnt hadnt "
    r"doesnt didnt dont came went got left took made sat sent said told wrote found gave knew lost put ran saw spoke "
    r"let needs? wants? gets? comes? goes takes? makes? leaves? says? keeps? seems? looks? runs? \w{3,}ed"
)
FINITE = re.compile(
    rf"\b(?:i|he|she|it|they|we|you|who|there|nobody|everyone)\b|'(?:s|m|ve|re|d|ll)\b|n't\b|\b{_VERBS}\b",
    re.IGNORECASE,
)
"""A sign of a full clause: a pronoun or a verb in a tense."""
