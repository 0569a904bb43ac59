"""Switching a file to write-ahead logging (https://www.sqlite.org/wal.html), which lasts in the file."""

from __future__ import annotations

import sqlite3
import time

from index.sqlite.transaction import BUSY_SECONDS

PAUSE = 0.01  # seconds between two tries


def enter_wal(connection: sqlite3.Connection) -> bool:
    """Switch to WAL; False where the file system has no shared memory for it.

    SQLite does not wait by itself here when another process is about to do the same, so it is tried again.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return bool(connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] == "wal")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(PAUSE)
