"""The parts of the consistency check; `index.sqlite.check` runs them."""
