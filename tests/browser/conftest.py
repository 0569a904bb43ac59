"""A browser, search pages on both engines, and visitors that fail a test when a page does what it must not."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import walk
from tests.browser.axe import NoAxeError, axe_source
from tests.browser.chromium import INSTALL, chromium, find_chromium
from tests.browser.corpus import fill_hostile
from tests.browser.plugin import NO_AXE, NO_BROWSER
from tests.browser.sites import on_elasticsearch, on_sqlite
from tests.browser.visitor import Visit, Visitor, visitor
from tests.index.web.newsroom import fill
from tests.missing import give_up
from tests.nodes.shared import SharedNodes

HERE = Path(__file__).parent
ENGINES = [
    pytest.param("sqlite"),
    pytest.param("elasticsearch", marks=pytest.mark.elasticsearch),
]


@dataclass
class Running:
    """A Chromium with its visitors by server and options: a new one costs as much as three pages."""

    browser: Browser
    close: Callable[[], None]
    visitors: dict[object, Visitor] = field(default_factory=dict)


_RUNNING = pytest.StashKey[Running]()


@pytest.fixture
def running(request: pytest.FixtureRequest) -> Running:
    """The Chromium of this process; started by the first test that asks, and ended after the last in a row."""
    if _RUNNING not in request.config.stash:
        path = find_chromium()
        if path is None:
            give_up(NO_BROWSER, INSTALL)
        stack = ExitStack()
        request.config.stash[_RUNNING] = Running(stack.enter_context(chromium(path)), stack.close)
    return request.config.stash[_RUNNING]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """End the Chromium before tests of another kind, which may run asyncio loops of their own."""
    yield
    if nextitem is None or nextitem.path.parent != HERE:
        running = item.config.stash.get(_RUNNING, None)
        if running is not None:
            running.close()
            del item.config.stash[_RUNNING]


@pytest.fixture
def browser(running: Running) -> Browser:
    """The Chromium."""
    return running.browser


@pytest.fixture
def visitors(running: Running) -> dict[object, Visitor]:
    """Its visitors."""
    return running.visitors


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


@pytest.fixture(scope="session")
def sqlite_walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Articles to walk through, on SQLite."""
    with on_sqlite(tmp_path_factory.mktemp("walked"), walk.fill) as base:
        yield base


@pytest.fixture(scope="session")
def elasticsearch_walked(nodes: SharedNodes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same on a real node."""
    folder = tmp_path_factory.mktemp("outbox")
    with on_elasticsearch(nodes, f"t-{secrets.token_hex(6)}", folder, walk.fill) as base:
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


@pytest.fixture(params=ENGINES)
def walked(request: pytest.FixtureRequest) -> str:
    """The address of the articles to walk through on each engine in turn."""
    base: str = request.getfixturevalue(f"{request.param}_walked")
    return base


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
