"""What a search says: places with scores and positions, as text and as a picture."""
