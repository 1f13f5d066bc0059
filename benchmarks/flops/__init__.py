"""What a network computes, counted twice: by torch on the network, and over its ONNX graphs."""
