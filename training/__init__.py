"""Train CLNet: the network, its losses, the trainer, and the procedural town."""
