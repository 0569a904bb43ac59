"""Parts of the consistency check, each a generator of faults."""
