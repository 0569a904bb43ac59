"""Normalise, attribute, deduplicate, store: one class a file, in this order."""
