"""Rows as text for a terminal."""
