"""The regression guard: methods beside yardsticks that no change of ours can touch."""
