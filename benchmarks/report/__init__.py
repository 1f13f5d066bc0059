"""Rows of any kinds as one self-contained page, and as Markdown."""
