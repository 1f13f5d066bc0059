"""Exact top K beside FAISS, the bare product and a read of the gallery."""
