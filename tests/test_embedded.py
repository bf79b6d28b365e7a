"""The engine inside this process, with a scripted llama.cpp; the real one is in tests/live."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fakes import ScriptedLlama
from fourthright import embedded
from fourthright.domain import Tokens
from fourthright.embedded import Engine
from fourthright.errors import Cancelled, ModelUnavailable, ReplyRejected

HELLO = [{"role": "user", "content": "Hello"}]
SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}


@pytest.fixture
def llama(monkeypatch: pytest.MonkeyPatch) -> ScriptedLlama:
    made = ScriptedLlama()
    monkeypatch.setitem(sys.modules, "xllamacpp", made.module())
    return made


@pytest.fixture
def engine(llama: ScriptedLlama) -> Engine:
    return Engine(Path("model.gguf"))


def test_nothing_is_loaded_before_the_first_call_and_then_once(llama: ScriptedLlama, engine: Engine) -> None:
    assert llama.started == []
    threads = [threading.Thread(target=engine.start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(llama.started) == 1


def test_a_file_has_one_engine_in_a_process(tmp_path: Path) -> None:
    link = tmp_path / "link.gguf"
    link.symlink_to(tmp_path / "model.gguf")
    assert embedded.engine(tmp_path / "model.gguf") is embedded.engine(link)
    assert embedded.engine(tmp_path / "other.gguf") is not embedded.engine(link)


def test_the_port_is_locked_and_old_prompts_are_not_kept(llama: ScriptedLlama, engine: Engine) -> None:
    engine.start()
    Engine(Path("model.gguf")).start()
    first, second = llama.started
    assert len(first.api_keys[0]) >= 40
    assert len(first.api_prefix) >= 40
    assert first.api_keys != second.api_keys
    assert first.api_prefix != second.api_prefix
    assert not any((first.endpoint_slots, first.endpoint_props, first.endpoint_metrics, first.ui))
    assert (first.n_parallel, first.n_ctx, first.cache_prompt, first.cache_ram_mib) == (1, 8192, True, 0)


def test_chat_streams_pieces_and_counts_tokens(llama: ScriptedLlama, engine: Engine) -> None:
    llama.replies = deque([["{", '"a"', "}"]])
    heard: list[str] = []
    answer = engine.chat(HELLO, schema=SCHEMA, max_tokens=7, on_token=heard.append)
    assert heard == ["{", '"a"', "}"]
    assert (answer.text, answer.finish) == ('{"a"}', "stop")
    assert answer.tokens == Tokens(fresh=3, cached=9, written=3)
    (request,) = llama.requests
    assert request["messages"] == HELLO
    assert request["max_tokens"] == 7
    assert request["response_format"]["json_schema"]["schema"] == SCHEMA
    assert request["temperature"] <= 0.3
    assert "seed" in request


def test_a_cut_answer_says_so(llama: ScriptedLlama, engine: Engine) -> None:
    llama.replies, llama.finish = deque([["{"]]), "length"
    assert engine.chat(HELLO, max_tokens=1).finish == "length"


def test_stop_ends_the_writing_and_the_next_call_is_clean(llama: ScriptedLlama, engine: Engine) -> None:
    llama.replies = deque([["a", "b", "c"], ["clean"]])
    stop, heard = threading.Event(), []

    def hear(piece: str) -> None:
        heard.append(piece)
        stop.set()

    with pytest.raises(Cancelled):
        engine.chat(HELLO, max_tokens=9, on_token=hear, cancelled=stop.is_set)
    assert (heard, llama.stopped) == (["a"], 1)
    assert engine.chat(HELLO, max_tokens=9).text == "clean"


def test_stop_works_while_another_call_has_the_turn(llama: ScriptedLlama, engine: Engine) -> None:
    llama.replies = deque([["slow"]])
    begun, go_on = threading.Event(), threading.Event()

    def hold(_: int) -> None:
        begun.set()
        go_on.wait(10)

    llama.before_piece = hold
    first = threading.Thread(target=engine.chat, args=(HELLO,), kwargs={"max_tokens": 9})
    first.start()
    assert begun.wait(10)
    started = time.monotonic()
    with pytest.raises(Cancelled):
        engine.chat(HELLO, max_tokens=9, cancelled=lambda: time.monotonic() > started + 0.1)
    assert time.monotonic() - started < 2
    go_on.set()
    first.join(10)
    assert len(llama.requests) == 1


@pytest.fixture
def at_exit(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    """What would run at the end of the process."""
    registered: list[Callable[[], None]] = []
    monkeypatch.setattr("atexit.register", registered.append)
    return registered


def test_the_end_of_the_process_stops_a_call_that_writes_and_one_that_waits(
    llama: ScriptedLlama, engine: Engine, at_exit: list[Callable[[], None]]
) -> None:
    llama.replies = deque([["a", "b", "c"]])
    begun, go_on = threading.Event(), threading.Event()

    def hold(_: int) -> None:
        begun.set()
        go_on.wait(10)

    llama.before_piece = hold
    with ThreadPoolExecutor() as pool:
        writing = pool.submit(engine.chat, HELLO, max_tokens=9)
        assert begun.wait(10)
        waiting = pool.submit(engine.chat, HELLO, max_tokens=9)
        closing = pool.submit(at_exit[0])
        with pytest.raises(Cancelled):
            waiting.result(10)
        assert not closing.done()  # the call in native code is not left behind
        go_on.set()
        closing.result(10)
        with pytest.raises(Cancelled):
            writing.result(10)
    with pytest.raises(Cancelled):
        engine.chat(HELLO, max_tokens=9)
    assert len(llama.requests) == 1


def test_a_listener_that_fails_stops_the_engine_and_hears_of_it(llama: ScriptedLlama, engine: Engine) -> None:
    llama.replies = deque([["a", "b"]])

    def fail(_: str) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        engine.chat(HELLO, max_tokens=9, on_token=fail)
    assert llama.stopped == 1


def test_a_prompt_that_is_too_long_is_said_in_tokens(llama: ScriptedLlama, engine: Engine) -> None:
    llama.replies = deque([{"code": 400, "type": "exceed_context_size_error", "n_prompt_tokens": 9765}])
    with pytest.raises(ReplyRejected, match="9765"):
        engine.chat(HELLO, max_tokens=9)


def test_any_other_refusal_names_the_ways_out(llama: ScriptedLlama, engine: Engine) -> None:
    llama.replies = deque([{"code": 500, "type": "server_error", "message": "Hello"}])
    with pytest.raises(ModelUnavailable, match="--no-model") as caught:
        engine.chat(HELLO, max_tokens=9)
    assert "Hello" not in str(caught.value)


@pytest.mark.parametrize(("flags", "runs"), [("fpu avx avx2 fma", True), ("fpu avx sse4_2", False)])
def test_a_processor_without_avx2_is_told_before_loading(
    llama: ScriptedLlama, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: str, runs: bool
) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text(f"processor\t: 0\nflags\t\t: {flags}\n\nprocessor\t: 1\nflags\t\t: {flags}\n")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    if runs:
        embedded.check_processor(cpuinfo)
        return
    with pytest.raises(ModelUnavailable, match=r"AVX2.*--no-model") as caught:
        embedded.check_processor(cpuinfo)
    assert "\n" not in str(caught.value)


def test_another_architecture_is_not_asked_for_avx2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("processor\t: 0\nFeatures\t: neon\n")
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    embedded.check_processor(cpuinfo)


def test_an_engine_that_cannot_be_imported_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(ModelUnavailable, match="--no-model"):
        Engine(Path("model.gguf")).start()


def test_a_missing_system_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "xllamacpp.py").write_text("raise ImportError('libgomp.so.1: cannot open shared object file')")
    monkeypatch.delitem(sys.modules, "xllamacpp", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModelUnavailable, match="libgomp1"):
        Engine(Path("model.gguf")).start()


def test_importing_the_module_loads_no_engine() -> None:
    code = "import sys, fourthright.embedded; sys.exit('xllamacpp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
