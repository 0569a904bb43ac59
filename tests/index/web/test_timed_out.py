"""What takes the index too long is ended, and told."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from time import monotonic

import pytest

from index.engine import look_at_index
from index.sqlite.backend import SqliteBackend
from index.web.server import served
from tests.index.web.browser import Browser
from tests.index.web.conftest import UNHURRIED, options_for

ENDLESS = """
    PRAGMA query_only = OFF;
    CREATE TEMP VIEW facet AS
      WITH RECURSIVE endless(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM endless WHERE endless())
      SELECT f.* FROM endless, main.facet AS f;
"""
BRIEF = replace(UNHURRIED, readers=1, seconds=0.3, counting=0.6)


@dataclass
class Endless:
    """A page on an index in which every search finds something without end, while it is `on`."""

    browser: Browser = field(init=False)
    on: bool = True


@pytest.fixture
def endless(index_address: str) -> Iterator[Endless]:
    made = Endless()

    def opening() -> SqliteBackend:
        backend = look_at_index(index_address)
        assert isinstance(backend, SqliteBackend)
        backend.connection.create_function("endless", 0, lambda: made.on)
        backend.connection.executescript(ENDLESS)
        return backend

    with served(replace(options_for(index_address, BRIEF), open=opening)) as base:
        made.browser = Browser(base)
        yield made


def test_an_endless_search_is_a_page_with_words(endless: Endless) -> None:
    browser = endless.browser
    page = browser.get("/")
    assert page.status == 503
    assert "Narrow the search" in page.text
    assert "longer than it may" in page.texts("pre")[0]
    assert page.headers["retry-after"] == "5"
    assert "Сузьте поиск" in browser.get("/?q=мост&lang=ru").text
    assert "longer than it may" in browser.get("/api/search").json["error"]["message"]
    assert browser.get("/search.csv").status == 503
    endless.on = False
    assert browser.get("/").texts("h1") == ["Newest stories"], "the next reading on the same connection works"


def test_figures_that_are_kept_have_more_time(endless: Endless) -> None:
    start = monotonic()
    assert endless.browser.get("/overview").status == 503
    assert monotonic() - start > 0.6


def test_a_cluster_that_does_not_answer_is_not_waited_for_either(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with served(options_for(address, BRIEF)) as base:
            start = monotonic()
            page = Browser(base).get("/?q=мост")
            taken = monotonic() - start
    assert page.status == 503
    assert "Narrow the search" in page.text
    assert 0.3 <= taken < 10, "the settings allow 20 s"
