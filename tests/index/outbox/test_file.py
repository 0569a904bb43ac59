from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from index.backend import IndexUnavailable, IndexWriteError
from index.outbox.file import OutboxFile
from index.outbox.schema import APPLICATION_ID, VERSION
from index.sqlite.backend import SqliteBackend


def value(file: OutboxFile, pragma: str) -> object:
    return file.connection.execute(f"PRAGMA {pragma}").fetchone()[0]


def test_nothing_is_made_before_it_is_needed(tmp_path: Path) -> None:
    file = OutboxFile(tmp_path / "deep" / "x.db")
    assert file.rows("SELECT * FROM waiting") == []
    assert not file.readable
    file.close()
    assert list(tmp_path.iterdir()) == []


def test_a_new_file_is_durable_private_and_ours(tmp_path: Path) -> None:
    file = OutboxFile(tmp_path / "deep" / "x.db")
    pragmas = ("journal_mode", "synchronous", "auto_vacuum", "application_id", "user_version", "foreign_keys")
    assert [value(file, each) for each in pragmas] == ["wal", 2, 2, APPLICATION_ID, VERSION, 1]
    with file.write() as connection:
        connection.execute("INSERT INTO pause VALUES ('read', 1, 0, '')")
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "deep").iterdir()}
    assert modes == {"x.db": 0o600, "x.db-wal": 0o600, "x.db-shm": 0o600}
    file.close()
    assert file.rows("SELECT kind FROM pause") == [("read",)]
    file.close()


def test_a_foreign_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    index, foreign = tmp_path / "news.db", tmp_path / "foreign.db"
    SqliteBackend.open(index).close()
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE t (x)")
    for path in (index, foreign):
        before = path.read_bytes()
        with pytest.raises(IndexUnavailable, match="another program's"):
            OutboxFile(path).connection.execute("SELECT 1")
        assert path.read_bytes() == before


def test_scrap_and_a_newer_version_are_refused(tmp_path: Path) -> None:
    scrap, newer = tmp_path / "scrap.db", tmp_path / "newer.db"
    scrap.write_bytes(b"not a database at all" * 100)
    with pytest.raises(IndexUnavailable):
        OutboxFile(scrap).connection.execute("SELECT 1")
    file = OutboxFile(newer)
    file.connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    file.close()
    with pytest.raises(IndexUnavailable, match="install a newer Svodka"):
        OutboxFile(newer).connection.execute("SELECT 1")


def test_an_outbox_is_not_taken_for_an_index(tmp_path: Path) -> None:
    file = OutboxFile(tmp_path / "x.db")
    value(file, "user_version")
    file.close()
    with pytest.raises(IndexUnavailable, match="another program's"):
        SqliteBackend.open(tmp_path / "x.db")


def test_a_folder_that_cannot_be_made_is_told_with_the_setting(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    with pytest.raises(IndexUnavailable, match="SVODKA_OUTBOX_FOLDER"):
        OutboxFile(tmp_path / "plain" / "x.db").connection.execute("SELECT 1")


def test_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.outbox.file.network_file_system", lambda folder: "nfs4")
    with pytest.raises(IndexUnavailable, match="nfs4"):
        OutboxFile(tmp_path / "x.db").connection.execute("SELECT 1")


def test_a_failed_write_leaves_nothing_and_names_the_outbox(tmp_path: Path) -> None:
    file = OutboxFile(tmp_path / "x.db")
    row = ("read", 1, 0, "")
    with pytest.raises(IndexWriteError, match=f"^outbox {tmp_path}/x.db: "), file.write() as connection:
        connection.executemany("INSERT INTO pause VALUES (?, ?, ?, ?)", [row, row])
    assert file.rows("SELECT * FROM pause") == []
    file.close()


def test_processes_that_make_the_file_at_once(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from index.outbox.file import OutboxFile\n"
        "file = OutboxFile(Path(sys.argv[1])); sys.stdin.readline()\n"
        "with file.write() as c: c.execute('INSERT INTO pause VALUES (?, 1, 0, ?)', (sys.argv[2], ''))\n"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, f"{tmp_path}/x.db", f"kind {number}"],
            stdin=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        )
        for number in range(4)
    ]
    for process in processes:
        process.communicate(b"go\n", timeout=60)
    assert [process.returncode for process in processes] == [0] * 4
    file = OutboxFile(tmp_path / "x.db")
    assert len(file.rows("SELECT kind FROM pause")) == 4
    file.close()


def test_what_a_second_file_object_writes_is_seen_by_other_processes(tmp_path: Path) -> None:
    """Closing any descriptor of a database file drops all locks of its process on it (fcntl(2), POSIX locks)."""
    path = tmp_path / "x.db"
    first, second = OutboxFile(path), OutboxFile(path)
    with first.write() as connection:
        connection.execute("INSERT INTO pause VALUES ('read', 1, 0, '')")
    assert second.rows("SELECT kind FROM pause") == [("read",)]
    code = "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM pause').fetchone())"
    for number in range(1, 3):
        told = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
        assert told.stdout == f"{number}\n"
        with first.write() as connection:
            connection.execute("INSERT OR IGNORE INTO pause VALUES ('state', 1, 0, '')")
    first.close()
    second.close()
