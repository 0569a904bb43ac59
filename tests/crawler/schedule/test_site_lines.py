from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.schedule.due import timetable_of
from crawler.schedule.expression import Expression
from crawler.schedule.refusal import ScheduleRefused
from crawler.schedule.site_lines import lines_of, spread
from crawler.schedule.timetable import Timetable
from crawler.site import Site

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def make_site(schedule: str, zone: str = "UTC") -> Site:
    return Site(
        name="a.example",
        title="A",
        domains=["a.example"],
        time_zone=zone,
        schedule=schedule,
        feeds=["http://a.example/f"],
    )


def lines(schedule: str, zone: str = "UTC", machine: str = "UTC", now: datetime = NOW) -> list[str]:
    return lines_of(make_site(schedule, zone), ZoneInfo(machine), now).times


MINUTE = {size: spread("a.example", size) for size in (5, 15, 60)}


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("*/15 * * * *", f"{MINUTE[15]}-59/15 * * * *"),
        ("*/5 9-17 * * *", f"{MINUTE[5]}-59/5 9-17 * * *"),
        ("@hourly", f"{MINUTE[60]} * * * *"),
        ("@daily", f"{MINUTE[60]} 0 * * *"),
        # What names its minutes keeps them.
        ("@midnight", "0 0 * * *"),
        ("0 * * * *", "0 * * * *"),
        ("7-59/10 * * * *", "7-59/10 * * * *"),
        ("* * * * *", "* * * * *"),
        ("*/7 * * * *", "*/7 * * * *"),
        # What cronsim understands and cron does not.
        ("5/20 2/8 * * *", "5-59/20 2-23/8 * * *"),
        ("0 6 * JAN-MAR MON,FRI", "0 6 * 1-3 1,5"),
    ],
)
def test_minutes_are_spread_where_the_site_leaves_them_open(schedule: str, expected: str) -> None:
    assert lines(schedule) == [expected]


@pytest.mark.parametrize(
    ("schedule", "zone", "machine", "expected"),
    [
        ("30 9 * * *", "Europe/Moscow", "UTC", ["30 6 * * *"]),
        ("30 1 * * *", "Europe/Moscow", "UTC", ["30 22 * * *"]),
        ("30 1 * * MON", "Europe/Moscow", "UTC", ["30 22 * * 0"]),
        ("0 1,9 * * 1-5", "Europe/Moscow", "UTC", ["0 22 * * 0-4", "0 6 * * 1-5"]),
        ("0 9-17 * * *", "Asia/Kolkata", "UTC", ["30 3-11 * * *"]),
        ("0,45 2 * * *", "Asia/Kolkata", "UTC", ["15 21 * * *", "30 20 * * *"]),
        ("0 * * * *", "Europe/Moscow", "America/New_York", ["0 * * * *"]),
        ("0 * * * *", "Asia/Kolkata", "UTC", ["30 * * * *"]),
        ("0 9 1 * *", "Europe/Moscow", "UTC", ["0 6 1 * *"]),
    ],
)
def test_times_are_moved_into_the_machines_zone(
    schedule: str, zone: str, machine: str, expected: list[str]
) -> None:
    assert sorted(lines(schedule, zone, machine)) == sorted(expected)


@settings(deadline=None, max_examples=40)  # twelve days of runs each
@given(
    st.sampled_from(["0 9-17 * * 1-5", "5,35 */2 * * *", "0 0,23 * * 0", "10-50/20 3 * * 6", "0 1 * * 7"]),
    st.sampled_from(
        ["Asia/Kolkata", "America/New_York", "Asia/Tokyo", "Pacific/Kiritimati", "Pacific/Marquesas"]
    ),
    st.sampled_from(["UTC", "Asia/Kathmandu", "America/Los_Angeles"]),
)
def test_the_lines_give_the_sites_own_times(schedule: str, zone: str, machine: str) -> None:
    site = make_site(schedule, zone)
    start, end = NOW, NOW + timedelta(days=12)
    expected = [run for run in timetable_of(site).coming(start, 300) if run < end]
    found = {
        run
        for line in lines_of(site, ZoneInfo(machine), NOW).times
        for run in Timetable(Expression(line), ZoneInfo(machine)).coming(start, 300)
        if run < end
    }
    assert sorted(found) == expected


def test_lines_say_until_when_they_are_right() -> None:
    berlin = lines_of(make_site("30 2 * * *", "Europe/Berlin"), ZoneInfo("UTC"), NOW)
    assert (berlin.converted, berlin.until) == (True, datetime(2027, 3, 28, 1, tzinfo=UTC))
    # Both change at the same moment: nothing is converted and nothing ends.
    paris = lines_of(make_site("30 2 * * *", "Europe/Berlin"), ZoneInfo("Europe/Paris"), NOW)
    assert (paris.times, paris.converted, paris.until) == (["30 2 * * *"], False, None)
    # The same time today, another one in summer.
    london = lines_of(make_site("30 2 * * *", "Europe/London"), ZoneInfo("UTC"), NOW)
    assert london.times == ["30 2 * * *"]
    assert london.until == datetime(2027, 3, 28, 1, tzinfo=UTC)
    moscow = lines_of(make_site("30 2 * * *", "Europe/Moscow"), ZoneInfo("UTC"), NOW)
    assert (moscow.converted, moscow.until) == (True, None)


@pytest.mark.parametrize(
    ("schedule", "reason"),
    [
        ("0 0 L * *", "does not understand L"),
        ("0 0 * * MON#2", "does not understand L and #"),
        ("0 1 1 * *", "another day of the month"),
        ("0 1 * JUL *", "another day of the month"),
    ],
)
def test_what_a_line_cannot_say_is_refused(schedule: str, reason: str) -> None:
    with pytest.raises(ScheduleRefused, match=reason) as caught:
        lines(schedule, "Europe/Moscow")
    assert "a.example" in str(caught.value)
    assert "without --per-site" in str(caught.value)


def test_the_spread_uses_every_minute_and_never_changes() -> None:
    found = [spread(f"site{number}.example", 15) for number in range(500)]
    assert set(found) == set(range(15))
    assert max(found.count(minute) for minute in range(15)) < 60
    assert spread("ria.ru", 60) == 8
