"""Reading and writing transactions, and SQLite's errors in words that say what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from index.backend import BackendError, IndexUnavailable, IndexWriteError, TimedOut

BUSY_SECONDS = 60.0  # a batch of 50 holds the lock well under 0.1 s (measured), so 60 s means a stuck process

_ADVICE = {
    sqlite3.SQLITE_FULL: "the disk is full: free some space and run again",
    sqlite3.SQLITE_IOERR: "the disk refused to read or write (full, over quota or failing): free some space, "
    "check the disk and run again",
    sqlite3.SQLITE_READONLY: "no permission to write: give this user write access to the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "the file, or the -wal and -shm files beside it, cannot be opened or made: "
    "give this user write access to the folder",
    sqlite3.SQLITE_PERM: "no permission: give this user access to the file and its folder",
    sqlite3.SQLITE_BUSY: f"another process has kept it locked for {BUSY_SECONDS:.0f} s: end that process or try again",
    sqlite3.SQLITE_CORRUPT: "the file is damaged: restore it from a backup, or move it away and crawl again",
    sqlite3.SQLITE_NOTADB: "the file is not a Svodka index: name another one",
}


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[None]:
    """One consistent view of the index for several statements; joins a transaction that is already open."""
    if connection.in_transaction:
        yield
        return
    with _translated(connection, IndexUnavailable):
        connection.execute("BEGIN")
        yield  # ended by a rollback: there is nothing to keep, and it works on a damaged file too


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """One durable change, all of it or nothing; waits for other writers up to `BUSY_SECONDS`."""
    with _translated(connection, IndexWriteError):
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")


@contextmanager
def _translated(connection: sqlite3.Connection, kind: type[BackendError]) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise TimedOut(f"index {file_of(connection)}: the reading took longer than it may") from error
        raise kind(explain(error, file_of(connection))) from error
    finally:
        if connection.in_transaction:
            connection.rollback()


def explain(error: sqlite3.Error, path: str) -> str:
    """One line: which file, what happened, what to do."""
    code = getattr(error, "sqlite_errorcode", None)
    advice = _ADVICE.get(code & 0xFF) if isinstance(code, int) else None
    return f"index {path}: {advice} ({error})" if advice else f"index {path}: {error}"


def file_of(connection: sqlite3.Connection) -> str:
    """Path of the file behind a connection."""
    return next(str(row[2]) for row in connection.execute("PRAGMA database_list") if row[1] == "main")
