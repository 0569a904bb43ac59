"""`svodka serve` as a process."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.exit_codes import INDEX, OK, USAGE
from tests.index.web.browser import Browser


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command, and the first line it prints."""
    command = [sys.executable, "-m", "crawler.cli", "serve", "--port", "0", *arguments]
    environment = os.environ | {"SVODKA_NOW": "2026-11-20T15:00:00+00:00"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline()
        finally:
            process.kill()


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    from crawler.cli import main

    try:
        code = main(["serve", *arguments])
    except SystemExit as exit_:
        code = int(exit_.code or 0)
    return code, capsys.readouterr().err


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_and_ends_cleanly(index_address: str, how: signal.Signals) -> None:
    with serving("--index", index_address) as (process, line):
        match = re.fullmatch(
            r"Svodka is at (http://127\.0\.0\.1:\d+)/ \(index (.+); Ctrl-C ends it\)\n", line
        )
        assert match, line
        assert match[2] == index_address
        page = Browser(match[1]).get("/")
        assert page.texts(".total") == ["4 stories"]
        process.send_signal(how)
        output, complaints = process.communicate(timeout=20)
        assert (process.returncode, output, complaints) == (OK, "", "")


def test_zone_is_that_of_readers_who_name_none(index_address: str) -> None:
    with serving("--index", index_address, "--zone", "Europe/Moscow") as (_, line):
        base = line.split()[3].rstrip("/")
        assert "20 Nov 2026, 13:00" in Browser(base).search("паромы").text
        assert "20 Nov 2026, 10:00" in Browser(base).search("паромы", zone="UTC").text


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])  # noqa: S104 - is to be refused
def test_other_machines_are_let_in_only_when_that_is_said(
    host: str, index_address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = refused(capsys, "--host", host, "--index", index_address)
    assert code == USAGE
    assert "--allow-remote" in told
    assert "without a password" in told


def test_a_server_for_others_answers_by_address_and_given_name(index_address: str) -> None:
    with serving("--index", index_address, "--host", "0.0.0.0", "--allow-remote", "--name", "news.example.org") as (_, line):  # noqa: S104  # fmt: skip
        browser = Browser(re.sub(r".*:(\d+)/ .*\n", r"http://127.0.0.1:\1", line))
        hosts = {
            "192.0.2.7:8000": 200,
            "NEWS.example.org": 200,
            "evil.example": 400,
            socket.gethostname(): 200,
        }
        assert {host: browser.get("/", Host=host).status for host in hosts} == hosts


def test_a_port_in_use_is_one_line(index_address: str, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, told = refused(capsys, "--port", str(port), "--index", index_address)
    assert code == USAGE
    assert told == (
        f"svodka serve: cannot listen on http://127.0.0.1:{port}/: Address already in use. "
        f"Name another port: --port {port + 1}\n"
    )


@pytest.mark.parametrize("options", [("--port", "65536"), ("--port", "x"), ("--zone", "Mars")])
def test_wrong_options(
    options: tuple[str, ...], index_address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = refused(capsys, *options, "--index", index_address)
    assert code == USAGE
    assert options[1] in told


def test_an_index_that_is_not_there_is_said_before_anything_listens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = refused(capsys, "--index", f"sqlite:///{tmp_path}/none.db")
    assert code == INDEX
    assert "crawl first" in told
    assert list(tmp_path.iterdir()) == []


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    from crawler.cli import main

    with pytest.raises(SystemExit):
        main(["serve", "--help"])
    assert "svodka serve --port 9000" in capsys.readouterr().out
