"""`svodka index replay` and `svodka status`, on a real engine behind an outbox."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.status.command import add_status
from index.backend import Backend
from index.cli import add_commands
from index.outbox.backend import OutboxBackend
from index.outbox.store import Outbox
from index.settings import shown_address
from index.sqlite.backend import SqliteBackend
from tests.index.outbox.conftest import Time
from tests.index.outbox.remote import REFUSED, FileRemote
from tests.index.outbox.test_letters import text

Svodka = Callable[..., int]


@pytest.fixture
def svodka(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, time: Time) -> Svodka:
    """Runs a command on the index behind the outbox; the clock of its pauses is `time`."""

    def opened(address: str, *, create: bool = True) -> Backend:
        if address.startswith("sqlite"):
            return SqliteBackend.open(tmp_path / "plain.db")
        outbox = Outbox(tmp_path / "outbox" / "test.db")
        return OutboxBackend(
            FileRemote.at(tmp_path / "remote"), outbox, clock=time, sleep=time.sleep, draw=lambda: 0.5
        )

    def run(*arguments: str, index: str = "https://user:secret@es.example.org:9200") -> int:
        parser = argparse.ArgumentParser(prog="svodka")
        commands = parser.add_subparsers(required=True)
        add_commands(commands)
        add_status(commands)
        args = parser.parse_args([*arguments, "--index", index])
        try:
            return int(args.run(args))
        except SystemExit as end:
            return int(str(end.code))

    monkeypatch.setattr("index.cli.open_index", opened)
    monkeypatch.setattr("crawler.status.command.open_index", opened)
    return run


def waiting(backend: OutboxBackend, remote: FileRemote, *numbers: int) -> None:
    """Put articles in while the index is down."""
    remote.script("down")
    backend.put([text(number) for number in numbers])
    remote.unscript("down")


def test_replay_sends_what_waits_whatever_failed_before_and_links_it(
    svodka: Svodka, backend: OutboxBackend, remote: FileRemote, capsys: pytest.CaptureFixture[str]
) -> None:
    waiting(backend, remote, 1, 2, 3)
    assert svodka("index", "replay") == 0
    assert capsys.readouterr().out == "3 articles sent, 0 refused, 0 left to send\n3 articles linked\n"
    assert remote.stats()["articles"] == 3
    assert remote.stats()["pending"] == 0
    assert svodka("index", "replay") == 0
    assert capsys.readouterr().out == "0 articles sent, 0 refused, 0 left to send\n"


def test_replay_tells_that_the_index_is_still_down(
    svodka: Svodka, backend: OutboxBackend, remote: FileRemote, time: Time, capsys: pytest.CaptureFixture[str]
) -> None:
    waiting(backend, remote, 1)
    remote.script("down")
    assert svodka("index", "replay") == 3
    captured = capsys.readouterr()
    assert captured.out == "0 articles sent, 0 refused, 1 left to send\n"
    assert captured.err == "svodka: 1 left: connection refused\nsvodka: connection refused\n"
    assert 0 < sum(time.slept) <= 30


def test_replay_tells_what_an_index_does_not_take(
    svodka: Svodka, backend: OutboxBackend, remote: FileRemote, capsys: pytest.CaptureFixture[str]
) -> None:
    waiting(backend, remote, 1, 2)
    remote.script("later.txt", [text(1).id])
    remote.script("refused.txt", [text(2).id])
    assert svodka("index", "replay") == 1
    captured = capsys.readouterr()
    assert captured.out == "0 articles sent, 1 refused, 1 left to send\n"
    assert "1 left: es_rejected_execution_exception: 429" in captured.err
    assert "'svodka status' has the reasons" in captured.err


def test_replay_of_dead_letters(
    svodka: Svodka, backend: OutboxBackend, remote: FileRemote, capsys: pytest.CaptureFixture[str]
) -> None:
    remote.script("refused.txt", [text(1).id])
    backend.put([text(1)])
    assert svodka("index", "replay", "--dead") == 1
    assert capsys.readouterr().out.startswith("1 dead letters put back\n0 articles sent, 1 refused, 0 left")
    assert svodka("index", "replay") == 0
    assert backend.outbox.dead.count() == 1
    remote.unscript("refused.txt")
    assert svodka("index", "replay", "--dead") == 0
    assert (backend.outbox.dead.count(), remote.stats()["articles"]) == (0, 1)


def test_wrong_credentials_end_a_replay_with_3(
    svodka: Svodka, backend: OutboxBackend, remote: FileRemote, capsys: pytest.CaptureFixture[str]
) -> None:
    waiting(backend, remote, 1)
    remote.script("denied")
    assert svodka("index", "replay") == 3
    assert capsys.readouterr().err == "svodka: the API key was revoked: make a new one\n"
    assert backend.outbox.letters.count() == 1


def test_nothing_waits_for_an_embedded_index(svodka: Svodka, capsys: pytest.CaptureFixture[str]) -> None:
    assert svodka("index", "replay", index="sqlite:///x.db") == 0
    assert capsys.readouterr().out == "nothing waits: this index takes articles at once\n"
    assert svodka("status", index="sqlite:///x.db") == 0
    assert capsys.readouterr().out.splitlines()[-3:] == [
        "index     sqlite:///x.db: answers, 0 articles",
        "waiting   nothing: this index takes articles at once",
        "next      nothing to do for the index",
    ]


def status(svodka: Svodka, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any], str]:
    """Exit code, JSON and lines of `svodka status`, which agree on the code and hide the password."""
    code = svodka("status", "--json")
    data = json.loads(capsys.readouterr().out)
    assert svodka("status") == code == data["exit_code"]
    lines = capsys.readouterr().out
    assert "secret" not in lines + json.dumps(data)
    return code, data, lines


def test_status_of_an_index_that_has_all(
    svodka: Svodka, backend: OutboxBackend, capsys: pytest.CaptureFixture[str]
) -> None:
    backend.put([text(1)])
    code, data, lines = status(svodka, capsys)
    assert (code, data["address"]) == (1, "https://es.example.org:9200"), (
        "linking has failed, and nobody is at it"
    )
    assert (data["answers"], data["articles"], data["unlinked"]) == (True, 1, 1)
    assert data["outbox"]["articles"] == 0
    assert "waiting   nothing\n" in lines
    assert "unlinked  1 articles are not in stories yet" in lines
    assert "svodka index reconcile" in lines


def test_status_while_the_index_is_down(
    svodka: Svodka, backend: OutboxBackend, remote: FileRemote, capsys: pytest.CaptureFixture[str]
) -> None:
    backend.put_state("site:a", {"n": 1})
    waiting(backend, remote, 1, 2)
    remote.script("down")
    backend.put_state("site:a", {"n": 2})
    code, data, lines = status(svodka, capsys)
    assert (code, data["answers"], data["reason"]) == (3, False, "connection refused")
    assert (data["outbox"]["articles"], data["outbox"]["states"]) == (2, 1)
    assert data["outbox"]["since"] == "2026-09-21T14:13:20+00:00"
    assert data["outbox"]["next_try"] > data["outbox"]["since"]
    assert "does not answer: connection refused" in lines
    assert "waiting   2 articles and 1 crawl states, since 21 Sep 2026 14:13:20 UTC" in lines
    assert "last answer: connection refused" in lines
    assert "next attempt: 21 Sep 2026 14:13:" in lines
    assert "start the index" in lines


def test_status_of_dead_letters_and_of_what_is_put_off(
    svodka: Svodka, backend: OutboxBackend, remote: FileRemote, capsys: pytest.CaptureFixture[str]
) -> None:
    remote.script("refused.txt", [text(1).id, text(2).id])
    remote.script("later.txt", [text(3).id])
    backend.put([text(1), text(2), text(3), text(4)])
    code, data, lines = status(svodka, capsys)
    assert code == 1
    assert data["outbox"]["reasons"] == [{"reason": REFUSED, "count": 2}]
    assert data["outbox"]["dead"] == 2
    assert f"dead      2 articles refused\n          2x {REFUSED}\n" in lines
    assert "last answer: es_rejected_execution_exception: 429" in lines
    assert "svodka index replay --dead" in lines


def test_status_makes_no_outbox(svodka: Svodka, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert svodka("status") == 0
    assert not (tmp_path / "outbox").exists()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://user:p@ss@es.example.org:9200/x", "https://es.example.org:9200/x"),
        ("https://u:pa/ss@a:1,https://v:w@b:2", "https://a:1,https://b:2"),
        ("user:pa55@127.0.0.1:9233", "127.0.0.1:9233"),
        ("127.0.0.1:9233,http://u:p4ss@h:1", "127.0.0.1:9233,http://h:1"),
        ("http://127.0.0.1:9233/?api_key=zzz", "http://127.0.0.1:9233/"),
        ("https://es.example.org:9200", "https://es.example.org:9200"),
        ("sqlite:///var/a@b.db", "sqlite:///var/a@b.db"),
    ],
)
def test_no_address_is_shown_with_credentials(address: str, shown: str) -> None:
    assert shown_address(address) == shown
