"""The demo as a newcomer runs it, held against what its content says must come out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.demo.show import RUNS
from index.article import Article
from index.backend import Backend
from index.engine import open_index
from index.search.parse import parse
from index.search.query import Query

DEMO = Path(__file__).parents[3] / "crawler" / "demo"
EXPECTED: dict[str, Any] = json.loads((DEMO / "expected.json").read_text(encoding="utf-8"))
NOW = datetime.fromisoformat(RUNS[-1][1])


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """What `svodka demo` printed, and the address of its index."""
    index = f"sqlite:///{tmp_path_factory.mktemp('demo')}/demo.db"
    command = [sys.executable, "-m", "crawler.cli", "demo", "--index", index]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SVODKA_")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr, index


@pytest.fixture
def index(shown: tuple[str, str]) -> Iterator[Backend]:
    with closing(open_index(shown[1], create=False)) as backend:
        yield backend


def articles(index: Backend) -> dict[str, Article]:
    """Every article by its URL."""
    hits = index.search(Query(copies=True, limit=1000)).hits
    return {article.url: article for article in index.get([hit.id for hit in hits]).values()}


def links(*outcomes: str) -> set[str]:
    """URLs that either run has to end in one of these outcomes."""
    runs = (EXPECTED["first"], EXPECTED["second"])
    return {
        url
        for run in runs
        for site in run["links"].values()
        for outcome in outcomes
        for url in site.get(outcome, [])
    }


def test_every_expected_article_is_there_and_no_other(index: Backend) -> None:
    found = {url.partition("?")[0] for url in articles(index)}
    assert found == {url.partition("?")[0] for url in links("indexed")}


def test_stories_hold_their_copies_and_the_original_stands_for_them(index: Backend) -> None:
    stories = {}
    for article in articles(index).values():
        if article.role == "canonical" and article.copies:
            members = index.story(article.id)
            stories[article.url] = {member.url.partition("?")[0] for member in members[1:]}
    expected = {
        story["canonical"]: set(story["copies"])
        for run in (EXPECTED["first"], EXPECTED["second"])
        for story in run["stories"]
    }
    assert stories == expected


@pytest.mark.parametrize("run", ["first", "second"])
def test_titles_times_and_sources_are_right(index: Backend, run: str) -> None:
    by_url = {url.partition("?")[0]: article for url, article in articles(index).items()}
    expected = EXPECTED[run]["articles"] | EXPECTED["second"]["articles"]
    for url, fields in expected.items():
        article = by_url[url.partition("?")[0]]
        assert article.title == fields["title"], url
        assert article.source.domain == fields["source"], url
        if fields.get("precision") == "unknown":
            assert article.published_origin == "first_seen", url
        else:
            assert article.published_at == datetime.fromisoformat(fields["published_at"]), url
            assert article.published_precision == fields.get("precision", article.published_precision), url


def test_the_edited_article_is_a_revision(index: Backend) -> None:
    (url,) = links("revised")
    article = articles(index)[url]
    assert article.revision == 2
    assert index.revisions(article.id)[0].content_hash != article.content_hash


@pytest.mark.parametrize("search", EXPECTED["second"]["searches"], ids=lambda search: search["query"])
def test_searches_find_what_they_should(index: Backend, search: dict[str, Any]) -> None:
    results = index.search(parse(search["query"], now=NOW, copies=search["copies"], limit=100))
    assert {hit.title for hit in results.hits} == set(search["titles"])
    assert results.total == len(search["titles"])


def test_the_index_is_consistent(index: Backend) -> None:
    assert index.check().faults == []
    counts = EXPECTED["second"]["counts"]
    assert {key: index.stats()[key] for key in ("articles", "copies", "stories")} == {
        key: counts[key] for key in ("articles", "copies", "stories")
    }


def test_what_it_prints(shown: tuple[str, str]) -> None:
    text, address = shown
    assert text.count("$ svodka crawl") == 2
    assert text.count("$ svodka search") == 3
    assert "! zapiski.example: feed http://zapiski.example/feed.xml" in text
    assert f"svodka search --index {address}" in text
    assert "Traceback" not in text
