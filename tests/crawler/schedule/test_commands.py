"""`svodka schedule show`, `next` and `explain`, and a `crawl --due` whose sites were all taken."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import closing
from datetime import datetime

import pytest

from crawler.schedule.starts import Mark, mark
from tests.desk import Desk, Done

NOW = "2026-11-20T12:07:00+00:00"


@pytest.fixture
def desk_of_three(desk: Desk) -> Desk:
    desk.site("hourly.example", schedule="@hourly", time_zone="UTC")
    desk.site("nightly.example", schedule="30 2 * * *", time_zone="Europe/Berlin")
    desk.site("quarter.example", schedule="*/15 * * * *", time_zone="America/New_York")
    return desk


def schedule(desk: Desk, *arguments: str, now: str = NOW) -> Done:
    return desk.run("schedule", *arguments, now=now)


def mark_starts(desk: Desk, **starts: str) -> None:
    with closing(desk.open()) as index:
        for site, start in starts.items():
            mark(index, f"{site}.example", datetime.fromisoformat(f"{start}+00:00"), Mark())


def rows(done: Done) -> dict[str, str]:
    return {line.split()[0]: re.sub(r"\s{2,}", " | ", line.strip()) for line in done.out.splitlines()[1:]}


@pytest.mark.parametrize("action", ["show", "install", "remove", "next", "explain"])
def test_every_action_has_help_with_an_example(desk: Desk, action: str) -> None:
    done = schedule(desk, action, "--help")
    assert done.code == 0
    assert f"example: svodka schedule {action}" in done.out


def test_show_before_anything_ran_makes_no_index(desk_of_three: Desk) -> None:
    done = schedule(desk_of_three, "show")
    assert (done.code, done.err) == (0, "")
    assert rows(done)["hourly.example"].endswith("| UTC | never | now")
    assert not (desk_of_three.folder / "news.db").exists()


def test_show_tells_what_is_to_come_and_what_is_due(desk_of_three: Desk) -> None:
    mark_starts(
        desk_of_three, hourly="2026-11-20T12:00:01", quarter="2026-11-20T11:45:02", nightly="2026-11-19T01:30"
    )
    found = rows(schedule(desk_of_three, "show"))
    assert found["hourly.example"] == (
        "hourly.example | @hourly | at the start of every hour | UTC | 2026-11-20 12:00 | "
        "2026-11-20 13:00, in 53 minutes"
    )
    assert found["quarter.example"].endswith("| 2026-11-20 11:45 | due since 2026-11-20 12:00")
    assert found["nightly.example"].endswith("| due since 2026-11-20 01:30")
    berlin = rows(schedule(desk_of_three, "show", "nightly.example", "--zone", "Europe/Berlin"))
    assert list(berlin) == ["nightly.example"]
    assert "due since 2026-11-20 02:30" in berlin["nightly.example"]


def test_show_for_programs(desk_of_three: Desk) -> None:
    mark_starts(desk_of_three, quarter="2026-11-20T12:00:02")
    told = json.loads(schedule(desk_of_three, "show", "--json", "quarter.example").out)
    assert told["now"] == NOW
    assert told["sites"] == [
        {
            "site": "quarter.example", "schedule": "*/15 * * * *", "in_words": "every 15 minutes",
            "zone": "America/New_York", "last_start": "2026-11-20T12:00:02+00:00",
            "due_at": "2026-11-20T12:15:00+00:00", "due": False,
            "next_runs": [f"2026-11-20T12:{minute}:00+00:00" for minute in (15, 30, 45)],
        }
    ]  # fmt: skip


def test_next_lists_the_runs_of_all_sites_in_their_order(desk_of_three: Desk) -> None:
    done = schedule(desk_of_three, "next", "--count", "5")
    assert [line.split()[1:4:2] for line in done.out.splitlines()] == [
        ["12:15", "quarter.example"],
        ["12:30", "quarter.example"],
        ["12:45", "quarter.example"],
        ["13:00", "hourly.example"],
        ["13:00", "quarter.example"],
    ]
    assert done.out.splitlines()[0].endswith("in 8 minutes")


def test_next_from_another_time_in_another_zone(desk_of_three: Desk) -> None:
    arguments = (
        "next",
        "nightly.example",
        "--at",
        "2026-03-28T03:00",
        "--zone",
        "Europe/Berlin",
        "--count",
        "2",
    )
    assert schedule(desk_of_three, *arguments).out.splitlines() == [
        "2026-03-29 03:00 CEST  nightly.example",
        "2026-03-30 02:30 CEST  nightly.example",
    ]


def test_explain_tells_all_about_one_site(desk_of_three: Desk) -> None:
    mark_starts(desk_of_three, nightly="2026-11-20T01:30:02")
    with closing(desk_of_three.open()) as index:
        index.put_state("site:nightly.example", {"hold_until": "2026-11-22T00:00:00+00:00"})
    assert schedule(desk_of_three, "explain", "nightly.example").out.splitlines() == [
        "nightly.example: at 02:30 every day (30 2 * * *), in Europe/Berlin",
        "  next      2026-11-21 02:30 CET, in 13 hours",
        "  next      2026-11-22 02:30 CET, in 37 hours",
        "  next      2026-11-23 02:30 CET, in 2 days",
        "  last run  started 2026-11-20 02:30 CET, 10 hours ago; on time",
        "  held      the site asked to be left alone until 2026-11-22 01:00 CET (Retry-After)",
        "  clocks    2026-03-29: 02:00 becomes 03:00; 02:30: run at 03:00",
        "  clocks    2026-10-25: 03:00 becomes 02:00; 02:30: comes twice, run the first time",
    ]


@pytest.mark.parametrize(
    ("site", "now", "line"),
    [
        ("quarter.example", NOW, "02:00, 02:15, 02:30, 02:45: left out"),
        ("quarter.example", NOW, "01:00, 01:15, 01:30, 01:45: run twice, as the clock shows it twice"),
        ("minutely.example", NOW, "02:00, 02:01, …, 02:59: left out"),
        ("hourly.example", NOW, "clocks    do not change in 2026"),
        ("hourly.example", NOW, "last run  never; due at once"),
    ],
)
def test_what_clocks_do_to_it(desk_of_three: Desk, site: str, now: str, line: str) -> None:
    desk_of_three.site("minutely.example", schedule="* * * * *", time_zone="Europe/Berlin")
    assert line in schedule(desk_of_three, "explain", site, now=now).out


def test_explain_says_since_when_a_site_is_due(desk_of_three: Desk) -> None:
    mark_starts(desk_of_three, hourly="2026-11-20T10:00:01")
    assert "; due since 2026-11-20 11:00 UTC" in schedule(desk_of_three, "explain", "hourly.example").out
    assert (
        "; due since 2026-11-20 11:00 UTC"
        in schedule(desk_of_three, "explain", "hourly.example", now="2026-11-20T11:05:00+00:00").out
    )


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["explain", "hourli.example"], 2, "did you mean hourly.example?"),
        (["next", "--at", "tomorrow"], 2, "2026-03-29T01:30 are"),
        (["next", "--count", "0"], 2, "no whole number from 1 up"),
        (["show", "--sites", "/nowhere"], 2, "/nowhere is no folder"),
        (["show", "--zone", "Mars"], 2, "no time zone"),
        (["show", "--index", "mysql://x"], 3, "not understood"),
        ([], 2, "ACTION"),
    ],
)
def test_what_is_refused(desk_of_three: Desk, arguments: list[str], code: int, reason: str) -> None:
    done = schedule(desk_of_three, *arguments)
    assert (done.code, done.out) == (code, "")
    assert reason in done.err


def test_a_faulty_site_file_is_told_and_the_others_are_shown(desk_of_three: Desk) -> None:
    desk_of_three.site("bad.example", schedule="@reboot")
    done = schedule(desk_of_three, "show")
    assert done.code == 1
    assert len(rows(done)) == 3
    assert "bad.example.toml: schedule: not a cron expression (@reboot names no time" in done.err


def test_a_crawl_whose_sites_were_all_started_by_others_ends_at_once(desk_of_three: Desk) -> None:
    program = (
        "import sys; from pathlib import Path; from crawler.crawl import CrawlOptions, crawl; "
        "from crawler.site import load_sites; sites = list(load_sites(Path(sys.argv[2]))[0].values()); "
        "from datetime import UTC, datetime; from crawler.schedule.claim import Claim; "
        "from crawler.schedule.starts import Mark; now = lambda: datetime(2026, 11, 20, 12, tzinfo=UTC); "
        "claim = lambda name: Claim(name, Mark(), now); "
        "print(crawl(sites, CrawlOptions(sys.argv[1], claim=claim)).records)"
    )
    mark_starts(desk_of_three, **dict.fromkeys(("quarter", "hourly", "nightly"), "2026-11-20T11:00:00"))
    done = subprocess.run(
        [sys.executable, "-c", program, desk_of_three.index, str(desk_of_three.folder / "sites")],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")
