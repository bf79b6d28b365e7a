"""The terminal: exit codes, one line on stderr, JSON on stdout, and nothing heavy where it is not needed."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

import sample
from fourthright import cli, jsonl
from fourthright.domain import Prep, Progress, Situation
from fourthright.errors import BadInput, ModelBusy, WeightsMissing
from fourthright.terminal import PIPE_CLOSED

HEAVY = ("litellm", "chromadb", "streamlit", "onnxruntime", "xllamacpp")
NOTE = sample.TEXT


class Typed:
    """Standard input with something in it."""

    def __init__(self, raw: bytes) -> None:
        self.buffer = io.BytesIO(raw)

    def isatty(self) -> bool:
        return False


class Terminal:
    """Runs commands in this process and keeps what they print."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        self._monkeypatch, self._captured = monkeypatch, capfdbinary

    def __call__(self, *arguments: str, typed: bytes | str = b"") -> tuple[int, str, str]:
        raw = typed.encode() if isinstance(typed, str) else typed
        self._monkeypatch.setattr(sys, "stdin", Typed(raw))
        code = cli.run(list(arguments))
        out, err = self._captured.readouterr()
        return code, out.decode(), err.decode()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Terminal:
    return Terminal(monkeypatch, capfdbinary)


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Situation, bool]]:
    """`prepare` and its engine scripted: the situations they were asked about."""
    asked: list[tuple[Situation, bool]] = []

    def prepare(situation: Situation, engine: bool, *, on_progress: Callable[[Progress], None]) -> Prep:
        asked.append((situation, engine))
        on_progress(Progress(doing="Reading", done=1, total=2))
        return sample.withheld() if "grievance" in situation.text else sample.ready()

    monkeypatch.setattr("fourthright.bootstrap.engine", lambda settings, *, with_model: with_model)
    monkeypatch.setattr("fourthright.prepare.prepare", prepare)
    return asked


def shell(*arguments: str, typed: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", "from fourthright.cli import main; main()", *arguments],
        input=typed,
        capture_output=True,
        timeout=120,
        check=False,
        env=os.environ | environment,
    )


def test_help_and_the_checks_import_nothing_heavy() -> None:
    code = (
        "import sys, io\n"
        "from fourthright import cli\n"
        "cli.run(['--help']); cli.run(['prepare', '--help']); cli.run(['nonsense'])\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"


def test_the_rules_run_without_anything_heavy() -> None:
    line = json.dumps({"id": 1, "behaviour": "Signs the log", "measure": "m", "target": "t", "by_when": "w"})
    code = (
        "import sys\n"
        "from fourthright import cli\n"
        "cli.run(['check', 'expectations'])\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], input=line, capture_output=True, text=True, timeout=60, check=True
    )
    assert json.loads(ran.stdout.splitlines()[0])["id"] == 1
    assert ran.stdout.splitlines()[-1] == "[]"


def test_no_command_at_all_is_help(terminal: Terminal) -> None:
    code, out, _ = terminal()
    assert code == 0
    for command in ("prepare", "rewrite", "review", "check", "screen", "guidance", "models", "serve"):
        assert command in out


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["prepare", "--nonsense"], ["serve", "--port", "banana"], ["check"]]
)
def test_a_wrong_call_is_exit_2(terminal: Terminal, arguments: list[str]) -> None:
    code, _, err = terminal(*arguments)
    assert code == 2
    assert err.startswith("fourthright: ")


def test_a_note_becomes_a_page_and_progress_goes_to_stderr(
    terminal: Terminal, scripted: list[tuple[Situation, bool]], tmp_path: Path
) -> None:
    note = tmp_path / "note.txt"
    note.write_bytes(b"\xef\xbb\xbf" + NOTE.replace(". ", ".\r\n").encode())
    code, out, err = terminal("prepare", str(note), "--role", "returns desk", "--name", "Noor", "--name", "Devon")
    assert code == 0
    assert out.startswith("# Noor, returns desk\n")
    assert "[1/2] Reading" in err
    situation, with_model = scripted[0]
    assert situation.text == NOTE.replace(". ", ".\r\n")
    assert (situation.role, situation.names, with_model) == ("returns desk", ("Noor", "Devon"), True)


def test_json_is_one_prep_with_all_its_keys(terminal: Terminal, scripted: list[tuple[Situation, bool]]) -> None:
    code, out, _ = terminal("prepare", "-", "--no-model", "--json", typed=NOTE)
    assert code == 0
    prep = json.loads(out)
    assert prep["schema"] == "prep/1"
    assert prep["agenda"]["with"] == "employee"
    assert prep["expectations"][0]["numbers"][0]["from"] == ["o2"]
    assert Prep.model_validate(prep) == sample.ready()
    assert scripted[0][1] is False


def test_a_withheld_page_is_exit_3_and_the_json_still_comes(
    terminal: Terminal, scripted: list[tuple[Situation, bool]]
) -> None:
    code, out, _ = terminal("prepare", "--json", typed="She filed a grievance in May and now she is slow.")
    assert code == 3
    assert json.loads(out)["status"] == "withheld"


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        (b"", "no text"),
        (b"help", "too short"),
        ("😀😀".encode(), "too short"),
        (b"a" * 1_000_000, "too long"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not a text file"),
        ("José is late again".encode("latin-1"), "UTF-8"),
        ("Tom is late".encode("utf-16"), "UTF-16"),
        ("Klaus kommt jeden Tag zu spät und macht seine Berichte nicht.".encode(), "English"),
        (b"<html><body>Tom is late again today</body></html>", "web page"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(terminal: Terminal, typed: bytes, hint: str) -> None:
    code, out, err = terminal("prepare", typed=typed)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("fourthright: ")
    assert hint in err


@pytest.mark.parametrize("path", ["missing.txt", "."])
def test_a_file_that_cannot_be_read_is_named(terminal: Terminal, tmp_path: Path, path: str) -> None:
    code, _, err = terminal("prepare", str(tmp_path / path))
    assert (code, err.count("\n")) == (2, 1)
    assert str(tmp_path) in err


@pytest.mark.parametrize(
    ("error", "expected"),
    [(WeightsMissing("no model"), 4), (ModelBusy("busy"), 4), (KeyboardInterrupt(), 130), (KeyError("Noor tidied"), 1)],
)
def test_what_goes_wrong_is_one_line_and_its_own_exit_code(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, error: BaseException, expected: int
) -> None:
    def engine(settings: object, *, with_model: bool) -> None:
        raise error

    monkeypatch.setattr("fourthright.bootstrap.engine", engine)
    code, out, err = terminal("prepare", typed=NOTE)
    assert (code, out, err.count("\n")) == (expected, "", 1)
    assert "Noor" not in err


def test_a_setting_that_cannot_be_used_is_exit_2(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOURTHRIGHT_TIMEOUT_S", "soon")
    code, _, err = terminal("prepare", typed=NOTE)
    assert code == 2
    assert "FOURTHRIGHT_TIMEOUT_S" in err


def test_check_expectations(terminal: Terminal) -> None:
    good = {
        "behaviour": "Scans each parcel before it goes on the shelf",
        "measure": "Counted in the scan log at close",
        "target": "at most 4 of 40 not scanned",
        "by_when": "within 3 weeks",
    }
    lines = [{"id": "good", **good}, {"id": 7, **good, "behaviour": "Has a positive attitude"}]
    code, out, err = terminal("check", "expectations", typed="\n".join(map(json.dumps, lines)))
    answers = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert [answer["id"] for answer in answers] == ["good", 7]
    assert "behaviour-observable" in [finding["rule"] for finding in answers[1]["findings"]]
    assert set(answers[1]["findings"][0]) == {"rule", "severity", "quote", "why", "better"}


def test_check_questions(terminal: Terminal) -> None:
    lines = [
        {"id": 1, "text": "What does done look like to you?"},
        {"id": 2, "text": "Can you start on Monday?", "purpose": "commitment"},
        {"id": 3, "text": "Can you start on Monday?"},
    ]
    code, out, _ = terminal("check", "questions", typed="\n".join(map(json.dumps, lines)))
    first, second, third = (json.loads(line) for line in out.splitlines())
    assert code == 0
    assert set(first) == {"id", "dimension", "findings"}
    assert first["findings"] == []
    assert "open" not in [finding["rule"] for finding in second["findings"]]
    assert "open" in [finding["rule"] for finding in third["findings"]]


def test_screen(terminal: Terminal) -> None:
    lines = [
        {"id": "a", "text": "He was late twice this week."},
        {"id": "b", "text": "She filed a harassment complaint in May and HR asked me to find reasons to let her go."},
    ]
    code, out, _ = terminal("screen", typed="\n".join(map(json.dumps, lines)))
    first, second = (json.loads(line) for line in out.splitlines())
    assert code == 0
    assert (first["level"], first["flags"]) == ("NONE", [])
    assert second["level"] in ("HOLD", "REFUSE")
    assert set(second["flags"][0]) == {"trigger", "level", "quote", "reason", "route"}


def test_a_bad_line_is_answered_in_its_place_and_the_rest_goes_on(terminal: Terminal) -> None:
    typed = b"\xef\xbb\xbf" + b"\r\n".join(
        [
            b'{"id": 1, "text": "What happened?"}',
            b"nonsense",
            b'{"text": "no id"}',
            b"",
            b"[1]",
            b'{"id": 2, "text": "\xff"}',
        ]
    )
    code, out, _ = terminal("check", "questions", typed=typed + b'\r\n{"id": 3, "text": "What now?"}')
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 2
    assert [(answer["id"], answer.get("line")) for answer in answers] == [
        (1, None), (None, 2), (None, 3), (None, 5), (None, 6), (3, None),
    ]  # fmt: skip
    assert all(set(answer) == {"id", "line", "error"} for answer in answers[1:5])


def test_no_lines_at_all_is_exit_2(terminal: Terminal) -> None:
    assert terminal("check", "questions", typed=" \n\n")[0] == 2


def test_lines_are_answered_one_by_one() -> None:
    class Endless(io.RawIOBase):
        """A stream that never ends, and counts what was taken."""

        taken = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            self.taken += 1
            return b'{"id": 1, "text": "What happened?"}\n'

    stream = Endless()
    answers = jsonl.answers(stream, cli.TextLine, lambda line: {"id": line.id})  # type: ignore[arg-type]
    assert [next(answers) for _ in range(3)] == [({"id": 1}, True)] * 3
    assert stream.taken == 3


def test_a_line_without_end_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "MAX_LINE_BYTES", 100)
    stream = io.BytesIO(b'{"id": 0, "text": "' + b"x" * 1000 + b'"}\n{"id": 1, "text": "fine"}\n')
    first, second = jsonl.answers(stream, cli.TextLine, lambda line: {"id": line.id})
    assert (first[0]["line"], first[1]) == (1, False)
    assert second == ({"id": 1}, True)


def test_a_line_of_blanks_only_is_no_answer() -> None:
    with pytest.raises(BadInput):
        list(jsonl.answers(io.BytesIO(b"\n \n"), cli.TextLine, lambda line: {}))


def test_guidance_search(terminal: Terminal) -> None:
    code, out, _ = terminal("guidance", "search", "it got better for a week and then it was back", "-k", "3", "--json")
    found = json.loads(out)
    assert code == 0
    assert 1 <= len(found) <= 3
    assert set(found[0]) == {"id", "title", "score", "text", "source"}
    code, out, _ = terminal("guidance", "search", "zxqv blorp", "--json")
    assert (code, json.loads(out)) == (0, [])


def test_a_port_in_use_is_one_line(terminal: Terminal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, _, err = terminal("serve", "--port", str(port))
    assert (code, err.count("\n")) == (2, 1)
    assert str(port) in err


def test_serve_starts_the_app_on_this_machine_only() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = [sys.executable, "-c", "from fourthright.cli import main; main()", "serve", "--port", str(port)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as ran:
        try:
            assert ran.stdout
            said = b""
            while b"URL" not in said:
                line = ran.stdout.readline()
                assert line, said
                said += line
            assert f"http://127.0.0.1:{port}".encode() in said
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=20) as answer:
                assert answer.status == 200
        finally:
            ran.kill()


def test_a_reader_that_goes_away_is_no_bug() -> None:
    line = json.dumps({"id": 1, "text": "What happened?"}).encode() + b"\n"
    # A job in the background inherits an ignored interrupt.
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    program = [sys.executable, "-c", f"{listening}from fourthright.cli import main; main()", "check", "questions"]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as ran:
        assert ran.stdin
        assert ran.stdout
        assert ran.stderr
        ran.stdout.close()
        ran.stdin.write(line * 50)
        ran.stdin.close()
        assert b"bug" not in ran.stderr.read()
    assert ran.returncode == PIPE_CLOSED


def test_an_interrupt_is_130() -> None:
    import signal

    # A job in the background inherits an ignored interrupt.
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    program = [sys.executable, "-c", f"{listening}from fourthright.cli import main; main()", "check", "questions"]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as ran:
        assert ran.stdin
        assert ran.stdout
        ran.stdin.write(json.dumps({"id": 1, "text": "What happened?"}).encode() + b"\n")
        ran.stdin.flush()
        ran.stdout.readline()
        ran.send_signal(signal.SIGINT)
        assert ran.wait(20) == cli.INTERRUPTED


def test_models_says_what_is_missing_and_how_to_get_it(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FOURTHRIGHT_MODEL_PATH", str(tmp_path / "none.gguf"))
    code, out, _ = terminal("models", "--json")
    found = json.loads(out)
    assert (code, found["verified"], found["file"]) == (0, False, None)
    assert "--no-model" in found["problem"]
    assert found["model"].startswith("embedded/")
    assert terminal("prepare", typed=NOTE)[0] == 4


def test_pull_is_for_the_local_model(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOURTHRIGHT_MODEL", "openai/some-model")
    code, _, err = terminal("models", "pull")
    assert (code, err.count("\n")) == (2, 1)


def test_pull_says_the_size_first_and_then_each_tenth(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(settings: object, on_progress: Callable[[str, int, int], None]) -> Path:
        on_progress("The local model is 1.12 GB", 0, 1000)
        for done in range(0, 1001, 10):
            on_progress("Fetching", done, 1000)
        return Path("/models/file.gguf")

    monkeypatch.setattr("fourthright.weights.pull", fetch)
    code, out, err = terminal("models", "pull")
    assert (code, out) == (0, "/models/file.gguf\n")
    assert err.splitlines()[0] == "The local model is 1.12 GB [0 %]"
    assert len(err.splitlines()) == 12


def test_a_hosted_model_is_named_with_the_text_before_it_is_called(
    terminal: Terminal, scripted: list[tuple[Situation, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOURTHRIGHT_MODEL", "openai/some-model")
    monkeypatch.setenv("FOURTHRIGHT_ALLOW_HOSTED", "1")
    monkeypatch.setattr("fourthright.consent.first_text", lambda use, engine: f"[user]\n{NOTE}")
    monkeypatch.setattr("fourthright.llm.provider", lambda settings: "openai at https://api.example")
    code, _, err = terminal("prepare", typed=NOTE)
    assert code == 0
    assert err.index("This text goes to openai at https://api.example:\n\n[user]\n" + NOTE) < err.index("[1/2] Reading")
