"""B against A: two result files, or two bundles."""
