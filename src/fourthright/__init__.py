"""Fourthright: prepare one honest performance conversation, on your own machine."""
