"""What comes through the door, and the one line for what does not."""

from __future__ import annotations

import io

import pytest

from fourthright.domain import MAX_SITUATION_CHARS
from fourthright.errors import BadInput, FourthrightError, NotEnglish
from fourthright.intake import MAX_SITUATION_BYTES, decode, read_text, situation

ENGLISH = [
    "Femi closed 9 tickets this week without calling back. Help?",
    "Tom is always late",
    "PR review slow. Kofi merges w/o tests. 5 of 8 last sprint.",
    "SAP postings wrong, Rajesh, 7 of 20",
    "My employee he not do the report since two week, I have say him many time.",
    "José no call the client, he come late 3 day this week, sorry for my english",
    "Nguyen no call customer 4 times. what I do",
    'He told the customer "je m\'en fous" twice on Tuesday and left the counter',
    'Klaus says "das ist nicht mein Job" every time I ask him to clean the press, 4 times this week',
    "Xiaoming always say 没问题 but the report come late, 3 times in october",
    "TOM CAME LATE THREE TIMES THIS WEEK AND NOBODY COVERS THE DESK",
    "Ana missed 2 handovers 😡 and the night nurse had to ring her at home",
    "Tom is late again and <b>never</b> calls <script>alert(1)</script>",
]
FOREIGN = [
    "Yanis n'est pas sérieux, il arrive en retard trois fois par semaine.",
    "Klaus kommt jeden Tag zu spät und macht seine Berichte nicht.",
    "Juan llega tarde todos los días y no contesta a los clientes.",
    "Tomek spóźnia się codziennie i nie oddzwania do klientów.",
    "Marco arriva sempre in ritardo e non risponde ai clienti.",
    "Wout heeft vrijdag weer het rek geraakt, tweede keer deze maand.",
    "राहुल हर दिन देर से आता है और रिपोर्ट नहीं देता।",
    "小王每天迟到，报告也没有按时交。他态度不好。",
    "أحمد يتأخر كل يوم ولا يرد على العملاء.",
    "Linh đi làm muộn ba lần trong tuần này và không ghi sổ.",
    "Иван каждый день опаздывает и не сдаёт отчёты.",
    "Mehmet her gün geç geliyor ve raporları yazmıyor.",
    "田中さんは毎日遅刻して、報告書を出しません。",
    "Rahul roz late aata hai aur report nahi deta",
]
BAD = {
    "empty": "",
    "blank": " \r\n\t ",
    "one word": "help",
    "one word, often": "help " * 1000,
    "only emoji": "😀😀 🎉 👍",
    "only numbers": "123 456 789",
    "too long": "Tom is late. " * 2000,
    "a web page": "<!DOCTYPE html><html><body><p>Tom is late again this week</p></body></html>",
    "only a script": "<script>alert('hello there my friend')</script>",
    "a control character": "Tom is late\x00 again this week",
}


@pytest.mark.parametrize("text", ENGLISH)
def test_english_of_every_kind_passes_unchanged(text: str) -> None:
    assert situation(text).text == text


@pytest.mark.parametrize("text", FOREIGN)
def test_another_language_gets_one_line(text: str) -> None:
    with pytest.raises(NotEnglish) as refused:
        situation(text)
    _is_one_line_without(refused.value, text)


@pytest.mark.parametrize("text", BAD.values(), ids=list(BAD))
def test_bad_input_gets_one_line(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        situation(text)
    _is_one_line_without(refused.value, text)


def test_a_long_foreign_mail_pasted_below_an_english_note_passes() -> None:
    note = "Bo booked three patients into the wrong week in October and I had to ring each of them back."
    mail = " Die Termine wurden wieder nicht eingetragen, bitte kümmern Sie sich darum." * 3
    assert situation(note + mail).text == note + mail


def test_line_ends_stay_as_typed_and_the_byte_order_mark_goes() -> None:
    typed = "Tom was late on Monday.\r\nAnd again on Tuesday.\r\n"
    text = decode(b"\xef\xbb\xbf" + typed.encode())
    assert situation(text).text == typed


def test_the_extras_are_trimmed_and_empty_ones_are_none() -> None:
    made = situation("Tom was late on Monday.", role=" waiter ", names=["Tom", " ", "Tom", "Ana  B"], history="  ")
    assert (made.role, made.names, made.history) == ("waiter", ("Tom", "Ana B"), None)


@pytest.mark.parametrize("extra", [{"role": "x" * 121}, {"names": ["x"] * 1 + ["y" * 81]}, {"history": "x" * 4001}])
def test_extras_that_are_too_long_are_refused(extra: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        situation("Tom was late on Monday.", **extra)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "hint"),
    [
        ("Tom is late".encode("utf-16"), "UTF-16"),
        ("José is late".encode("latin-1"), "UTF-8"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a text file"),
    ],
)
def test_bytes_that_are_no_utf8_text_are_named(raw: bytes, hint: str) -> None:
    with pytest.raises(BadInput, match=hint):
        decode(raw)


def test_no_more_is_read_than_can_be_used() -> None:
    stream = io.BytesIO(b"a" * 1_000_000)
    with pytest.raises(BadInput, match="too long"):
        read_text(stream)
    assert stream.tell() == MAX_SITUATION_BYTES + 1


def test_a_text_of_the_longest_kind_fits() -> None:
    text = ("Tom was late again today. " * 1000)[: MAX_SITUATION_CHARS - 1] + "𝔗"
    assert situation(read_text(io.BytesIO(text.encode("utf-8-sig")))).text == text


def _is_one_line_without(error: FourthrightError, text: str) -> None:
    assert error.exit_code == 2
    assert "\n" not in str(error)
    assert len(text) < 10 or text not in str(error)
