"""A browser, search pages on both engines, and visitors that fail a test when a page does what it must not."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.axe import NoAxeError, axe_source
from tests.browser.chromium import INSTALL, chromium, find_chromium
from tests.browser.corpus import fill_hostile
from tests.browser.plugin import NO_AXE, NO_BROWSER
from tests.browser.sites import on_elasticsearch, on_sqlite
from tests.browser.visitor import Visit, Visitor, visitor
from tests.index.web.newsroom import fill
from tests.missing import give_up
from tests.nodes.shared import SharedNodes

ENGINES = [
    pytest.param("sqlite"),
    pytest.param("elasticsearch", marks=pytest.mark.elasticsearch),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a file: no longer, for others of this process run asyncio loops of their own."""
    path = find_chromium()
    if path is None:
        give_up(NO_BROWSER, INSTALL)
    with chromium(path) as browser:
        yield browser


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core."""
    try:
        return axe_source()
    except NoAxeError as fault:
        give_up(NO_AXE, str(fault))


@pytest.fixture(scope="session")
def sqlite_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The small newsroom on SQLite."""
    with on_sqlite(tmp_path_factory.mktemp("newsroom"), fill) as base:
        yield base


@pytest.fixture(scope="session")
def elasticsearch_site(nodes: SharedNodes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same on a real node."""
    folder = tmp_path_factory.mktemp("outbox")
    with on_elasticsearch(nodes, f"t-{secrets.token_hex(6)}", folder, fill) as base:
        yield base


@pytest.fixture(scope="session")
def sqlite_hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Articles that attack the pages, on SQLite."""
    with on_sqlite(tmp_path_factory.mktemp("hostile"), fill_hostile) as base:
        yield base


@pytest.fixture(scope="session")
def elasticsearch_hostile(nodes: SharedNodes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same on a real node."""
    folder = tmp_path_factory.mktemp("outbox")
    with on_elasticsearch(nodes, f"t-{secrets.token_hex(6)}", folder, fill_hostile) as base:
        yield base


@pytest.fixture(params=ENGINES)
def site(request: pytest.FixtureRequest) -> str:
    """The address of the newsroom on each engine in turn."""
    base: str = request.getfixturevalue(f"{request.param}_site")
    return base


@pytest.fixture(params=ENGINES)
def hostile(request: pytest.FixtureRequest) -> str:
    """The address of the attacks on each engine in turn."""
    base: str = request.getfixturevalue(f"{request.param}_hostile")
    return base


@pytest.fixture(scope="module")
def visitors(browser: Browser) -> Iterator[dict[object, Visitor]]:
    """The visitors of a file by server and options: a new one costs as much as three pages."""
    made: dict[object, Visitor] = {}
    yield made
    for each in made.values():
        each.close()


@pytest.fixture
def visit(browser: Browser, visitors: dict[object, Visitor]) -> Iterator[Visit]:
    """Gives visitors of a server: `visit(base, locale="ru")`. Whatever goes wrong before them is a failure."""
    used: list[Visitor] = []

    def give(base: str, **options: Any) -> Visitor:
        key = (base, *sorted(options.items()))
        if key not in visitors:
            visitors[key] = visitor(browser, base, **options)
        used.append(visitors[key])
        return used[-1]

    yield give
    assert [fault for each in used for fault in each.rest()] == []


@pytest.fixture
def reader(visit: Visit, site: str) -> Visitor:
    """A visitor of the newsroom, at a desk, in English."""
    return visit(site)
