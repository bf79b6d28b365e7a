"""Background runs: their owner, the line for the model, stop, what stays, and for how long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

import sample
from fourthright import jobs as jobs_module
from fourthright.domain import Prep, Progress, Situation
from fourthright.errors import Cancelled, ModelBusy, WeightsMissing
from fourthright.jobs import Job, Jobs, Line

ANN, BEN = "ann", "ben"
NOTE = sample.ready().situation
Report = Callable[[Progress], None]


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Paused:
    """A run that reports half a page and then waits for the test, or for stop."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.begun = threading.Event()
        self.half = sample.ready().model_copy(update={"gaps": ()})

    def __call__(self, situation: Situation, report: Report, cancelled: Callable[[], bool]) -> Prep:
        report(Progress(doing="Reading", done=1, total=4, page=self.half))
        report(Progress(doing="Writing", done=2, total=4))
        self.begun.set()
        while not self.go.wait(0.005):
            if cancelled():
                raise Cancelled("stopped")
        return sample.ready()


def quick(situation: Situation, report: Report, cancelled: Callable[[], bool]) -> Prep:
    return sample.ready()


def ended(jobs: Jobs, job_id: str, owner: str = ANN) -> Job:
    for _ in range(1000):
        job = jobs.get(job_id, owner)
        assert job is not None
        if not job.active:
            return job
        time.sleep(0.005)
    raise AssertionError("the run did not end")


def test_a_run_gives_its_page_to_its_owner_and_to_nobody_else() -> None:
    jobs = Jobs()
    job_id = jobs.submit(ANN, NOTE, quick)
    assert ended(jobs, job_id).page == sample.ready()
    jobs.forget(job_id, BEN)
    jobs.replace(job_id, BEN, sample.withheld())
    assert jobs.get(job_id, BEN) is None
    assert jobs.latest(BEN) is None
    kept = jobs.latest(ANN)
    assert kept is not None
    assert (kept.page, kept.asked) == (sample.ready(), NOTE)


def test_progress_and_the_page_so_far_are_seen_while_it_runs() -> None:
    jobs, work = Jobs(), Paused()
    job_id = jobs.submit(ANN, NOTE, work)
    assert work.begun.wait(5)
    job = jobs.get(job_id, ANN)
    assert job is not None
    assert job.progress is not None
    assert (job.state, job.progress.doing, job.page) == ("running", "Writing", work.half)
    work.go.set()
    assert ended(jobs, job_id).state == "done"


def test_the_pace_counts_steps_and_not_the_loading_before_them() -> None:
    clock, go = Clock(), threading.Event()

    def work(situation: Situation, report: Report, cancelled: Callable[[], bool]) -> Prep:
        for doing, done, total in (("Getting ready", 0, 0), ("Reading", 0, 6), ("Sorting", 1, 6), ("Writing", 3, 6)):
            report(Progress(doing=doing, done=done, total=total))
            clock.now += 10
        go.wait(5)
        return sample.ready()

    jobs = Jobs(clock=clock)
    job_id = jobs.submit(ANN, NOTE, work)
    while clock.now < 1040.0:
        time.sleep(0.005)
    job = jobs.get(job_id, ANN)
    assert job is not None
    assert (job.pace_s, job.since_step_s, job.seconds) == (pytest.approx(20 / 3), 10.0, 40.0)
    go.set()
    assert ended(jobs, job_id).state == "done"


def test_stop_keeps_what_is_ready() -> None:
    jobs, work = Jobs(), Paused()
    job_id = jobs.submit(ANN, NOTE, work)
    assert work.begun.wait(5)
    jobs.cancel(job_id, BEN)
    job = jobs.get(job_id, ANN)
    assert job is not None
    assert not job.stopping
    jobs.cancel(job_id, ANN)
    job = ended(jobs, job_id)
    assert (job.state, job.page, job.failure) == ("stopped", work.half, None)


def test_runs_on_the_model_go_one_after_another_in_order() -> None:
    jobs, first = Jobs(), Paused()
    first_id = jobs.submit(ANN, NOTE, first)
    second_id, third_id = jobs.submit(BEN, NOTE, quick), jobs.submit(ANN, NOTE, quick)
    assert first.begun.wait(5)
    second, third = jobs.get(second_id, BEN), jobs.get(third_id, ANN)
    assert second is not None
    assert third is not None
    assert (second.state, second.ahead, third.ahead) == ("waiting", 1, 2)
    jobs.cancel(second_id, BEN)
    assert ended(jobs, second_id, BEN).state == "stopped"
    first.go.set()
    assert ended(jobs, first_id).state == ended(jobs, third_id).state == "done"


def test_a_run_without_the_model_does_not_wait_for_it() -> None:
    jobs, model = Jobs(), Paused()
    model_id = jobs.submit(ANN, NOTE, model)
    assert ended(jobs, jobs.submit(ANN, NOTE, quick, alone=False)).state == "done"
    model.go.set()
    assert ended(jobs, model_id).state == "done"


def test_all_kinds_of_runs_wait_in_one_line_for_the_model() -> None:
    line, first = Line(), Paused()
    pages, lists = Jobs(line), Jobs(line)
    page_id = pages.submit(ANN, NOTE, first)
    list_id = lists.submit(BEN, "a list", lambda asked, report, cancelled: asked.upper())
    waiting = lists.get(list_id, BEN)
    assert waiting is not None
    assert (waiting.state, waiting.ahead) == ("waiting", 1)
    assert pages.get(list_id, BEN) is None
    first.go.set()
    assert ended(pages, page_id).state == "done"
    assert ended(lists, list_id, BEN).page == "A LIST"


def test_an_error_is_kept_as_its_line_and_kind() -> None:
    def missing(situation: Situation, report: Report, cancelled: Callable[[], bool]) -> Prep:
        report(Progress(doing="Reading", done=1, total=4, page=sample.ready()))
        raise WeightsMissing("no model here")

    jobs = Jobs()
    job = ended(jobs, jobs.submit(ANN, NOTE, missing))
    assert job.state == "failed"
    assert job.failure is not None
    assert (job.failure.line, job.failure.kind, job.page) == ("no model here", WeightsMissing, sample.ready())


def test_a_bug_is_a_line_without_the_text(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    def broken(situation: Situation, report: Report, cancelled: Callable[[], bool]) -> Prep:
        raise KeyError("Noor tidied the shelf")

    jobs = Jobs()
    job = ended(jobs, jobs.submit(ANN, NOTE, broken))
    assert job.failure is not None
    assert "KeyError" in job.failure.line
    assert "Noor" not in job.failure.line + caplog.text + "".join(capfd.readouterr())
    assert ended(jobs, jobs.submit(ANN, NOTE, quick)).state == "done"


def test_a_page_is_dropped_two_hours_after_the_last_look() -> None:
    clock = Clock()
    jobs = Jobs(clock=clock)
    job_id = jobs.submit(ANN, NOTE, quick)
    ended(jobs, job_id)
    clock.now += 7_000
    assert jobs.get(job_id, ANN) is not None
    clock.now += 7_000
    jobs.get(job_id, BEN)
    assert jobs.get(job_id, ANN) is not None
    clock.now += 7_201
    assert jobs.get(job_id, ANN) is None


def test_a_running_page_is_not_dropped() -> None:
    clock, work = Clock(), Paused()
    jobs = Jobs(clock=clock)
    job_id = jobs.submit(ANN, NOTE, work)
    clock.now += 100_000
    assert jobs.get(job_id, ANN) is not None
    work.go.set()
    assert ended(jobs, job_id).state == "done"


def test_an_edited_page_replaces_the_one_that_was_made() -> None:
    jobs = Jobs()
    job_id = jobs.submit(ANN, NOTE, quick)
    ended(jobs, job_id)
    jobs.replace(job_id, ANN, sample.withheld())
    assert ended(jobs, job_id).page == sample.withheld()


def test_forgetting_drops_the_text_and_frees_the_model() -> None:
    jobs, work = Jobs(), Paused()
    job_id = jobs.submit(ANN, NOTE, work)
    assert work.begun.wait(5)
    jobs.forget(job_id, ANN)
    assert jobs.get(job_id, ANN) is None
    assert ended(jobs, jobs.submit(ANN, NOTE, quick)).state == "done"


def test_the_number_of_runs_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_module, "ACTIVE_AT_MOST", 2)
    monkeypatch.setattr(jobs_module, "KEPT_AT_MOST", 3)
    jobs, work = Jobs(), Paused()
    ids = [jobs.submit(ANN, NOTE, work), jobs.submit(ANN, NOTE, quick)]
    with pytest.raises(ModelBusy):
        jobs.submit(ANN, NOTE, quick)
    work.go.set()
    for job_id in ids:
        ended(jobs, job_id)
    for _ in range(3):
        ended(jobs, jobs.submit(ANN, NOTE, quick))
    jobs.sweep()
    assert jobs.get(ids[0], ANN) is None


def test_the_usual_time_is_known_after_the_first_whole_page() -> None:
    jobs = Jobs()
    assert jobs.usual_seconds() is None
    ended(jobs, jobs.submit(ANN, NOTE, quick, alone=False))
    assert jobs.usual_seconds() is None
    ended(jobs, jobs.submit(ANN, NOTE, quick))
    assert jobs.usual_seconds() is not None
