"""Rewrite: vague phrases in, a table of measurable expectations out."""

from fourthright.ui import rewrite_form, rewrite_run

rewrite_form.draw()
run = rewrite_run.current()

if run is not None and run.state == "running":
    rewrite_run.make(run)
elif run is not None:
    from fourthright.ui import rewrite_result  # the engine loads here: the form is painted without it

    rewrite_result.draw(run)
