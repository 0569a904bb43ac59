"""The embedded engine: SQLite with FTS5, one file, several writer processes at once."""
