"""`svodka status` after real crawls."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from crawler.status.table import age
from tests.desk import NOON, Desk, article, feed
from tests.make import make_run

MOMENT = datetime.fromisoformat(NOON)


@pytest.fixture
def crawled(desk: Desk) -> Desk:
    """One site that is well, one whose feed is gone, one that was never crawled."""
    for name in ("a.example", "b.example", "c.example"):
        desk.site(name)
    desk.web["http://a.example/rss"] = feed("/1")
    desk.web["http://a.example/1"] = article()
    assert desk.crawl("a.example", "b.example").code == 1
    return desk


def test_problems_come_first_and_those_that_never_ran_last(crawled: Desk) -> None:
    done = crawled.run("status", now="2026-11-20T12:10:00+00:00")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[1].split()[:4] == ["b.example", "failing", "10", "min"]
    assert next(line for line in lines if line.startswith("a.example")).split() == [
        "a.example",
        "ok",
        "10",
        "min",
        "1",
        "40",
        "min",
    ]
    assert "never run: c.example" in lines
    assert any(line.startswith("index ") and "answers, 1 articles" in line for line in lines)
    assert "\x1b" not in done.out


def test_check_prints_problems_only(crawled: Desk) -> None:
    done = crawled.run("status", "--check", now="2026-11-20T12:10:00+00:00")
    (line,) = done.out.splitlines()
    assert line.startswith("failing: b.example: feed http://b.example/rss: ")
    assert done.code == 1
    (crawled.folder / "sites" / "b.example.toml").unlink()
    done = crawled.run("status", "--check", now="2026-11-20T12:10:00+00:00")
    assert (done.code, done.out, done.err) == (0, "", "")
    done = crawled.run("status", "--check", now="2026-11-20T12:50:00+00:00")
    assert (done.code, done.out) == (
        1, "late: a.example: no run since 2026-11-20 12:00 UTC, its schedule is '*/15 * * * *'\n",
    )  # fmt: skip


def test_a_faulty_site_file_is_a_problem(crawled: Desk) -> None:
    crawled.write("d.example.toml", "name = 1")
    done = crawled.run("status", "--check", "--json")
    assert done.code == 1
    assert any(line.startswith("site file: ") for line in json.loads(done.out)["problems"])


def test_json_has_all_of_it(crawled: Desk) -> None:
    data = crawled.run("status", "--json", now="2026-11-20T12:10:00+00:00").report
    assert [(site["site"], site["state"]) for site in data["sites"]] == [
        ("b.example", "failing"), ("a.example", "ok"), ("c.example", "never run"),
    ]  # fmt: skip
    assert data["sites"][1]["last_run"] == NOON
    assert (data["sites"][1]["new"], data["articles"], data["exit_code"]) == (1, 1, 0)


def test_an_index_that_is_not_there(desk: Desk) -> None:
    desk.site()
    done = desk.run("status", "--check")
    assert done.code == 3
    assert done.out.startswith("index: ")


def test_what_ran_long_ago_is_late_not_new(desk: Desk) -> None:
    desk.site()
    with closing(desk.open()) as index:
        index.put_run(make_run(started_at=MOMENT - timedelta(days=30)))
    assert desk.run("status", "--json").report["sites"][0]["state"] == "late"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "0 s"), (59, "59 s"), (60, "1 min"), (7199, "119 min"), (7200, "2 h"), (172_800, "2 days")],
)
def test_ages(seconds: int, text: str) -> None:
    assert age(MOMENT - timedelta(seconds=seconds), MOMENT) == text
