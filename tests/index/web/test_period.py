"""The days of the overview."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from index.web.period import period_of

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)


def test_thirty_days_up_to_today() -> None:
    period = period_of("", NOW)
    assert period is not None
    assert (period.first, period.last, period.now) == (date(2026, 10, 22), date(2026, 11, 20), NOW)
    assert (period.since, period.until) == (
        datetime(2026, 10, 22, tzinfo=UTC),
        datetime(2026, 11, 21, tzinfo=UTC),
    )
    assert period.back(1) == NOW - timedelta(days=1)
    assert period_of("2026-11-20", NOW) == period, "today by its name"
    assert period_of("", NOW.astimezone(timezone(timedelta(hours=12)))) == period, "days are UTC's"


def test_days_up_to_another() -> None:
    period = period_of("2026-03-01", NOW)
    assert period is not None
    assert (period.first, period.now) == (date(2026, 1, 31), None)
    assert period.back(7) == datetime(2026, 2, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["x", "2026-13-01", "2026-02-30", "2026-1-1", "20261120", "0001-01-05", "9999-12-31", "２０２６-11-20"],
)
def test_what_is_no_day(text: str) -> None:
    assert period_of(text, NOW) is None
