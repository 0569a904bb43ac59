"""Full disks, missing rights, locks that are never given back: one clear line, and nothing damaged."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.backend import IndexUnavailable, IndexWriteError
from index.sqlite.backend import SqliteBackend
from tests.index.sqlite import writer as program
from tests.index.sqlite.conftest import Writer
from tests.make import make_article


def stored_ids(output: str) -> list[str]:
    return [id for line in output.splitlines() if line.startswith("stored") for id in line.split()[1:]]


@pytest.mark.parametrize("limit", [300_000, 450_000, 700_000])
def test_a_disk_that_refuses_writes(tmp_path: Path, writer: Writer, limit: int) -> None:
    path = tmp_path / "svodka.db"
    output, _ = writer(path, "one", 200, "--file-limit", str(limit), "--check").communicate(
        "go\n", timeout=60
    )
    assert "IndexWriteError" in output
    assert "free some space" in output
    assert "faults []" in output
    with SqliteBackend.open(path, create=False) as backend:
        assert backend.get(stored_ids(output)).keys() == set(stored_ids(output))
        assert backend.check().faults == []
        program.write(backend, "one", 2)
        program.link_all(backend)
        assert backend.check().faults == []


def test_a_full_file_system(tmp_path: Path, writer: Writer) -> None:
    """A real one of 3 MB, in a mount namespace of its own."""
    mount = ("unshare", "--map-root-user", "--mount", "sh", "-c")
    script = f'mount -t tmpfs -o size=3m none "{tmp_path}" && exec "$@"'
    if (
        not shutil.which("unshare")
        or subprocess.run([*mount, script, "sh", "true"], capture_output=True).returncode
    ):
        pytest.skip("this system lets no one mount in a namespace of one's own")
    process = writer(tmp_path / "svodka.db", "one", 500, "--check", before=(*mount, script, "sh"))
    output, _ = process.communicate("go\n", timeout=60)
    assert stored_ids(output)
    assert "IndexWriteError" in output
    assert "free some space" in output
    assert "faults []" in output


def test_nothing_of_a_refused_batch_is_stored(tmp_path: Path) -> None:
    with SqliteBackend.open(tmp_path / "svodka.db") as backend:
        backend.put([make_article(url="https://example.org/1")])
        pages = backend.connection.execute("PRAGMA page_count").fetchone()[0]
        backend.connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        batch = [
            make_article(url=f"https://example.org/{number}", body="слово " * 9000) for number in range(2, 11)
        ]
        with pytest.raises(IndexWriteError, match=r"svodka\.db: the disk is full: free some space"):
            backend.put(batch)
        assert backend.stats()["articles"] == 1
        assert backend.check().faults == []
        backend.connection.execute("PRAGMA max_page_count = 1000000")
        assert backend.put(batch) == ["indexed"] * 9


@pytest.mark.parametrize("call", ["put", "link", "put_state", "rebuild_text"])
def test_every_write_says_that_it_is_refused(tmp_path: Path, call: str) -> None:
    with SqliteBackend.open(tmp_path / "svodka.db") as backend:
        article = make_article()
        backend.put([article])
        backend.connection.execute("PRAGMA query_only = 1")
        changed = article.model_copy(update={"title": "Другой", "content_hash": "0" * 32})
        arguments = {
            "put": ([changed],),
            "link": ([(article.id, article.judged_hash)], []),
            "put_state": ("key", {"a": 1}),
            "rebuild_text": (),
        }
        with pytest.raises(IndexWriteError, match="no permission to write: give this user"):
            getattr(backend, call)(*arguments[call])
        assert backend.get([article.id])[article.id].title == article.title


def test_a_lock_that_is_never_given_back(tmp_path: Path) -> None:
    path = tmp_path / "svodka.db"
    with SqliteBackend.open(path) as backend:
        backend.put([make_article(url="https://example.org/1")])
        backend.connection.execute("PRAGMA busy_timeout = 50")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(IndexWriteError, match="another process has kept it locked"):
            backend.put([make_article(url="https://example.org/2")])
        assert backend.stats()["articles"] == 1
        other.close()
        assert backend.put([make_article(url="https://example.org/2")]) == ["indexed"]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other users can reach, unlike pytest's own."""
    path = Path(tempfile.mkdtemp())
    path.chmod(0o755)
    yield path
    path.chmod(0o755)
    shutil.rmtree(path)


def test_a_folder_without_write_permission(folder: Path, writer: Writer) -> None:
    folder.chmod(0o555)
    output, _ = writer(folder / "svodka.db", "one", 1, "--as-nobody").communicate("go\n", timeout=60)
    assert "IndexUnavailable" in output
    assert "give this user write access to the folder" in output


def test_a_folder_that_cannot_be_made(folder: Path, writer: Writer) -> None:
    folder.chmod(0o555)
    output, _ = writer(folder / "var" / "svodka.db", "one", 1, "--as-nobody").communicate("go\n", timeout=60)
    assert "IndexUnavailable" in output
    assert "its folder cannot be made or entered: Permission denied" in output


@pytest.mark.parametrize("folder_mode", [0o555, 0o777])
def test_a_file_without_write_permission(folder: Path, writer: Writer, folder_mode: int) -> None:
    path = folder / "svodka.db"
    with SqliteBackend.open(path) as backend:
        backend.put([make_article()])
    path.chmod(0o444)
    folder.chmod(folder_mode)
    output, _ = writer(path, "one", 1, "--as-nobody").communicate("go\n", timeout=60)
    assert output.startswith("ready\nIndex")
    assert "give this user" in output
    folder.chmod(0o755)
    path.chmod(0o644)
    with SqliteBackend.open(path) as backend:
        assert backend.check().faults == []
        assert backend.stats()["articles"] == 1


@pytest.mark.parametrize("call", [lambda b: b.get(["0"]), lambda b: b.known(["0"]), lambda b: b.stats()])
def test_a_file_that_turns_out_damaged(tmp_path: Path, call: object) -> None:
    """Every page but the first few is overwritten while nobody looks."""
    path = tmp_path / "svodka.db"
    with SqliteBackend.open(path) as backend:
        program.write(backend, "one", 2)
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))
    with (
        pytest.raises(IndexUnavailable, match="the file is damaged: restore it from a backup"),
        SqliteBackend.open(path) as backend,
    ):
        call(backend)  # type: ignore[operator]  # a function of the list above
