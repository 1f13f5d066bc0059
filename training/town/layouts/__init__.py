"""How a town is written: the files of four benchmarks, name by name."""
