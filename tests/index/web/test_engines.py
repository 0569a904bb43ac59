"""The search page is the same on every engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.engine import open_index
from index.web.server import served
from tests.index.web.browser import Browser
from tests.index.web.conftest import options_for
from tests.index.web.newsroom import ARTICLES, COPIES, WIRE, fill
from tests.nodes.engines import elastic_params, engine_on
from tests.nodes.shared import SharedNodes

PAGES = (
    "/", "/?copies=1", "/?q=мост", "/?q=мост&copies=1&sort=date", "/?q=паромы", "/?q=section:ТРАНСПОРТ&copies=1",
    "/?sort=copies", "/?q=site:a.example+after:2026-11-19&copies=1", "/?q=paромы+site:nowhere&lang=ru",
    f"/?q=story:{COPIES[1].id}&copies=1&sort=date", f"/story/{WIRE.id}/copies", "/?q=)",
    "/search.atom", "/search.atom?q=мост&copies=1", "/search.csv?copies=1&sort=date", f"/api/stories/{WIRE.id}",
    f"/api/articles/{COPIES[0].id}", "/overview", "/overview/2026-11-19?lang=ru&zone=Europe/Moscow", "/overview/2020-01-01",
)  # fmt: skip


@pytest.fixture(params=["sqlite", *elastic_params()])
def anywhere(
    request: pytest.FixtureRequest, tmp_path: Path, index_name: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Browser]:
    """The search page over the same articles on each engine in turn."""
    if request.param == "sqlite":
        yield from _browser(f"sqlite:///{tmp_path}/svodka.db", lambda: None)
        return
    nodes: SharedNodes = request.getfixturevalue("nodes")
    with engine_on(nodes, request.param, index_name) as engine:
        for name, value in {**engine.environment, "SVODKA_OUTBOX_FOLDER": str(tmp_path / "outbox")}.items():
            monkeypatch.setenv(name, value)
        with engine.client() as client:
            yield from _browser(engine.url, lambda: client.indices.refresh(index=f"{index_name}*"))


def _browser(address: str, refresh: Callable[[], object]) -> Iterator[Browser]:
    with closing(open_index(address)) as backend:
        fill(backend)
    refresh()
    with served(options_for(address)) as base:
        yield Browser(base)


def test_every_page_is_the_same(anywhere: Browser, browser: Browser) -> None:
    """`browser` looks at SQLite; scores differ between engines, so best-first lists are compared as sets."""
    for path in PAGES:
        here, there = (one.get(path) for one in (anywhere, browser))
        assert here.status == there.status, path
        assert sorted(here.text.replace(anywhere.base, "").split()) == sorted(
            there.text.replace(browser.base, "").split()
        ), path


def test_counts_and_stats(anywhere: Browser) -> None:
    stats = anywhere.get("/api/stats").json
    assert (stats["articles"], stats["copies"]) == (len(ARTICLES), len(COPIES))
    found = anywhere.get("/api/search?copies=1").json
    assert found["total"] == len(ARTICLES)
    assert found["facets"]["role"] == [{"value": "canonical", "count": 4}, {"value": "copy", "count": 3}]
    assert sum(each["count"] for each in found["facets"]["language"]) == len(ARTICLES)


def test_looking_adds_no_file(anywhere: Browser, tmp_path: Path) -> None:
    """Not even an outbox, beside what `fill` has made; SQLite's own two files beside what is in use are there."""
    anywhere.get("/")
    anywhere.get("/health")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    anywhere.get("/?q=мост")
    anywhere.get("/search.csv")
    anywhere.get("/overview")
    anywhere.get("/health")
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_crawl_health_of_every_engine(anywhere: Browser) -> None:
    page = anywhere.get("/health")
    assert page.status == 200
    assert page.texts("#outbox ~ *")
    assert anywhere.get("/health.json").json["articles"] == len(ARTICLES)
