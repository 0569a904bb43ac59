from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.backend import IndexUnavailable
from index.sqlite import connection as module
from index.sqlite import filesystem
from index.sqlite.backend import SqliteBackend
from index.sqlite.connection import connect
from index.sqlite.schema import APPLICATION_ID, MIGRATIONS, VERSION
from tests.make import make_article

NEXT = (
    *MIGRATIONS,
    "CREATE TABLE extra (a); -- one; two\nINSERT INTO extra(a) SELECT id || ';' FROM article;",
)


def pragma(connection: sqlite3.Connection, name: str) -> object:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_new_file_is_made_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "a" / "пробел и #?%" / "svodka.db"
    connection = connect(path)
    assert path.exists()
    assert pragma(connection, "application_id") == APPLICATION_ID
    assert pragma(connection, "user_version") == VERSION
    assert pragma(connection, "journal_mode") == "wal"
    assert pragma(connection, "synchronous") == 2
    connection.close()
    connect(path, create=False).close()


def test_an_empty_file_counts_as_new(tmp_path: Path) -> None:
    path = tmp_path / "svodka.db"
    path.touch()
    with pytest.raises(IndexUnavailable, match="the file is empty: crawl first"):
        connect(path, create=False)
    connect(path).close()


def test_a_missing_file_is_not_made_unasked(tmp_path: Path) -> None:
    path = tmp_path / "absent" / "svodka.db"
    with pytest.raises(IndexUnavailable, match=r"svodka\.db: there is no such file: crawl first"):
        connect(path, create=False)
    assert not path.parent.exists()


@pytest.mark.parametrize("create", [True, False])
def test_a_folder_is_refused(tmp_path: Path, create: bool) -> None:
    with pytest.raises(IndexUnavailable, match="this is a folder: name a file in it"):
        connect(tmp_path, create=create)


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(IndexUnavailable, match="its folder cannot be made or entered"):
        connect(tmp_path / "file" / "svodka.db")


def other_database(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE article (id)")
    other.commit()
    other.close()


def marked_database(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("PRAGMA application_id = 7")
    other.execute("PRAGMA user_version = 1")
    other.close()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.write_text("Это заметки, а не индекс.\n" * 100), "not a Svodka index"),
        (lambda path: path.write_bytes(b"\x00" * 5000), "not a Svodka index"),
        (lambda path: path.write_bytes(b"S"), "not a Svodka index"),
        (lambda path: path.write_bytes(b"S" * 511), "not a Svodka index"),
        (lambda path: path.write_bytes(b"S" * 512), "not a Svodka index"),
        (lambda path: path.write_bytes(b"SQLite format 3\x00" + b"S" * 600), "not a Svodka index"),
        (other_database, "another program's SQLite database"),
        (marked_database, "another program's SQLite database"),
    ],
    ids=["text", "zeros", "one byte", "511", "512", "header", "tables", "application id"],
)
@pytest.mark.parametrize("create", [True, False])
def test_a_foreign_file_is_refused_and_left_alone(
    tmp_path: Path, make: object, reason: str, create: bool
) -> None:
    path = tmp_path / "svodka.db"
    make(path)  # type: ignore[operator]  # a function of the list above
    before = path.read_bytes()
    with pytest.raises(IndexUnavailable, match=reason) as caught:
        connect(path, create=create)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "svodka.db"
    connect(path, migrations=NEXT).close()
    with pytest.raises(
        IndexUnavailable,
        match=rf"has version {VERSION + 1}, this program knows versions up to {VERSION}: install a newer",
    ):
        connect(path)


def test_an_older_version_is_migrated_with_its_data(tmp_path: Path) -> None:
    path = tmp_path / "svodka.db"
    with SqliteBackend.open(path) as backend:
        backend.put([make_article()])
    connection = connect(path, create=False, migrations=NEXT)
    assert pragma(connection, "user_version") == VERSION + 1
    assert connection.execute("SELECT a FROM extra").fetchall() == [(make_article().id + ";",)]
    connection.close()


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "svodka.db"
    connect(path).close()
    with pytest.raises(IndexUnavailable, match="no such table: nowhere"):
        connect(path, migrations=(*MIGRATIONS, "CREATE TABLE extra (a); INSERT INTO nowhere VALUES (1);"))
    connection = connect(path)
    assert pragma(connection, "user_version") == VERSION
    assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'extra'").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize("exists", [False, True], ids=["create", "migrate"])
@pytest.mark.parametrize("attempt", range(12))  # a race: one attempt in three met the fault it is here for
def test_many_open_at_once_and_each_step_is_taken_once(tmp_path: Path, exists: bool, attempt: int) -> None:
    path = tmp_path / f"svodka{attempt}.db"
    if exists:
        connect(path).close()
    together = threading.Barrier(8)

    def opened(_: int) -> object:
        together.wait()
        connection = connect(path, migrations=NEXT)
        version = pragma(connection, "user_version")
        connection.close()
        return version

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(opened, range(8))) == [VERSION + 1] * 8


def test_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's own list of mounts is replaced by one that has the folder on NFS."""
    mounts = tmp_path / "mountinfo"
    folder = str(tmp_path).replace(" ", "\\040")
    mounts.write_text(
        f"22 1 0:20 / / rw - ext4 /dev/vda rw\n36 22 0:35 / {folder}/nas rw shared:7 - nfs4 nas:/export rw,vers=4.2\n"
    )
    monkeypatch.setattr(filesystem, "MOUNTINFO", mounts)
    with pytest.raises(
        IndexUnavailable, match=r"on a network file system \(nfs4\).*: put the index on a local disk"
    ):
        connect(tmp_path / "nas" / "news" / "svodka.db")
    connect(tmp_path / "svodka.db").close()


def test_statements_are_told_apart_from_semicolons_in_comments_and_strings() -> None:
    script = "CREATE TABLE a (b); -- c; d\nINSERT INTO a VALUES ('x;y');"
    statements = [each.strip() for each in module._statements(script)]
    assert [each for each in statements if each != ";"] == [
        "CREATE TABLE a (b);",
        "-- c; d\nINSERT INTO a VALUES ('x;y');",
    ]
