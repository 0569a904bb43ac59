"""A day without a time as a moment, and what earlier versions stored for one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from index.day import at_noon, moved_to_noon

DAY = date(2026, 11, 17)
NOON = datetime(2026, 11, 17, 12, tzinfo=UTC)


def zone(hours: float) -> timezone:
    return timezone(timedelta(hours=hours))


@pytest.mark.parametrize("hours", [-12, -11, -9.5, -3.5, 0, 3, 5.75, 11, 11.5])
def test_noon_is_on_its_day_in_nearly_every_zone(hours: float) -> None:
    assert at_noon(DAY) == NOON
    assert at_noon(DAY).astimezone(zone(hours)).date() == DAY


@pytest.mark.parametrize("hours", [-11, -9.5, -3.5, 0, 3, 5.75, 11, 11.5])
def test_a_midnight_of_an_unknown_zone_is_of_the_day_that_it_begins(hours: float) -> None:
    midnight = datetime(2026, 11, 17, tzinfo=zone(hours))
    assert moved_to_noon(midnight, None) == moved_to_noon(midnight.astimezone(UTC), None) == NOON


@pytest.mark.parametrize("hours", [-11, -3.5, 0, 11, 12.75, 13, 14])
def test_a_midnight_with_its_offset_is_certain(hours: float) -> None:
    midnight = datetime(2026, 11, 17, tzinfo=zone(hours))
    assert moved_to_noon(midnight.astimezone(UTC), round(hours * 60)) == NOON


@pytest.mark.parametrize("offset", [None, -660, 0, 300, 840])
def test_a_noon_stays(offset: int | None) -> None:
    assert moved_to_noon(NOON, offset) == NOON
    assert moved_to_noon(NOON.astimezone(zone(5)), offset) == NOON


def test_a_zone_too_far_east_comes_out_a_day_early_as_before() -> None:
    """Where the page gave no offset, nothing stored tells that midnight there from one farther west."""
    midnight = datetime(2026, 11, 17, tzinfo=zone(13))
    assert moved_to_noon(midnight, None) == NOON - timedelta(days=1)
