"""Offline evaluation of the product: cases, systems, scorers, report; and the benchmark.

An eval is a set of cases, a system that makes a page of each, scorers that look at one page at a time, and a report.
What could not be scored is listed beside the scores; it is neither passed nor failed in silence.
"""
