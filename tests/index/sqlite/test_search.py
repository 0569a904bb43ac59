"""What only the embedded engine promises: which table leads, one snapshot, errors in words."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from index.backend import Edge, IndexUnavailable
from index.search.parse import parse
from index.sqlite.backend import SqliteBackend
from index.sqlite.compiled import compile_query
from index.sqlite.counts import Counts
from index.sqlite.search import search
from tests.make import NOON, make_article, make_source


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An index of 60 articles, every third about a bridge."""
    path = tmp_path / "svodka.db"
    with SqliteBackend.open(path) as backend:
        backend.put(
            [
                make_article(
                    title=f"{'Мост' if n % 3 == 0 else 'Паром'} {n}",
                    body="Городские новости дня.",
                    site=f"site{n % 5}.example",
                    source=make_source("tass.ru", "ТАСС"),
                    published_at=NOON + timedelta(hours=n),
                )
                for n in range(60)
            ]
        )
    return path


@pytest.mark.parametrize(
    ("text", "source", "plan"),
    [
        ("мост", "text CROSS JOIN facet ON facet.n = text.rowid", "SCAN text VIRTUAL TABLE INDEX"),
        (
            "мост -паром site:x",
            "text CROSS JOIN facet ON facet.n = text.rowid",
            "SCAN text VIRTUAL TABLE INDEX",
        ),
        (
            "(мост OR паром) мос*",
            "text CROSS JOIN facet ON facet.n = text.rowid",
            "SCAN text VIRTUAL TABLE INDEX",
        ),
        ("мос* -паром", "exact CROSS JOIN facet ON facet.n = exact.rowid", "SCAN exact VIRTUAL TABLE INDEX"),
        ("мост OR site:x", "facet LEFT JOIN ranked USING (n)", "SCAN facet"),
        ("-мост", "facet", "SCAN facet"),
        ("", "facet", "SCAN facet"),
    ],
)
def test_words_lead_the_search_where_they_can(path: Path, text: str, source: str, plan: str) -> None:
    with SqliteBackend.open(path) as backend:
        compiled = compile_query(backend.connection, parse(text))
        sql = f"WITH {compiled.tables} x AS (SELECT 1) SELECT {compiled.score} FROM {compiled.source}"  # noqa: S608 - compiled by us
        steps = backend.connection.execute(
            f"EXPLAIN QUERY PLAN {sql} WHERE {compiled.condition}", compiled.values
        )
        details = [str(step[3]) for step in steps]
    assert compiled.source == source
    outer = [detail for detail in details if detail.startswith(("SCAN", "SEARCH"))]
    assert plan in " ".join(outer)
    if source.startswith(("text", "exact")):
        assert outer[0].startswith(plan)


def test_no_score_is_worked_out_for_date_order(path: Path) -> None:
    with SqliteBackend.open(path) as backend:
        assert "bm25" in compile_query(backend.connection, parse("мост")).score
        for text in ("мост", "мос*", "мост OR site:x"):
            assert compile_query(backend.connection, parse(text, sort="date")).score == "0.0"


def test_values_never_become_sql(path: Path) -> None:
    hostile = "'); DROP TABLE facet; --"
    with SqliteBackend.open(path) as backend:
        query = parse(f'site:"{hostile}" source:"{hostile}" section:"{hostile}" мост')
        compiled = compile_query(backend.connection, query)
        assert "DROP" not in compiled.condition + compiled.source + compiled.tables
        assert backend.search(query).total == 0
        assert backend.search(parse("")).total == 60


def test_an_answer_is_one_snapshot_while_others_write(path: Path) -> None:
    with SqliteBackend.open(path) as reader, SqliteBackend.open(path) as writer:
        bridges = sorted(reader.search(parse("мост", limit=100)).hits, key=lambda hit: hit.id)
        stored = writer.get([hit.id for hit in bridges])
        writes: list[str] = []

        def write_between_statements(statement: str) -> None:
            if (
                "body.z" in statement and not writes
            ):  # the hits are chosen, their documents are about to be read
                writes.append(statement)
                first, *rest = stored.values()
                writer.put([make_article(title="Мост новый", site="late.example")])
                edges = [
                    Edge(first.id, each.id, True, "t", first.judged_hash, each.judged_hash) for each in rest
                ]
                writer.link([], edges)

        reader.connection.set_trace_callback(write_between_statements)
        before = reader.search(parse("мост", limit=100))
        reader.connection.set_trace_callback(None)
        after = reader.search(parse("мост", limit=100))
    assert writes
    assert before.total == len(before.hits) == 20
    assert {(hit.role, hit.copies) for hit in before.hits} == {("canonical", 0)}
    assert sum(bucket.count for bucket in before.facets.site) == 20
    assert after.total == len(after.hits) == 2
    assert sorted(hit.copies for hit in after.hits) == [0, 19]


def test_a_search_leaves_no_transaction_open(path: Path) -> None:
    with SqliteBackend.open(path) as backend:
        search(backend.connection, parse("мост"), Counts())
        assert not backend.connection.in_transaction


def test_a_damaged_index_is_told_in_words(path: Path) -> None:
    with SqliteBackend.open(path) as backend:
        backend.connection.execute("DROP TABLE text")
        with pytest.raises(IndexUnavailable, match=r"svodka\.db: no such table: text"):
            backend.search(parse("мост"))
        assert backend.search(parse("")).total == 60


def test_a_read_only_connection_can_search(path: Path) -> None:
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        assert search(connection, parse("мост OR site:site1.example"), Counts()).total == 28
    finally:
        connection.close()
