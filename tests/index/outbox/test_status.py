"""`svodka status` where the index cannot be opened, and of what lies in other outboxes; `svodka index check`."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.backend import Backend, IndexUnavailable
from index.outbox.backend import OutboxBackend
from index.outbox.status import look
from index.outbox.store import Outbox
from index.sqlite.backend import SqliteBackend
from index.tally import STEP
from tests.index.outbox.remote import FileRemote
from tests.index.outbox.test_letters import text
from tests.index.test_cli import svodka
from tests.make import NOON

ADDRESS = "https://user:secret@es.example.org:9200"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outbox:
    """The outbox, with one article, of an index that cannot be opened."""

    def refuse(address: str, *, create: bool = True) -> Backend:
        raise IndexUnavailable("the alias news-all is missing")

    monkeypatch.setattr("crawler.status.command.open_index", refuse)
    monkeypatch.setenv("SVODKA_OUTBOX_FOLDER", str(tmp_path))
    outbox = Outbox(tmp_path / "es.example.org-9200-news.db")
    outbox.letters.add([text(1)], 1_790_000_000.0)
    outbox.close()
    return outbox


def test_an_index_that_cannot_be_opened_is_told_with_what_waits(
    locked: Outbox, capsys: pytest.CaptureFixture[str]
) -> None:
    assert svodka("status", "--index", ADDRESS) == 3
    lines = capsys.readouterr().out
    assert "index     https://es.example.org:9200: cannot be used: the alias news-all is missing\n" in lines
    assert "waiting   1 articles, since 21 Sep 2026 14:13:20 UTC" in lines
    assert svodka("status", "--json", "--index", ADDRESS) == 3
    data = json.loads(capsys.readouterr().out)
    assert (data["error"], data["answers"], data["exit_code"]) == ("the alias news-all is missing", False, 3)
    assert (data["outbox"]["articles"], data["place"]) == (1, str(locked.path))


def test_an_outbox_that_cannot_be_opened_either_is_told_too(
    locked: Outbox, capsys: pytest.CaptureFixture[str]
) -> None:
    SqliteBackend.open(locked.path.parent / "index.db").close()
    (locked.path.parent / "index.db").replace(locked.path)
    for each in ("-wal", "-shm"):
        Path(f"{locked.path}{each}").unlink(missing_ok=True)
    assert svodka("status", "--index", ADDRESS) == 3
    out = capsys.readouterr().out
    assert "the alias news-all is missing; outbox " in out
    assert "another program's" in out


def test_what_waits_for_another_address_is_named_with_the_command_to_look_at_it(
    locked: Outbox, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = locked.path.parent
    for name in ("old host-9200-news.db", "empty-9200-news.db"):
        with closing(Outbox(folder / name)) as other:
            other.states.write("site:a", "{}")
            if name.startswith("empty"):
                sending = other.states.claim("one", 0.0, 60)
                assert sending is not None
                other.states.sent(sending, "one")
    svodka("status", "--index", ADDRESS)
    out = capsys.readouterr().out
    old = folder / "old host-9200-news.db"
    assert f"other     {old}: 0 articles and 1 crawl states wait, 0 refused\n" in out
    assert f"svodka status --outbox '{old}'" in out
    assert "empty-9200" not in out
    assert svodka("status", "--outbox", str(old)) == 1
    out = capsys.readouterr().out
    assert f"index     {old}: an outbox; its index is not asked\n" in out
    assert "waiting   0 articles and 1 crawl states" in out
    assert svodka("status", "--outbox", str(folder / "none.db")) == 3
    assert not (folder / "none.db").exists()


def test_what_is_unlinked_for_long_is_a_failure(backend: OutboxBackend, remote: FileRemote) -> None:
    backend.put([text(1)])
    during = look(backend, ADDRESS, NOON + timedelta(minutes=1))
    assert (during.unlinked, during.exit_code) == (1, 0), "a crawl may be about to link it"
    assert look(backend, ADDRESS, NOON + timedelta(hours=1)).exit_code == 1
    remote.link([(text(1).id, remote.get([text(1).id])[text(1).id].judged_hash)], [])
    assert look(backend, ADDRESS, datetime.now(UTC)).exit_code == 0


def test_replay_tells_of_dead_letters_that_cannot_be_read(
    backend: OutboxBackend,
    remote: FileRemote,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    remote.script("refused.txt", [text(1).id, text(2).id])
    backend.put([text(1), text(2)])
    remote.unscript("refused.txt")
    with backend.outbox.file.write() as connection:
        connection.execute("UPDATE dead SET z = x'ffff' WHERE article_id = ?", (text(1).id,))
    monkeypatch.setattr("index.cli.open_index", lambda address, *, create: backend)
    assert svodka("index", "replay", "--dead", "--index", ADDRESS) == 1
    captured = capsys.readouterr()
    assert captured.out.startswith("1 dead letters put back\n1 articles sent")
    assert captured.err.startswith("svodka: 1 dead letters stay: another version")


CHECK = f"""
import index.cli, sys
from pathlib import Path
from index.outbox.backend import OutboxBackend
from index.outbox.store import Outbox
from tests.index.outbox.remote import FileRemote
from tests.index.test_cli import svodka
folder = Path(sys.argv[1])
index.cli.open_index = lambda *_, **__: OutboxBackend(FileRemote.at(folder), Outbox(folder / "outbox.db"))
sys.exit(svodka("index", "check", "--index", "{ADDRESS}"))
"""


def test_check_shows_its_progress_on_a_terminal(remote: FileRemote) -> None:
    for start in range(0, STEP + 1, 500):
        SqliteBackend.put(remote, [text(number) for number in range(start, min(start + 500, STEP + 1))])
    main, terminal = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", CHECK, str(remote.folder)],
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
        cwd=ROOT, stdout=subprocess.PIPE, stderr=terminal, text=True, timeout=60,
    )  # fmt: skip
    os.close(terminal)
    shown = b""
    with suppress(OSError):  # the end of what a terminal shows is an error on Linux
        while part := os.read(main, 4096):
            shown += part
    os.close(main)
    assert done.returncode == 0, shown
    assert f"{STEP}/?".encode() in shown


def test_stories_of_other_rules_are_told_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = f"sqlite:///{tmp_path / 'svodka.db'}"
    with SqliteBackend.open(tmp_path / "svodka.db") as backend:
        backend.put([text(1)])
    assert svodka("index", "reconcile", "--index", address) == 0
    capsys.readouterr()
    assert svodka("status", "--index", address) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "stories   judged by the rules of another version of Svodka" in lines
    assert lines[-1] == "next      svodka index reconcile --all judges every article by the present rules"
    assert svodka("index", "reconcile", "--all", "--index", address) == 0
    capsys.readouterr()
    assert svodka("status", "--index", address) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "next      nothing to do for the index"
