from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.schedule.expression import Expression
from crawler.schedule.timetable import Timetable

MINUTE = timedelta(minutes=1)
CHANGES = {  # the evening before, UTC
    "Europe/Berlin": ("2026-03-28T20:00", "2026-10-24T20:00"),
    "America/New_York": ("2026-03-08T02:00", "2026-11-01T02:00"),
    "Australia/Lord_Howe": ("2026-04-04T10:00", "2026-10-03T10:00"),
    "Asia/Kolkata": ("2026-03-28T20:00",),  # never changes
}
FIELDS = st.sampled_from(["*", "*/15", "*/20", "0", "30", "15,45", "7-59/10", "2-40/2"])
HOURS = st.sampled_from(["*", "*/2", "*/3", "2", "1-3", "0,2,23", "1", "3"])


def runs(expression: str, zone: str, after: str, count: int) -> list[str]:
    moment = datetime.fromisoformat(after).replace(tzinfo=ZoneInfo(zone))
    found = Timetable(Expression(expression), ZoneInfo(zone)).coming(moment, count)
    return [f"{each.astimezone(ZoneInfo(zone)):%d %R%z}" for each in found]


@pytest.mark.parametrize(
    ("expression", "zone", "after", "expected"),
    [
        # Forward, fixed hours: what is skipped runs once the clock has moved; nothing runs twice for it.
        ("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00", ["29 03:00+0200", "30 02:30+0200"]),
        ("0 2,3 * * *", "Europe/Berlin", "2026-03-29T01:00", ["29 03:00+0200", "30 02:00+0200"]),
        ("15,45 2 * * *", "America/New_York", "2026-03-08T01:00", ["08 03:00-0400", "09 02:15-0400"]),
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-04T01:00", ["04 02:30+1100", "05 02:15+1100"]),
        # Back, fixed hours: what comes twice runs the first time.
        ("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00", ["25 02:30+0200", "26 02:30+0100"]),
        ("30 1 * * *", "America/New_York", "2026-10-31T12:00", ["01 01:30-0400", "02 01:30-0500"]),
        ("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T12:00", ["05 01:45+1100", "06 01:45+1030"]),
        # Without fixed hours: the clock's time goes on, the distance between runs stays.
        ("*/30 * * * *", "Europe/Berlin", "2026-03-29T01:00", ["29 01:30+0100", "29 03:00+0200"]),
        (
            "*/30 * * * *", "Europe/Berlin", "2026-10-25T02:00",
            ["25 02:30+0200", "25 02:00+0100", "25 02:30+0100", "25 03:00+0100"],
        ),
        ("0 */3 * * *", "Australia/Lord_Howe", "2026-04-05T00:00", ["05 03:00+1030", "05 06:00+1030"]),
        ("0 */3 * * *", "Australia/Lord_Howe", "2026-10-04T00:00", ["04 03:00+1100", "04 06:00+1100"]),
        ("30 2 * * *", "Europe/Moscow", "2026-03-28T12:00", ["29 02:30+0300", "30 02:30+0300"]),
    ],
)  # fmt: skip
def test_over_a_change_of_the_clocks(expression: str, zone: str, after: str, expected: list[str]) -> None:
    assert runs(expression, zone, after, len(expected)) == expected


def test_from_within_the_hour_that_comes_twice() -> None:
    zone = ZoneInfo("Europe/Berlin")
    second_time = datetime(2026, 10, 25, 2, 10, tzinfo=zone, fold=1)
    assert Timetable(Expression("30 2 * * *"), zone).next(second_time) == datetime(
        2026, 10, 26, 1, 30, tzinfo=UTC
    )
    assert Timetable(Expression("*/30 2 25 10 *"), zone).coming(second_time, 1) == [
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    ]


def minute_by_minute(expression: str, zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """The runs as the rules of cron(8) say, without the arithmetic: every minute is looked at."""
    sim = CronSim(expression, datetime.fromisoformat("2026-01-01"))
    fixed = Expression(expression).has_fixed_hours

    def fits(wall: datetime) -> bool:
        return wall.minute in sim.minutes and wall.hour in sim.hours

    before, moment = (start - MINUTE).astimezone(zone).replace(tzinfo=None), start
    while moment <= end:
        local = moment.astimezone(zone)
        wall = local.replace(tzinfo=None)
        skipped = [before + MINUTE * each for each in range(1, max((wall - before) // MINUTE, 1))]
        if (fits(wall) and not (fixed and local.fold)) or (fixed and any(map(fits, skipped))):
            yield moment
        before, moment = wall, moment + MINUTE


@settings(deadline=None)
@given(FIELDS, HOURS, st.sampled_from([(zone, day) for zone, days in CHANGES.items() for day in days]))
def test_the_same_runs_as_when_every_minute_is_looked_at(
    minute: str, hour: str, night: tuple[str, str]
) -> None:
    zone, start = ZoneInfo(night[0]), datetime.fromisoformat(night[1]).replace(tzinfo=UTC)
    end = start + timedelta(hours=12)
    expression = f"{minute} {hour} * * *"
    expected = list(minute_by_minute(expression, zone, start + MINUTE, end))
    timetable = Timetable(Expression(expression), zone)
    assert timetable.coming(start, len(expected)) == expected
    following = timetable.coming(start, len(expected) + 1)[-1]
    assert following > end or not expected
    if expected:
        assert timetable.previous(end) == expected[-1]
        assert timetable.previous(expected[0]) == expected[0]


@pytest.mark.parametrize("zone", [*CHANGES, "UTC"])
def test_next_lies_behind_and_previous_does_not_lie_ahead(zone: str) -> None:
    moment = datetime(2026, 11, 23, 12, 7, 31, 250_000, tzinfo=UTC)
    for text in ("* * * * *", "@hourly", "@yearly", "0 0 29 2 *", "0 0 L * *", "0 0 29 2 MON#1"):
        timetable = Timetable(Expression(text), ZoneInfo(zone))
        following, before = timetable.next(moment), timetable.previous(moment)
        assert following is not None
        assert before is not None
        assert before <= moment < following
        assert timetable.next(before) == following
        assert following.utcoffset() == timedelta()
