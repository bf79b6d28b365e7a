"""Messy situations as managers type them, for tests that must hold on any text."""

from __future__ import annotations

import json
from pathlib import Path

WRITTEN = (
    "um so yeah its about tariq he drives the van for us and um he was late to the depot four times since the clocks "
    "changed the tachograph shows it and twice the fridge van door was not closed properly and then on thursday a "
    "customer in leeds got his boxes at ten past three and he was promised noon and when i rang him he didnt pick up he "
    "is a really nice lad and the lads like him but i have told him before about the door we had a toolbox talk in "
    "september and for about a week it was fine and then it went back to how it was i think his head is somewhere else",
    "1) Rosa's grading. 38 of 120 essays were returned after the two-week limit this semester; the syllabus promises "
    '14 days.\r\n2) Office hours - she cancelled 5 of 9, no notice on the door.\r\n3) Tone: students say she is "scary". '
    "I wasn't there.\r\nWhat works: her lectures are the best in the faculty.\r\nI wrote to her on 3 October about the "
    "grading. She answered the same day and the next batch was on time, the one after that wasn't.",
    "Please I need advise for my worker Emeka. He is arriving late, Monday 8:40, Tuesday 8:35, Thursday 9:05, while work "
    "is start 8:00. Also the generator was not service for 6 weeks but schedule is every 2 weeks. I have warn him many "
    "times, he will say sorry sorry but next week it is same thing. He is a very honest boy and strong. His wife just "
    "born so I don’t know. He has a bad attitude to work nowadays.",
    "He's toxic. Everyone knows it. Nobody wants to sit near him. I can't give examples because he is clever about it.",
    "So my bookkeeper, Agnes — 61, been with us forever — reconciled only 2 of the last 6 months. The bank feed shows "
    "340 unmatched lines as of 30 Nov. VAT return went in on 12 Nov, deadline was the 7th, we paid a €150 penalty. She's "
    "meticulous with payroll: not one wrong payslip in ten years. I just need her to be faster & more modern.",
    "Few things about Mr. Shafiq, e.g. the log. (a) first thing, the sheet was blank at 18h30, (b) he said “not my job” "
    "in front of Dr. Rao, (c) second shift started at 2.15 p.m. on Monday. First, the rate: 2,400 of 10,000 labels. "
    "Second, he left at 9:15.\n\t* no entry on the 4th\n\t* no entry on the 5th",
    "रोहन came late 3 times last week 😀😀 and अनिता told me he was on the phone. He is सुस्त I think",
)


def situations() -> tuple[str, ...]:
    """The texts above and every situation that comes with the evals."""
    cases = sorted(Path(__file__).resolve().parents[1].glob("evals/cases/**/*.jsonl"))
    rows = (
        json.loads(line) for path in cases for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
    )
    return (*WRITTEN, *(str(row["text"]) for row in rows if row.get("text")))
