"""Files to embeddings, and the memory they take."""
