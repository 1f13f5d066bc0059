"""Turn a checkpoint into a bundle: ONNX graphs, precision, the gate."""
