"""The drawings of a site's runs."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from index.runs import OUTCOMES, RunDocument
from index.web.asked import Asked
from index.web.messages import messages
from index.web.recent import SLOTS, recent
from index.web.run_charts import GROUPS, NAMED, STEP, TALL, WIDE, parts, strip
from index.web.visit import Visit
from tests.make import NOON, make_run

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
VISIT = Visit(Asked(), messages("en"), ZoneInfo("Europe/Moscow"), NOON)


def run(age: timedelta, ok: bool = True, **counts: int) -> RunDocument:
    return make_run(
        started_at=NOON - age, ok=ok, version="2", outcomes=dict.fromkeys(OUTCOMES, 0) | {"known": 1} | counts
    )


def test_each_outcome_is_in_one_group() -> None:
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(OUTCOMES)


def test_runs_are_put_into_slots_that_end_now() -> None:
    runs = [run(-MINUTE), run(10 * MINUTE, ok=False), run(3 * HOUR), run(7 * DAY - MINUTE), run(7 * DAY)]
    found = recent(runs, NOON)
    assert [(slot.at, slot.runs, slot.failed) for slot in found.slots] == [
        (0, 1, 0),
        (SLOTS - 2, 1, 0),
        (SLOTS - 1, 2, 1),
    ]
    assert (found.runs, found.failed, found.outcomes["known"], found.version) == (4, 1, 4, "2")
    assert recent([], NOON).runs == 0


def test_ticks_tell_time_and_failure_not_by_colour_alone() -> None:
    drawn = strip(recent([run(10 * MINUTE, ok=False), run(40 * MINUTE), run(5 * HOUR)], NOON), VISIT)
    assert [tick.text for tick in drawn.ticks] == [
        "18 Jan 2026, 10:00: ended well",
        "18 Jan 2026, 14:20 – 18 Jan 2026, 14:50: 2 runs, 1 failed",
    ]
    assert [(tick.failed, tick.height) for tick in drawn.ticks] == [(False, TALL // 2), (True, TALL)]
    assert all(tick.y + tick.height == TALL for tick in drawn.ticks)
    assert drawn.text == "3 runs, 1 failed"
    assert (drawn.well, drawn.failed) == ("", "")


def test_a_busy_site_tells_the_times_of_failures_only() -> None:
    runs = [run(hour * HOUR, ok=hour != 50) for hour in range(7 * 24)]
    drawn = strip(recent(runs, NOON), VISIT)
    assert [tick.failed for tick in drawn.ticks] == [True]
    assert drawn.well.count("M") == SLOTS - 1
    assert drawn.text == "168 runs, 1 failed"


def test_a_site_that_always_fails_has_bounded_words() -> None:
    drawn = strip(recent([run(hour * HOUR, ok=False) for hour in range(7 * 24)], NOON), VISIT)
    assert len(drawn.ticks) == NAMED
    assert drawn.failed.count("M") == SLOTS - NAMED
    assert drawn.ticks[-1].x == (SLOTS - 1) * STEP, "the newest"


def test_outcomes_fill_the_bar_without_gaps() -> None:
    counts = recent(
        [run(HOUR, indexed=7, revised=1, robots=2, too_short=1, failed=1, deferred=3)], NOON
    ).outcomes
    found = parts(counts, messages("en"))
    assert [part.text for part in found] == [
        "7 new",
        "1 edited",
        "1 seen before",
        "3 rejected (1 too short, 2 forbidden by robots.txt)",
        "1 failed",
        "3 left for later",
    ]
    assert found[0].x == 0
    assert all(one.x + one.width == other.x for one, other in pairwise(found))
    assert found[-1].x + found[-1].width == WIDE


def test_a_single_link_among_many_is_seen() -> None:
    found = parts(dict.fromkeys(OUTCOMES, 0) | {"known": 100_000, "failed": 1}, messages("ru"))
    assert [part.width >= 1 for part in found] == [True, True]
    assert found[1].text == "сбоев 1"


def test_no_links_no_bar() -> None:
    assert parts(dict.fromkeys(OUTCOMES, 0), messages("en")) == []
