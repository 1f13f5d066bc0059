"""How a town looks: panoramas, tiles, streets and drones over the same heights."""
