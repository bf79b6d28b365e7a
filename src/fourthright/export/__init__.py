"""One module per format that a finished page can leave in."""
