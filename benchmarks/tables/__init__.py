"""Rows as tables: the same columns in a terminal, in Markdown and in the report's page."""
