"""What a look-up of candidates reads of an index that has grown for months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from index.article import Article
from index.backend import Probe
from index.sqlite.backend import SqliteBackend
from tests.make import NOON, make_article

VALUES = [f"{number:016x}" for number in range(8)]


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[SqliteBackend]:
    with SqliteBackend.open(tmp_path / "svodka.db") as opened:
        yield opened


def published(days: float) -> Article:
    return make_article(
        url=f"https://example.org/{days}", published_at=NOON + timedelta(days=days), fingerprint=VALUES
    )


def found(backend: SqliteBackend, *asking: Article) -> list[list[str]]:
    probes = [Probe(each.id, each.published_at, tuple(each.fingerprint)) for each in asking]
    return backend.candidates(probes, share=3, days=7, limit=10)


def test_what_arrives_late_is_found_as_what_arrived_in_time(backend: SqliteBackend) -> None:
    late, new = published(1), published(100)
    backend.put([published(0), published(50), new, late, published(-6.5)])
    assert found(backend, late) == [[published(0).id]]
    assert sorted(found(backend, published(0))[0]) == sorted([late.id, published(-6.5).id])
    assert found(backend, new, late) == [[], [published(0).id]]


def test_postings_from_before_the_window_are_not_read(backend: SqliteBackend) -> None:
    backend.put([published(-100), published(-50), published(0), published(1)])
    traced: list[str] = []
    backend.connection.set_trace_callback(traced.append)
    assert found(backend, published(1)) == [[published(0).id]]
    backend.connection.set_trace_callback(None)
    (asked,) = [statement for statement in traced if "FROM fingerprint" in statement]
    (first,) = backend.connection.execute("SELECT n FROM article WHERE id = ?", (published(0).id,)).fetchone()
    assert f"n >= {first}" in asked
    plan = [row[3] for row in backend.connection.execute(f"EXPLAIN QUERY PLAN {asked}")]
    assert any("fingerprint" in step and "(h=? AND n>?)" in step for step in plan), plan
