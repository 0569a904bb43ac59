"""Counts are kept while nobody writes, and the quick way to the newest hits finds what the slow one does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from index.search.parse import parse
from index.search.query import Query
from index.search.results import Bucket
from index.sqlite import search
from index.sqlite.backend import SqliteBackend
from index.sqlite.counts import KEPT
from tests.index.contract.stories import fold_into_one_story
from tests.make import NOON, make_article

QUERIES = (
    "",
    "site:s1.ru",
    "-site:s1.ru",
    "after:2026-01-18T14:00 lang:ru",
    "role:canonical",
    "site:none.ru",
    "мост",
    "title:мо*",
)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[SqliteBackend, SqliteBackend]]:
    """A reader and a writer of one file with 60 articles, several of a second, one story of three."""
    path = tmp_path / "svodka.db"
    random = Random(3)
    articles = [
        make_article(
            site=f"s{n % 3}.ru",
            url=f"https://x/{n}",
            published_at=NOON
            + timedelta(minutes=random.randrange(200), milliseconds=random.choice([0, 250, 500])),
        )
        for n in range(60)
    ]
    with SqliteBackend.open(path) as writer, SqliteBackend.open(path) as reader:
        writer.put(articles)
        fold_into_one_story(writer, *articles[:3])
        yield reader, writer


def fresh(backend: SqliteBackend, query: Query) -> object:
    """The answer of a connection that has kept nothing."""
    path = backend.connection.execute("PRAGMA database_list").fetchone()[2]
    with SqliteBackend.open(path) as other:
        return other.search(query)


@pytest.mark.parametrize("text", QUERIES)
@pytest.mark.parametrize("broad", [0, 10**9])
def test_what_is_kept_changes_no_answer(
    pair: tuple[SqliteBackend, SqliteBackend], text: str, broad: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "BROAD", broad)
    reader, _ = pair
    for copies in (False, True):
        for sort in ("date", "copies", None):
            for offset in (0, 7, 55, 100):
                query = parse(text, copies=copies, sort=sort, limit=7, offset=offset)
                assert reader.search(query) == fresh(reader, query)
                assert reader.search(query) == fresh(reader, query), "and once more, from what is kept"


@pytest.mark.parametrize("own", [False, True])
def test_a_write_is_seen_whoever_made_it(pair: tuple[SqliteBackend, SqliteBackend], own: bool) -> None:
    reader, writer = pair
    before = reader.search(parse("", copies=True))
    assert reader.search(parse("", copies=True)) == before
    (reader if own else writer).put([make_article(site="new.ru", section="Новое")])
    after = reader.search(parse("", copies=True))
    assert after.total == before.total + 1
    assert after.facets.section == [Bucket("Новое", 1)]
    assert Bucket("new.ru", 1) in after.facets.site


def test_counts_are_of_the_snapshot_that_the_hits_are_of(pair: tuple[SqliteBackend, SqliteBackend]) -> None:
    from index.sqlite.transaction import reading

    reader, writer = pair
    with reading(reader.connection):
        before = reader.search(parse("", copies=True))
        writer.put([make_article(site="new.ru")])
        assert reader.search(parse("", copies=True)) == before
    assert reader.search(parse("", copies=True)).total == before.total + 1


def test_searches_with_and_without_facets_are_kept_apart(pair: tuple[SqliteBackend, SqliteBackend]) -> None:
    reader, _ = pair
    query = parse("мост")
    assert reader.search(replace(query, facets=False)).facets.site == []
    assert reader.search(query).facets.site


def test_no_more_is_kept_than_has_its_place(pair: tuple[SqliteBackend, SqliteBackend]) -> None:
    reader, _ = pair
    for n in range(KEPT + 20):
        reader.search(parse(f"after:{1900 + n}"))
    assert len(reader.counts._kept) == KEPT
