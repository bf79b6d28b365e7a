"""The door: bytes and text from the outside become a `Situation`, or one clear line says what to change.

The text is kept exactly as typed (line ends included), so that offsets into it stay true; only a byte order mark goes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, BinaryIO

from fourthright.domain import MAX_SITUATION_CHARS, Situation
from fourthright.errors import BadInput, NotEnglish

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

MAX_SITUATION_BYTES = 4 * MAX_SITUATION_CHARS + 3
"""No text within the limit is longer in UTF-8, byte order mark included."""
MAX_ROLE_CHARS = 120
MAX_NAMES = 20
MAX_NAME_CHARS = 80
MAX_HISTORY_CHARS = 4_000
LEAST_WORDS = 3

SURELY_FOREIGN = 0.01
"""Chance of English below which a text counts as another language: three-word notes in English stay above it."""
SURELY_ENGLISH = 0.9
ENGLISH_WORDS = 8
"""So many words in clearly English sentences carry a text, whatever is pasted between them …"""
ENGLISH_SHARE = 0.15
"""… where they are at least this share of it."""

_WORD = re.compile(r"[^\W\d_]{2,}")
_QUOTED = re.compile(r'"[^"\n]*"|“[^”\n]*”|«[^»\n]*»|„[^“”\n]*[“”]')
_SENTENCE = re.compile(r"[^.!?\n]+")
_MARKUP = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<[a-z!/][^>]*>", re.IGNORECASE | re.DOTALL)
_PAGE = re.compile(r"\s*<(!doctype|html|\?xml)\b", re.IGNORECASE)
_SHORT_SCRIPTS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts that put few or no spaces between words: there a letter counts as a word."""


def situation(text: str, role: str | None = None, names: Sequence[str] = (), history: str | None = None) -> Situation:
    """A checked situation, with the text as typed. BadInput or NotEnglish says in one line what to change."""
    _check_text(text)
    return Situation(
        text=text,
        role=_optional(role, "role", MAX_ROLE_CHARS),
        names=_names(names),
        history=_optional(history, "account of earlier talks", MAX_HISTORY_CHARS),
    )


def read_text(stream: BinaryIO, *, limit: int = MAX_SITUATION_BYTES) -> str:
    """The UTF-8 text of a stream, at most `limit` bytes of it; BadInput when it is longer or no UTF-8 text."""
    raw = stream.read(limit + 1)
    if len(raw) > limit:
        raise BadInput(
            f"the text is too long: at most {MAX_SITUATION_CHARS:,} characters fit; send the part that matters"
        )
    return decode(raw)


def decode(raw: bytes) -> str:
    """Bytes as text, without a byte order mark; BadInput when they are not UTF-8 text."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise BadInput("the file is in UTF-16: save it as UTF-8 text and try again")
    if b"\0" in raw:
        raise BadInput("this is not a text file: save the note as plain text (UTF-8) and try again")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"the file is not UTF-8 text (byte {error.start}): save it as UTF-8 and try again") from None


def _check_text(text: str) -> None:
    if not text.strip():
        raise BadInput("there is no text yet: describe the situation in a few sentences")
    if len(text) > MAX_SITUATION_CHARS:
        raise BadInput(
            f"the text has {len(text):,} characters and {MAX_SITUATION_CHARS:,} fit: keep the part that matters"
        )
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\r\n\v\f" for c in text):
        raise BadInput("the text holds characters that are not text: paste it as plain text")
    bare = _MARKUP.sub(" ", text)
    if _PAGE.match(text) or (bare != text and _word_count(bare) < LEAST_WORDS):
        raise BadInput("this is a web page's code rather than a note: paste the words themselves")
    if _word_count(bare) < LEAST_WORDS:
        raise BadInput("that is too short to work with: say in a sentence or two what happened, and when")
    if not _is_english(bare):
        raise NotEnglish("this looks like another language; Fourthright works in English only, simple English is fine")


def _word_count(text: str) -> int:
    """Different words: the same word a thousand times says nothing."""
    return len({word.lower() for word in _WORD.findall(text)} | set(_SHORT_SCRIPTS.findall(text)))


def _is_english(text: str) -> bool:
    own = _QUOTED.sub(" ", text)  # words somebody else said may be in any language
    if _word_count(own) < LEAST_WORDS:
        own = text
    if chance_of_english(own) >= SURELY_FOREIGN:
        return True
    sentences = [sentence for sentence in _SENTENCE.findall(own) if _word_count(sentence) >= LEAST_WORDS]
    english = sum(_word_count(s) for s in sentences if chance_of_english(s) >= SURELY_ENGLISH)
    return english >= ENGLISH_WORDS and english >= ENGLISH_SHARE * sum(_word_count(s) for s in sentences)


def chance_of_english(text: str) -> float:
    return float(dict(_identifier().rank(text))["en"])


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _optional(value: str | None, what: str, limit: int) -> str | None:
    if value is None or not value.strip():
        return None
    if len(value) > limit:
        raise BadInput(f"the {what} is too long: at most {limit:,} characters")
    return value.strip()


def _names(names: Sequence[str]) -> tuple[str, ...]:
    kept = tuple(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))
    if len(kept) > MAX_NAMES or any(len(name) > MAX_NAME_CHARS for name in kept):
        raise BadInput(f"at most {MAX_NAMES} names of {MAX_NAME_CHARS} characters each")
    return kept
