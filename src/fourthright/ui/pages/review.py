"""Review: questions in, the same questions checked and better asked out."""

from fourthright.ui import review_form, review_run

job = review_run.RUNS.job()

if review_run.PENDING.question():
    review_form.ask()
else:
    review_form.form(job)
    if job is not None and job.active:
        review_run.growing()
    elif job is not None and job.page is not None:
        from fourthright.ui import review_result  # the exports load here: the form is painted without them

        review_form.older(job)
        review_result.draw(job.page)
    elif job is not None:
        review_form.ended(job)
