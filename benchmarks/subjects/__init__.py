"""What is measured: networks, bundles and images."""
