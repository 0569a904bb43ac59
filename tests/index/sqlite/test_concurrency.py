"""Several processes at one file: nothing lost, nothing doubled, nothing at odds."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from index.sqlite.backend import SqliteBackend
from tests.index.sqlite import writer as program
from tests.index.sqlite.conftest import Writer

NAMES = ("one", "two", "three")
TURNS = 4


def start_together(processes: list[subprocess.Popen[str]]) -> None:
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()


def test_writers_at_once(tmp_path: Path, writer: Writer) -> None:
    """Also the race for making the file: it does not exist when the writers start."""
    path = tmp_path / "deep" / "svodka.db"
    processes = [writer(path, name, TURNS) for name in NAMES]
    start_together(processes)
    for process in processes:
        output, _ = process.communicate(timeout=60)
        assert output.count("stored") == TURNS, output
    with SqliteBackend.open(path, create=False) as backend:
        program.link_all(backend)
        assert backend.check().faults == []
        _all_there(backend)
        _one_story_a_family(backend)


def _all_there(backend: SqliteBackend) -> None:
    own = [program.own_article(name, number) for name in NAMES for number in range(TURNS * program.BATCH)]
    shared = [
        max(
            (program.shared_article(name, number, TURNS - 1) for name in NAMES),
            key=lambda each: each.fetched_at,
        )
        for number in range(program.SHARED)
    ]
    held = backend.get([each.id for each in (*own, *shared)])
    assert {each.id: each.title for each in (*own, *shared)} == {id: each.title for id, each in held.items()}
    assert backend.stats()["articles"] == len(held)
    assert backend.stats()["pending"] == 0


def _one_story_a_family(backend: SqliteBackend) -> None:
    assert backend.stats()["stories"] == program.FAMILIES
    for family in range(program.FAMILIES):
        members = backend.story(program.own_article(NAMES[0], family).id)
        assert {tuple(each.fingerprint) for each in members} == {tuple(program.family_values(family))}
        assert members[0].copies == len(members) - 1


def test_readers_are_not_held_up_and_see_whole_batches(tmp_path: Path, writer: Writer) -> None:
    path = tmp_path / "svodka.db"
    SqliteBackend.open(path).close()
    process = writer(path, "one", 12)
    start_together([process])
    seen = [0]
    with SqliteBackend.open(path, create=False) as backend:
        while process.poll() is None:
            found = backend.known(
                program.own_article("one", number).id for number in range(12 * program.BATCH)
            )
            assert len(found) % program.BATCH == 0
            seen.append(len(found))
            if found:
                assert backend.story(next(iter(found)))[0].role == "canonical"
        assert seen == sorted(seen)
        assert len(set(seen)) > 2, "the reader never looked between two batches"
        assert backend.stats()["articles"] == 12 * program.BATCH + program.SHARED
        assert backend.check().faults == []


@pytest.mark.parametrize("statement", [1, 9, 60, 130, 236, 300, 360, 394, 500, 640])
def test_a_killed_writer_leaves_a_sound_index(tmp_path: Path, writer: Writer, statement: int) -> None:
    """Signal 9 at a given SQL statement: in a look-up, within put, within link, at a commit, in a revision."""
    path = tmp_path / "svodka.db"
    process = writer(path, "one", 50, "--die-at", str(statement))
    output, _ = process.communicate("go\n", timeout=60)
    assert process.returncode == -9
    stored = [id for line in output.splitlines() if line.startswith("stored") for id in line.split()[1:]]
    if stored:
        assert Path(f"{path}-wal").stat().st_size > 0, "the dead process left its log behind"
    with SqliteBackend.open(path, create=False) as backend:
        assert backend.get(stored).keys() == set(stored)
        assert backend.stats()["articles"] in {len(set(stored)), len({*stored, *_next_batch(stored)})}
        assert backend.check().faults == []
        program.write(backend, "one", 3)
        program.link_all(backend)
        assert backend.check().faults == []


def _next_batch(stored: list[str]) -> list[str]:
    """Ids of the batch that may have become durable just before the process died, unannounced."""
    size = program.BATCH + program.SHARED
    return [each.id for each in program.batch_of("one", len(stored) // size)]
