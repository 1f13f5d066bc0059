"""A result is a record: one frozen row, one line of JSON."""
