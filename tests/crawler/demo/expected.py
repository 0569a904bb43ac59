"""What crawls of the sample sites must leave in an index: `expected.json` as assertions, for any engine."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from index.article import Article
from index.backend import Backend
from index.search.parse import parse
from index.search.query import Query

DEMO = Path(__file__).parents[3] / "crawler" / "demo"
EXPECTED: dict[str, Any] = json.loads((DEMO / "expected.json").read_text(encoding="utf-8"))

RunName = Literal["first", "second"]
BOTH: tuple[RunName, ...] = ("first", "second")


def assert_as_expected(index: Backend, runs: Sequence[RunName] = BOTH) -> None:
    """Every article once, with the right title, time and source, in the right story; and no other."""
    assert_articles(index, runs)
    assert_stories(index, runs)
    assert_days(index, runs)
    for run in runs:
        assert_fields(index, run, runs)
    counts = EXPECTED[runs[-1]]["counts"]
    stats = index.stats()
    assert {key: stats[key] for key in ("articles", "copies", "stories")} == {
        key: counts[key] for key in ("articles", "copies", "stories")
    }


def assert_articles(index: Backend, runs: Sequence[RunName] = BOTH) -> None:
    """Each expected article is there exactly once, and no other."""
    found = Counter(article.url.partition("?")[0] for article in articles(index))
    assert found == Counter({url.partition("?")[0]: 1 for url in links("indexed", runs=runs)})


def assert_stories(index: Backend, runs: Sequence[RunName] = BOTH) -> None:
    """Each story holds its copies, and the original stands for it."""
    stories = {}
    for article in articles(index):
        if article.role == "canonical" and article.copies:
            members = index.story(article.id)
            stories[article.url] = {member.url.partition("?")[0] for member in members[1:]}
    expected = {
        story["canonical"]: set(story["copies"]) for run in runs for story in EXPECTED[run]["stories"]
    }
    assert stories == expected


def assert_days(index: Backend, runs: Sequence[RunName] = BOTH) -> None:
    """`after:` and `before:` find what a page dates with a day alone on that day, which the facet counts."""
    rows = {url: row for run in runs for url, row in EXPECTED[run]["articles"].items()}
    dated = {url: row["published_at"][:10] for url, row in rows.items() if row.get("precision") == "day"}
    assert dated
    for zone in ("UTC", "Europe/Moscow", "America/New_York"):
        for day in sorted(set(dated.values())):
            sites = " OR ".join({f"site:{urlsplit(url).hostname}" for url in dated})
            period = f"after:{day} before:{date.fromisoformat(day) + timedelta(days=1)}"
            found = index.search(parse(f"({sites}) {period}", zone=ZoneInfo(zone), copies=True))
            due = {url for url, each in dated.items() if each == day}
            assert {hit.url for hit in found.hits if hit.published_precision == "day"} == due
            assert day in [bucket.value for bucket in found.facets.day]


def assert_fields(index: Backend, run: RunName, runs: Sequence[RunName] = BOTH) -> None:
    """Titles, times and sources of a run's articles, as the last of `runs` has left them."""
    by_url = {article.url.partition("?")[0]: article for article in articles(index)}
    expected = EXPECTED[run]["articles"] | EXPECTED[runs[-1]]["articles"]
    for url, fields in expected.items():
        article = by_url[url.partition("?")[0]]
        assert article.title == fields["title"], url
        assert article.source.domain == fields["source"], url
        if fields.get("precision") == "unknown":
            assert article.published_origin == "first_seen", url
        else:
            assert article.published_at == datetime.fromisoformat(fields["published_at"]), url
            assert article.published_precision == fields.get("precision", article.published_precision), url


def articles(index: Backend, limit: int = 1000) -> list[Article]:
    """Every article, in the order of the hits; one that were there twice would be twice here."""
    hits = index.search(Query(copies=True, limit=limit)).hits
    found = index.get([hit.id for hit in hits])
    return [found[hit.id] for hit in hits]


def links(*outcomes: str, runs: Sequence[RunName] = BOTH) -> set[str]:
    """URLs that one of the runs has to end in one of these outcomes."""
    return {
        url
        for run in runs
        for site in EXPECTED[run]["links"].values()
        for outcome in outcomes
        for url in site.get(outcome, [])
    }
