"""Signals at every moment of a crawl, in real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from crawler.demo.server import SampleSites
from crawler.lock import SiteLock, lock_path
from crawler.schedule.starts import Mark, marks
from tests.desk import Desk, article, feed

NAMES = ("a.example", "b.example")

# A crawl that is sent a signal by itself, the first time that it comes to a certain function.
PROGRAM = """
import os, signal, sys
from importlib import import_module
from crawler.cli import main

module, name = import_module(sys.argv[1]), sys.argv[2]
real, sent = getattr(module, name), []

def signalling(*args, **kwargs):
    if not sent:
        sent.extend(os.kill(os.getpid(), signal.Signals[each]) for each in os.environ["SENT"].split())
    return real(*args, **kwargs)

setattr(module, name, signalling)
sys.exit(main(sys.argv[3:]))
"""


@pytest.fixture
def two_sites(desk: Desk) -> Desk:
    for name in NAMES:
        desk.site(name, delay=1)
        desk.web[f"http://{name}/rss"] = feed(*(f"/{number}" for number in range(5)), host=name)
        desk.web |= {f"http://{name}/{number}": article(f"Мост {name} {number}") for number in range(5)}
    return desk


def signalled(desk: Desk, function: str, sent: str = "SIGTERM") -> subprocess.CompletedProcess[str]:
    """`svodka crawl --due --json` that gets signals when it calls a function."""
    with SampleSites.from_pages(desk.web) as server:
        environment = {**os.environ, "SVODKA_INDEX": desk.index, "SVODKA_SITES": f"{desk.folder}/sites"}
        environment |= {"SVODKA_NOW": "2026-11-20T12:00:00+00:00", "http_proxy": server.address, "SENT": sent}
        arguments = [sys.executable, "-c", PROGRAM, *function.rsplit(".", 1), "crawl", "--due", "--json"]
        return subprocess.run(
            arguments, env=environment, capture_output=True, text=True, timeout=60, check=False
        )


@pytest.mark.parametrize("function", ["crawler.site.load_sites", "crawler.crawl._settings"])
def test_before_the_first_run(two_sites: Desk, function: str) -> None:
    done = signalled(two_sites, function)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "svodka: stopped\n")
    with closing(two_sites.open()) as index:
        assert marks(index, NAMES) == dict.fromkeys(NAMES, Mark())


@pytest.mark.parametrize(
    "function",
    ["crawler.spiders.news._begun", "crawler.spiders.news.Sources", "scrapy.crawler.ExecutionEngine"],
)
def test_while_spiders_open(two_sites: Desk, function: str) -> None:
    done = signalled(two_sites, function)
    assert done.returncode == 130
    assert "stopping: what is under way is finished" in done.stderr
    assert [site["finish"] for site in json.loads(done.stdout)["sites"]] == ["shutdown"] * 2
    with closing(two_sites.open()) as index:
        assert {run.ok for run in index.runs(limit=9)} == {True}
        assert [mark.started_at for mark in marks(index, NAMES).values()] == [None, None], "given back"


def test_by_force(two_sites: Desk) -> None:
    done = signalled(two_sites, "crawler.spiders.news.Sources", "SIGTERM SIGINT")
    assert done.returncode == 130
    assert {site["finish"] for site in json.loads(done.stdout)["sites"]} <= {"shutdown", "killed"}
    with closing(two_sites.open()) as index:
        assert {run.ok for run in index.runs(limit=9)} == {True}
        assert [mark.started_at for mark in marks(index, NAMES).values()] == [None, None]


@pytest.mark.parametrize("function", ["crawler.crawl._count_copies", "crawler.cli._print_report"])
def test_while_the_report_is_made(two_sites: Desk, function: str) -> None:
    done = signalled(two_sites, function)
    assert (done.returncode, done.stderr) == (0, "")
    assert [site["finish"] for site in json.loads(done.stdout)["sites"]] == ["finished"] * 2


def test_a_busy_site_is_waited_for_and_holds_up_no_other(two_sites: Desk) -> None:
    lock = SiteLock(lock_path(two_sites.index, "a.example"))
    lock.take()
    with SampleSites.from_pages(two_sites.web) as server:
        process = two_sites.start_crawl(server, "--wait", "60s")
        deadline = time.monotonic() + 50
        while not any(each.request.url == "http://b.example/2" for each in server.log):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert not any("a.example" in each.request.url for each in server.log)
        lock.release()
        while not any(each.request.url == "http://a.example/1" for each in server.log):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.terminate()
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert {site["finish"] for site in json.loads(out)["sites"]} <= {"shutdown", "finished"}


def wait_until_it_listens(pid: int) -> None:
    """Until a process has a handler for SIGTERM of its own: bits of SigCgt, proc_pid_status(5)."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
        caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
        if int(caught, 16) >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.02)
    raise AssertionError("no handler within a minute")


def test_a_signal_ends_the_waiting(two_sites: Desk) -> None:
    locks = [SiteLock(lock_path(two_sites.index, name)) for name in NAMES]
    for lock in locks:
        lock.take()
    with SampleSites.from_pages(two_sites.web) as server:
        process = two_sites.start_crawl(server, "--wait", "60s")
        wait_until_it_listens(process.pid)
        process.terminate()
        out, _ = process.communicate(timeout=30)
    assert process.returncode in {1, 130}
    if out:
        assert {site["finish"] for site in json.loads(out)["sites"]} == {"locked"}
