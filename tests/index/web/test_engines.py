"""The search page is the same on every engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.backend import Backend
from index.engine import open_index
from index.web.server import served
from tests.index.web import told
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
    f"/api/articles/{COPIES[0].id}", *(f"/story/{each.id}" for each in (WIRE, *COPIES)),
    *(f"/story/{WIRE.id}/compare/{each.id}" for each in COPIES), f"/article/{WIRE.id}", f"/article/{COPIES[0].id}?lang=ru",
    f"/article/{'0' * 32}", f"/article/{'x' * 600}", f"/story/{'x' * 600}",
    "/overview", "/overview/2026-11-19?lang=ru&zone=Europe/Moscow", "/overview/2020-01-01",
)  # fmt: skip


@pytest.fixture(params=["sqlite", *elastic_params()])
def anywhere(
    request: pytest.FixtureRequest, tmp_path: Path, index_name: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Browser]:
    """The search page over the same articles on each engine in turn."""
    yield from _anywhere(request, tmp_path, index_name, monkeypatch, fill)


@pytest.fixture(params=["sqlite", *elastic_params()])
def told_anywhere(
    request: pytest.FixtureRequest, tmp_path: Path, index_name: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Browser]:
    """The same over a story that linking has made."""
    yield from _anywhere(request, tmp_path, index_name, monkeypatch, told.fill)


def _anywhere(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    index_name: str,
    monkeypatch: pytest.MonkeyPatch,
    fill: Callable[[Backend], None],
) -> Iterator[Browser]:
    if request.param == "sqlite":
        yield from _browser(f"sqlite:///{tmp_path}/svodka.db", lambda: None, fill)
        return
    nodes: SharedNodes = request.getfixturevalue("nodes")
    with engine_on(nodes, request.param, index_name) as engine:
        for name, value in {**engine.environment, "SVODKA_OUTBOX_FOLDER": str(tmp_path / "outbox")}.items():
            monkeypatch.setenv(name, value)
        with engine.client() as client:
            yield from _browser(engine.url, lambda: client.indices.refresh(index=f"{index_name}*"), fill)


def _browser(
    address: str, refresh: Callable[[], object], fill: Callable[[Backend], None]
) -> Iterator[Browser]:
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


def test_stories_versions_and_differences_are_the_same(
    told_anywhere: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    address = f"sqlite:///{tmp_path_factory.mktemp('told')}/svodka.db"
    story = min(each.id for each in (told.ORIGINAL, *told.COPIES))
    paths = [
        *(f"/article/{each.id}" for each in (told.ORIGINAL, told.EDITED, told.SECOND)),
        *(f"/story/{each.id}" for each in (told.ORIGINAL, *told.COPIES)),
        f"/story/{story}/compare/{told.CHAINED.id}/{told.LONGER.id}",
        f"/article/{told.SECOND.id}/versions/2",
        f"/article/{'f' * 32}",
    ]
    for there in _browser(address, lambda: None, told.fill):
        for path in paths:
            one, other = told_anywhere.get(path), there.get(path)
            assert one.status == other.status < 400, path
            assert one.headers.get("location") == other.headers.get("location")
            assert one.text == other.text, path


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
