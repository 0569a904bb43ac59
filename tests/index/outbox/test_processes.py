"""Processes that share an outbox and are killed: nothing is lost, nothing doubled, each article in order."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from index.outbox.backend import OutboxBackend
from index.outbox.letters import LEASE
from index.outbox.store import Outbox
from tests.index.outbox.crawler_process import BATCH, VERSIONS, batch_of
from tests.index.outbox.remote import FileRemote

ROOT = Path(__file__).parents[3]


def start(folder: Path, name: str, batches: int, *options: str) -> subprocess.Popen[str]:
    module = "tests.index.outbox.crawler_process"
    places = (f"{folder}/outbox.db", f"{folder}/remote")
    return subprocess.Popen(
        [sys.executable, "-m", module, *places, name, str(batches), *options],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "ready\n"
    process.stdin.write("go\n")
    process.stdin.flush()


def announced(output: str) -> list[set[str]]:
    """Ids of each batch that was announced, in order."""
    return [set(line.split()[1:]) for line in output.splitlines() if line.startswith(("stored", "waiting"))]


def send_the_rest(folder: Path) -> FileRemote:
    """What a later run does, when the claims of the dead have lapsed."""
    remote, outbox = FileRemote.at(folder / "remote"), Outbox(folder / "outbox.db")
    now = 4_000_000_000.0
    backend = OutboxBackend(remote, outbox, clock=lambda: now + LEASE)
    drained = backend.drain(0)
    assert (drained.left, drained.refused, outbox.letters.count()) == (0, 0, 0)
    outbox.close()
    return remote


def prove(remote: FileRemote, batches: dict[str, int]) -> None:
    """All announced batches are there: each article once, with all its texts, which came in their order."""
    articles = {
        each.id: each for name, count in batches.items() for n in range(count) for each in batch_of(name, n)
    }
    assert remote.get(articles).keys() == articles.keys()
    assert remote.check().faults == []
    texts: dict[str, list[str]] = defaultdict(list)
    for name, count in batches.items():
        for each in (each for n in range(count) for each in batch_of(name, n)[:BATCH]):
            texts[each.id].append(each.content_hash)
    arrived: dict[str, list[str]] = defaultdict(list)
    for id, content in remote.delivered():
        if content not in arrived[id]:
            arrived[id].append(content)
    for id, expected in texts.items():
        assert arrived[id][: len(expected)] == expected
        held = remote.get([id])[id]
        assert held.revision == len(arrived[id])
        assert len(remote.revisions(id)) == len(arrived[id]) - 1


@pytest.mark.parametrize("statement", [1, 4, 9, 17, 26, 33, 41, 58, 77, 104, 139, 180, 233, 311, 409])
def test_a_process_killed_at_any_statement_loses_nothing_it_announced(tmp_path: Path, statement: int) -> None:
    process = start(tmp_path, "one", 50, "--die-at", str(statement))
    output, error = process.communicate("go\n", timeout=60)
    assert process.returncode == -9, error
    done = announced(output)
    assert done == [{each.id for each in batch_of("one", number)} for number in range(len(done))]
    remote = send_the_rest(tmp_path)
    prove(remote, {"one": len(done)})
    assert remote.stats()["articles"] in {_articles(len(done)), _articles(len(done) + 1)}
    remote.close()


def _articles(batches: int) -> int:
    return -(-batches // VERSIONS) * BATCH + batches


def test_processes_on_one_outbox_while_the_index_comes_and_goes(tmp_path: Path) -> None:
    remote = FileRemote.at(tmp_path / "remote")
    remote.script("down")
    names = ("one", "two", "three")
    processes = {name: start(tmp_path, name, 12, "--pause", "0.05") for name in names}
    for process in processes.values():
        go(process)
    first = processes["one"].stdout
    assert first is not None
    for _ in range(6):
        first.readline()
    remote.unscript("down")
    for process in processes.values():
        _, error = process.communicate(timeout=60)
        assert process.returncode == 0, error
    remote.close()
    with send_the_rest(tmp_path) as remote:
        prove(remote, dict.fromkeys(names, 12))
        assert remote.stats()["articles"] == 3 * (12 // VERSIONS) * BATCH + 12


@pytest.mark.parametrize("seed", range(3))
def test_processes_killed_at_random_beside_others_that_go_on(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    remote = FileRemote.at(tmp_path / "remote")
    if seed == 1:
        remote.script("full")
    processes = {name: start(tmp_path, name, 30, "--pause", "0.01") for name in ("killed", "spared")}
    for process in processes.values():
        go(process)
    killed, seen = processes["killed"], ""
    assert killed.stdout is not None
    for _ in range(chance.randrange(3, 25)):
        seen += killed.stdout.readline()
    killed.kill()
    seen += killed.communicate()[0] or ""
    if seed == 1:
        remote.unscript("full")
    remote.close()
    _, error = processes["spared"].communicate(timeout=60)
    assert processes["spared"].returncode == 0, error
    with send_the_rest(tmp_path) as remote:
        prove(remote, {"killed": len(announced(seen)), "spared": 30})
