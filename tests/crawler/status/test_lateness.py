"""A site is late by its schedule, by how often that is looked at, and by what is under way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler.status.lateness import Circumstances, late_from, lateness, usual_gap
from tests.crawler.status.records import DAY, HOUR, MINUTE, run, site
from tests.make import NOON, make_run

WEEK = 7 * DAY


@pytest.mark.parametrize(
    ("schedule", "look", "ago", "late"),
    [
        ("*/15 * * * *", 15 * MINUTE, 45 * MINUTE, False),
        ("*/15 * * * *", 15 * MINUTE, 46 * MINUTE, True),
        ("@hourly", HOUR, 3 * HOUR, False),
        ("@hourly", HOUR, 3 * HOUR + MINUTE, True),
        ("0 15 * * *", DAY, DAY + 3 * HOUR, False),  # at noon in UTC: once missed, three hours ago
        ("0 15 * * *", DAY, DAY + 3 * HOUR + MINUTE, True),
        ("0 15 * * MON", WEEK, 6 * DAY, False),  # the 18th is a Sunday
        ("0 16-20 * * *", HOUR, 17 * HOUR, False),  # 22:00 in Moscow yesterday; due in an hour
        ("0 0 29 2 *", WEEK, 400 * DAY, False),
        ("* * * * *", 5 * MINUTE, 10 * MINUTE, False),
        ("* * * * *", 5 * MINUTE, 11 * MINUTE, True),
        ("*/10 * * * *", HOUR, 120 * MINUTE, False),
        ("*/10 * * * *", HOUR, 121 * MINUTE, True),
        ("*/10 * * * *", DAY, 121 * MINUTE, True),  # nobody looks as rarely as that
    ],
)
def test_when_a_site_is_late(schedule: str, look: timedelta, ago: timedelta, late: bool) -> None:
    shift = ago - DAY if schedule == "0 15 * * *" else timedelta()
    now = NOON + shift
    moment = late_from(site(schedule), now - ago, look)
    assert (moment is not None and moment <= now) is late


@pytest.mark.parametrize("look", [1, 5, 15, 60])
@pytest.mark.parametrize(
    "schedule", ["* * * * *", "*/10 * * * *", "7-59/10 * * * *", "*/15 * * * *", "@hourly"]
)
def test_who_runs_at_every_look_is_never_late(schedule: str, look: int) -> None:
    """Minute by minute for three hours, with a cron line that looks every `look` minutes."""
    crawled = site(schedule)
    runs = [run(2 * DAY)]
    for minute in range(180):
        now = NOON + minute * MINUTE
        if minute % look == 0:
            due = late_from(crawled, runs[0].started_at, timedelta()) is not None
            runs = [make_run(started_at=now), *runs] if due else runs
        assert lateness(crawled, runs, now, Circumstances()) == ""


def test_the_usual_gap_is_the_median_of_the_newest_runs() -> None:
    ages = [0, 5, 10, 600, 605, 610]
    assert usual_gap([run(age * MINUTE) for age in ages]) == 5 * MINUTE
    assert usual_gap([run(DAY)]) == usual_gap([]) == HOUR


def test_a_site_that_never_ran_is_late_by_the_age_of_its_file() -> None:
    hours = site()
    assert lateness(hours, [], NOON, Circumstances()) == ""
    assert lateness(hours, [], NOON, Circumstances(there_since=NOON - 3 * HOUR)) == ""
    assert lateness(hours, [], NOON, Circumstances(there_since=NOON - DAY)).startswith("it never ran")
    daily = site("@daily")
    assert lateness(daily, [], NOON, Circumstances(there_since=NOON - 14 * HOUR)) == ""
    assert lateness(hours, [], NOON, Circumstances(there_since=NOON + DAY)) == ""


def test_runs_that_die_before_they_leave_a_record_are_told_of() -> None:
    died = Circumstances(marked_at=NOON - MINUTE, there_since=NOON - DAY)
    assert lateness(site(), [], NOON, died).startswith("what began at 2026-01-18 11:59 UTC left no record")
    told = lateness(site(), [run(DAY)], NOON, died)
    assert told.startswith("no run since 2026-01-17 12:00 UTC")
    assert told.endswith("what began at 2026-01-18 11:59 UTC left no record, see the log")
    only = Circumstances(marked_at=NOON - 5 * HOUR)
    assert lateness(site(), [], NOON, only)


@pytest.mark.parametrize(
    ("began", "last", "late"),
    [
        (HOUR, 8 * HOUR, False),
        (6 * HOUR, 8 * HOUR, False),
        (7 * HOUR, 8 * HOUR, True),  # begun by the schedule, and it does not end
        (7 * HOUR, None, True),
        (None, 9 * HOUR, False),  # begun by hand, nobody knows when
        (None, 10 * HOUR, True),
        (11 * HOUR, 10 * HOUR, True),
        (None, None, False),
    ],
)
def test_a_run_that_does_not_end(began: timedelta | None, last: timedelta | None, late: bool) -> None:
    around = Circumstances(running="", marked_at=NOON - began if began else None)
    told = lateness(site(), [run(last)] if last else [], NOON, around)
    assert ("does it hang?" in told) is late


def test_a_record_of_the_future_is_told_where_it_may_be_the_reason() -> None:
    ahead = make_run(started_at=NOON + 1000 * DAY, host="desk-2")
    told = lateness(site(), [run(DAY)], NOON, Circumstances(ahead=ahead))
    assert told.endswith("a record of desk-2 says 2028-10-14 12:00: was its clock wrong?")
    assert lateness(site(), [run(HOUR)], NOON, Circumstances(ahead=ahead)) == ""
