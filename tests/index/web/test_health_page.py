"""Crawl health as visitors meet it, and what `svodka status` says of the same."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

import pytest

from index.backend import Backend, IndexUnavailable
from index.engine import look_at_index, open_index
from index.web.options import Limits
from index.web.server import served
from tests.index.web.browser import Browser
from tests.index.web.conftest import options_for
from tests.index.web.newsroom import NOW
from tests.make import make_run

HOUR = timedelta(hours=1)
FAULT = "feed http://a.example/rss: <b>HTTP 503</b>"
SITES = ("a.example", "wire.example", "idle.example")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Site files of three sites, written just now by the clock of the tests."""
    folder = tmp_path_factory.mktemp("sites")
    for name in SITES:
        path = folder / f"{name}.toml"
        path.write_text(
            f'name = "{name}"\ntitle = "{name}"\ndomains = ["{name}"]\ntime_zone = "UTC"\n'
            f'schedule = "0 * * * *"\nfeeds = ["http://{name}/rss"]\n'
        )
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    return folder


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An index with runs: one site fails, one is well, one has no site file."""
    address = f"sqlite:///{tmp_path_factory.mktemp('runs')}/svodka.db"
    with closing(open_index(address)) as backend:
        for hour in range(3):
            moment = NOW - hour * HOUR - timedelta(minutes=10)
            backend.put_run(make_run("a.example", moment, ok=False, exit=1, problems=[FAULT]))
            backend.put_run(make_run("wire.example", moment))
        backend.put_run(make_run("elsewhere.example", NOW - 100 * HOUR, version="0.0.9"))
    return address


@pytest.fixture(scope="module")
def desk(address: str, folder: Path) -> Iterator[Browser]:
    """A visitor of that index, with the site files at hand."""
    with served(options_for(address, sites=folder)) as base:
        yield Browser(base)


def test_alarms_come_first_and_stay_text(desk: Browser) -> None:
    page = desk.get("/health")
    assert page.status == 200
    assert page.texts("h1, h2")[:2] == ["Crawl health", "1 problem"]
    assert page.texts(".alarms li") == [f"failing a.example: {FAULT} (3 runs in a row failed)"]
    assert page.tree.cssselect(".alarms li [lang=en]")
    assert not page.tree.cssselect("b")


def test_sites_tell_state_and_figures(desk: Browser) -> None:
    page = desk.get("/health")
    assert page.texts(".site-line h3") == ["a.example failing", "wire.example ok", "elsewhere.example ok"]
    assert page.texts(".site-line .figures > div")[:4] == [
        "Last run 10 min ago",
        "New in 24 h 6",
        "Links failed, 24 h 0",
        "Newest article 10 min ago",
    ]
    assert page.texts(".site-line .note")[:1] == ["6 new · 9 seen before"]
    assert page.texts(".problems li") == [f"{FAULT} (3 runs in a row failed)"]
    assert "Never run: idle.example" in page.texts(".note")
    assert page.texts(".site-line > .note") == [
        "Its site file is not at hand: nobody knows when it should run."
    ]
    assert "0.0.9" in page.texts(".known")[0]


def test_runs_are_ticks_with_their_times(desk: Browser) -> None:
    strips = desk.get("/health?zone=Europe/Moscow").tree.cssselect("svg.strip")
    assert [each.get("aria-label") for each in strips] == [
        "3 runs, 3 failed",
        "3 runs, none failed",
        "1 run, none failed",
    ]
    assert [each.get("class") for each in strips[0].cssselect("rect")] == ["bad", "bad"]
    assert strips[2].cssselect("title")[0].text_content() == "16 Nov 2026, 14:00: ended well"


def test_json_is_what_status_prints(
    desk: Browser,
    address: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from crawler.cli import main

    monkeypatch.setenv("SVODKA_NOW", NOW.isoformat())
    assert main(["status", "--json", "--index", address, "--sites", str(folder)]) == 0
    answer = desk.get("/health.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == json.loads(capsys.readouterr().out)
    assert main(["status", "--check", "--index", address, "--sites", str(folder)]) == 1
    assert capsys.readouterr().out.splitlines() == answer.json["problems"]


def test_files_of_other_sites_are_not_judged_by(address: str, tmp_path: Path) -> None:
    (tmp_path / "x.example.toml").write_text(
        'name = "x.example"\ntitle = "X"\ndomains = ["x.example"]\ntime_zone = "UTC"\nfeeds = ["http://x.example/rss"]\n'
    )
    os.utime(tmp_path / "x.example.toml", (0, 0))
    with served(options_for(address, sites=tmp_path)) as base:
        page = Browser(base).get("/health")
    assert "are of other sites" in page.texts(".note")[0]
    assert "x.example" not in page.texts(".sites")[0]
    assert page.texts(".alarms li")[0].startswith("failing a.example")
    assert len(page.texts(".alarms li")) == 1, "nobody waits for sites of another index"
    assert page.texts(".state") == ["failing", "ok", "ok"]


def test_without_site_files_the_records_tell(address: str, tmp_path: Path) -> None:
    with served(options_for(address, sites=tmp_path)) as base:
        page = Browser(base).get("/health")
        russian = Browser(base, "ru").get("/health")
    assert page.texts(".note")[0].startswith("There are no site files at hand")
    assert page.texts(".site-line h3")[0] == "a.example failing"
    assert russian.texts(".site-line h3")[0] == "a.example сбои"
    assert russian.texts(".alarms li")[0].startswith("сбои a.example")


def test_an_index_without_runs(empty_address: str, folder: Path) -> None:
    with served(options_for(empty_address, sites=folder)) as base:
        page = Browser(base).get("/health")
    assert page.status == 200
    assert page.texts(".well")
    assert "svodka crawl" in page.text
    assert page.texts(".note")[-1] == f"Never run: {', '.join(sorted(SITES))}"


def test_an_index_that_is_gone_is_a_page_with_the_reason(address: str, tmp_path: Path, folder: Path) -> None:
    def refuse() -> NoReturn:
        raise IndexUnavailable("index /x.db: the file is <damaged>")

    options = replace(options_for(f"sqlite:///{tmp_path}/none.db", sites=folder), open=refuse)
    with served(options) as base:
        page, answer = Browser(base).get("/health"), Browser(base).get("/health.json")
        assert Browser(base).get("/overview").status == 503
    assert (page.status, answer.status) == (503, 503)
    assert page.texts(".alarms li") == ["index index /x.db: the file is <damaged>"]
    assert page.texts("h1") == ["Crawl health"]
    assert answer.json["answers"] is False
    assert answer.json["error"] == "index /x.db: the file is <damaged>"
    assert "Traceback" not in page.text


def test_a_cluster_that_is_away_leaves_the_outbox(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SVODKA_OUTBOX_FOLDER", str(tmp_path))
    monkeypatch.setenv("SVODKA_OUTBOX_PATIENCE", "0")
    away = "http://127.0.0.1:9"
    with served(options_for(away, sites=folder)) as base:
        page = Browser(base).get("/health")
        assert page.status == 503
        assert list(tmp_path.iterdir()) == [], "looking makes no outbox"
        assert "Waiting nothing" in page.texts(".known > div")
        with closing(open_index(away)) as backend:
            backend.put_run(make_run("a.example", NOW - 3 * HOUR))
        page = Browser(base).get("/health")
    assert page.status == 503
    assert "1 state of a crawl" in page.texts(".known")[1]
    assert page.texts(".alarms li strong") == ["index", "outbox"]
    assert page.texts(".next li")
    assert not page.tree.cssselect(".sites")


def test_records_that_cannot_be_asked_for_are_told(make_address: Callable[[], str], folder: Path) -> None:
    from index.sqlite.backend import SqliteBackend

    address = make_address()
    with closing(open_index(address)) as backend:
        assert isinstance(backend, SqliteBackend)
        backend.connection.execute("ALTER TABLE run RENAME COLUMN document TO text")
    with served(options_for(address, sites=folder)) as base:
        page = Browser(base).get("/health")
    assert page.status == 200
    assert page.texts(".fault")[0].startswith("The records of runs cannot be had:")


def test_health_is_kept_but_not_a_fault(make_address: Callable[[], str], folder: Path) -> None:
    address = make_address()
    limits = Limits(rate=1e6, burst=1_000_000, kept=3_600)
    with closing(open_index(address)) as backend:
        options = options_for(address, limits, folder)
        away = True

        def opening() -> Backend:
            if away:
                raise IndexUnavailable("away")
            return look_at_index(address)

        with served(replace(options, open=opening)) as base:
            browser = Browser(base)
            assert browser.get("/health").status == 503
            away = False
            assert browser.get("/health").status == 200
            backend.put_run(make_run("a.example", NOW))
            assert browser.get("/health").texts(".sites") == []


def test_one_heading_landmarks_and_levels(desk: Browser) -> None:
    for path in ("/health", "/overview"):
        page = desk.get(path)
        assert len(page.tree.cssselect("h1")) == 1
        levels = [int(each.tag[1]) for each in page.tree.iter("h1", "h2", "h3")]
        assert all(after - before <= 1 for before, after in pairwise(levels)), path
        ids = [each.get("id") for each in page.tree.cssselect("[id]")]
        assert len(ids) == len(set(ids))


@pytest.mark.parametrize("bad", ["lang=de", "zone=Mars"])
def test_parameters_that_mean_nothing(desk: Browser, bad: str) -> None:
    assert desk.get(f"/health?{bad}").status == 400
    assert desk.get(f"/overview?{bad}").status == 400


@pytest.mark.parametrize("table", ["article", "facet", "text", "names"])
def test_an_index_that_cannot_be_searched_does_not_answer(
    make_address: Callable[[], str], folder: Path, table: str
) -> None:
    """Whatever was found out and kept a moment before."""
    address = make_address()
    path = address.removeprefix("sqlite:///")
    with served(options_for(address, Limits(rate=1e6, burst=1_000_000, kept=3_600), folder)) as base:
        browser = Browser(base)
        assert [browser.get(each).status for each in ("/health", "/health.json", "/?q=x")] == [200, 200, 200]
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"ALTER TABLE {table} RENAME TO away")
        assert [browser.get(each).status for each in ("/health", "/health.json", "/?q=x")] == [503, 503, 503]
        assert "no such table" in browser.get("/health").text
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"ALTER TABLE away RENAME TO {table}")
        assert browser.get("/health").status == 200
