"""`svodka index init` and `svodka index upgrade`."""

from __future__ import annotations

import argparse
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from index.elastic.backend import ElasticBackend
from index.elastic.commands import add_actions
from index.elastic.schema import KINDS, VERSIONS
from index.settings import ElasticSettings
from tests.index.contract.stories import fold_into_one_story
from tests.index.elastic.loopback import closed
from tests.index.elastic.older import holders, make_older, take_back_to_version_1
from tests.make import make_article
from tests.nodes.engines import Engine as Node
from tests.nodes.engines import costly

ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys
from tests.index.elastic.test_commands import run
sys.exit(run(*sys.argv[1:]))
"""


def run(*arguments: str) -> int:
    """A command as `svodka index` runs it; argparse's own exits become codes too."""
    parser = argparse.ArgumentParser(prog="svodka index")
    add_actions(parser.add_subparsers(required=True), _add_address)
    try:
        args = parser.parse_args(arguments)
        return int(args.run(args))
    except SystemExit as end:
        return int(str(end.code))


def _add_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--index", default=os.environ.get("SVODKA_INDEX", ""))


@pytest.fixture
def backend(es: Node, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ElasticBackend]:
    """Nothing is made yet; the environment names the index."""
    monkeypatch.chdir(tmp_path)
    for name, value in es.environment.items():
        monkeypatch.setenv(name, value)
    with ElasticBackend.at(es.url, ElasticSettings(name=es.prefix)) as backend:
        yield backend


def test_init(backend: ElasticBackend, es: Node, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("init") == 0
    first, *lines = capsys.readouterr().out.splitlines()
    place = es.url.removeprefix("http://")
    assert first == f"Elasticsearch {es.version} at {place}"
    assert f"made index {es.prefix}-articles-v2 with alias {es.prefix}-all" in lines
    assert len(lines) == 2 * len(KINDS)
    assert run("init") == 0
    assert capsys.readouterr().out == f"Elasticsearch {es.version} at {place}: everything is there\n"
    backend.require_ready(create=False)


def test_upgrade(backend: ElasticBackend, es: Node, capsys: pytest.CaptureFixture[str]) -> None:
    make_older(backend.engine)
    backend.put([make_article(url=f"https://example.org/{number}") for number in range(1200)])
    assert run("upgrade") == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        f"{es.prefix}-{kind}-v0 carried over to {es.prefix}-{kind}-v{VERSIONS[kind]}: {count} documents"
        for kind, count in zip(KINDS, ("1,200", "0", "0", "1,200", "0", "0"), strict=True)
    ]
    assert err == ""
    assert run("upgrade") == 0
    assert capsys.readouterr().out == "nothing to carry over: every index is of this version\n"


def test_upgrade_from_version_1_tells_of_the_labels(
    backend: ElasticBackend, es: Node, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("init") == 0
    one, other = (make_article(site=f"s{n}.ru") for n in range(2))
    backend.put([one, other])
    fold_into_one_story(backend, one, other)
    before = backend.get([one.id, other.id])
    take_back_to_version_1(backend.engine)
    capsys.readouterr()
    assert run("upgrade") == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{es.prefix}-articles-v1 carried over to {es.prefix}-articles-v2: 2 documents",
        "1 story given the times of its first and last copy",
    ]
    assert backend.get([one.id, other.id]) == before
    assert run("upgrade") == 0
    assert capsys.readouterr().out == "nothing to carry over: every index is of this version\n"


def test_upgrade_that_fails_tells_what_it_has_done(
    backend: ElasticBackend, es: Node, capsys: pytest.CaptureFixture[str]
) -> None:
    make_older(backend.engine)
    create = backend.engine.cluster.es.indices.create
    stray = f"{es.prefix}-edges-v1"
    create(index=stray)
    backend.engine.cluster.es.index(index=stray, document={"a": "b"}, refresh=True)
    assert run("upgrade") == 3
    out, err = capsys.readouterr()
    assert [line.partition(" ")[0] for line in out.splitlines()] == [
        f"{es.prefix}-articles-v0",
        f"{es.prefix}-revisions-v0",
    ]
    assert re.fullmatch(r"svodka: .*-edges-v1 has 1 documents and .*-edges-v0 has 0: nothing was .*\n", err)


@pytest.mark.parametrize("command", ["init", "upgrade"])
class TestRefusals:
    def test_cluster_that_does_not_answer(self, command: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(command, "--index", closed()) == 3
        assert re.fullmatch(
            r"svodka: Elasticsearch at 127\.0\.0\.1:\d+ does not answer: .*refused\n", capsys.readouterr().err
        )

    def test_nothing_there(
        self, backend: ElasticBackend, command: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        if command == "init":
            backend.engine.cluster.es.indices.create(index=backend.engine.names.articles)
        assert run(command) == 3
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("svodka: ")
        assert err.count("\n") == 1

    @pytest.mark.parametrize(
        "address", ["https://svodka:geheim7Wort@127.0.0.1:9200", "ftp://127.0.0.1:21", ""]
    )
    def test_address(self, command: str, address: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(command, "--index", address) == 3
        err = capsys.readouterr().err
        assert "index address" in err
        assert "geheim" not in err

    def test_setting(
        self, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("SVODKA_ELASTICSEARCH_SHARDS", "no")
        assert run(command, "--index", closed()) == 3
        assert "elasticsearch.shards" in capsys.readouterr().err

    def test_file_of_sqlite_needs_neither(
        self, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(command, "--index", f"sqlite:///{tmp_path}/svodka.db") == 0
        out = capsys.readouterr().out
        assert "SQLite" in out
        assert out.count("\n") == 1
        assert list(tmp_path.iterdir()) == []

    def test_help_has_an_example_and_the_exit_codes(
        self, command: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(command, "--help") == 0
        out = capsys.readouterr().out
        assert f"example: svodka index {command} --index https://" in out
        assert "130 stopped" in out


@costly("es", "8")
def test_progress_on_a_terminal(backend: ElasticBackend, es: Node) -> None:
    make_older(backend.engine)
    backend.put([make_article()])
    main, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "upgrade"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
    )
    os.close(terminal)
    shown = b""
    with suppress(OSError):  # the end of what a terminal shows is an error on Linux
        while part := os.read(main, 4096):  # read while it works: a terminal that is full makes it wait
            shown += part
    os.close(main)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert len(out.splitlines()) == len(KINDS)
    assert f"{es.prefix}-articles-v2".encode() in shown
    assert b"1/1" in shown


@costly("es", "9")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_upgrade_leaves_the_index_in_use(backend: ElasticBackend, number: signal.Signals) -> None:
    make_older(backend.engine)
    backend.put([make_article(url=f"https://example.org/{number}") for number in range(2000)])
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "upgrade"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    new = backend.engine.names.index("articles")
    while not backend.engine.cluster.es.indices.exists(index=new) and process.poll() is None:
        pass  # each question is a request: some hundreds a second
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, (out, err)
    assert err == "svodka: stopped; the index is in use as before, the same command goes on\n"
    assert backend.put([make_article(url="https://example.org/more")]) == ["indexed"]
    assert run("upgrade") == 0
    assert holders(backend.engine)[backend.engine.names.articles] == [new]
    assert backend.stats()["articles"] == 2001
