"""Recall of a bundle on a data set, beside the checkpoint it came from."""
