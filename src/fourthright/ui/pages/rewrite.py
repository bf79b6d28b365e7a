"""Rewrite: vague phrases in, a table of measurable expectations out."""

from fourthright.ui import rewrite_form, rewrite_run

job = rewrite_run.RUNS.job()

if rewrite_run.PENDING.question():
    rewrite_form.ask()
else:
    rewrite_form.draw(job)
    if job is not None:
        from fourthright.ui import rewrite_result  # the engine loads here: the form is painted without it

        if job.active:
            rewrite_result.growing()
        else:
            rewrite_form.older(job)
            rewrite_result.finished()
