"""The demo as a newcomer runs it, held against what its content says must come out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Any

import pytest

from crawler.demo.show import RUNS
from index.backend import Backend
from index.engine import open_index
from index.search.parse import parse
from tests.crawler.demo.expected import (
    BOTH,
    EXPECTED,
    RunName,
    articles,
    assert_articles,
    assert_fields,
    assert_stories,
    links,
)

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


def test_every_expected_article_is_there_and_no_other(index: Backend) -> None:
    assert_articles(index)


def test_stories_hold_their_copies_and_the_original_stands_for_them(index: Backend) -> None:
    assert_stories(index)


@pytest.mark.parametrize("run", BOTH)
def test_titles_times_and_sources_are_right(index: Backend, run: RunName) -> None:
    assert_fields(index, run)


def test_the_edited_article_is_a_revision(index: Backend) -> None:
    (url,) = links("revised")
    (article,) = (each for each in articles(index) if each.url == url)
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
