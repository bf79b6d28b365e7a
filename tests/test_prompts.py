"""Prompts are data: a version stands for one body, and no variable is ever left blank."""

from __future__ import annotations

from pathlib import Path

import pytest

from fourthright import prompts
from fourthright.errors import KnowledgeError
from fourthright.prompts import Prompt, Prompts

PINNED: dict[str, tuple[int, str]] = {
    "examples": (1, "8819d7414ab4"),
    "expectation": (1, "c9b743e98142"),
    "fill": (1, "afbc15ddcdbd"),
    "question": (1, "d5ea3e55d6a2"),
    "reword": (1, "0ef21e5c2938"),
    "repair": (2, "f132f0725283"),
    "serious": (1, "e86d80ecfaa8"),
    "situation": (1, "7b42b8d403e4"),
    "system": (1, "e2668284a7e2"),
}
"""Name -> version and digest of the body. Whoever changes a body raises its version and pins both anew."""


def test_every_prompt_is_pinned(prompt_set: Prompts) -> None:
    assert set(PINNED) == set(prompt_set.by_name)


@pytest.mark.parametrize("name", PINNED)
def test_a_version_stands_for_one_body(prompt_set: Prompts, name: str) -> None:
    version, digest = PINNED[name]
    prompt = prompt_set[name]
    if prompt.version == version:
        assert prompt.digest == digest, f"{name}: the body changed; raise its version, then pin version and digest here"
    else:
        assert prompt.version > version, f"{name}: the version went down"
        assert prompt.digest != digest, f"{name}: a new version of the same body"
        pytest.fail(f"{name}: version {prompt.version} is not pinned; pin ({prompt.version}, '{prompt.digest}') here")


def test_one_changed_letter_is_another_digest() -> None:
    one = Prompt(name="a", version=1, body="Say $what.", inputs=("what",))
    other = Prompt(name="a", version=1, body="say $what.", inputs=("what",))
    assert one.digest != other.digest


def test_versions_are_what_a_page_records(prompt_set: Prompts) -> None:
    assert prompt_set.versions == {name: str(prompt.version) for name, prompt in prompt_set.by_name.items()}


def test_every_prompt_renders_with_its_inputs_and_leaves_no_variable(prompt_set: Prompts) -> None:
    for prompt in prompt_set.by_name.values():
        text = prompt.render(**{name: f"<{name}>" for name in prompt.inputs})
        assert all(f"<{name}>" in text for name in prompt.inputs)
        assert not any(f"${name}" in text for name in prompt.inputs)


def test_what_is_put_in_is_not_read_as_a_template() -> None:
    prompt = Prompt(name="a", version=1, body="Seen: $seen", inputs=("seen",))
    assert prompt.render(seen="$5 and ${seen} and $$") == "Seen: $5 and ${seen} and $$"


def test_a_missing_variable_is_an_error() -> None:
    prompt = Prompt(name="a", version=1, body="$one $two", inputs=("one", "two"))
    with pytest.raises(KeyError, match="two"):
        prompt.render(one="1")


def test_an_unknown_variable_is_an_error() -> None:
    prompt = Prompt(name="a", version=1, body="$one", inputs=("one",))
    with pytest.raises(TypeError, match="three"):
        prompt.render(one="1", three="3")


def test_an_unknown_prompt_is_an_error(prompt_set: Prompts) -> None:
    with pytest.raises(KeyError):
        prompt_set["no such prompt"]


HEAD = "---\nname: ask\nversion: 1\ninputs: [seen]\n---\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD + "Nothing.", "seen"),
        (HEAD + "$seen $other", "other"),
        (HEAD + "$seen costs $5", "differ"),
        (HEAD.replace("1", "0") + "$seen", "version"),
        (HEAD.replace("version: 1\n", "") + "$seen", "version"),
        (HEAD.replace("ask", "else") + "$seen", "else"),
        (HEAD.replace("[seen]", "[seen") + "$seen", "ask.md"),
        ("Just text.", "front matter"),
        (HEAD.replace("name: ask\n", "name: ask\nmodel: x\n") + "$seen", "model"),
    ],
)
def test_a_broken_file_is_one_line_that_names_it(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "ask.md").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        prompts.load(tmp_path)
    line = str(caught.value)
    assert line.startswith(str(tmp_path / "ask.md"))
    assert says in line
    assert "\n" not in line


def test_a_good_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "ask.md").write_text(HEAD + "\nSeen: $seen\n", encoding="utf-8")
    assert prompts.load(tmp_path)["ask"].render(seen="late") == "Seen: late"
