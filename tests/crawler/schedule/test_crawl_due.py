"""`svodka crawl --due`, as cron runs it: real processes against sample sites, at times that are given to them."""

from __future__ import annotations

import os
import pty
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest

from crawler.demo.page import Page
from crawler.demo.server import SampleSites
from crawler.lock import SiteLock, lock_path
from crawler.schedule.claim import TurnTaken
from crawler.schedule.due_sites import DueSites
from crawler.schedule.starts import Mark, mark, marks
from crawler.site import load_sites
from index.clock import clock_at
from tests.desk import Desk, article, feed

NAMES = ("hourly.example", "nightly.example")


@pytest.fixture
def two_sites(desk: Desk) -> Desk:
    desk.site("hourly.example", schedule="@hourly")
    desk.site("nightly.example", schedule="30 2 * * *", time_zone="Europe/Berlin")
    for name in NAMES:
        desk.web[f"http://{name}/rss"] = feed("/1", host=name)
        desk.web[f"http://{name}/1"] = article(f"Мост у {name}")
    return desk


def crawled(desk: Desk, now: str, *arguments: str) -> list[str]:
    done = desk.crawl("--due", *arguments, now=f"2026-{now}:00+00:00")
    assert done.code == 0, done.err
    assert done.err == ""
    return [site["site"] for site in done.report["sites"]]


def test_each_site_in_its_turn(two_sites: Desk) -> None:
    assert sorted(crawled(two_sites, "11-20T12:00")) == sorted(NAMES)  # neither ever ran
    assert crawled(two_sites, "11-20T12:05") == []
    assert crawled(two_sites, "11-20T13:00") == ["hourly.example"]
    # The machine was off for two nights.
    assert sorted(crawled(two_sites, "11-22T09:10")) == sorted(NAMES)
    assert crawled(two_sites, "11-22T09:15") == []
    assert crawled(two_sites, "11-22T10:00") == ["hourly.example"]


def test_among_named_sites_only(two_sites: Desk) -> None:
    assert crawled(two_sites, "11-20T12:00", "nightly.example") == ["nightly.example"]
    assert crawled(two_sites, "11-20T12:05") == ["hourly.example"]


def test_a_dry_run_marks_nothing(two_sites: Desk) -> None:
    assert len(crawled(two_sites, "11-20T12:00", "--dry-run")) == 2
    assert len(crawled(two_sites, "11-20T12:00")) == 2


def test_nothing_due_says_nothing_to_cron(two_sites: Desk) -> None:
    crawled(two_sites, "11-20T12:00")
    done = two_sites.run("crawl", "--due", now="2026-11-20T12:05:00+00:00")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_nothing_due_tells_a_person_what_comes(two_sites: Desk) -> None:
    crawled(two_sites, "11-20T12:00")
    controller, terminal = pty.openpty()
    environment = {**os.environ, "SVODKA_INDEX": two_sites.index, "SVODKA_SITES": f"{two_sites.folder}/sites"}
    environment["SVODKA_NOW"] = "2026-11-20T12:05:00+00:00"
    try:
        arguments = [sys.executable, "-m", "crawler.cli", "crawl", "--due"]
        pid = os.posix_spawn(
            sys.executable, arguments, environment, file_actions=[(os.POSIX_SPAWN_DUP2, terminal, 2)]
        )
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        assert (
            os.read(controller, 4096).decode().strip()
            == "no site is due; next is hourly.example, in 55 minutes"
        )
    finally:
        os.close(controller)
        os.close(terminal)


def test_a_faulty_site_file_is_told_and_stops_no_other(two_sites: Desk) -> None:
    crawled(two_sites, "11-20T12:00")
    two_sites.write("bad.example.toml", "name = 'bad.example'")
    done = two_sites.crawl("--due", now="2026-11-20T13:00:00+00:00")
    assert done.code == 1
    assert [site["site"] for site in done.report["sites"]] == ["hourly.example"]
    assert "bad.example.toml" in done.report["faults"][0]
    idle = two_sites.run("crawl", "--due", now="2026-11-20T13:05:00+00:00")
    assert idle.code == 1
    assert "bad.example.toml" in idle.err


def test_a_site_that_asked_to_be_left_alone_waits(two_sites: Desk) -> None:
    two_sites.web["http://hourly.example/rss"] = Page("busy", 503, {"Retry-After": "7200"})
    first = two_sites.crawl("--due", "hourly.example", now="2026-11-20T12:00:00+00:00")
    assert first.site("hourly.example")["finish"] == "retry_after"
    two_sites.web["http://hourly.example/rss"] = feed("/1", host="hourly.example")
    assert crawled(two_sites, "11-20T13:00", "hourly.example") == []
    assert crawled(two_sites, "11-20T14:01", "hourly.example") == ["hourly.example"]


def test_a_run_that_was_killed_at_its_start_is_not_repeated_at_once(two_sites: Desk) -> None:
    sites = [load_sites(two_sites.folder / "sites")[0]["hourly.example"]]
    with closing(two_sites.open()) as index:
        due = DueSites(two_sites.index, sites, clock_at("2026-11-20T12:00:00+00:00"))
        due.claim("hourly.example").take(index)  # and here it is killed
    assert crawled(two_sites, "11-20T12:05", "hourly.example") == []
    assert crawled(two_sites, "11-20T13:00", "hourly.example") == ["hourly.example"]


def test_what_another_process_has_started_is_left_to_it(two_sites: Desk) -> None:
    sites = list(load_sites(two_sites.folder / "sites")[0].values())
    clock = clock_at("2026-11-20T12:00:00+00:00")
    slow, quick = (DueSites(two_sites.index, sites, clock) for _ in range(2))
    assert {site.name for site in slow.sites} == {site.name for site in quick.sites} == set(NAMES)
    with closing(two_sites.open()) as index:
        quick.claim("hourly.example").take(index)
        with pytest.raises(TurnTaken):
            slow.claim("hourly.example").take(index)
        slow.claim("nightly.example").take(index)


def test_a_site_that_is_busy_when_its_turn_comes_keeps_it(two_sites: Desk) -> None:
    crawled(two_sites, "11-20T00:00")
    lock = SiteLock(lock_path(two_sites.index, "nightly.example"))
    lock.take()
    assert crawled(two_sites, "11-20T01:30", "nightly.example") == ["nightly.example"]  # told as locked
    lock.release()
    assert crawled(two_sites, "11-20T01:35", "nightly.example") == ["nightly.example"]
    assert crawled(two_sites, "11-20T01:40", "nightly.example") == []


def test_a_run_that_a_signal_has_stopped_has_not_had_its_turn(two_sites: Desk) -> None:
    pages = [f"/{number}" for number in range(9)]
    two_sites.web["http://nightly.example/rss"] = feed(*pages, host="nightly.example")
    two_sites.web |= {f"http://nightly.example{page}": article(f"Мост {page}") for page in pages}
    two_sites.site("nightly.example", schedule="30 2 * * *", time_zone="Europe/Berlin", delay=2)
    with SampleSites.from_pages(two_sites.web) as server:
        process = two_sites.start_crawl(server, "--due", "nightly.example")
        deadline = monotonic() + 60
        while not any(each.request.url.endswith("/1") for each in server.log):
            assert monotonic() < deadline
            sleep(0.02)
        process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 130
    with closing(two_sites.open()) as index:
        assert index.last_runs()["nightly.example"].finish == "shutdown"
        assert marks(index, ["nightly.example"])["nightly.example"].started_at is None
    assert crawled(two_sites, "11-20T14:30", "nightly.example", "--limit", "1") == ["nightly.example"]
    assert crawled(two_sites, "11-20T14:35", "nightly.example") == []


def test_a_clock_set_back_is_noted_once(two_sites: Desk) -> None:
    sites = [load_sites(two_sites.folder / "sites")[0]["hourly.example"]]
    with closing(two_sites.open()) as index:
        mark(index, "hourly.example", datetime(2026, 11, 20, 18, 0, 2, tzinfo=UTC), Mark())
    back = DueSites(two_sites.index, sites, clock_at("2026-11-20T12:10:00+00:00"))
    assert back.sites == []
    with closing(two_sites.open()) as index:
        assert marks(index, ["hourly.example"]) == {"hourly.example": Mark(started_at=back.now)}
    assert crawled(two_sites, "11-20T12:55", "hourly.example") == []
    assert crawled(two_sites, "11-20T13:00", "hourly.example") == ["hourly.example"]


def test_due_sites_are_crawled_while_the_cluster_is_away(two_sites: Desk, tmp_path: Path) -> None:
    two_sites.environment = {
        "SVODKA_INDEX": "http://127.0.0.1:9", "SVODKA_OUTBOX_FOLDER": str(tmp_path / "outbox"), "SVODKA_OUTBOX_PATIENCE": "0"
    }  # fmt: skip
    first = two_sites.crawl("--due", now="2026-11-20T12:00:00+00:00")
    assert first.code == 3
    assert first.outcomes("hourly.example")["waiting"] == 1
    again = two_sites.crawl("--due", now="2026-11-20T12:05:00+00:00")
    assert again.report["sites"] == []
    later = two_sites.crawl("--due", now="2026-11-20T13:00:00+00:00")
    assert [site["site"] for site in later.report["sites"]] == ["hourly.example"]
