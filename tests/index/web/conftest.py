"""The search page, served over a small index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crawler.status.health import examiner
from index.engine import look_at_index, open_index
from index.web.hosts import Hosts
from index.web.options import Limits, Options
from index.web.server import served
from tests.index.web import told
from tests.index.web.browser import Browser
from tests.index.web.newsroom import NOW, fill

UNHURRIED = Limits(rate=1e6, burst=1_000_000, kept=0.0)


@pytest.fixture(scope="module")
def index_address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A filled SQLite index, read only by the tests of a module."""
    address = f"sqlite:///{tmp_path_factory.mktemp('index')}/svodka.db"
    with closing(open_index(address)) as backend:
        fill(backend)
    return address


@pytest.fixture(scope="module")
def browser(index_address: str) -> Iterator[Browser]:
    """A visitor who reads English."""
    with served(options_for(index_address)) as base:
        yield Browser(base)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A visitor of the story in `told`, who reads English."""
    address = f"sqlite:///{tmp_path_factory.mktemp('told')}/svodka.db"
    with closing(open_index(address)) as backend:
        told.fill(backend)
    with served(options_for(address)) as base:
        yield Browser(base)


def options_for(address: str, limits: Limits = UNHURRIED, sites: Path | None = None) -> Options:
    """A search page on an index, on a clock that stands; `sites`: a folder of site files, none: those that ship."""
    return Options(
        lambda: look_at_index(address, seconds=limits.seconds),
        lambda: NOW,
        ZoneInfo("UTC"),
        Hosts(),
        limits,
        examine=examiner(address, sites),
    )


@pytest.fixture
def make_address(tmp_path: Path) -> Callable[[], str]:
    """Makes the address of a new index, filled by the test."""

    def make() -> str:
        address = f"sqlite:///{tmp_path}/made.db"
        open_index(address).close()
        return address

    return make


@pytest.fixture
def empty_address(tmp_path: Path) -> str:
    """An index without articles."""
    address = f"sqlite:///{tmp_path}/empty.db"
    open_index(address).close()
    return address
