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
        ("I read Priya's log, 6 of 7 days were empty.", "Priya"),
        ("it is about Zofia, she closes late", "Zofia"),
        ("O’Neill has left the gate open. I told O’Neill in May.", "O’Neill"),
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
        "",
        "😀 💥",
    ],
)
def test_days_months_and_systems_are_nobody(handbook: Knowledge, text: str) -> None:
    assert employee_names(text, (), handbook) == ()


def test_the_one_who_is_spoken_of_most_is_meant(handbook: Knowledge) -> None:
    text = "Tomasz was late on Monday. Tomasz had no report. A customer, Mrs Brandt, phoned. Tomasz said sorry."
    assert employee_names(text, (), handbook) == ("Tomasz",)
