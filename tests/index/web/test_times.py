from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from index.web.messages import messages
from index.web.times import Time, time_shown

LATE = datetime(2026, 11, 20, 22, 5, 7, tzinfo=UTC)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize(
    ("moment", "precision", "language", "shown"),
    [
        (LATE, "minute", "en", Time("21 Nov 2026, 01:05", "2026-11-20T22:05:07Z", "21 November 2026, 01:05 (Europe/Moscow, UTC+03:00)")),
        (LATE, "second", "ru", Time("21 ноя 2026, 01:05", "2026-11-20T22:05:07Z", "21 ноября 2026, 01:05:07 (Europe/Moscow, UTC+03:00)")),
        (NOON, "day", "en", Time("20 Nov 2026", "2026-11-20", "The page gives the day, not the time")),
        (LATE, "unknown", "ru", Time("без даты, замечено 21 ноя 2026", "2026-11-20T22:05:07Z",
                                     "На странице нет даты. Впервые замечено 21 ноября 2026, 01:05 (Europe/Moscow, UTC+03:00)")),
    ],
)  # fmt: skip
def test_times_are_shown_as_exact_as_they_are_known(
    moment: datetime, precision: str, language: str, shown: Time
) -> None:
    assert time_shown(moment, precision, MOSCOW, messages(language)) == shown


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12", "UTC"])
def test_a_day_is_the_same_everywhere(zone: str) -> None:
    assert time_shown(NOON, "day", ZoneInfo(zone), messages("en")).text == "20 Nov 2026"


def test_utc_needs_no_offset() -> None:
    assert (
        time_shown(NOON, "minute", ZoneInfo("UTC"), messages("en")).title == "20 November 2026, 12:00 (UTC)"
    )
