from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from crawler.leftover import Leftover
from crawler.record import RunRecord, SourceRecord, reason_counts
from crawler.report import CrawlReport
from crawler.site import Fault

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def record(**changes: Any) -> RunRecord:
    fields = {"site": "a.example", "started_at": NOW, "finished_at": NOW, "seconds": 1.25, "found": 3,
              "outcomes": {"indexed": 2, "http_error": 1}, "copies": 1}  # fmt: skip
    return RunRecord.model_validate(fields | changes)


BROKEN_FEED = SourceRecord(
    url="http://a.example/rss", kind="feed", status="failed", reason="the body is HTML"
)


@pytest.mark.parametrize(
    ("records", "faults", "code"),
    [
        ([record()], [], 0),
        ([], [], 0),
        ([record(outcomes={"failed": 1})], [], 1),
        ([record(sources=[BROKEN_FEED])], [], 1),
        ([record(errors=["ValueError: x"])], [], 1),
        ([record()], [Fault(Path("b.toml"), "", "broken")], 1),
        ([record(), record(finish="shutdown")], [], 130),
        ([record(finish="shutdown"), record(errors=["index: disk full"])], [], 3),
        ([record(refused=1)], [], 3),
        ([record(finish="killed")], [], 130),
        ([record(finish="budget")], [], 0),
        ([record(finish="budget", errors=["no page answered"])], [], 1),
        ([record(finish="locked", errors=["another run"], trigger="due")], [], 0),
        ([record(finish="locked", errors=["another run"])], [], 1),
        ([record(finish="lease_lost", errors=["another machine"])], [], 1),
        ([record(unlinked="connection refused"), record(finish="shutdown")], [], 3),
    ],
)
def test_exit_code(records: list[RunRecord], faults: list[Fault], code: int) -> None:
    assert CrawlReport(records, faults).exit_code == code


@pytest.mark.parametrize(
    ("changes", "ok", "problems"),
    [
        ({}, True, []),
        ({"finish": "shutdown"}, True, ["stopped by a signal; what is left waits for the next run"]),
        ({"finish": "shutdown", "sources": [BROKEN_FEED]}, False, None),
        ({"finish": "locked", "errors": ["another run"], "trigger": "due"}, True, []),
        ({"finish": "budget", "trigger": "due"}, True, []),
        ({"refused": 2}, False, ["2 articles refused by the index"]),
        ({"unlinked": "timeout"}, False, ["not in stories yet: timeout"]),
    ],
)
def test_the_document_says_whether_somebody_has_to_look(
    changes: dict[str, Any], ok: bool, problems: list[str] | None
) -> None:
    document = record(**changes).document()
    assert document.ok is ok
    assert document.exit == CrawlReport([record(**changes)]).exit_code
    if problems is not None:
        assert document.problems == problems


@pytest.mark.parametrize(
    "left",
    [
        Leftover(articles=1),
        Leftover(states=1),
        Leftover(error="the API key was revoked"),
        Leftover(dead=1),
        Leftover(unlinked=1),
    ],
)
def test_a_crawl_that_left_something_behind_ends_with_3(left: Leftover) -> None:
    assert CrawlReport([record()], [], left).exit_code == 3


def test_what_is_left_is_told_once_with_the_way_to_go_on() -> None:
    left = Leftover(1234, 1, NOW, "connection refused", dead=3, dead_reason="too deep")
    away = [record(unlinked="timeout", site=f"{name}.example") for name in "ab"]
    text = CrawlReport([*away, record(refused=2)], [], left).problems()
    assert "\n".join(text) == (
        "! index: 1,234 articles and 1 crawl state wait on this machine since 2026-11-20 12:00 UTC "
        "(connection refused): the next crawl sends what waits, 'svodka index replay' at once\n"
        "! index: 3 articles refused and kept as dead letters (too deep): 'svodka status' has all reasons; when they are "
        "mended, 'svodka index replay --dead'\n"
        "! index: new articles of 2 sites are not in stories yet (timeout): the next crawl sees to it, or "
        "'svodka index replay'"
    )
    (line,) = CrawlReport([], [], Leftover(articles=1, reason="429")).problems()
    assert line.startswith("! index: 1 article waits on this machine (429): ")
    (line,) = CrawlReport([], [], Leftover(dead=1, dead_reason="too deep")).problems()
    assert line.startswith("! index: 1 article refused and kept as dead letters (too deep): 'svodka status'")
    (line,) = CrawlReport([], [], Leftover(unlinked=2)).problems()
    assert line.startswith("! index: 2 articles of earlier crawls sent, and not in stories yet: ")
    (line,) = CrawlReport([], [], Leftover(error="revoked")).problems()
    assert line == "! index: revoked: what waits is sent by 'svodka index replay' or the next crawl"


def test_a_column_for_what_waits_only_where_something_does() -> None:
    waits = record(outcomes={"indexed": 1, "waiting": 2})
    header, first, second, *_ = printed(CrawlReport([waits, record()])).splitlines()
    assert header.split()[5:8] == ["revised", "waiting", "copies"]
    assert first.split() == ["a.example", "3", "1", "0", "0", "0", "2", "1", "0", "1.2"]
    assert second.split()[6] == "0"
    assert "waiting" not in printed(CrawlReport([record()]))


def printed(report: CrawlReport) -> str:
    console = Console(width=110, force_terminal=False, highlight=False)
    with console.capture() as capture:
        report.print(console)
        report.print_problems(console)
    return capture.get()


def test_the_table_has_every_count_and_the_problems_below() -> None:
    text = printed(CrawlReport([record(), record(site="b.example", sources=[BROKEN_FEED])]))
    header, first, *_ = text.splitlines()
    assert header.split() == [
        "site",
        "links",
        "new",
        "known",
        "unchanged",
        "revised",
        "copies",
        "left",
        "seconds",
        "rejected",
    ]
    assert first.split() == ["a.example", "3", "2", "0", "0", "0", "1", "0", "1.2", "1×http_error"]
    assert "! b.example: feed http://a.example/rss: the body is HTML" in text
    assert "all " in text


def test_json_counts_every_outcome() -> None:
    data = CrawlReport([record(), record()]).as_json()
    assert data["outcomes"]["indexed"] == 4
    assert data["outcomes"]["robots"] == 0
    assert data["found"] == sum(data["outcomes"].values())


def test_reason_counts_put_the_most_frequent_first() -> None:
    counts = reason_counts({("robots", "a"): 1, ("http_error", "404"): 5})
    assert list(counts) == ["http_error: 404", "robots: a"]
