"""Short pieces of the manager's words: sentences, quotations, and cuts at a clause's edge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fourthright.spoken import DETERMINERS, JOINED, looks_like_a_verb


def sentence(text: str) -> str:
    """Trimmed, first letter up, one full stop at the end."""
    clean = " ".join(text.split()).strip(" ,;:-–—").rstrip(".!? ")
    ended = clean if clean.endswith("…") else f"{clean}."
    return f"{ended[:1].upper()}{ended[1:]}" if clean else ""


def words(text: str) -> int:
    """How many words `wc -w` counts."""
    return len(text.split())


_CLAUSE_MARK = re.compile(r"[,;:.!?)]$")
_JOINS = frozenset(
    "and but so because which who while when where then as or although though saying according instead".split()
)
_PLACES = frozenset("in on at for with about during after before since by from into".split())
_DATES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september "
    "october november december mon tue wed thu fri sat sun".split()
)
_DANGLES = frozenset(
    "a an the of in on at to for from by with about after before until till and or but so as that than is was are were "
    "has had have his her their your my our its not no very isn't in he she i we they you it under over".split()
)
_OPEN_ENDED = _DANGLES | frozenset(
    "said says say saying told thought thinks thought found agreed knew knows means meant shows showed did does done be "
    "been got gets made makes put let lets work works seems looks get can could will would should must what one because when".split()
)
"""Words that a whole thought does not end with."""
_TIMES = re.compile(r"(?:day|week|month|year|time|night|morning)s?$")
_NEGATED = frozenset("isn wasn aren weren hasn haven hadn doesn don didn won can couldn wouldn shouldn".split())
_LEADING = frozenset("when if while since although though as because after before until once what whenever".split())
_PRONOUNS = frozenset("i he she we they he's she's hes shes i've we've they're".split())


def shortened(text: str, limit: int) -> str:
    """At most `limit` words: a whole thought where one fits, else what comes first and an ellipsis."""
    parts = text.split()
    if len(parts) <= limit:
        return " ".join(parts)
    thoughts = [thought for begin in _begins(parts, limit) if (thought := _thought(parts[begin:], limit))]
    if thoughts:
        # The beginning stands unless it is so short that the point of it comes later.
        return " ".join(next((t for t in thoughts if len(t) * 5 >= limit * 2), thoughts[0])).rstrip(",;:.!?")
    kept = parts[:limit]
    while len(kept) > 2 and (_bare(kept[-1]) in _DANGLES or not _paired(" ".join(kept))):
        kept.pop()
    return " ".join(kept).rstrip(",;:.!?") + " …"


def _thought(parts: Sequence[str], limit: int) -> Sequence[str]:
    """The longest whole thought that these words begin with; empty where none of three words or more fits."""
    if 3 <= len(parts) <= limit:
        return parts
    return next((parts[:end] for end in range(min(limit, len(parts) - 1), 2, -1) if _whole(parts, end)), ())


def _begins(parts: Sequence[str], limit: int) -> Iterator[int]:
    """Where a thought may begin: after "When I brought it up" if all the rest fits, at the start, at a later clause."""
    if _bare(parts[0]) in _LEADING and (lead := _main_clause(parts)) and len(parts) - lead <= limit:
        yield lead
    yield 0
    for at in range(3, len(parts) - 2):
        after_join = _bare(parts[at - 1]) in ("and", "but") or parts[at - 1][-1] in ":;"
        if after_join and not looks_like_a_verb(_bare(parts[at])):
            yield at


def _whole(parts: Sequence[str], end: int) -> bool:
    """Whether the words before `end` are a thought of three words or more that can stand alone."""
    kept, following = parts[:end], _following(parts, end)
    ending = _bare(kept[-1])
    if len(kept) < 3 or _unfinished(ending) or not _paired(" ".join(kept)):
        return False
    if _bare(kept[0]) in _LEADING and not _main_clause(kept):
        return False
    if not _CLAUSE_MARK.search(kept[-1]) and any(part[-1] == "," or _bare(part) in JOINED for part in kept[-3:-1]):
        return False  # the last clause has only just begun: "… and sat"
    if _CLAUSE_MARK.search(kept[-1]) or _joins(following):
        return not ending.endswith("ly") and (_has_verb(kept) or not looks_like_a_verb(following[0]))
    return _is_phrase(following) and (_has_verb(kept) or not _has_verb(parts))


def _following(parts: Sequence[str], end: int) -> list[str]:
    """The next word or two, no further than a mark: "spot on," begins no phrase."""
    return [_bare(part) for part in parts[end : end + 1 + (not _CLAUSE_MARK.search(parts[end]))]]


def _joins(words: Sequence[str]) -> bool:
    """Whether a new clause begins here; "that week" begins none."""
    return words[0] in _JOINS or (words[0] == "that" and not _TIMES.match(words[-1]))


def _unfinished(word: str) -> bool:
    return word in _OPEN_ENDED or word.removesuffix("t").removesuffix("'") in _NEGATED


def _is_phrase(words: Sequence[str]) -> bool:
    """A phrase of time, place or company begins here, and not one that turns the meaning ("without", "under")."""
    after = words[1] if len(words) > 1 else ""
    opens = after in DETERMINERS | _DATES or after.lstrip("$€£")[:1].isdigit()
    return words[0] in _PLACES and opens


def _main_clause(parts: Sequence[str]) -> int:
    """Where the main clause begins after one that opens with "when" or "what"; 0 where it has none of three words."""
    found = (
        at for at, part in enumerate(parts) if at > 2 and (_bare(part) in _PRONOUNS or parts[at - 1].endswith(":"))
    )
    begin = next(found, 0)
    return begin if len(parts) - begin >= 3 else 0


def _has_verb(words: Sequence[str]) -> bool:
    return any(looks_like_a_verb(_bare(word)) for word in words[1:]) or _bare(words[0]) in _PRONOUNS


def _paired(text: str) -> bool:
    """Whether quotation marks and brackets are closed."""
    return text.count('"') % 2 == 0 and text.count("“") == text.count("”") and text.count("(") == text.count(")")


def _bare(word: str) -> str:
    return word.strip("\"“”'‘’.,;:!?()").lower().replace("’", "'")


def window(text: str, keep: Sequence[str], limit: int) -> str:
    """The words around everything in `keep`, verbatim, about `limit` of them.

    It begins and ends at a clause's edge where one is near enough; elsewhere an ellipsis shows what is cut off.
    """
    spans = [(text.find(k), text.find(k) + len(k)) for k in keep if k in text]
    if len(text.split()) <= limit or not spans:
        return shortened(text, limit)
    first, last = min(a for a, _ in spans), max(b for _, b in spans)
    parts = text.split()
    begin = min(len(text[:first].split()) - (first > 0 and not text[first - 1].isspace()), len(parts) - 1)
    end = max(begin + 1, len(text[:last].split()))
    room = max(limit, end - begin)
    begins = [b for b in range(begin, -1, -1) if end - b <= room and _opens(parts, b)]
    ends = [
        e for e in range(end, len(parts) + 1) if e - begin <= room and (e == len(parts) or _closes(parts, begin, e))
    ]
    pairs = [(b, e) for b in begins for e in ends if room <= 2 * (e - b) <= 2 * room]
    if pairs:
        b, e = max(pairs, key=lambda pair: pair[1] - pair[0])
        return " ".join(parts[b:e]).rstrip(",;:") if e < len(parts) else " ".join(parts[b:e])
    return _around(parts, begin, end, room, begins, ends)


def _around(parts: Sequence[str], begin: int, end: int, room: int, begins: Sequence[int], ends: Sequence[int]) -> str:
    """The words around the kept ones with an ellipsis at a side that has no clause's edge near enough."""
    if begins:
        b = begins[-1]
        e = min(len(parts), b + room)
    elif ends:
        e = ends[-1]
        b = max(0, e - room)
    else:
        e = min(len(parts), end + (room - (end - begin) + 1) // 2)
        b = max(0, e - room)
    head, tail = (["…"] if b not in begins else []), (["…"] if e < len(parts) and e not in ends else [])
    return " ".join((*head, *parts[b:e], *tail))


def _opens(parts: Sequence[str], at: int) -> bool:
    return at == 0 or bool(_CLAUSE_MARK.search(parts[at - 1])) or _bare(parts[at - 1]) in JOINED


def _closes(parts: Sequence[str], begin: int, end: int) -> bool:
    ending, following = parts[end - 1], _following(parts, end)
    if _unfinished(_bare(ending)) or not _paired(" ".join(parts[begin:end])):
        return False
    return bool(_CLAUSE_MARK.search(ending)) or _joins(following) or _is_phrase(following)


def listed(items: Sequence[str]) -> str:
    """a, b and c."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def quoted(text: str) -> str:
    """In curly quotes, inner double quotes made single."""
    return "“" + re.sub(r"[\"“”]", "'", text).strip() + "”"
