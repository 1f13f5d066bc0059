"""Where a figure comes from: processor, GPU, board, clocks, power."""
