"""Words around a number that say what it is: the standard, a failure, something done, a list, an early leave."""

from __future__ import annotations

import re

from fourthright.figures.grammar import FAULTS, either, word_set

_STANDARD_NOUN = either(
    "target standard average avg norm normal limit deadline cut_?-?off quota goal budget plan calendar schedule policy "
    "appointment allowance contract sla benchmark median agreed_time agreed_date due_date rule usual promise quote "
    "estimate hours opening_hours opening_time closing_time start start_time rota roster syllabus guideline procedure requirement minimum maximum slot"
)
_IS = either("is was are were of says? said has had at for")
_FOR_WHOM = either("was is are were for at on him her them us customers? clients? the_customers? the_clients?")
_OTHERS = either("others rest_of_the_team everyone_else colleagues the_team the_rest the_best other_\\w+")
_OTHERS_DO = either("do does average averages have has take takes is are manage manages need needs get gets")
_SAID = either("promised? promises quoted planned allowed budgeted agreed scheduled expected expects asks_for allows")

_SUBJECT = either("was were is are been we they he she customers? clients? policy plan contract as which")
_NEARLY = either(
    "about around roughly by at on the a an only under within no_later_than max maximum latest every between"
)

STANDARD_BEFORE = re.compile(
    r"(?:"
    r"\b(?:(?:is|was|were|are|it's|they're)\s)?due(?:\s(?:on|by|at|in|back))?"
    r"|\b(?:instead\sof|rather\sthan|against|versus|vs\.?|compared\s(?:to|with)|not\sthe|target:?)"
    rf"|(?:^|[,;(:]\s?|\b{_SUBJECT}\s){_SAID}(?:\s{_FOR_WHOM})?"
    rf"|\b{_STANDARD_NOUN}(?:(?:\s(?!has|have)\w+){{0,2}}?\s{_IS}|\s?[:=(])?"
    r"|\bshould\s(?:be|take|have\sbeen|get|come|reach)(?:\s\w+)?"
    r"|\b(?:supposed|meant)\sto\s(?:be|take|start|finish|arrive|come)(?:\sdone)?"
    r"|\bneeds?\s(?:them|it|those|these|this|to\sbe)(?:\s\w+)?\s(?:by|at|before|within)"
    r"|\bwhat\swe\spromised?(?:\s\w+)?\sis"
    rf"|\b{_OTHERS}(?:\s\w+)?\s{_OTHERS_DO}"
    r"|(?<!\bhe\s)(?<!\bshe\s)(?<!\bthey\s)\b(?:starts?|opens?|begins?|closes?|ends?)(?:\sis)?\sat"
    rf")\s*(?:{_NEARLY}\s)*\s*$",
    re.IGNORECASE,
)
_STANDARD_WORD = either(
    "deadline start target limit quoted promised allowed budgeted expected agreed slots? appointments? cut_?-?off "
    "standard"
)
_STANDARD_IS = either("normal usual standard target norm limit rule policy")
STANDARD_AFTER = re.compile(
    rf"\s(?:(?!vs|against|instead|versus|and|for)\w+\s)?{_STANDARD_WORD}\b"
    rf"|\s(?:is|was|are)\s(?:the\s|our\s)?{_STANDARD_IS}\b",
    re.IGNORECASE,
)
PLANNED = re.compile(
    rf"\b{either('calendar plan planned schedule scheduled rota supposed agreed target goal quota')}\b", re.IGNORECASE
)
"""A standard that says how many there should be."""

_FAULTY = either(
    "blank missing missed late wrong absent incomplete empty overdue open unanswered unread unsigned errors? mistakes? "
    "returned rejected bounced sent_back failed failing broken defects? incorrect skipped forgot forgotten complaints? "
    "complained damaged short lost red cancelled canceled dropped rework overran refunds? over past blown expired "
    "unmatched unpaid unfinished unfilled unlogged uncalled untested undocumented unlocked unmade mis\\w+ed reopened "
    "interrupted talked_over"
)
_WENT_WRONG = f"(?:{_FAULTY}|{either('instead_of no not none never without w/o nothing nobody neither')})"
FAILED = re.compile(
    rf"\b(?:{_WENT_WRONG}|{FAULTS})\b|n't\b|\b{either('did does was were had is has do have are')}nt\b", re.IGNORECASE
)
NO_FAULT = re.compile(
    rf"(?:\b(?:no|not|never|without|nothing|none)|n't)\s(?:(?:a\ssingle|any|a|one|been)\s)?(?:{FAULTS}|{_FAULTY})\b",
    re.IGNORECASE,
)
"""The denial of a failure: "had no errors", "never late"."""
BEFORE_COUNT = re.compile(r"[.;,\n]\s|\s(?:but|and|so|because|while|although|though|that)\s", re.IGNORECASE)
AFTER_COUNT = re.compile(r"\s(?:but|and|so|because|while|although|though)\s", re.IGNORECASE)
"""Edges of the clause in which a count stands."""

_WAS_DONE = either(
    "happened held done complete completed submitted attended sent signed filled on_time answered delivered finished "
    "closed met took_place logged replied returned_calls reconciled returned_the passed_the made_it in_the_folder "
    "in_the_system in_the_log in_the_file are_in were_in there_are there_were there_have_been"
)
DONE = re.compile(rf"\b{_WAS_DONE}\b", re.IGNORECASE)
DONE_REACH = 6
"""Words after a count among which a word for "done" counts."""
ONLY_BEFORE = re.compile(rf"\b{either('only just barely merely no_more_than not_even as_few_as')}\s(?:about\s)?$", re.I)
_PART_DOES = either("had have has were was are is came got went did didnt only")
PART_AFTER = re.compile(
    rf"\s(?:of\s(?:them|those|these)\b|(?:\w+\s)?{_PART_DOES}\b|{_WENT_WRONG}\b)|n't\b|\s?(?:$|[.)])", re.IGNORECASE
)
LINKS_PART = re.compile(r"(?:[,:;.]|\sand|\sbut|,\s(?:\w+\s){1,3}(?:on|in))?\s(?:only\s)?$", re.IGNORECASE)
"""Between the number of things and how many of them."""
CHECKED_BEFORE = re.compile(
    rf"\b{either('checked audited sampled reviewed tested inspected opened counted pulled looked_at went_through read')}\s$",
    re.IGNORECASE,
)
"""Before a number of things that need no noun to be a whole: "I checked 15, 4 were wrong"."""
AMONG_BEFORE = re.compile(
    r"\b(?:out\sof|of|among)\s(?:(?:the|his|her|their|my|our)\s)?(?:(?:last|past)\s)?$", re.IGNORECASE
)
LAST_BEFORE = re.compile(r"\b(?:last|past)\s$", re.IGNORECASE)
ALL_FAILED_AFTER = re.compile(
    r"\s(?:[\w-]+\s){1,3}(?:had\sno|had\snone|were\sall\slate|were\snot|weren't|werent|have\sno|without|with\sno)\b",
    re.IGNORECASE,
)

_LEFT = either("left leaves leaving leave logged_off logs_off clocked_out went_home goes_home closed early")
LEFT_EARLY = re.compile(rf"\b{_LEFT}\b", re.IGNORECASE)
ENDS = re.compile(r"\b(?:ends?|finish(?:es)?|until|till|closes?|early)\b", re.IGNORECASE)
"""Beside a time: it is when something ends."""
OTHER_DAY = re.compile(
    r"\b(?:next|following)\s(?:day|morning|week)\b|\bthe\s(?:day|night)\s(?:after|before)\b", re.IGNORECASE
)
_LENGTH_OF_TIME = either("aht handle_time handling_time average avg target score pace lap per_call talk_time wait_time")
MEASURED_CLOCK = re.compile(rf"\b{_LENGTH_OF_TIME}\b", re.IGNORECASE)
"""Words beside which 9:40 is a length of time, not a time of day."""
LATE_WORDS = re.compile(r"\b(?:due|deadline|promised|should\shave)\b", re.IGNORECASE)
OWN_ACT = re.compile(
    r"(?:i|we) (?!(?:\w+ )?(?:found|saw|see|counted|checked|audited|noted|read|heard|clocked|listened|looked|pulled|had|have|got)\b)",
    re.IGNORECASE,
)
"""The manager's own doing; finding and counting are how the evidence came."""
CLAUSE_EDGE = re.compile(
    r"[,;:.!?]\s+(?:(?:and|but|so|while|when)\s+)?|\s(?:and|but|so|because|which|while|when)\s+|\s?\(|\)\s?"
)

JOINS = word_set("and or but so because which who while when where then although though")
"""Words between two clauses."""
PREPOSITIONS = word_set(
    "in on at for from with without since after before during by until within through per according"
)
DETERMINERS = word_set("the a an his her their our my its your this that these those some no every each another")
SUBJECTS = word_set(
    "i he she they we it you i'm i've i'd im ive he's he'd she's she'd they're they've they'd we're we've we'd it's its "
    "there there's nobody everyone"
)
FINITE = word_set(
    "had have has was were is are came come comes got get gets went go goes did do does didn't didnt don't dont doesn't "
    "hadn't hadnt hasn't hasnt haven't havent wasn't wasnt weren't werent isn't aren't never took take takes sat sits "
    "happened missed failed showed show turned arrived started waited"
)
"""Verbs that say something of what was counted."""
BEFORE_QUANTITY = DETERMINERS | word_set(
    "last past first next only just about around nearly almost over under more less fewer than at least most all of out"
)
DANGLES = (
    (DETERMINERS - {"that", "this"})
    | PREPOSITIONS
    | JOINS
    | word_set(
        "werent weren't wasnt wasn't didnt didn't doesnt doesn't dont don't hadnt hadn't hasnt hasn't can't cant"
    )
    | word_set(
        "of to than as or that is are was were be been had has have did does do not very about whole who if what"
    )
)
"""Words that nothing said aloud ends with."""
OF_THOSE = re.compile(r"\sof\s(?:those|these|them)\b", re.IGNORECASE)
COMPARED = word_set("after before past late early instead than over under above below short too behind")
"""What a figure is held against begins here: 25 minutes after the start."""
TIME_LEADS = word_set("last this next every each yesterday today")
TIME_NOUNS = word_set(
    "week month year quarter sprint term season night morning afternoon evening monday tuesday wednesday thursday "
    "friday saturday sunday weekend day shift"
)
