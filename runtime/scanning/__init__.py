"""What a matcher searches with: scans of a chunk, their rounding, and what is left to decide."""
