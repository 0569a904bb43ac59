"""An article of which only the day is known is found, counted and sorted on that day, on every engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crawler.extraction.extracted import Extracted
from crawler.normalising.published import choose_published
from index.article import Article
from index.backend import Backend
from index.search.parse import parse
from tests.make import make_article

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SITES = {
    "midway.example": "Pacific/Midway",  # UTC-11
    "boston.example": "America/New_York",
    "london.example": "Europe/London",
    "ural.example": "Asia/Yekaterinburg",
    "magadan.example": "Asia/Magadan",  # UTC+11
    "tonga.example": "Pacific/Tongatapu",  # UTC+13
}


def stored(site: str, day: int) -> Article:
    """An article as the crawler makes it of a page that tells a day alone."""
    page = Extracted(
        published=datetime(2026, 11, day, tzinfo=ZoneInfo(SITES[site])), precision="day", origin="meta"
    )
    when = choose_published(
        page, None, f"https://{site}/", now=NOW, zone=ZoneInfo(SITES[site]), first_seen=NOW
    )
    return make_article(
        site=site,
        title=f"{site} {day}",
        published_at=when.moment,
        published_precision=when.precision,
        published_origin=when.origin,
        published_offset=when.offset,
    )


@pytest.fixture
def days(backend: Backend) -> Backend:
    """Three days of each site."""
    backend.put([stored(site, day) for site in SITES for day in (17, 18, 19)])
    return backend


@pytest.mark.parametrize(
    "zone", ["Pacific/Midway", "America/New_York", "UTC", "Europe/Moscow", "Asia/Magadan"]
)
def test_that_one_day_is_that_day(days: Backend, zone: str) -> None:
    found = days.search(parse("after:2026-11-17 before:2026-11-18", zone=ZoneInfo(zone), copies=True))
    assert sorted(hit.title for hit in found.hits) == sorted(f"{site} 17" for site in SITES)
    assert [(bucket.value, bucket.count) for bucket in found.facets.day] == [("2026-11-17", len(SITES))]


def test_every_day_is_counted_as_itself(days: Backend) -> None:
    counted = days.search(parse("", copies=True)).facets.day
    assert [(bucket.value, bucket.count) for bucket in counted] == [
        (f"2026-11-{day}", len(SITES)) for day in (19, 18, 17)
    ]


def test_a_day_stands_in_the_middle_of_its_exact_times(backend: Backend) -> None:
    noon = datetime(2026, 11, 17, 12, tzinfo=UTC)
    exact = [
        make_article(site="exact.example", title=f"{hours:+}", published_at=noon + timedelta(hours=hours))
        for hours in (-12.5, -11.5, -0.5, 0.5, 11.5, 12.5)
    ]
    backend.put([*exact, stored("ural.example", 17)])
    found = backend.search(parse("", sort="date", copies=True)).hits
    assert [hit.title for hit in found] == [
        "+12.5",
        "+11.5",
        "+0.5",
        "ural.example 17",
        "-0.5",
        "-11.5",
        "-12.5",
    ]
