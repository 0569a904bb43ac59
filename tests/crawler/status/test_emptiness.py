"""Sources have dried up when nothing new comes for far longer than usual; a weekend is usual."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from crawler.status.emptiness import empty_since, has_news
from crawler.status.site import HISTORY
from index.runs import RunDocument
from tests.crawler.status.records import DAY, HOUR, MINUTE, hourly, run
from tests.make import NOON

Publishes = Callable[[datetime], bool]
MONDAY = datetime(2026, 11, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("runs", "empty"),
    [
        (hourly(220, range(23, 220)), False),
        (hourly(220, range(25, 220)), True),
        (hourly(220, range(30, 220, 8)), False),  # three a day: five times eight hours
        (hourly(220, range(41, 220, 8)), True),
        (hourly(220, [60, *range(130, 220)]), False),  # a gap of three days is nothing new for it
        (hourly(24, []), False),
        (hourly(26, []), True),  # not even its first run brought anything
        (hourly(180, range(48, 180), sources_read=0, sources_failed=1), False),  # failing, not empty
        (hourly(180, [0]), False),
        (hourly(180, [179]), False),  # once in seven days: it may be a weekly
        (hourly(200, [199]), True),
        (hourly(100, range(70, 100)), False),  # a new site: it may be its first weekend
        (hourly(130, range(100, 130)), True),
    ],
)
def test_a_site_is_empty_by_its_own_past(runs: list[RunDocument], empty: bool) -> None:
    assert (empty_since(runs, NOON) is not None) is empty


def at_work(moment: datetime) -> bool:
    return moment.weekday() < 5 and 9 <= moment.hour <= 18


def on(*weekdays: int) -> Publishes:
    return lambda moment: moment.weekday() in weekdays and (moment.hour, moment.minute) == (9, 0)


RHYTHMS: dict[str, Publishes] = {
    "on weekdays from 9 to 18": at_work,
    "on weekdays once": on(0, 1, 2, 3, 4),
    "on Mondays": on(0),
    "on Mondays and Tuesdays": on(0, 1),
    "on Mondays and Thursdays": on(0, 3),
    "each third day": lambda moment: moment.toordinal() % 3 == 0 and (moment.hour, moment.minute) == (9, 0),
    "daily": lambda moment: (moment.hour, moment.minute) == (9, 0),
}


def history(publishes: Publishes, first: datetime, now: datetime) -> list[RunDocument]:
    """Runs each half an hour in the time that is looked at, the newest first."""
    start = max(first, now - HISTORY)
    half_hours = int((now - start) / (30 * MINUTE))
    moments = (now - n * 30 * MINUTE for n in range(half_hours + 1))
    return [run(NOON - moment, int(publishes(moment))) for moment in moments]


@pytest.mark.parametrize("rhythm", RHYTHMS)
@pytest.mark.parametrize("known_for", [DAY, 30 * DAY])
def test_no_rhythm_gives_an_alarm_in_two_weeks(rhythm: str, known_for: timedelta) -> None:
    """Hour by hour, a minute before the run that would bring something; of a new site from its first article on."""
    publishes = RHYTHMS[rhythm]
    first = next(m for n in range(9999) if publishes(m := MONDAY - known_for + n * 30 * MINUTE))
    runs = history(publishes, first, MONDAY)
    alarms = []
    for hour in range(14 * 24):
        now = max(MONDAY, first) + hour * HOUR
        if has_news(runs, now):
            assert empty_since(runs, now) is None
        for moment in (now - 30 * MINUTE, now):
            if runs and empty_since(runs, moment - MINUTE) is not None:
                alarms.append(moment)
            if not runs or moment > runs[0].started_at:
                runs.insert(0, run(NOON - moment, int(publishes(moment))))
        runs = [each for each in runs if each.started_at >= now - HISTORY]
    assert alarms == []


@pytest.mark.parametrize(
    ("rhythm", "hours"), [("on weekdays from 9 to 18", 94), ("daily", 120), ("on Mondays", 252)]
)
def test_what_dries_up_is_noticed(rhythm: str, hours: int) -> None:
    """So many hours after its last article, and not long before."""
    publishes = RHYTHMS[rhythm]
    last = next(m for n in range(48) if publishes(m := MONDAY + DAY - n * 30 * MINUTE))
    for late, noticed in ((2 * HOUR, True), (-2 * HOUR, False)):
        now = last + hours * HOUR + late
        runs = history(lambda moment: moment <= last and publishes(moment), MONDAY - 30 * DAY, now)
        assert empty_since(runs, now) == (last if noticed else None)


def test_a_late_monday_and_a_holiday_on_monday_are_no_alarm() -> None:
    tuesday = MONDAY + DAY + 9 * HOUR
    runs = history(
        lambda m: at_work(m) and not MONDAY <= m < MONDAY + DAY, MONDAY - 30 * DAY, tuesday - MINUTE
    )
    assert empty_since(runs, tuesday) is None


def test_what_lies_far_in_the_future_is_no_news() -> None:
    assert has_news([run(HOUR, 1)], NOON)
    assert not has_news([run(HOUR), run(25 * HOUR, 1), run(-1000 * DAY, 1)], NOON)
