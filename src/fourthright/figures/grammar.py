"""How numbers, times, dates and amounts are written: the expressions that `numbers` reads figures with."""

from __future__ import annotations

import re


def either(words: str) -> str:
    """An alternation of blank-separated words; an underscore stands for a blank inside a phrase."""
    return f"(?:{'|'.join(word.replace('_', ' ') for word in words.split())})"


def word_set(words: str) -> frozenset[str]:
    """Blank-separated words as a set."""
    return frozenset(words.split())


ONES = {
    word: float(value)
    for value, word in enumerate(
        re.findall(
            r"\w+",
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen",
        )
    )
}
TENS = {
    word: float(value * 10)
    for value, word in enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2)
}
WORD_VALUES = ONES | TENS | {"dozen": 12.0, "once": 1.0, "twice": 2.0}
SCALES = {"hundred": 100.0, "thousand": 1000.0}
ORDINALS = {
    word: float(value)
    for value, word in enumerate(
        ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), 2
    )
}
MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}

_UNITS = "|".join(word for word in ONES if word not in {"zero", "ten"} and len(word) < 6)
_PLAIN = "|".join(sorted((*(word for word in ONES if word != "zero"), *TENS, "dozen"), key=len, reverse=True))
_WORD = rf"(?:(?:{'|'.join(TENS)})[ -](?:{_UNITS})\b|(?:{_PLAIN}))(?:\s(?:hundred|thousand)\b)?"
DIGITS = r"(?:\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,6})?(?!\d)|\d{1,15}(?:\.\d{1,6}|,\d(?![\d,]))?(?!\d))"
NUMBER = rf"(?:{DIGITS}|(?:{_WORD})\b)"

_MONTH = either(
    "jan(?:uary)? feb(?:ruary)? mar(?:ch)? apr(?:il)? may june? july? aug(?:ust)? sept?(?:ember)? oct(?:ober)? "
    "nov(?:ember)? dec(?:ember)?"
)
LENGTH = r"(?:(?:working|business|calendar|full)\s)?" + either(
    "seconds? secs? minutes? mins? hours? hrs? h\\b days? weeks? months? years? fortnights? nights?"
)
NOON = r"[ap](?:m\b|\.m\b\.?)"
_HALVES = rf"(?:half|quarter|five|ten|twenty|twenty[ -]five)\s(?:past|to)\s(?:\d{{1,2}}|{'|'.join(list(ONES)[1:13])})\b"
_DAY_OF_MONTH = r"\d{1,2}(?:st|nd|rd|th)?"
_TO_DAY = r"(?:to|until|till|and|or|&|-|\u2013)"
_CURRENCY = either("EUR USD GBP CHF INR SGD kr Rs\\.?")
_COINS = either("dollars? euros? pounds quid rupees rand EUR USD GBP")
_NAMED = either(
    "line block bed room crew route version year grade week term valuation table band page level phase floor unit gate "
    "no\\.? number item step section zone bay bus store site ward station lot order job ticket area aisle platform "
    "tier class chapter machine lane dock"
)
_NOT_NAMED = "".join(rf"(?<!\b{word}\s)" for word in ("last", "next", "this", "past", "per", "each", "every", "a"))
_EARLIER = either(
    "the this his her their our my its these those last past next first most\\srecent all every about \\w+'s"
)
FAULTS = either(
    "errors? mistakes? faults? defects? complaints? no-?shows? rejects? misses mis-?\\w+s failures "
    "(?:late|wrong|missing|damaged|blank|failed|open|unsigned)\\s[\\w-]+s"
)
"""Nouns that count what went wrong: "14 mis-picks in 200"."""
PARTS = {"none": 0.0, "not one": 0.0, "neither": 0.0, "half": 1 / 2, "a third": 1 / 3, "a quarter": 1 / 4}
"""The part of a whole that a word names; "both" and "all" are the whole."""
_AGAIN = either("time issue one warning month week day sprint complaint incident case occasion in\\sa\\srow")

_PARTS = f"(?:{'|'.join(PARTS)})".replace(" ", r"\s")
_NO_WHOLE = rf"(?!\w|\s?(?:{LENGTH}|%|[ap]m\b)|:\d)(?<!\b(?:19|20)\d\d)"
"""After a whole: it is no length of time, no hour, no year."""
_OF_A_WHOLE = rf"(?!\s(?:out\s)?of\s(?:{_EARLIER}\s){{0,3}}{NUMBER}{_NO_WHOLE})"

FIGURE = re.compile(
    rf"""
    (?<![a-z])(?:  # no figure begins inside a word: said once, for speed
    (?P<iso>\b\d{{4}}-\d{{2}}-\d{{2}}\b)
  | (?P<dotted>\b(?:[12]\d|3[01]|0?[1-9])\.(?:1[0-2]|0?[1-9])\.(?:\d{{4}}|\d\d(?!\d))?(?=\W|$)
      | (?:(?<=\bon\s)|(?<=\bby\s)|(?<=\buntil\s))(?:[12]\d|3[01]|0?[1-9])\.(?:1[0-2]|0?[1-9])\b(?!\s?(?:%|[ap]m|h\b)))
  | (?P<pointed>(?:(?<=\bat\s)|(?<=\bby\s)|(?<=\buntil\s)|(?<=\bbefore\s))(?:[01]?\d|2[0-3])\.[0-5]\d\b(?!\s?(?:%|[a-z]*\d)))
  | (?P<clock>\b(?:[01]?\d|2[0-4])
      (?:\so'clock|(?::|h)[0-5]\d(?:\s?{NOON})?|\.[0-5]\d\s?{NOON}|h\b|\s?{NOON}))
  | (?P<halves>\b{_HALVES}|\b(?:noon|midday|midnight)\b)
  | (?P<dayspan>\b{_DAY_OF_MONTH}(?=(?:,\s?{_DAY_OF_MONTH}){{0,3}}\s?{_TO_DAY}\s?(?:the\s)?{_DAY_OF_MONTH}\s(?:of\s)?{_MONTH}\b)
      | \b{_DAY_OF_MONTH}(?=(?:,\s?{_DAY_OF_MONTH}){{2,4}}\s{_MONTH}\b)
      | (?<=\d,\s)\b{_DAY_OF_MONTH}(?=,\s?{_DAY_OF_MONTH}\s{_MONTH}\b))
  | (?P<daymonth>\b\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}\b)
  | (?P<monthday>(?<!\bin\s)\b{_MONTH}\.?\s(?:the\s)?\d{{1,2}}(?:st|nd|rd|th)?\b(?!\s?%|:\d){_OF_A_WHOLE})
  | (?P<money>(?:\b[A-Z]{{1,2}})?[$€£¥₹]\s?{DIGITS}(?:\s?(?:k|m|bn|million|thousand)\b)?
      | \b{_CURRENCY}\s?{DIGITS}(?:\s?(?:k|m|bn|million|thousand)\b)?
      | \b{DIGITS}\s?(?:k\s?)?(?:[€£]|{_COINS}\b))
  | (?P<percent>\b{NUMBER}\s?(?:%|per\s?cent\b|percentage\spoints?\b))
  | (?P<share>\b{NUMBER}\s(?:times\s)?(?:out\s)?of\s(?:(?:{_EARLIER}|\d+(?=\slast))\s){{0,3}}{NUMBER}(?!\w)
      | \b{NUMBER}\s(?:in|out\sof)\s(?:every\s)?{NUMBER}{_NO_WHOLE}
      | \b(?:once|twice|{NUMBER}\stimes)\s(?:in|out\sof)\s(?:{_EARLIER}\s){{0,3}}{NUMBER}{_NO_WHOLE}
      | \b{NUMBER}\sfrom\s(?:the|his|her|their)\s(?:last|past)\s{NUMBER}{_NO_WHOLE}
      | \b{NUMBER}\s(?:[\w-]+\s)?{FAULTS}\s(?:in|out\sof)\s(?:{_EARLIER}\s){{0,3}}{NUMBER}{_NO_WHOLE})
  | (?P<fraction>(?<!\bnot\s)(?<!\balmost\s)(?<!\bnearly\s)\b(?:(?:all|both)(?:\sof)?|{_PARTS}\sof|half(?=\sthe\s))\s
      (?:{_EARLIER}\s){{0,3}}{NUMBER}{_NO_WHOLE}
      | \bevery\s(?:{"|".join(ORDINALS)}|\d(?:nd|rd|th))\b(?!\s(?:counts|{LENGTH}|\w+days?)\b))
  | (?P<slash>\b\d{{1,3}}/\d{{1,3}}\b)
  | (?P<duration>\b{NUMBER}(?:\s(?:1/2|and\sa\shalf))?[\s-]?{LENGTH}\b)
  | (?P<nth>\b\d{{1,3}}(?:st|nd|rd|th)\b)
  | (?P<ordinal>\b(?:{"|".join(ORDINALS)})\s{_AGAIN}\b)
  | (?P<named>{_NOT_NAMED}\b{_NAMED}\s?\#?\d{{1,9}}\b(?!\s(?:times?|of|out\sof)\b)|\#\d{{1,9}}\b|\b[A-Z]{{1,3}}-?\d{{1,9}}\b)
  | (?P<times>\b\d{{1,4}}x\b)
  | (?P<number>(?<![\w.,:/]){DIGITS}(?!\w|[:/]\d)|\b(?:twice|once|{_WORD})\b)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
"""Every way a figure is written; the name of the group says which one it is."""

_ITS_KIND = either(
    "the this that no any each which every last next new another only other old good some my your whole long big"
)
NOT_ONE_BEFORE = re.compile(
    rf"\b{_ITS_KIND}\s$|\w(?:ing|ed|'s)\s$",
    re.IGNORECASE,
)
"""Before "one" where it stands for a noun and counts nothing."""
NOT_ONE_AFTER = re.compile(
    rf"(?:\s{either('of on to who that is was and in day thing another where with for at from has had i')}\b"
    r"|[.,;:!?)-]|$)",
    re.IGNORECASE,
)
HOUR_BEFORE = re.compile(
    r"\b(?:hours are|hours were|at|by|until|till|before|after|around|from|is start|starts?|since)\s$", re.IGNORECASE
)
AT_HOUR = re.compile(r"\b(?:at|by|until|till|to|before|after|around|about|from|since)\s$", re.IGNORECASE)
"""Before "14h" where it is a time of day."""
HOUR_AFTER = re.compile(r"\s?(?:[.,;!?)]|$|(?:and|when|in\sthe|on|or|but|every|instead|with|to|as)\b)", re.IGNORECASE)
HOUR_LISTED = re.compile(rf"\s?(?:,|and|or)\s?(?:1[0-2]|\d)\s?{NOON}", re.IGNORECASE)
HOUR_CONTINUED = re.compile(r"\bat\s(?:1?\d|2[0-4])(?:,\s?(?:1?\d|2[0-4]))*\s?(?:,|and|or)\s$", re.IGNORECASE)
"""Before the second hour of "at 14 and 15"."""
