"""Facets are complete and exact on every engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from index.backend import Backend
from index.search.parse import parse
from index.search.query import Query
from index.search.results import Bucket
from tests.index.contract.stories import fold_into_one_story
from tests.index.search.hits import make_facets
from tests.make import NOON, make_article


def test_facets_of_any_number_of_values_are_complete(backend: Backend) -> None:
    """More than an engine counts by itself."""
    backend.put([make_article(site=f"s{n % 60}.ru", url=f"https://x/{n}",
                                published_at=NOON + timedelta(days=n)) for n in range(100)])  # fmt: skip
    facets = backend.search(parse("", limit=0)).facets
    assert [bucket.count for bucket in facets.site] == [2] * 40 + [1] * 20
    names = [bucket.value for bucket in facets.site]
    assert names == sorted(names[:40]) + sorted(names[40:])
    assert [bucket.value for bucket in facets.source] == names
    assert len(facets.day) == 100


def test_days_are_utc_and_old_dates_count_too(backend: Backend) -> None:
    old = datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)
    backend.put([make_article(published_at=old), make_article(published_at=old - timedelta(days=365 * 60))])
    assert [bucket.value for bucket in backend.search(Query()).facets.day] == ["1969-12-31", "1910-01-15"]


def test_sections_languages_and_roles_are_counted(backend: Backend) -> None:
    sections = ("Спорт", "спорт", "Спорт", None, "")
    articles = [
        make_article(url=f"https://x/{n}", section=section, language="en" if n == 4 else "ru")
        for n, section in enumerate(sections)
    ]
    backend.put(articles)
    fold_into_one_story(backend, *articles[:2])
    found = backend.search(parse("", copies=True)).facets
    assert found.section == [Bucket("Спорт", 2), Bucket("спорт", 1)], "none is no section"
    assert found.language == [Bucket("ru", 4), Bucket("en", 1)]
    assert found.role == [Bucket("canonical", 4), Bucket("copy", 1)]
    assert backend.search(parse("")).facets.role == [Bucket("canonical", 4)]


def test_facets_are_left_out_where_nobody_asks_for_them(backend: Backend) -> None:
    backend.put([make_article(url=f"https://x/{n}") for n in range(3)])
    query = parse("мост", limit=2)
    whole, bare = backend.search(query), backend.search(replace(query, facets=False))
    assert (bare.total, bare.hits) == (whole.total, whole.hits)
    assert bare.facets == make_facets()
