"""Crawls while the index is away, full, or refuses: nothing is lost, and the run says what is left."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.demo.page import Page
from crawler.demo.server import SampleSites
from index.outbox.store import Outbox
from tests.desk import NOON, SECONDS, Desk, Done, article, feed
from tests.index.outbox.remote import REFUSED, FileRemote

LATER = "2026-11-20T12:05:00+00:00"
HALF_AN_HOUR_LATER = "2026-11-20T12:35:00+00:00"


class Away:
    """A desk whose index is behind an outbox."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.requests: list[str] = []
        self.remote = FileRemote.at(desk.folder / "remote")

    def svodka(self, *arguments: str, now: str = NOON, patience: str = "0") -> Done:
        with SampleSites.from_pages(self.desk.web) as server:
            environment = {name: value for name, value in os.environ.items() if "_proxy" not in name.lower()}
            environment |= {
                "SVODKA_NOW": now, "SVODKA_SITES": f"{self.desk.folder}/sites", "http_proxy": server.address,
                "SVODKA_TEST_FOLDER": str(self.desk.folder), "SVODKA_OUTBOX_PATIENCE": patience,
                "SVODKA_INDEX": "http://es.example:9200",
            }  # fmt: skip
            command = [sys.executable, "-m", "tests.crawler.pipelines.svodka_away", *arguments]
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=SECONDS, cwd=ROOT
            )
            self.requests = [exchange.request.url for exchange in server.log]
        return Done(done.returncode, done.stdout, done.stderr)

    def crawl(self, *, now: str = NOON, patience: str = "0") -> Done:
        return self.svodka("crawl", "--json", now=now, patience=patience)

    def outbox(self) -> Outbox:
        return Outbox(self.desk.folder / "outbox" / "es.example-9200-news.db")

    def waiting(self) -> int:
        with closing(self.outbox()) as outbox:
            return outbox.letters.count()


ROOT = Path(__file__).parents[3]


@pytest.fixture
def away(desk: Desk) -> Iterator[Away]:
    """One site with two articles."""
    desk.site()
    desk.web = {
        "http://a.example/rss": feed("/1", "/2"),
        "http://a.example/1": article("Первая новость"),
        "http://a.example/2": article("Вторая новость", "Совсем другой текст о другом событии в другом городе, длинный."),
    }  # fmt: skip
    away = Away(desk)
    yield away
    away.remote.close()


def test_an_index_that_answers_leaves_nothing(away: Away) -> None:
    done = away.crawl()
    assert (done.code, done.outcomes(), done.err) == (0, {"indexed": 2}, "")
    assert done.report["left"] == {
        "articles": 0, "states": 0, "since": None, "reason": "", "error": "",
        "dead": 0, "dead_reason": "", "unlinked": 0,
    }  # fmt: skip
    assert away.remote.stats()["articles"] == 2
    assert away.remote.stats()["pending"] == 0
    away.desk.web["http://a.example/rss"] = feed("/2", "/1")
    assert away.crawl(now=LATER).outcomes() == {"known": 2}


def test_a_crawl_without_an_index_keeps_all_and_fetches_nothing_twice(away: Away) -> None:
    away.remote.script("down")
    done = away.crawl()
    assert (done.code, done.outcomes()) == (3, {"waiting": 2})
    assert done.site("a.example")["finish"] == "finished"
    left = done.report["left"]
    assert (left["articles"], left["reason"]) == (2, "connection refused")
    assert left["states"] > 0
    assert away.crawl(now=LATER).outcomes() == {}, "the feed is asked conditionally as ever"
    away.desk.web["http://a.example/rss"] = feed("/2", "/1")
    second = away.crawl(now=LATER)
    assert (second.code, second.outcomes()) == (3, {"known": 2})
    assert "http://a.example/1" not in away.requests
    away.remote.unscript("down")
    assert away.svodka("index", "replay").code == 0
    assert away.remote.stats()["articles"] == 2
    assert away.remote.stats()["pending"] == 0
    assert away.remote.get_state("site:a.example")["validators"]
    assert away.remote.check().faults == []
    away.desk.web["http://a.example/rss"] = feed("/1", "/2")
    third = away.crawl(now=LATER)
    assert (third.code, third.outcomes()) == (0, {"known": 2})


def test_the_next_crawl_sends_what_waits(away: Away) -> None:
    away.remote.script("down")
    away.crawl()
    away.remote.unscript("down")
    away.desk.web["http://a.example/rss"] = feed("/1", "/2", "/3")
    away.desk.web["http://a.example/3"] = article(
        "Третья новость", "Третий текст, который ни на что не похож, о третьем."
    )
    done = away.crawl(now=LATER, patience="20")
    assert done.code == 0
    assert away.waiting() == 0
    assert away.remote.stats()["articles"] == 3
    assert away.remote.stats()["pending"] == 0


def test_people_read_what_is_left_and_how_to_go_on(away: Away) -> None:
    away.remote.script("down")
    done = away.svodka("crawl")
    header, row = done.out.splitlines()[:2]
    assert header.split() == [
        "site", "links", "new", "known", "unchanged", "revised", "waiting", "copies", "left", "seconds", "rejected",
    ]  # fmt: skip
    assert row.split()[:9] == ["a.example", "2", "0", "0", "0", "0", "2", "0", "0"]
    waits, unlinked = done.err.splitlines()
    assert waits.startswith("! index: 2 articles and ")
    assert "(connection refused): the next crawl sends what waits, 'svodka index replay' at once" in waits
    assert unlinked.startswith("! index: new articles of 1 site are not in stories yet (connection refused)")


def test_what_is_sent_at_the_end_of_the_run_is_told_as_what_became_of_it(away: Away) -> None:
    away.remote.script("busy.txt", ["busy", "busy"])
    done = away.crawl(patience="20")
    assert (done.code, done.outcomes()) == (0, {"indexed": 2})
    assert done.report["left"]["articles"] == 0
    assert away.remote.last_runs()["a.example"].outcomes["indexed"] == 2
    assert away.remote.stats()["pending"] == 0


def test_what_is_refused_at_the_end_of_the_run_fails(away: Away) -> None:
    away.crawl()
    away.remote.script("refused.txt", [id for id, _ in away.remote.delivered()[:1]])
    away.remote.script("down")
    away.crawl(now=HALF_AN_HOUR_LATER)
    away.remote.unscript("down")
    with closing(away.outbox()) as outbox:
        outbox.pauses.wake()  # or the next run may not ask yet which articles to visit again
    away.desk.web["http://a.example/rss"] = feed("/3")
    away.desk.web["http://a.example/3"] = article(
        "Третья новость", "Третий текст, который ни на что не похож."
    )
    done = away.crawl(now="2026-11-20T13:40:00+00:00", patience="20")
    assert done.code == 3
    assert done.site("a.example")["refused"] == 1
    assert away.svodka("status").code == 1


def test_an_edit_while_the_index_is_away_becomes_a_revision(away: Away) -> None:
    away.crawl()
    away.remote.script("full")
    away.desk.web["http://a.example/1"] = article("Первая новость, дополненная")
    assert away.crawl(now=HALF_AN_HOUR_LATER).outcomes() == {"waiting": 2}
    away.remote.unscript("full")
    assert away.svodka("index", "replay").code == 0
    assert sorted(
        each.revision for each in away.remote.get(id for id, _ in away.remote.delivered()).values()
    ) == [1, 2]


def test_a_refused_article_fails_with_the_servers_reason_and_is_kept(away: Away) -> None:
    away.crawl()
    ids = [id for id, _ in away.remote.delivered()]
    away.remote.script("refused.txt", ids)
    done = away.crawl(now=HALF_AN_HOUR_LATER)
    site = done.site("a.example")
    assert (done.code, done.outcomes(), site["refused"]) == (3, {"failed": 2}, 2)
    assert site["reasons"] == {f"failed: the index refused it, kept as a dead letter: {REFUSED}": 2}
    away.remote.unscript("refused.txt")
    assert away.svodka("index", "replay", "--dead").code == 0
    assert away.svodka("status").code == 0


def test_wrong_credentials_are_told_before_anything_is_fetched(away: Away) -> None:
    away.remote.script("denied")
    done = away.crawl()
    assert done.code == 3
    assert done.err == "svodka: the API key was revoked: make a new one\n"
    assert away.requests == []


def test_credentials_that_are_revoked_in_the_middle_stop_the_run_and_lose_nothing(away: Away) -> None:
    def revoked(request: object) -> Page:
        away.remote.script("denied")
        return Page(article("Вторая новость", "Другой текст о другом событии в другом городе, длинный."))

    away.desk.web["http://a.example/2"] = revoked
    done = away.crawl()
    assert done.code == 3
    assert done.outcomes() == {"waiting": 2}
    assert any("revoked" in error for error in done.site("a.example")["errors"])
    assert away.waiting() == 2
    away.remote.unscript("denied")
    assert away.svodka("index", "replay").code == 0
    assert away.remote.stats()["articles"] == 2


def test_a_full_outbox_stops_the_run_and_the_links_are_left_for_the_next(away: Away) -> None:
    away.remote.script("down")
    with closing(away.outbox()) as outbox, outbox.file.write() as connection:
        connection.execute("INSERT INTO state(key, value, dirty) VALUES ('filler', hex(zeroblob(600000)), 0)")
    done = away.crawl()
    assert (done.code, done.outcomes()) == (3, {"failed": 2})
    assert any("SVODKA_OUTBOX_LIMIT_MB" in error for error in done.site("a.example")["errors"])
    with closing(away.outbox()) as outbox, outbox.file.write() as connection:
        connection.execute("DELETE FROM state WHERE key = 'filler'")
    away.remote.unscript("down")
    assert away.crawl(now=HALF_AN_HOUR_LATER, patience="20").outcomes() == {"indexed": 2}


def test_a_dry_run_sends_nothing(away: Away) -> None:
    away.remote.script("down")
    away.crawl()
    away.remote.unscript("down")
    assert away.svodka("crawl", "--dry-run", now=LATER).code == 0
    assert away.waiting() == 2
