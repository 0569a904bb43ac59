"""Engines without an outbox, for tests of what lies below it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from index.elastic.backend import ElasticBackend
from index.settings import ElasticSettings
from tests.nodes.engines import Engine

Open = Callable[..., ElasticBackend]


@contextmanager
def opener(es: Engine) -> Iterator[Open]:
    """A function that opens the test's index once more, with other settings if wanted; all are closed at the end."""
    with ExitStack() as opened:

        def open_one(**settings: Any) -> ElasticBackend:
            access = es.access
            given = {
                "name": es.prefix, "ca": access.ca, "username": access.username,
                "password": access.password, "api_key": access.api_key, **settings,
            }  # fmt: skip
            backend = opened.enter_context(ElasticBackend.at(es.url, ElasticSettings.model_validate(given)))
            backend.require_ready(create=True)
            return backend

        yield open_one
