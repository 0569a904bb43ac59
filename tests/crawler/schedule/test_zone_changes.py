from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crawler.schedule.zone_changes import changes, next_change, offset

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/Berlin", ["2026-03-29 01:00", "2026-10-25 01:00"]),
        ("America/New_York", ["2026-03-08 07:00", "2026-11-01 06:00"]),
        ("Australia/Lord_Howe", ["2026-04-04 15:00", "2026-10-03 15:30"]),
        ("Africa/Casablanca", ["2026-02-15 02:00", "2026-03-22 02:00"]),  # Ramadan
        ("Europe/Moscow", []),
        ("UTC", []),
    ],
)
def test_the_changes_of_a_year(zone: str, expected: list[str]) -> None:
    assert [f"{each:%F %R}" for each in changes(ZoneInfo(zone), START, END)] == expected


def test_a_change_is_found_to_the_second_and_lies_behind_the_start() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert next_change(berlin, change - second, change) == change
    assert next_change(berlin, change - second, change - second) is None
    assert next_change(berlin, change, change + timedelta(days=30)) is None
    assert offset(berlin, change) - offset(berlin, change - second) == timedelta(hours=1)
