"""A site is judged against its schedule and its own past."""

from __future__ import annotations

from typing import Any

from crawler.status.lateness import Circumstances
from crawler.status.site import judge
from index.exit_codes import INDEX
from tests.crawler.status.records import DAY, HOUR, MINUTE, hourly, rates, run, site
from tests.make import NOON


def test_a_site_that_is_well() -> None:
    status = judge(site(), hourly(100, range(100), newest_published_at=NOON - 5 * MINUTE), NOON)
    assert (status.state, status.problems, status.new, status.failed) == ("ok", [], 25, 0)
    assert (status.last_run, status.newest_published_at) == (NOON, NOON - 5 * MINUTE)


def test_states() -> None:
    failed = {"ok": False, "exit": 1, "problems": ["feed http://a.example/rss: no answer in time"]}
    assert judge(site(), [], NOON).state == "never run"
    assert judge(site(), [], NOON, Circumstances(running="other")).state == "running"
    assert judge(site(), [run(HOUR, 1)], NOON, Circumstances(running="")).state == "running"
    assert judge(site(), [run(5 * HOUR, 1)], NOON).state == "late"
    assert judge(site(), [run(5 * HOUR, 1)], NOON, Circumstances(running="")).state == "running", (
        "it is under way"
    )
    one = judge(site(), [run(HOUR, 1, **failed), run(2 * HOUR, 1)], NOON)
    assert one.state == "ok", "one run alone may be a bad minute"
    two = judge(site(), [run(HOUR, 1, **failed), run(2 * HOUR, 1, **failed), run(3 * HOUR, 1)], NOON)
    assert two.state == "failing"
    assert two.problems == ["feed http://a.example/rss: no answer in time (2 runs in a row failed)"]
    both = judge(site(), [run(9 * HOUR, 1, **failed)], NOON)
    assert (both.state, len(both.problems)) == ("failing", 2)


def test_only_a_fault_of_the_site_makes_it_failing() -> None:
    away: dict[str, Any] = {
        "ok": False,
        "exit": INDEX,
        "finish": "index_error",
        "problems": ["index: it does not answer"],
    }
    assert judge(site(), [run(age * HOUR, 1, **away) for age in range(3)], NOON).problems == []
    both = away | {"sources_read": 0, "sources_failed": 1}
    assert judge(site(), [run(age * HOUR, 1, **both) for age in range(3)], NOON).state == "failing"


def test_a_site_that_asked_to_be_left_alone_is_left_alone() -> None:
    failed: dict[str, Any] = {"ok": False, "exit": 1, "problems": ["feed http://a.example/rss: 429"]}
    runs = [run(2 * DAY, 1, **failed)]
    assert judge(site(), runs, NOON).state == "failing"
    held = judge(site(), runs, NOON, Circumstances(held_until=NOON + HOUR))
    assert (held.state, held.problems, held.held_until) == ("ok", [], NOON + HOUR)
    over = judge(site(), runs, NOON, Circumstances(held_until=NOON - 4 * HOUR))
    assert over.state == "failing"
    assert any("no run since" in line for line in over.problems)
    twice = [run(2 * DAY, **failed), run(3 * DAY, **failed)]
    assert judge(site(), twice, NOON, Circumstances(held_until=NOON + HOUR)).state == "failing"


def test_a_site_with_a_new_layout_or_none_at_all() -> None:
    past = [run(age * HOUR, 1, pages=5, fill=rates(author=0.2)) for age in range(2, 20)]
    changed = [run(age * HOUR, 1, pages=5, fill=rates(body=0.4, author=0.0)) for age in (0, 1)]
    status = judge(site(), [*changed, *past], NOON)
    assert status.state == "layout"
    assert "body 100% -> 40%" in status.problems[0]
    assert "author" not in status.problems[0]
    new = judge(site(), [run(MINUTE, pages=40, fill=rates(body=0.0))], NOON)
    assert new.state == "layout"
    assert "body 0%" in new.problems[0]
