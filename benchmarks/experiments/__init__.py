"""What the experiments share: runs, scores, costs, spread and the failure signatures."""
