"""Background runs of any kind: they outlive a click, a reload and a dropped connection, and belong to one owner.

A run on the local model goes alone; later ones wait in line. They are in memory only: what a run leaves behind (all of
it, or the part that was ready when it was stopped or failed) is kept for two hours after it was last looked at. Nothing
is logged, and what is kept of an exception is one line: a traceback would hold the manager's text.
"""

from __future__ import annotations

import secrets
import statistics
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Literal, TypeVar

from fourthright.domain import MadeT, Underway
from fourthright.errors import Cancelled, FourthrightError, ModelBusy

AskedT = TypeVar("AskedT")
State = Literal["waiting", "running", "done", "stopped", "failed"]
Work = Callable[[AskedT, Callable[[Underway[MadeT]], None], Callable[[], bool]], MadeT]
"""A run: given what was asked, it reports its progress, asks whether it was cancelled, and returns what it made."""

KEEP_S = 2 * 60 * 60
KEPT_AT_MOST = 200
ACTIVE_AT_MOST = 20
SWEEP_EVERY_S = 60.0


@dataclass(frozen=True)
class Failure:
    """Why a run ended without a whole page: one line, and the kind of error (None for a bug)."""

    line: str
    kind: type[FourthrightError] | None


@dataclass(frozen=True)
class Job(Generic[AskedT, MadeT]):
    """What a run looks like at one moment. `page` is all that it makes, or the part that is ready."""

    id: str
    asked: AskedT
    alone: bool
    """Whether it is made with the model on this machine."""
    state: State
    stopping: bool
    ahead: int
    """How many runs go first, while waiting."""
    progress: Underway[MadeT] | None
    pace_s: float | None
    """Seconds one step of its progress takes; None before the first counted one is done."""
    since_step_s: float
    """Since the last step began."""
    page: MadeT | None
    seconds: float
    """Since it was started, or what it took."""
    failure: Failure | None

    @property
    def active(self) -> bool:
        """Whether anything may still change without the person doing something."""
        return self.state in ("waiting", "running")


@dataclass
class _Run(Generic[AskedT, MadeT]):
    owner: str
    asked: AskedT
    alone: bool
    work: Work[AskedT, MadeT] | None
    touched: float
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    state: State = "waiting"
    cancel: threading.Event = field(default_factory=threading.Event)
    progress: Underway[MadeT] | None = None
    steps: list[tuple[float, int]] = field(default_factory=list)
    """When each counted step was reported, and how many were done by then."""
    page: MadeT | None = None
    started: float | None = None
    ended: float | None = None
    failure: Failure | None = None


class Line:
    """The runs that need the model on this machine, one after another, whatever they make."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._begin: dict[str, Callable[[], None]] = {}

    def join(self, run_id: str, begin: Callable[[], None]) -> None:
        """Begins a run now, or when all that came before it have left."""
        self._begin[run_id] = begin
        if len(self._begin) == 1:
            begin()

    def leave(self, run_id: str) -> None:
        """Ends a run's turn, or its wait for one."""
        has_the_model = self.ahead(run_id) == 0
        del self._begin[run_id]
        if has_the_model and self._begin:
            next(iter(self._begin.values()))()

    def ahead(self, run_id: str) -> int:
        """How many runs go before this one."""
        return list(self._begin).index(run_id)


class Jobs(Generic[AskedT, MadeT]):
    """All runs of one kind in this process. Safe to call from several threads; a run is only shown to its owner."""

    def __init__(
        self, line: Line | None = None, *, keep_s: float = KEEP_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._keep_s = keep_s
        self._clock = clock
        self._line = line or Line()
        self._lock = self._line.lock
        self._runs: dict[str, _Run[AskedT, MadeT]] = {}
        self._took: deque[float] = deque(maxlen=9)
        self._sweeper: threading.Thread | None = None

    def submit(self, owner: str, asked: AskedT, work: Work[AskedT, MadeT], *, alone: bool = True) -> str:
        """Starts a run, or puts it in line behind the one that has the model (`alone`); returns its id.

        ModelBusy when too many runs are active.
        """
        with self._lock:
            self.sweep()
            if sum(run.ended is None for run in self._runs.values()) >= ACTIVE_AT_MOST:
                raise ModelBusy("many pages are being made right now: try again in a few minutes")
            run = _Run(owner, asked, alone, work, touched=self._clock())
            self._runs[run.id] = run
            if alone:
                self._line.join(run.id, lambda: self._start(run))
            else:
                self._start(run)
            self._keep_sweeping()
        return run.id

    def get(self, job_id: str, owner: str) -> Job[AskedT, MadeT] | None:
        """The run as it is now; None when it is gone or somebody else's."""
        with self._lock:
            run = self._owned(job_id, owner)
            return None if run is None else self._as_job(run)

    def latest(self, owner: str) -> Job[AskedT, MadeT] | None:
        """The owner's newest run that is still kept."""
        with self._lock:
            self.sweep()
            own = [run for run in self._runs.values() if run.owner == owner]
            return self._as_job(own[-1]) if own else None

    def cancel(self, job_id: str, owner: str) -> None:
        """Stops a run; what is ready of its page stays."""
        with self._lock:
            run = self._owned(job_id, owner)
            if run is None or run.ended is not None:
                return
            run.cancel.set()
            if run.state == "waiting":
                self._end(run, "stopped")

    def replace(self, job_id: str, owner: str, page: MadeT) -> None:
        """Keeps what was edited in place of what was made; nothing happens once the run is gone."""
        with self._lock:
            run = self._owned(job_id, owner)
            if run is not None and run.ended is not None:
                run.page = page

    def forget(self, job_id: str, owner: str) -> None:
        """Drops a run and all its text now, stopping it first where it still goes."""
        with self._lock:
            if self._owned(job_id, owner) is not None:
                self.cancel(job_id, owner)
                del self._runs[job_id]

    def usual_seconds(self) -> float | None:
        """The median time of the last whole pages made by a run that goes alone; None before the first."""
        with self._lock:
            return statistics.median(self._took) if self._took else None

    def sweep(self) -> None:
        """Drops what nobody has looked at for two hours, and the oldest beyond the number that is kept."""
        with self._lock:
            ended = [run for run in self._runs.values() if run.ended is not None]
            too_many = len(self._runs) - KEPT_AT_MOST
            for place, run in enumerate(ended):
                if place < too_many or self._clock() - run.touched > self._keep_s:
                    del self._runs[run.id]

    def _owned(self, job_id: str, owner: str) -> _Run[AskedT, MadeT] | None:
        self.sweep()
        run = self._runs.get(job_id)
        if run is None or run.owner != owner:
            return None
        run.touched = self._clock()
        return run

    def _as_job(self, run: _Run[AskedT, MadeT]) -> Job[AskedT, MadeT]:
        now = self._clock() if run.ended is None else run.ended
        ahead = self._line.ahead(run.id) if run.state == "waiting" else 0
        return Job(
            id=run.id,
            asked=run.asked,
            alone=run.alone,
            state=run.state,
            stopping=run.cancel.is_set() and run.ended is None,
            ahead=ahead,
            progress=run.progress,
            pace_s=_pace(run.steps),
            since_step_s=now - run.steps[-1][0] if run.steps else 0.0,
            page=run.page,
            seconds=0.0 if run.started is None else now - run.started,
            failure=run.failure,
        )

    def _start(self, run: _Run[AskedT, MadeT]) -> None:
        run.state, run.started = "running", self._clock()
        threading.Thread(target=self._go, args=(run,), name=f"page-{run.id}", daemon=True).start()

    def _go(self, run: _Run[AskedT, MadeT]) -> None:
        assert run.work is not None
        try:
            page = run.work(run.asked, lambda progress: self._report(run, progress), run.cancel.is_set)
        except Cancelled:
            self._end(run, "stopped")
        except FourthrightError as error:
            self._end(run, "failed", Failure(str(error), type(error)))
        except Exception as error:  # a bug must reach the person as a line; its message may hold their text
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
            self._end(run, "failed", Failure(f"something broke inside ({where}); this is a bug", None))
        else:
            with self._lock:
                run.page = page
                self._end(run, "done")

    def _report(self, run: _Run[AskedT, MadeT], progress: Underway[MadeT]) -> None:
        with self._lock:
            run.progress = progress
            if progress.total:
                run.steps.append((self._clock(), progress.done))
            run.page = progress.page or run.page

    def _end(self, run: _Run[AskedT, MadeT], state: State, failure: Failure | None = None) -> None:
        with self._lock:
            run.state, run.failure, run.work = state, failure, None
            run.ended = run.touched = self._clock()
            if run.alone:
                if state == "done" and run.started is not None:
                    self._took.append(run.ended - run.started)
                self._line.leave(run.id)

    def _keep_sweeping(self) -> None:
        if self._sweeper is None or not self._sweeper.is_alive():
            self._sweeper = threading.Thread(target=self._sweep_until_empty, name="sweeper", daemon=True)
            self._sweeper.start()

    def _sweep_until_empty(self) -> None:
        while True:
            time.sleep(SWEEP_EVERY_S)
            with self._lock:
                self.sweep()
                if not self._runs:
                    self._sweeper = None
                    return


def _pace(steps: list[tuple[float, int]]) -> float | None:
    """Seconds per step so far. Loading comes before the first counted step, so it does not spoil the estimate."""
    if not steps:
        return None
    (begun, first), (latest, done) = steps[0], steps[-1]
    return (latest - begun) / (done - first) if done > first else None
