"""Scorers: each looks at one page at a time and says what it found, in words a person can check."""
