"""The named rules as code: each is one small function from a text to a verdict with the words it fails on."""

from __future__ import annotations

from fourthright.checks.expectation import ExpectationText, check_expectation
from fourthright.checks.question import check_question

__all__ = ["ExpectationText", "check_expectation", "check_question"]
