"""Processes that take turns, timed: every figure is measured or absent."""
