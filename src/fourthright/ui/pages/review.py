"""Review: questions in, the same questions checked and better asked out."""

from fourthright.ui import review_form

review_form.welcome()
review_form.form()
review_form.working()

if made := review_form.made():
    from fourthright.ui import review_result  # the exports load here: the form is painted without them

    review_result.draw(made)
