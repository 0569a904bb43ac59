"""A site is judged against its schedule and its own past."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from crawler.site import Site
from crawler.status.schedule import is_late
from crawler.status.site import FALLEN, Drop, empty_since, fallen, judge
from index.runs import FILLED, OUTCOMES, RunDocument
from tests.make import NOON, make_run

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def site(schedule: str = "0 * * * *") -> Site:
    return Site.model_validate(
        {"name": "a.example", "title": "A", "domains": ["a.example"], "time_zone": "Europe/Moscow",
         "feeds": ["http://a.example/rss"], "schedule": schedule}
    )  # fmt: skip


def run(age: timedelta, new: int = 0, **changes: Any) -> RunDocument:
    counts = dict.fromkeys(OUTCOMES, 0) | {"indexed": new, "known": 5 - new}
    return make_run(started_at=NOON - age, **{"outcomes": counts, "pages": 0, "fill": None, **changes})


def hourly(hours: int, fresh: Iterable[int], **changes: Any) -> list[RunDocument]:
    """A run each hour; at the hours of `fresh` (counted back) something was new. Newest first."""
    wanted = set(fresh)
    return [run(age * HOUR, new=int(age in wanted), **changes) for age in range(hours)]


@pytest.mark.parametrize(
    ("schedule", "ago", "late"),
    [
        ("*/15 * * * *", 45 * MINUTE, False),
        ("*/15 * * * *", 46 * MINUTE, True),
        ("@hourly", 3 * HOUR, False),
        ("@hourly", 3 * HOUR + MINUTE, True),
        (
            "0 16-20 * * *",
            17 * HOUR,
            False,
        ),  # 22:00 in Moscow yesterday; due at 16:00 today, an hour from now
        ("0 0 29 2 *", 400 * DAY, False),
    ],
)
def test_a_site_is_late_when_three_times_have_passed(schedule: str, ago: timedelta, late: bool) -> None:
    assert is_late(site(schedule), NOON - ago, NOON) is late


def test_a_site_that_is_well() -> None:
    status = judge(site(), hourly(100, range(100), newest_published_at=NOON - 5 * MINUTE), NOON)
    assert (status.state, status.problems, status.new, status.failed) == ("ok", [], 25, 0)
    assert (status.last_run, status.newest_published_at) == (NOON, NOON - 5 * MINUTE)


def test_states() -> None:
    failed = {"ok": False, "exit": 1, "problems": ["feed http://a.example/rss: no answer in time"]}
    assert judge(site(), [], NOON).state == "never run"
    assert judge(site(), [], NOON, running="other").state == "running"
    assert judge(site(), [run(HOUR, 1)], NOON, running="").state == "running"
    assert judge(site(), [run(5 * HOUR, 1)], NOON).state == "late"
    assert judge(site(), [run(5 * HOUR, 1)], NOON, running="").state == "running", "it is under way"
    one = judge(site(), [run(HOUR, 1, **failed), run(2 * HOUR, 1)], NOON)
    assert one.state == "ok", "one run alone may be a bad minute"
    two = judge(site(), [run(HOUR, 1, **failed), run(2 * HOUR, 1, **failed), run(3 * HOUR, 1)], NOON)
    assert two.state == "failing"
    assert two.problems == ["feed http://a.example/rss: no answer in time (2 runs in a row failed)"]
    both = judge(site(), [run(9 * HOUR, 1, **failed)], NOON, running=None)
    assert (both.state, len(both.problems)) == ("failing", 2)


@pytest.mark.parametrize(
    ("runs", "empty"),
    [
        (hourly(180, range(23, 180)), False),
        (hourly(180, range(25, 180)), True),
        (hourly(180, range(30, 180, 8)), False),  # three a day: five times eight hours
        (hourly(180, range(41, 180, 8)), True),
        (hourly(180, [60, *range(130, 180)]), False),  # a gap of three days is nothing new for it
        (hourly(24, []), False),
        (hourly(26, []), True),
        (hourly(180, range(48, 180), sources_read=0, sources_failed=1), False),  # failing, not empty
        (hourly(180, [0]), False),
    ],
)
def test_a_site_is_empty_by_its_own_past(runs: list[RunDocument], empty: bool) -> None:
    assert (empty_since(runs, NOON) is not None) is empty


def rates(**changes: float) -> dict[str, float]:
    return dict.fromkeys(FILLED, 1.0) | changes


def test_a_rate_that_falls_below_half_of_its_past_is_a_new_layout() -> None:
    past = [run(age * HOUR, 1, pages=5, fill=rates(author=0.2)) for age in range(2, 20)]
    changed = [run(age * HOUR, 1, pages=5, fill=rates(body=0.4, author=0.0)) for age in (0, 1)]
    assert fallen([*changed, *past]) == {"body": Drop(1.0, 0.4), "author": Drop(0.2, 0.0)}
    status = judge(site(), [*changed, *past], NOON)
    assert status.state == "layout"
    assert "body 100% -> 40%" in status.problems[0]
    assert "author" not in status.problems[0]
    assert fallen(past) == {}


@pytest.mark.parametrize("share", [FALLEN, 0.9, 1.0])
def test_a_rate_that_is_half_or_more_has_not_fallen(share: float) -> None:
    past = [run(age * HOUR, pages=10, fill=rates()) for age in range(1, 5)]
    assert fallen([run(timedelta(), pages=10, fill=rates(title=share)), *past]) == {}


def test_too_few_pages_say_nothing() -> None:
    past = [run(age * HOUR, pages=10, fill=rates()) for age in range(1, 5)]
    assert fallen([run(timedelta(), pages=9, fill=rates(title=0.0)), run(HOUR, pages=19, fill=rates())]) == {}
    assert fallen([run(timedelta(), pages=10, fill=rates(title=0.0)), *past[:1]]) == {}
    assert fallen([run(timedelta())]) == {}
