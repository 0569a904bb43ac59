"""The demo as a newcomer runs it, held against what its content says must come out."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from crawler.demo.show import RUNS
from index.backend import Backend
from index.engine import open_index
from index.search.parse import parse
from index.stories.explain import explain
from tests.crawler.demo.expected import (
    BOTH,
    EXPECTED,
    RunName,
    articles,
    assert_articles,
    assert_days,
    assert_fields,
    assert_stories,
    links,
)
from tests.nodes.engines import elastic_params, engine_on
from tests.nodes.shared import SharedNodes

pytestmark = pytest.mark.xdist_group("demo")  # one worker runs each demo once

NOW = datetime.fromisoformat(RUNS[-1][1])


@dataclass(frozen=True, slots=True)
class Shown:
    """What `svodka demo` printed, the address of its index and what else opens it."""

    text: str
    address: str
    environment: dict[str, str]


@pytest.fixture(scope="module", params=["sqlite", *elastic_params()])
def shown(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, nodes: SharedNodes
) -> Iterator[Shown]:
    """The demo on each engine: the same must come out."""
    folder = tmp_path_factory.mktemp("demo")
    if request.param == "sqlite":
        yield _show(f"sqlite:///{folder}/demo.db", {})
        return
    with engine_on(nodes, request.param, f"t-{secrets.token_hex(6)}") as engine:
        yield _show(engine.url, {**engine.environment, "SVODKA_OUTBOX_FOLDER": str(folder)})


def _show(address: str, environment: dict[str, str]) -> Shown:
    command = [sys.executable, "-m", "crawler.cli", "demo", "--index", address]
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("SVODKA_")}
    done = subprocess.run(command, capture_output=True, text=True, env=inherited | environment, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    if environment:  # the demo keeps to indices of its own
        environment["SVODKA_ELASTICSEARCH_NAME"] += "-demo"
    return Shown(done.stdout + done.stderr, address, environment)


@pytest.fixture
def index(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    for name, value in shown.environment.items():
        monkeypatch.setenv(name, value)
    with closing(open_index(shown.address, create=False)) as backend:
        yield backend


def test_every_expected_article_is_there_and_no_other(index: Backend) -> None:
    assert_articles(index)


def test_stories_hold_their_copies_and_the_original_stands_for_them(index: Backend) -> None:
    assert_stories(index)


@pytest.mark.parametrize("run", BOTH)
def test_titles_times_and_sources_are_right(index: Backend, run: RunName) -> None:
    assert_fields(index, run)


def test_a_day_without_a_time_is_found_on_that_day(index: Backend) -> None:
    assert_days(index)


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


def test_explain_tells_why_each_copy_is_in_its_story(index: Backend) -> None:
    told = {article.url.partition("?")[0]: explain(index, article) for article in articles(index)}
    stories = [story for run in BOTH for story in EXPECTED[run]["stories"]]
    for story in stories:
        for url in (story["canonical"], *story["copies"]):
            explanation = told[url]
            assert explanation.story.choice.canonical.article.url.partition("?")[0] == story["canonical"]
            assert explanation.story.settled
            assert not explanation.story.unconnected
            accepted = {each.article.url.partition("?")[0] for each in explanation.considered if each.ok}
            over_others = {chain.to.url.partition("?")[0] for chain in explanation.story.chains}
            assert accepted | over_others | {url} == {story["canonical"], *story["copies"]}
    pairs = [pair for explanation in told.values() for pair in explanation.considered]
    assert pairs
    assert {pair.stored for pair in pairs} <= {"same", "none"}


def test_explain_as_a_newcomer_runs_it(shown: Shown) -> None:
    environment = {**os.environ, **shown.environment}
    for url, code, part in (
        ("http://port-gazeta.example/n/2026/741.html", 0, "Why: the marks of 1 other article of the story"),
        ("http://port-gazeta.example/n/2026/1.html", 1, "is not stored"),
    ):
        command = [sys.executable, "-m", "crawler.cli", "explain", url, "--index", shown.address]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
        assert done.returncode == code, done.stdout + done.stderr
        assert part in done.stdout + done.stderr


def _answer(shown: Shown, *arguments: str) -> dict[str, Any]:
    """What a command on the demo's index prints as JSON, on the demo's clock."""
    command = [sys.executable, "-m", "crawler.cli", *arguments, "--json", "--index", shown.address]
    environment = {**os.environ, **shown.environment, "SVODKA_NOW": RUNS[-1][1]}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_the_most_republished_stories_as_a_newcomer_lists_them(shown: Shown) -> None:
    expected = {
        story["canonical"]: len(story["copies"]) for run in BOTH for story in EXPECTED[run]["stories"]
    }
    listed = _answer(shown, "stories", "--since", "2w", "--top", "100")["stories"]
    assert {story["url"].partition("?")[0]: story["copies"] for story in listed} == expected
    counts = [story["copies"] for story in listed]
    assert counts == sorted(counts, reverse=True)


def test_who_republishes_whom_as_a_newcomer_lists_it(shown: Shown, index: Backend) -> None:
    listed = _answer(shown, "sources", "--since", "2w")["sources"]
    assert {each["source"]["name"] for each in listed} == {"Сводная лента", "Meridian Wire"}
    assert sum(each["copies"] for each in listed) == EXPECTED["second"]["counts"]["copies"]
    assert sum(each["copies"] for each in listed) == index.stats()["copies"]


def test_what_it_prints(shown: Shown) -> None:
    text = shown.text
    assert text.count("$ svodka crawl") == 2
    assert text.count("$ svodka search") == 3
    assert "! zapiski.example: feed http://zapiski.example/feed.xml" in text
    assert f"svodka search --index {shown.address}" in text
    assert "Traceback" not in text
