"""`OutboxFile`: the SQLite file of an outbox, opened when it is first needed.

Whoever only searches never opens it, so a reader needs no permission on the crawler's outbox.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from index.backend import BackendError, IndexUnavailable
from index.outbox.schema import APPLICATION_ID, MIGRATIONS, VERSION
from index.sqlite.filesystem import network_file_system
from index.sqlite.transaction import BUSY_SECONDS, explain, reading, writing
from index.sqlite.wal import enter_wal

WAL_LIMIT = 16 << 20  # bytes; a -wal file that grew is cut back to this
PRAGMAS = (
    "PRAGMA synchronous = FULL",  # an article is announced as waiting: it has to survive a power cut
    f"PRAGMA journal_size_limit = {WAL_LIMIT}",
    "PRAGMA foreign_keys = ON",
)

Parameters = Sequence[object] | Mapping[str, object]


class OutboxFile:
    """One outbox file; several processes may use it at once, one instance serves one thread."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self._connection: sqlite3.Connection | None = None

    @property
    def readable(self) -> bool:
        """Whether there is an outbox and this user may look into it (SQLite needs write permission for that)."""
        return self._connection is not None or os.access(self.path, os.R_OK | os.W_OK)

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Any]:
        """All rows of a query, none where there is no file yet."""
        if self._connection is None and not self.path.exists():
            return []
        with _named(self.path), reading(self.connection):
            return self.connection.execute(sql, parameters).fetchall()

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One durable change, all of it or nothing; raises `IndexWriteError` (full disk, no permission)."""
        with _named(self.path), writing(self.connection):
            yield self.connection

    @property
    def connection(self) -> sqlite3.Connection:
        """The open file, made when missing; raises `IndexUnavailable` with the reason."""
        if self._connection is None:
            self._connection = _connect(self.path)
        return self._connection

    def shrink(self) -> None:
        """Give the space of what is gone back to the disk; when another process is writing, some other time."""
        if self._connection is not None:
            with suppress(sqlite3.OperationalError):
                self._connection.executescript("PRAGMA incremental_vacuum")  # `execute` would free one page

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Errors call the file an outbox, so that nobody takes it for the index."""
    try:
        yield
    except BackendError as error:
        if str(error).startswith(f"index {path}"):
            raise type(error)(f"outbox {str(error).removeprefix('index ')}") from error
        raise


def _connect(path: Path) -> sqlite3.Connection:
    _prepare(path)
    try:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    except sqlite3.Error as error:
        raise IndexUnavailable(explain(error, str(path))) from error
    try:
        _adopt(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise IndexUnavailable(explain(error, str(path))) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(path: Path) -> None:
    """Make the file with the owner's permission only: it may hold what was never published by the index.

    One that is there is not opened here: closing it would drop every lock this process has on it (fcntl(2)), and
    another process that ends then takes away the -wal file under our hands (sqlite.org, "How To Corrupt", 2.2).
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        if not os.access(path, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise IndexUnavailable(
            f"outbox {path}: it cannot be made or opened: {error.strerror}: give this user a folder to write to, "
            "as SVODKA_OUTBOX_FOLDER or '[outbox] folder' in svodka.toml"
        ) from error
    network = network_file_system(path.parent)
    if network:
        raise IndexUnavailable(
            f"outbox {path}: the folder is on a network file system ({network}), where SQLite files get damaged: "
            "name a folder on a local disk as SVODKA_OUTBOX_FOLDER"
        )


def _adopt(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the file to the newest version, whoever of several processes comes first."""
    version = _version(connection, path)
    if version == 0:
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # takes effect in an empty file only
    if not enter_wal(connection):
        raise IndexUnavailable(
            f"outbox {path}: the file system has no shared memory for SQLite's WAL: name a folder on a local disk"
        )
    for pragma in PRAGMAS:
        connection.execute(pragma)
    if version < VERSION:
        _migrate(connection, path)


def _version(connection: sqlite3.Connection, path: Path) -> int:
    with reading(connection):  # one snapshot: another process may be making the file at this moment
        owner, version, tables = (
            int(connection.execute(sql).fetchone()[0])
            for sql in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_schema")
        )
    if owner == version == tables == 0:
        return 0
    if owner != APPLICATION_ID:
        raise IndexUnavailable(f"outbox {path}: the file is another program's and was left as it is: move it")
    if version > VERSION:
        raise IndexUnavailable(
            f"outbox {path}: the file has version {version}, this program knows versions up to {VERSION}: "
            "install a newer Svodka"
        )
    return version


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    with writing(connection):
        for step in MIGRATIONS[_version(connection, path) :]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
