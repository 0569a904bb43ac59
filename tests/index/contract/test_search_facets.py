"""Facets are complete and exact on every engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from index.backend import Backend
from index.search.parse import parse
from index.search.query import Query
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
