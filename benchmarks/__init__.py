"""Measure latency and matching."""
