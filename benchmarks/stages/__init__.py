"""What comes before, after and around a branch: start-up, decoding, the road to a position."""
