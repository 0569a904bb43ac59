"""Which Elasticsearch servers the cases of a test run on, and how `svodka` opens an index there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import pytest
from elasticsearch import ApiError, TransportError

from scripts.elasticsearch.release import RELEASES
from tests.nodes.access import Access, access_from, remove_indices

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet
    from elasticsearch import Elasticsearch

    from tests.nodes.shared import SharedNodes

_PREFIX = "elasticsearch-"


@dataclass(frozen=True, slots=True)
class Engine:
    """A shared server, and the prefix of all index names that the test may use there."""

    access: Access
    version: str
    prefix: str

    @property
    def url(self) -> str:
        """Its address."""
        return self.access.url

    @property
    def major(self) -> str:
        """ "8" or "9"."""
        return self.version.partition(".")[0]

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which `svodka` opens the index of this test."""
        return self.access.environment(self.prefix)

    def client(self) -> Elasticsearch:
        """A client of its own; close it, or use it in a `with`."""
        return self.access.client()


@cache
def majors() -> tuple[str, ...]:
    """What `es` is parametrised over: both majors, or the version of the one cluster that SVODKA_TEST_ES names."""
    access = access_from(os.environ)
    if access is None:
        return tuple(sorted(RELEASES))
    try:
        with access.client() as client:
            return (str(client.info()["version"]["number"]),)
    except (ApiError, TransportError) as fault:
        raise pytest.UsageError(f"SVODKA_TEST_ES={access.url} does not answer: {fault}") from fault


def costly(fixture: str, major: str) -> pytest.MarkDecorator:
    """A test of half a minute or more: it runs on one major, with SVODKA_TEST_ALL=1 on both.

    Others of its kind run on the other one, and what differs by version is tested on both in the contract suite.
    `fixture` is `es` or that of a node of its own.
    """
    known = majors() if fixture == "es" else tuple(sorted(RELEASES))
    one = not os.environ.get("SVODKA_TEST_ALL") and major in known
    return pytest.mark.parametrize(fixture, (major,) if one else known, indirect=True)


def elastic_params() -> list[ParameterSet]:
    """For a suite that runs on several engines: `elasticsearch-8` and so on, marked as in need of a node."""
    return [pytest.param(f"{_PREFIX}{each}", marks=pytest.mark.elasticsearch) for each in majors()]


@contextmanager
def engine_on(nodes: SharedNodes, name: str, prefix: str) -> Iterator[Engine]:
    """The server of `majors()` or `elastic_params()` with this name, started when it does not run yet.

    Every index and template that begins with `prefix` is deleted afterwards.
    """
    engine = _engine(nodes, name.removeprefix(_PREFIX), prefix)
    yield engine
    with engine.client() as client:
        remove_indices(client, prefix)


def _engine(nodes: SharedNodes, version: str, prefix: str) -> Engine:
    access = access_from(os.environ)
    if access is not None:
        return Engine(access, version, prefix)
    return Engine(nodes.node(version, version).access, RELEASES[version].version, prefix)
