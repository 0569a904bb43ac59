from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.discovery.link import Link
from crawler.run import Run, due_articles, refusal, revisit_due
from crawler.site import Site
from index.backend import Known
from index.engine import open_index

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def site(**articles: object) -> Site:
    return Site.model_validate(
        {
            "name": "a.example",
            "title": "A",
            "domains": ["a.example"],
            "time_zone": "Europe/Moscow",
            "feeds": ["http://a.example/rss"],
            "articles": articles,
        }
    )


@pytest.mark.parametrize(
    ("url", "articles", "reason"),
    [
        ("http://a.example/news/1", {}, ""),
        ("https://sport.a.example/news/1", {}, ""),
        ("http://b.example/news/1", {}, "another host"),
        ("http://nota.example/news/1", {}, "another host"),
        ("ftp://a.example/news/1", {}, "not a web address"),
        ("http://a.example/news/1", {"allow": ["^/news/"]}, ""),
        ("http://a.example/video/1", {"allow": ["^/news/"]}, "no allow pattern matches"),
        (
            "http://a.example/news/live/1",
            {"allow": ["^/news/"], "deny": ["/live/"]},
            "a deny pattern matches",
        ),
        ("http://a.example/item?id=7", {"allow": [r"\?id=\d+$"]}, ""),
    ],
)
def test_refusal(url: str, articles: dict[str, object], reason: str) -> None:
    assert refusal(site(**articles), url) == reason


def known(age: timedelta, last_look: timedelta = timedelta(), published: timedelta | None = None) -> Known:
    """An article first seen `age` ago and last fetched `last_look` after that."""
    first = NOW - age
    return Known(
        "0" * 32, "u", "a.example", first, first + last_look, NOW - (age if published is None else published)
    )


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("article", "due"),
    [
        (known(minutes(14)), False),
        (known(minutes(15)), True),
        (known(minutes(29), last_look=minutes(15)), False),
        (known(minutes(30), last_look=minutes(15)), True),
        (known(minutes(600), last_look=minutes(400)), False),
        (known(timedelta(hours=49)), False),
        (known(minutes(60), published=timedelta(days=3)), False),
    ],
)
def test_young_articles_are_looked_at_again_at_doubling_age(article: Known, due: bool) -> None:
    assert revisit_due(article, NOW) is due
    assert due_articles([article], NOW) == ([article] if due else [])


def test_two_days_cost_at_most_ten_looks() -> None:
    first, looks, last = NOW, 0, NOW
    for passed in range(0, 72 * 60, 5):
        now = first + minutes(passed)
        if revisit_due(Known("0" * 32, "u", "s", first, last, first), now):
            looks, last = looks + 1, now
    assert 6 <= looks <= 10


def test_what_another_run_of_the_site_has_left_stays(tmp_path: Path) -> None:
    """Two runs overlap: each keeps its own links, at a checkpoint and at the end."""
    with closing(open_index(f"sqlite:///{tmp_path}/news.db")) as index:
        first, second = (Run.open(site(), index, lambda: NOW) for _ in range(2))
        for run, name in ((first, "one"), (second, "two")):
            run.ledger.find(name, Link(f"http://a.example/{name}", "feed"))
        first.ledger.end("one", "http_error", "HTTP status 503")
        first.finish("finished")
        first.keep_state()
        second.checkpoint()
        assert set(Run.open(site(), index, lambda: NOW).state.visits) == {"one", "two"}
        second.ledger.end("two", "indexed")
        second.finish("finished")
        second.keep_state()
        assert set(Run.open(site(), index, lambda: NOW).state.visits) == {"one"}
