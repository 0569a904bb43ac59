"""Search pages to look at: over the same articles on each engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from index.backend import Backend, BackendError
from index.engine import look_at_index, open_index
from index.web.health import Health
from index.web.options import Options
from index.web.server import served
from tests.index.web.conftest import options_for
from tests.nodes.engines import engine_on, majors
from tests.nodes.shared import SharedNodes

Fill = Callable[[Backend], None]


@contextmanager
def on_sqlite(folder: Path, fill: Fill) -> Iterator[str]:
    """The address of a server over a new file."""
    address = f"sqlite:///{folder}/svodka.db"
    with closing(open_index(address)) as backend:
        fill(backend)
    with served(options_for(address)) as base:
        yield base


@contextmanager
def on_elasticsearch(nodes: SharedNodes, name: str, folder: Path, fill: Fill) -> Iterator[str]:
    """The address of a server over new indices on a node of the newest major."""
    with engine_on(nodes, majors()[-1], name) as engine:
        environment = engine.environment | {"SVODKA_OUTBOX_FOLDER": str(folder)}
        with _set(environment), closing(open_index(engine.url)) as backend:
            fill(backend)
        with engine.client() as client:
            client.indices.refresh(index=f"{name}*")
        with served(_options(engine.url, environment)) as base:
            yield base


def _options(address: str, environment: Mapping[str, str]) -> Options:
    """The settings of an index are read when it is opened: other tests of this process see nothing of them."""

    def opening() -> Backend:
        with _set(environment):
            return look_at_index(address)

    options = options_for(address)

    def examine(index: Backend | BackendError, now: datetime) -> Health:
        with _set(environment):
            return options.examine(index, now)

    return replace(options, open=opening, examine=examine)


@contextmanager
def _set(environment: Mapping[str, str]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        yield
