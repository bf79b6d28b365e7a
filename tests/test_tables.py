"""A table as Markdown renders as typed."""

from __future__ import annotations

from fourthright.export.tables import markdown
from fourthright.sheets import Table


def test_a_cell_cannot_break_out_of_its_row() -> None:
    made = markdown(Table(heading=("Phrase", "Note"), rows=(("a | b\nc", "<b>x</b> [y](http://z)"), ("", ""))))
    lines = made.splitlines()
    assert len(lines) == 4
    assert lines[0] == "| Phrase | Note |"
    assert lines[1] == "|---|---|"
    assert "a \\| b c" in lines[2]
    assert "\\<b\\>" in lines[2]
    assert "](http" not in lines[2]
