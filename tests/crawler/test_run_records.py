"""What `svodka crawl` leaves in the index about each run, and what `--json` shows of it."""

from __future__ import annotations

import signal
import socket
import time
from contextlib import closing
from datetime import UTC, datetime

from crawler import __version__
from crawler.demo.server import SampleSites
from index.runs import OUTCOMES, RunDocument
from tests.desk import NOON, Desk, article, feed


def runs(desk: Desk) -> list[RunDocument]:
    with closing(desk.open()) as index:
        return index.runs(limit=99)


def filled_desk(desk: Desk) -> Desk:
    """Three pages: one whole, one without an author, one that is no article."""
    desk.site()
    byline = '<meta name="author" content="Анна Петрова">'
    desk.web |= {
        "http://a.example/rss": feed("/1", "/2", "/3"),
        "http://a.example/1": article("Первая новость", head=byline),
        "http://a.example/2": article(
            "Вторая новость", *["Совсем другой текст о другом событии в городе."] * 3
        ),
        "http://a.example/3": "<html><body><p>нет</p></body></html>",
    }
    return desk


def test_a_run_is_kept_with_all_its_counts(desk: Desk) -> None:
    done = filled_desk(desk).crawl()
    (run,) = runs(desk)
    assert (run.site, run.version, run.host, run.trigger) == (
        "a.example", __version__, socket.gethostname(), "named",
    )  # fmt: skip
    assert (run.finish, run.exit, run.ok, run.found) == ("finished", 0, True, 3)
    assert run.outcomes.keys() == set(OUTCOMES)
    assert (sum(run.outcomes.values()), run.outcomes["indexed"]) == (3, 2)
    assert (run.sources_read, run.sources_failed, run.pages) == (1, 0, 3)
    assert run.fill is not None
    assert (run.fill["date"], run.fill["author"]) == (0.6667, 0.3333)
    assert run.newest_published_at == datetime(2026, 11, 20, 11, 30, tzinfo=UTC)
    assert (run.waiting, run.dead, run.problems) == (0, 0, [])
    told = done.site("a.example")
    assert (told["pages"], told["fill"], told["exit"], told["trigger"]) == (3, run.fill, 0, "named")
    assert told["newest_published_at"] == "2026-11-20T11:30:00Z"


def test_a_failed_run_says_why(desk: Desk) -> None:
    desk.site()
    assert desk.crawl().code == 1
    (run,) = runs(desk)
    assert (run.ok, run.exit, run.sources_failed, run.pages, run.fill) == (False, 1, 1, 0, None)
    assert run.newest_published_at is None
    assert run.problems[0].startswith("feed http://a.example/rss: ")


def test_what_is_known_counts_for_the_newest(desk: Desk) -> None:
    filled_desk(desk).crawl()
    desk.web["http://a.example/rss"] = feed("/3", "/2", "/1")
    desk.crawl(now="2026-11-20T12:01:00+00:00")
    newest, first = runs(desk)
    assert (newest.outcomes["known"], newest.outcomes["deferred"], newest.pages) == (2, 1, 0)
    assert newest.newest_published_at == first.newest_published_at


def test_a_dry_run_leaves_no_record(desk: Desk) -> None:
    filled_desk(desk).crawl("--dry-run")
    assert runs(desk) == []


def test_a_run_that_was_stopped_is_kept(desk: Desk) -> None:
    desk.site(delay=1)
    desk.web["http://a.example/rss"] = feed(*(f"/{number}" for number in range(9)))
    for number in range(9):
        desk.web[f"http://a.example/{number}"] = article(f"Новость {number}")
    with SampleSites.from_pages(desk.web) as server:
        process = desk.start_crawl(server)
        deadline = time.monotonic() + 60
        while not any(each.request.url.endswith("/0") for each in server.log):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 130
    (run,) = runs(desk)
    assert (run.finish, run.exit, run.ok) == ("shutdown", 130, True)
    assert run.outcomes["deferred"] > 0
    assert sum(run.outcomes.values()) == run.found == 9
    assert run.started_at == datetime.fromisoformat(NOON)
