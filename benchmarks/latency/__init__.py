"""How long a branch takes, by method, precision and batch."""
