"""Recall against MACs of the Nonlinear Embedding Converter."""
