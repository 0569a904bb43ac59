"""`svodka status` after real crawls."""

from __future__ import annotations

import json
import os
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler.schedule.starts import Mark, mark
from crawler.status.table import age
from index.sqlite.backend import SqliteBackend
from tests.desk import NOON, Desk, article, feed
from tests.make import make_run

MOMENT = datetime.fromisoformat(NOON)


@pytest.fixture
def crawled(desk: Desk) -> Desk:
    """One site that is well, one whose feed is gone, one that was never crawled."""
    for name in ("a.example", "b.example", "c.example"):
        desk.site(name)
        os.utime(desk.folder / "sites" / f"{name}.toml", (MOMENT.timestamp(), MOMENT.timestamp()))
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
    done = crawled.run("status", "--check", now="2026-11-20T14:05:00+00:00")
    assert (done.code, done.out.splitlines()) == (
        1,
        [
            "late: a.example: no run since 2026-11-20 12:00 UTC, its schedule is '*/15 * * * *'",
            "late: c.example: it never ran: 'svodka schedule show' tells when it should have",
        ],
    )


def test_a_schedule_that_never_worked_is_one_problem(desk: Desk) -> None:
    for name in ("a.example", "b.example"):
        desk.site(name)
        os.utime(
            desk.folder / "sites" / f"{name}.toml", (MOMENT.timestamp() - 9000, MOMENT.timestamp() - 9000)
        )
    with closing(desk.open()):
        done = desk.run("status", "--check")
    assert (done.code, done.out) == (
        1,
        "late: 2 sites: it never ran: 'svodka schedule show' tells when it should have (a.example, b.example)\n",
    )


def test_a_run_that_died_is_told_by_its_mark(crawled: Desk) -> None:
    with closing(crawled.open()) as index:
        assert mark(index, "c.example", MOMENT, Mark())
    done = crawled.run("status", "--check", now="2026-11-20T14:05:00+00:00")
    assert "late: c.example: what began at 2026-11-20 12:00 UTC left no record, see the log" in done.out


def test_with_the_index_away_there_is_one_problem(desk: Desk) -> None:
    for name in ("a.example", "b.example"):
        desk.site(name)
        desk.web[f"http://{name}/rss"] = feed("/1", host=name)
        desk.web[f"http://{name}/1"] = article(name)
    desk.environment = {
        "SVODKA_INDEX": "http://127.0.0.1:9",
        "SVODKA_OUTBOX_FOLDER": str(desk.folder / "outbox"),
        "SVODKA_OUTBOX_PATIENCE": "0",
    }
    for _ in range(2):
        assert desk.crawl().code == 3
    done = desk.run("status", "--check", "--json", now="2026-11-20T12:10:00+00:00")
    assert done.code == 3
    assert [line.partition(":")[0] for line in done.report["problems"]] == ["index"]
    assert [site["state"] for site in done.report["sites"]] == ["ok", "ok"]
    desk.site("c.example")
    shown = desk.run("status", now="2026-11-20T12:10:00+00:00").out
    assert "a.example" in shown
    assert "never run" not in shown, "nobody knows while the index is away"


def test_a_record_that_cannot_be_read_is_told_and_stops_nothing(crawled: Desk) -> None:
    run = make_run("c.example", MOMENT)
    with closing(crawled.open()) as index:
        index.put_run(run)
        assert isinstance(index, SqliteBackend)
        index.connection.execute("UPDATE run SET document = '{}' WHERE id = ?", (run.id,))
    done = crawled.run("status", "--check", now="2026-11-20T12:10:00+00:00")
    assert done.code == 1
    assert done.out.startswith(f"runs: 1 records cannot be read ({run.id}: ")
    assert crawled.run("schedule", "show").code == 0
    assert crawled.crawl("--due", now="2026-11-20T12:15:00+00:00").site("c.example")["trigger"] == "due"


def test_records_that_cannot_be_asked_for_are_a_problem(crawled: Desk) -> None:
    with closing(crawled.open()) as index:
        assert isinstance(index, SqliteBackend)
        index.connection.execute("ALTER TABLE run RENAME COLUMN document TO text")
    done = crawled.run("status", "--check")
    assert (done.code, done.out[:6]) == (3, "runs: ")
    assert crawled.run("status").code == 3


def test_a_clock_that_was_wrong_once_hides_nothing(crawled: Desk) -> None:
    with closing(crawled.open()) as index:
        for name in ("a.example", "c.example"):
            index.put_run(make_run(name, MOMENT + timedelta(days=1500), host="desk-2"))
    found = crawled.run("status", "--json", now="2026-12-30T12:00:00+00:00").report["sites"]
    states = {site["site"]: site for site in found}
    assert states["a.example"]["last_run"] == NOON
    assert states["a.example"]["problems"] == [
        (
            "no run since 2026-11-20 12:00 UTC, its schedule is '*/15 * * * *'; a record of desk-2 says "
            "2030-12-29 12:00: was its clock wrong?"
        )
    ]
    assert states["c.example"]["state"] == "late"


def test_a_site_on_hold_is_no_problem(crawled: Desk) -> None:
    with closing(crawled.open()) as index:
        state = index.get_state("site:a.example")
        index.put_state("site:a.example", state | {"hold_until": "2026-11-20T20:00:00+00:00"})
    later = crawled.run("status", "--json", now="2026-11-20T19:00:00+00:00").report["sites"]
    (site,) = (site for site in later if site["site"] == "a.example")
    assert (site["state"], site["held_until"]) == ("ok", "2026-11-20T20:00:00+00:00")
    assert "asks to be left alone until 2026-11-20 20:00 UTC" in " ".join(
        crawled.run("status", now="2026-11-20T19:00:00+00:00").out.split()
    )
    assert "late: a.example" in crawled.run("status", "--check", now="2026-11-20T23:30:00+00:00").out


def test_a_faulty_site_file_is_a_problem(crawled: Desk) -> None:
    crawled.write("d.example.toml", "name = 1")
    done = crawled.run("status", "--check", "--json")
    assert done.code == 1
    assert any(line.startswith("site file: ") for line in json.loads(done.out)["problems"])


def test_a_folder_that_is_not_there_is_refused(crawled: Desk, tmp_path: Path) -> None:
    done = crawled.run("status", "--sites", str(tmp_path / "none"))
    assert (done.code, done.out) == (2, "")
    assert "is no folder; --sites names the folder that holds the site files" in done.err


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
