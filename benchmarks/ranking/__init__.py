"""Ranks of true matches beside the bare product."""
