"""Opening the index file: made, migrated, or refused with the reason."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from index.backend import IndexUnavailable
from index.sqlite.filesystem import network_file_system
from index.sqlite.schema import APPLICATION_ID, MIGRATIONS
from index.sqlite.transaction import BUSY_SECONDS, explain, reading
from index.sqlite.wal import enter_wal

SMALLEST = 512  # bytes: the smallest SQLite page; SQLite would overwrite a shorter file as if it were empty
WAL_LIMIT = 64 << 20  # bytes; a -wal file that a long reader let grow is cut back to this
PRAGMAS = (
    "PRAGMA synchronous = FULL",  # an acknowledged batch survives a power cut; no cost measured per batch of 50
    f"PRAGMA journal_size_limit = {WAL_LIMIT}",
    "PRAGMA cache_size = -16000",  # KiB
    "PRAGMA secure_delete = OFF",  # news is public: freed pages need no wiping (Debian's build wipes by default)
)


def connect(path: Path, *, create: bool = True, migrations: Sequence[str] = MIGRATIONS) -> sqlite3.Connection:
    """A connection to the index at `path`, brought to the newest version; one thread's own.

    With `create` a missing file and its folder are made. Raises `IndexUnavailable` for a missing file,
    a foreign or newer one, a folder, a network file system and a lack of permission.
    """
    return _connected(path, create, lambda connection, path: _adopt(connection, path, create, migrations))


def look(path: Path, *, migrations: Sequence[str] = MIGRATIONS) -> sqlite3.Connection:
    """A connection that changes nothing in the file, whatever it is asked to.

    Raises `IndexUnavailable` as `connect` does, and for a file of an older version, which is left as it is.
    """
    return _connected(path, False, lambda connection, path: _accept(connection, path, migrations))


def _connected(
    path: Path, create: bool, prepare: Callable[[sqlite3.Connection, Path], None]
) -> sqlite3.Connection:
    path = path.expanduser().absolute()
    _prepare(path, create=create)
    mode = "rwc" if create else "rw"
    try:
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS, isolation_level=None
        )
    except sqlite3.Error as error:
        raise IndexUnavailable(explain(error, str(path))) from error
    try:
        prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise IndexUnavailable(explain(error, str(path))) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(path: Path, *, create: bool) -> None:
    try:
        if create:
            path.parent.mkdir(parents=True, exist_ok=True)
        found = path.exists()
        scrap = path.is_file() and 0 < path.stat().st_size < SMALLEST
    except OSError as error:
        raise IndexUnavailable(
            f"index {path}: its folder cannot be made or entered: {error.strerror}"
        ) from error
    if path.is_dir():
        raise IndexUnavailable(
            f"index {path}: this is a folder: name a file in it, {path / 'svodka.db'} for one"
        )
    if not found and not create:
        raise IndexUnavailable(f"index {path}: there is no such file: crawl first, or name the right file")
    if scrap:
        raise IndexUnavailable(f"index {path}: the file is not a Svodka index: name another one")
    network = network_file_system(path.parent)
    if network:
        raise IndexUnavailable(
            f"index {path}: the folder is on a network file system ({network}), where SQLite files get damaged: "
            "put the index on a local disk"
        )


def _adopt(connection: sqlite3.Connection, path: Path, create: bool, migrations: Sequence[str]) -> None:
    version = _version(connection, path, len(migrations))
    if version == 0 and not create:
        raise IndexUnavailable(f"index {path}: the file is empty: crawl first, or name the right file")
    for pragma in PRAGMAS:
        connection.execute(pragma)
    if version < len(migrations):
        _migrate(connection, path, migrations)
    if not enter_wal(connection):
        raise IndexUnavailable(
            f"index {path}: the file system has no shared memory for SQLite's WAL: put the index on a local disk"
        )


def _accept(connection: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> None:
    version = _version(connection, path, len(migrations))
    if version == 0:
        raise IndexUnavailable(f"index {path}: the file is empty: crawl first, or name the right file")
    if version < len(migrations):
        raise IndexUnavailable(
            f"index {path}: the file has version {version}, this program reads version {len(migrations)}: "
            "'svodka index stats' brings it up to date, as every command does that may write"
        )
    for pragma in (*PRAGMAS, "PRAGMA query_only = ON"):
        connection.execute(pragma)


def _version(connection: sqlite3.Connection, path: Path, newest: int) -> int:
    """Version of our file, 0 for an empty one; refuses every other file."""
    with reading(connection):  # one snapshot: another process may be making the file at this moment
        owner = _number(connection, "PRAGMA application_id")
        version = _number(connection, "PRAGMA user_version")
        tables = _number(connection, "SELECT count(*) FROM sqlite_schema")
    if owner == version == tables == 0:
        return 0
    if owner != APPLICATION_ID:
        raise IndexUnavailable(
            f"index {path}: the file is another program's SQLite database and was left as it is: name another file"
        )
    if version > newest:
        raise IndexUnavailable(
            f"index {path}: the file has version {version}, this program knows versions up to {newest}: "
            "install a newer Svodka"
        )
    return version


def _migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> None:
    """All missing steps in one transaction; the version is read again under the lock, another may have won."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in migrations[_version(connection, path, len(migrations)) :]:
            for statement in _statements(step):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.rollback()


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: `executescript` would commit the transaction first."""
    statement = ""
    for part in script.split(";"):
        statement += part + ";"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _number(connection: sqlite3.Connection, sql: str) -> int:
    return int(connection.execute(sql).fetchone()[0])
