"""Measure latency and matching: every figure is measured or absent."""
