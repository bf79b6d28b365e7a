"""Turning the manager's words about a person into words spoken to that person, without changing a fact.

Pure text work: pronouns and the verbs beside them. Nothing is added; asides can be cut at a clause's edge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_IRREGULAR = {
    "is": "are", "was": "were", "has": "have", "does": "do", "isn't": "aren't", "wasn't": "weren't",
    "hasn't": "haven't", "doesn't": "don't", "isnt": "aren't", "wasnt": "weren't", "hasnt": "haven't",
    "doesnt": "don't", "goes": "go", "says": "say", "runs": "run",
}  # fmt: skip
_SHORT = {"he's": "you're", "she's": "you're", "hes": "you're", "shes": "you're", "he'd": "you'd", "she'd": "you'd",
          "he'll": "you'll", "she'll": "you'll", "he´s": "you're", "she´s": "you're"}  # fmt: skip
_NOT_A_VERB = frozenset(
    [
        "always",
        "sometimes",
        "this",
        "his",
        "its",
        "us",
        "plus",
        "thus",
        "perhaps",
        "afterwards",
        "towards",
        "besides",
        "yes",
        "as",
        "hers",
        "theirs",
    ]
)
_ADVERB = r"(?:(?:also|always|often|still|just|only|now|even|already|never|basically|usually|then|really|mostly)\s+)?"
_AFTER_HER_NOT_NOUN = r"(?=\s*(?:[,.;:!?]|$|\b(?:to|in|on|at|for|about|the|a|an|if|when|and|but|that|by|with|once|twice|again|because|so|yesterday|yet|already|one|not|from|of|there|here|today|after|before|how|what|why|where|or|straight|directly|personally|nothing|(?:last|this|next) (?:week|month|year|night|time|morning|spring|summer|autumn|winter|monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b))"
_NOTHING_OWNED = r"(?=\s*(?:[,.;:!?]|$|\band\b|\bor\b))"
_PAST_PERFECT = frozenset(["been", "had", "got", "gone", "done", "left", "made", "said", "told", "had"])


def to_you(text: str, names: Sequence[str] = ()) -> str:
    """The text spoken to the employee: he, she and the given names become you; his and her become your.

    Only singular third-person forms are changed; they and their stay, because they may be customers or colleagues.
    """
    spoken = text
    for name in sorted({n for n in names if n.strip()}, key=len, reverse=True):
        spoken = re.sub(rf"\b{re.escape(name)}['’]s\b", "your", spoken, flags=re.IGNORECASE)
        spoken = re.sub(rf"\b{re.escape(name)}\b", "she", spoken, flags=re.IGNORECASE)
    spoken = re.sub(r"\b(s?he)['’´]s (?=(\w+))", _is_or_has, spoken, flags=re.IGNORECASE)
    spoken = re.sub(r"\b(?:s?hes)\b", "you're", spoken, flags=re.IGNORECASE)
    spoken = re.sub(r"\b(s?he)['’´](d|ll)\b", r"you'\2", spoken, flags=re.IGNORECASE)
    spoken = re.sub(
        rf"\b(?:he|she) ({_ADVERB})([a-z]+(?:['’]t)?)\b",
        lambda m: f"you {m.group(1)}{_second_person(m.group(2))}",
        spoken,
        flags=re.IGNORECASE,
    )
    spoken = re.sub(
        r"\b(and|then|or|but|,) (doesn['’]?t|hasn['’]?t|isn['’]?t|wasn['’]?t)\b",
        lambda m: f"{m.group(1)} {_second_person(m.group(2))}",
        spoken,
        flags=re.IGNORECASE,
    )
    spoken = re.sub(r"\b(?:him|he|she)\b", "you", spoken, flags=re.IGNORECASE)
    spoken = re.sub(rf"\bhis\b{_NOTHING_OWNED}", "yours", spoken, flags=re.IGNORECASE)
    spoken = re.sub(r"\bhis\b", "your", spoken, flags=re.IGNORECASE)
    spoken = re.sub(r"\bhers\b", "yours", spoken, flags=re.IGNORECASE)
    spoken = re.sub(rf"\bher\b{_AFTER_HER_NOT_NOUN}", "you", spoken, flags=re.IGNORECASE)
    spoken = re.sub(r"\bher\b", "your", spoken, flags=re.IGNORECASE)
    spoken = re.sub(r"\b(?:him|her)self\b", "yourself", spoken, flags=re.IGNORECASE)
    return re.sub(r"\bi\b", "I", spoken)


def _is_or_has(match: re.Match[str]) -> str:
    following = match.group(2).lower()
    return "you've " if following in _PAST_PERFECT else "you're "


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


def sentence(text: str) -> str:
    """Trimmed, first letter up, one full stop at the end."""
    clean = " ".join(text.split()).strip(" ,;:-–—").rstrip(".!? ")
    ended = clean if clean.endswith("…") else f"{clean}."
    return f"{ended[:1].upper()}{ended[1:]}" if clean else ""


def words(text: str) -> int:
    """How many words `wc -w` counts."""
    return len(text.split())


_CLAUSE_EDGE = re.compile(r"[,;:.!?]$")
_JOINS = frozenset("and but so because which who while when where then as or although though".split())
_DANGLES = frozenset(
    "a an the of in on at to for from by with about after before until till and or but so as that than is was are were "
    "has had have his her their your my our its not no very isn't in".split()
)


def shortened(text: str, limit: int) -> str:
    """At most `limit` words: cut at the last clause edge that fits, else after the limit with an ellipsis."""
    parts = text.split()
    if len(parts) <= limit:
        return " ".join(parts)
    for end in range(limit, max(3, limit // 2), -1):
        if _CLAUSE_EDGE.search(parts[end - 1]) or parts[end].lower() in _JOINS:
            return " ".join(parts[:end]).rstrip(",;:.!?")
    kept = parts[:limit]
    while len(kept) > 2 and kept[-1].lower() in _DANGLES:
        kept.pop()
    return " ".join(kept).rstrip(",;:.!?") + " …"


def window(text: str, keep: Sequence[str], limit: int) -> str:
    """The words around everything in `keep`, verbatim, about `limit` of them; what is cut off shows as an ellipsis."""
    spans = [(text.find(k), text.find(k) + len(k)) for k in keep if k in text]
    if len(text.split()) <= limit or not spans:
        return shortened(text, limit)
    first, last = min(a for a, _ in spans), max(b for _, b in spans)
    before, inside, after = text[:first].split(), text[first:last].split(), text[last:].split()
    if text[last : last + 1].strip():  # a mark or the rest of a word belongs to what is kept
        inside[-1] += after.pop(0)
    room = max(0, limit - len(inside))
    behind = min(len(after), (room + 1) // 2)
    ahead = min(len(before), room - behind)
    head = [*(["…"] if ahead < len(before) else []), *before[len(before) - ahead :]]
    tail = [*after[:behind], *(["…"] if behind < len(after) else [])]
    return " ".join((*head, *inside, *tail))


def listed(items: Sequence[str]) -> str:
    """a, b and c."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def quoted(text: str) -> str:
    """In curly quotes, inner double quotes made single."""
    return "“" + re.sub(r"[\"“”]", "'", text).strip() + "”"
