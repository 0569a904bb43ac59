"""One run of a site at a time, and a time budget, as real processes have them."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.demo.server import SampleSites
from crawler.lease import lease_key
from index.backend import Backend
from tests.desk import Desk, article, feed
from tests.nodes.engines import Engine

PAGES = 9


@pytest.fixture
def slow(desk: Desk) -> Desk:
    """A site that takes twenty seconds."""
    desk.site(delay=2)
    desk.web["http://a.example/rss"] = feed(*(f"/{number}" for number in range(PAGES)))
    for number in range(PAGES):
        desk.web[f"http://a.example/{number}"] = article(f"Новость {number}")
    return desk


@contextmanager
def under_way(desk: Desk, *arguments: str) -> Iterator[tuple[SampleSites, subprocess.Popen[str]]]:
    """A crawl that has fetched its first page; stopped at the end."""
    with SampleSites.from_pages(desk.web) as server:
        process = desk.start_crawl(server, *arguments)
        deadline = time.monotonic() + 60
        while not any(each.request.url.endswith("/0") for each in server.log):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        try:
            yield server, process
        finally:
            process.terminate()
            process.communicate(timeout=60)


def crawl_once_more(desk: Desk, server: SampleSites, *arguments: str) -> tuple[int, str, str]:
    process = desk.start_crawl(server, *arguments)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_a_second_run_of_a_site_is_skipped(slow: Desk) -> None:
    with under_way(slow) as (server, first):
        code, out, err = crawl_once_more(slow, server)
        assert code == 1
        assert '"finish": "locked"' in out
        assert f"another run is under way (process {first.pid})" in out
        assert err == ""
    with closing(slow.open()) as index:
        assert [run.finish for run in index.runs(limit=9)] == ["shutdown"], "what did not run has no record"


def test_one_that_waits_has_its_turn(slow: Desk) -> None:
    with under_way(slow, "--budget", "6s") as (server, first):
        process = slow.start_crawl(server, "--wait", "50s", "--limit", "1")
        out, err = process.communicate(timeout=80)
        assert first.wait(timeout=10) == 0
    assert '"finish": "finished"' in out, err


def test_a_budget_ends_in_good_order(slow: Desk) -> None:
    slow.site("b.example")
    slow.web["http://b.example/rss"] = feed("/1", host="b.example")
    slow.web["http://b.example/1"] = article(
        "Другая новость", *["Текст о другом событии в другом городе."] * 3
    )
    done = slow.crawl("--budget", "6s")
    assert done.code == 0
    assert (done.site("a.example")["finish"], done.site("b.example")["finish"]) == ("budget", "finished")
    outcomes = done.outcomes()
    assert (outcomes["indexed"] > 0, outcomes["deferred"] > 0) == (True, True)
    with closing(slow.open()) as index:
        run = index.last_runs()["a.example"]
        assert (run.finish, run.ok, run.exit) == ("budget", True, 0)
        visits = index.get_state("site:a.example")["visits"]
        assert len(visits) == outcomes["deferred"], "the next run fetches the rest"


@pytest.mark.parametrize("text", ["0", "soon", "-1m", "10x"])
def test_a_budget_that_makes_no_sense(desk: Desk, text: str) -> None:
    desk.site()
    done = desk.run("crawl", f"--budget={text}")
    assert done.code == 2
    assert "is no length of time: write 90s, 10m or 1h" in done.err


def machine(desk: Desk, es: Engine, name: str) -> Desk:
    """A desk as on a machine of its own: its outbox and locks are in a folder of its own."""
    folder = desk.folder / name
    environment = {**es.environment, "SVODKA_INDEX": es.url, "SVODKA_OUTBOX_FOLDER": str(folder)}
    return replace(desk, environment={**environment, "SVODKA_RENEW_SECONDS": "0.5"})


def one_open(desk: Desk) -> Backend:
    """The index behind the outbox of a machine, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in desk.environment.items():
            patch.setenv(name, value)
        return desk.open()


def test_two_machines_never_crawl_a_site_at_once(slow: Desk, es: Engine, tmp_path: Path) -> None:
    one, two = machine(slow, es, "one"), machine(slow, es, "two")
    with under_way(one) as (server, first):
        code, out, _ = crawl_once_more(two, server)
        assert code == 1
        assert "crawls it (lease until" in out
    with closing(one_open(two)) as index:
        assert index.get_state(lease_key("a.example")) == {}, "given back"
        assert [run.finish for run in index.runs(limit=9)] == ["shutdown"]
    assert first.returncode == 130


def test_a_machine_that_lost_its_lease_stops_and_says_so(slow: Desk, es: Engine) -> None:
    one = machine(slow, es, "one")
    with under_way(one) as (_, process), closing(one_open(one)) as index:
        until = time.time() + 200
        index.update_state(lease_key("a.example"), lambda held: {"owner": "x", "host": "two", "until": until})
        out, err = process.communicate(timeout=60)
        assert process.returncode == 1, err
        assert '"finish": "lease_lost"' in out
        assert "another machine has taken the site over" in out
        assert index.get_state(lease_key("a.example"))["owner"] == "x", "not given back: it is another's"
        assert index.last_runs()["a.example"].outcomes["deferred"] > 0
