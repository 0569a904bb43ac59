"""Run records in a file that another version, or nobody of ours, has written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from index.runs import RunDocument
from index.sqlite.backend import SqliteBackend
from tests.make import NOON, make_run

HOUR = timedelta(hours=1)


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[SqliteBackend]:
    with closing(SqliteBackend.open(tmp_path / "news.db")) as opened:
        yield opened


def write(backend: SqliteBackend, run: RunDocument, text: str) -> None:
    """Put a run, and another document in place of its own."""
    backend.put_run(run)
    backend.connection.execute("UPDATE run SET document = ? WHERE id = ?", (text, run.id))


def test_a_newer_versions_record_counts(backend: SqliteBackend) -> None:
    run = make_run(started_at=NOON + HOUR)
    newer = json.loads(run.model_dump_json())
    newer["outcomes"]["postponed"] = 3
    backend.put_run(make_run())
    write(backend, run, json.dumps(newer | {"bandwidth": 1}))
    assert backend.last_runs() == {"a.example": run}
    assert backend.runs(limit=9) == [run, make_run()]
    assert backend.unreadable_runs == {}


@pytest.mark.parametrize("text", ["", "[1]", "null", "7", '"x"', "{}", '{"site": "a.example"}', "{" * 9])
def test_what_is_no_record_is_left_out_and_noted(backend: SqliteBackend, text: str) -> None:
    damaged = make_run(started_at=NOON + HOUR)
    backend.put_run(make_run())
    backend.put_run(make_run("b.example"))
    write(backend, damaged, text)
    assert backend.runs(limit=9, site="a.example") == [make_run()]
    assert backend.last_runs() == {"b.example": make_run("b.example")}
    assert backend.unreadable_runs.keys() == {damaged.id}
    assert backend.unreadable_runs[damaged.id]
