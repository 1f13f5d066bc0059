"""What stands in a town: streets, lots, buildings, trees, cars, in one raster of heights."""
