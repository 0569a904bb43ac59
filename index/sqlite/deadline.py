"""How long the statements of a connection may run (https://www.sqlite.org/c3ref/progress_handler.html)."""

from __future__ import annotations

import sqlite3
from time import monotonic

STEPS = 100_000  # of SQLite's machine between two looks at the clock: 5 to 100 ms, and a look may wait for other threads


def limit(connection: sqlite3.Connection, seconds: float) -> None:
    """Let what runs later than in so many seconds from now fail; `reading` raises `TimedOut` then.

    Counts until it is called again: the connection stays of use, and short statements are never stopped.
    """
    deadline = monotonic() + seconds
    connection.set_progress_handler(lambda: monotonic() > deadline, STEPS)
