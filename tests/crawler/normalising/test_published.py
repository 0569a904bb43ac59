from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from crawler.extraction.extracted import Extracted
from crawler.normalising.published import Published, choose_published
from index.article import Origin, Precision

NOW = datetime(2022, 1, 20, 12, 0, tzinfo=UTC)
SEEN = datetime(2022, 1, 20, 11, 59, 30, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")
PLAIN = "https://site.ru/news/1768"
DATED = "https://site.ru/2022/01/17/slug"
FEED = "Tue, 18 Jan 2022 14:05:07 +0300"


def page(
    moment: str, precision: Precision = "minute", origin: Origin = "json_ld", zoned: bool = False
) -> Extracted:
    return Extracted(
        published=datetime.fromisoformat(moment), precision=precision, origin=origin, published_zoned=zoned
    )


def choose(extracted: Extracted, feed: str | None = None, url: str = PLAIN) -> Published:
    return choose_published(extracted, feed, url, now=NOW, zone=MOSCOW, first_seen=SEEN)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_page_is_the_first_witness() -> None:
    chosen = choose(page("2022-01-18T14:00+03:00", zoned=True), FEED, DATED)
    assert chosen == Published(utc("2022-01-18T11:00"), "minute", "json_ld", 180)


def test_a_zone_of_the_site_is_no_offset_of_the_page() -> None:
    chosen = choose(page("2022-01-18T14:00+03:00", origin="text"))
    assert chosen == Published(utc("2022-01-18T11:00"), "minute", "text", None)


def test_then_the_feed() -> None:
    assert choose(Extracted(), FEED, DATED) == Published(utc("2022-01-18T11:05:07"), "second", "feed", 180)
    assert choose(Extracted(), "18.01.2022 14:05") == Published(
        utc("2022-01-18T11:05"), "minute", "feed", None
    )


def test_then_the_address() -> None:
    assert choose(Extracted(), None, DATED) == Published(utc("2022-01-17T12:00"), "day", "url", None)
    assert choose(Extracted(), "no date", DATED).origin == "url"


def test_else_the_first_sight_which_is_not_dressed_up() -> None:
    assert choose(Extracted()) == Published(SEEN, "unknown", "first_seen", None)
    local = SEEN.astimezone(MOSCOW)
    silent = choose_published(Extracted(), None, PLAIN, now=NOW, zone=MOSCOW, first_seen=local)
    assert silent.moment.tzinfo is UTC


@pytest.mark.parametrize(
    "impossible", ["2022-01-21T12:01+00:00", "1989-12-31T23:00+00:00", "9999-12-31T23:00-05:00"]
)
def test_an_implausible_page_is_not_believed(impossible: str) -> None:
    assert choose(page(impossible), FEED).origin == "feed"
    assert choose(page(impossible), impossible, "https://site.ru/2023/01/01/x") == Published(
        SEEN, "unknown", "first_seen", None
    )


def test_a_day_ahead_is_a_slip_of_the_zone() -> None:
    assert choose(page("2022-01-21T12:00+00:00")).origin == "json_ld"


@pytest.mark.parametrize(
    "day_only",
    [
        page("2022-01-18T00:00+03:00", "day", "meta"),
        page("2022-01-18T00:00:00+03:00", "second", "meta"),
        page("2022-01-18T00:00:00+00:00", "second", "meta", zoned=True),
    ],
)
def test_the_clock_of_the_feed_refines_a_day(day_only: Extracted) -> None:
    assert choose(day_only, FEED) == Published(utc("2022-01-18T11:05:07"), "second", "feed", 180)


def test_the_day_is_compared_in_the_zone_of_the_page() -> None:
    night = "Tue, 18 Jan 2022 22:30:00 GMT"  # 01:30 of the 19th in Moscow
    assert choose(page("2022-01-19T00:00+03:00", "day"), night).origin == "feed"
    assert choose(page("2022-01-18T00:00+03:00", "day"), night).origin == "json_ld"


def test_a_feed_of_another_day_or_without_a_clock_refines_nothing() -> None:
    day_only = page("2022-01-18T00:00+03:00", "day", "meta")
    for feed in ("Wed, 19 Jan 2022 14:05:07 +0300", "18.01.2022", "2022-01-18T00:00:00", "", None):
        assert choose(day_only, feed, DATED) == Published(utc("2022-01-18T12:00"), "day", "meta", None)


def test_a_clock_of_the_page_is_not_refined() -> None:
    assert choose(page("2022-01-18T14:00+03:00"), FEED).moment == utc("2022-01-18T11:00")


def test_offsets_are_minutes_east() -> None:
    west = Extracted(
        published=datetime(2022, 1, 18, 9, tzinfo=timezone(-timedelta(hours=3, minutes=30))),
        precision="second",
        origin="meta",
        published_zoned=True,
    )
    assert choose(west) == Published(utc("2022-01-18T12:30"), "second", "meta", -210)


ZONES = [
    "Pacific/Midway",
    "America/New_York",
    "UTC",
    "Europe/Moscow",
    "Asia/Vladivostok",
    "Pacific/Tongatapu",
]


@pytest.mark.parametrize("zone", map(ZoneInfo, ZONES), ids=ZONES)  # from UTC-11 to UTC+13
def test_a_day_is_kept_at_noon_in_every_zone(zone: ZoneInfo) -> None:
    def chosen(extracted: Extracted, feed: str | None = None, url: str = PLAIN) -> Published:
        return choose_published(extracted, feed, url, now=NOW, zone=zone, first_seen=SEEN)

    noon, day = utc("2022-01-17T12:00"), datetime(2022, 1, 17, tzinfo=zone)
    for published in (day, day.astimezone(UTC)):  # a page of the site's zone is read in it, however it comes
        page_day = Extracted(published=published, precision="day", origin="meta")
        assert chosen(page_day) == Published(noon, "day", "meta", None)
    assert chosen(Extracted(), "2022-01-17") == Published(noon, "day", "feed", None)
    assert chosen(Extracted(), None, DATED) == Published(noon, "day", "url", None)


def test_a_day_that_names_its_offset_is_the_day_named() -> None:
    told = page("2022-01-17T00:00+13:00", "day", "meta", zoned=True)
    assert choose(told) == Published(utc("2022-01-17T12:00"), "day", "meta", 780)


def test_midnight_with_a_clock_is_a_moment() -> None:
    """No feed tells better, and there are articles that go out at midnight."""
    assert choose(page("2022-01-17T00:00:00+03:00", "second")).moment == utc("2022-01-16T21:00")
