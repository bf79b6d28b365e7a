"""Whose conversation it is, where the manager did not say."""

from __future__ import annotations

import pytest

from fourthright.knowledge import Knowledge
from fourthright.naming import employee_names


def test_given_names_stand(handbook: Knowledge) -> None:
    assert employee_names("Tomasz was late on Monday.", ("Noor", "Devon"), handbook) == ("Noor", "Devon")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Tomasz was late on Monday and Tomasz had no report.", "Tomasz"),
        ("I need to talk with Farida about the till.", "Farida"),
        ("My analyst Joao missed two month ends. Joao is good with clients.", "Joao"),
        ("I read Priya's log, 6 of 7 days were empty. She closes late.", "Priya"),
        ("it is about Zofia, she closes late", "Zofia"),
        ("O’Neill has left the gate open. I told O’Neill in May.", "O’Neill"),
        ("Sorry this is long. So Kelsey came to us from a hotel. She said she thought Devon was closing.", "Kelsey"),
        ("Mechanic Juraj, 6 years here. Comebacks: 5 cars in October.", "Juraj"),
        ("Support agent Kofi closes tickets without an answer. Ama had to call them back.", "Kofi"),
        ("Frau Keller plans the slots. The plan came on Monday.", "Keller"),
        ("Grace has the best numbers. Six complaints, mostly about her tone.", "Grace"),
        ("Wei Jie, 2nd year consultant, is above plan. He sent no answers.", "Wei Jie"),
        ("jess opens for us thu to sun, customers ask for her", "Jess"),
        ("my cook anil is very fast but he forgot the labels", "Anil"),
        ("Marcus has 41 open claims and he is slow. I offered to pair him with Dana.", "Marcus"),
        ("Wes has been here since 2011, he did the library job in Stowe.", "Wes"),
    ],
)
def test_a_name_is_read_off_the_text(handbook: Knowledge, text: str, name: str) -> None:
    assert employee_names(text, (), handbook) == (name,)


@pytest.mark.parametrize(
    "text",
    [
        "On Monday and Tuesday the till was 40 short. In March it was fine.",
        "she was late 3 times this week",
        "I told HR in May. The CRM was empty.",
        "Late again. Nobody was there.",
        "Nurse on ward 3 forgets the charts. I asked Lena to keep an eye on her.",
        "Roster has had 2 gaps every weekend, he knows it.",
        "The Zebra scanners sit in a drawer and she was late in Croydon.",
        "Salesforce is empty again and he says it is slow.",
        "Her manager Omar is annoyed, she was late twice.",
        "definately late again, he was at the pub",
        "",
        "😀 💥",
    ],
)
def test_other_words_and_other_people_are_nobody(handbook: Knowledge, text: str) -> None:
    assert employee_names(text, (), handbook) == ()


def test_of_two_people_as_likely_neither_is_named(handbook: Knowledge) -> None:
    assert employee_names("My nurse Imke is late. My nurse Sanne is late.", (), handbook) == ()


def test_the_name_with_a_surname_comes_after_the_name_alone(handbook: Knowledge) -> None:
    text = "Tomasz Kowal was late on Monday. Tomasz had no report."
    assert employee_names(text, (), handbook) == ("Tomasz", "Tomasz Kowal")


def test_the_one_who_is_spoken_of_most_is_meant(handbook: Knowledge) -> None:
    text = "Tomasz was late on Monday. Tomasz had no report. A customer, Mrs Brandt, phoned. Tomasz said sorry."
    assert employee_names(text, (), handbook) == ("Tomasz",)
