from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

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
    ],
)
def test_exit_code(records: list[RunRecord], faults: list[Fault], code: int) -> None:
    assert CrawlReport(records, faults).exit_code == code


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
