"""What is sent after its turn, by whomever: the run tells it, and ends with 3 while anything is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing

from crawler.demo.server import SampleSites
from tests.crawler.pipelines.test_store import HALF_AN_HOUR_LATER, LATER, ROOT, Away, away
from tests.desk import NOON, article, feed
from tests.index.outbox.remote import REFUSED

__all__ = ["away"]  # the fixture


def third(away: Away) -> None:
    """The site has a third article, and its feed names no other."""
    away.desk.web["http://a.example/rss"] = feed("/3")
    away.desk.web["http://a.example/3"] = article(
        "Третья новость", "Третий текст, который ни на что не похож, о третьем событии дня."
    )


def test_dead_letters_of_an_earlier_run_end_a_crawl_with_3(away: Away) -> None:
    away.crawl()
    away.remote.script("refused.txt", [id for id, _ in away.remote.delivered()])
    assert away.crawl(now=HALF_AN_HOUR_LATER).site("a.example")["refused"] == 2
    away.remote.unscript("refused.txt")
    third(away)
    later = "2026-11-20T12:36:00+00:00"
    done = away.svodka("crawl", now=later)
    assert done.code == 3
    assert f"! index: 2 articles refused and kept as dead letters ({REFUSED}): " in done.err
    left = away.crawl(now=later).report["left"]
    assert (left["articles"], left["dead"], left["dead_reason"]) == (0, 2, REFUSED)


def test_a_text_that_was_refused_long_ago_says_nothing_of_another(away: Away) -> None:
    away.crawl()
    ids = [id for id, _ in away.remote.delivered()]
    away.remote.script("refused.txt", ids)
    away.desk.web["http://a.example/1"] = article("Первая новость, дополненная")
    assert away.crawl(now=HALF_AN_HOUR_LATER).outcomes() == {"failed": 2}
    away.remote.unscript("refused.txt")
    away.remote.script("busy.txt", ["busy"] * 2)
    away.desk.web["http://a.example/1"] = article("Первая новость, исправленная")
    done = away.crawl(now="2026-11-20T13:40:00+00:00", patience="20")
    assert done.outcomes() == {"revised": 1, "unchanged": 1}
    assert done.site("a.example")["refused"] == 0


def test_what_could_not_be_linked_after_it_was_sent_late_is_told(away: Away) -> None:
    away.remote.script("unlinkable")
    away.remote.script("busy.txt", ["busy"] * 2)
    done = away.crawl(patience="20")
    assert (done.code, done.outcomes()) == (3, {"indexed": 2})
    assert done.site("a.example")["unlinked"] == "no stories today"
    third(away)
    away.remote.script("full")
    away.crawl(now=LATER)
    away.remote.unscript("full")
    away.desk.web["http://a.example/rss"] = feed("/404")
    done = away.crawl(now=LATER, patience="20")
    assert (done.code, done.report["left"]["unlinked"]) == (3, 1), "of an earlier crawl"


def test_what_others_keep_changing_is_unlinked(away: Away) -> None:
    away.remote.script("overtaken")
    done = away.crawl()
    assert (done.code, done.outcomes()) == (3, {"indexed": 2})
    assert "other processes" in done.site("a.example")["unlinked"]
    away.remote.unscript("overtaken")
    assert away.crawl(now=LATER).code == 0


def test_what_a_run_had_to_leave_is_told_as_what_became_of_it_when_another_sends_it(away: Away) -> None:
    """The second site's batch takes the first one's articles along; each run counts its own."""
    away.desk.site("b.example")
    away.desk.web["http://b.example/rss"] = feed("/9", host="b.example")
    away.desk.web["http://b.example/9"] = article(
        "Девятая новость", "Текст другого сайта о совсем другом событии в другом городе."
    )
    away.remote.script("busy.txt", ["busy"] * 2)
    done = away.crawl(patience="20")
    assert done.code == 0
    assert [done.outcomes("a.example"), done.outcomes("b.example")] == [{"indexed": 2}, {"indexed": 1}]
    for site, count in (("a.example", 2), ("b.example", 1)):
        assert away.remote.last_runs()[site].outcomes["indexed"] == count


def test_the_state_of_the_index_survives_a_run_that_could_not_read_it(away: Away) -> None:
    visit = {
        "url": "http://a.example/dropped",
        "outcome": "deferred",
        "tries": 0,
        "seen_at": NOON,
        "due_at": NOON,
    }
    away.remote.put_state("site:a.example", {"visits": {"0" * 32: visit}})
    away.remote.script("down")
    away.crawl()
    away.remote.unscript("down")
    assert away.svodka("index", "replay").code == 0
    assert away.remote.get_state("site:a.example")["visits"].keys() == {"0" * 32}


def test_ctrl_c_over_and_over_in_the_last_sending_ends_with_the_summary(away: Away) -> None:
    away.remote.script("down")
    with SampleSites.from_pages(away.desk.web) as server:
        environment = {name: value for name, value in os.environ.items() if "_proxy" not in name.lower()}
        environment |= {
            "SVODKA_NOW": NOON, "SVODKA_SITES": f"{away.desk.folder}/sites", "http_proxy": server.address,
            "SVODKA_TEST_FOLDER": str(away.desk.folder), "SVODKA_OUTBOX_PATIENCE": "60",
            "SVODKA_INDEX": "http://es.example:9200", "SVODKA_OUTBOX_FOLDER": f"{away.desk.folder}/outbox",
        }  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.crawler.pipelines.svodka_away", "crawl"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip
        until_the_run_has_ended(away)
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.02)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 3, err
    assert "Traceback" not in err
    assert out.split("\n")[1].split()[0] == "a.example"
    assert "! index: 2 articles and " in err
    assert "stopping:" not in err
    assert away.waiting() == 2


def until_the_run_has_ended(away: Away) -> None:
    deadline = time.monotonic() + 60
    while True:
        with closing(away.outbox()) as outbox:
            if outbox.path.exists() and outbox.runs.all():
                return time.sleep(1.0)  # the reactor ends, and the last sending begins
        assert time.monotonic() < deadline
        time.sleep(0.05)
