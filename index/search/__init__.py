"""Full-text search: one query language, one analysis, a compiler per engine."""
