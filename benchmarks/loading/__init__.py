"""The loader alone beside what the trainer consumes."""
